internal import Crypto
internal import Foundation

/// What a webhook's deliveries are signed with, as Standard Webhooks has it (github.com/standard-webhooks, specification of
/// 2023): 24 to 64 random bytes, written `whsec_` and base64. Unlike other secrets it is kept as it is: it signs.
public struct HookSecret: Hashable, Sendable {
  public static let expected = "whsec_ and base64 of 24 to 64 bytes"
  private static let prefix = "whsec_"
  private static let byteCount = 32

  private let bytes: [UInt8]

  /// A new one, of the system's own randomness.
  public init() {
    var random = SystemRandomNumberGenerator()
    bytes = (0..<Self.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &random) }
  }

  /// As `text` gives it; nil where it is no such thing.
  public init?(_ text: String) {
    guard text.hasPrefix(Self.prefix),
      let data = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
      (24...64).contains(data.count)
    else { return nil }
    bytes = Array(data)
  }

  public var text: String { Self.prefix + Data(bytes).base64EncodedString() }

  /// The field `Webhook-Signature`: `v1,` and base64 of the HMAC-SHA256 over `id.timestamp.body`.
  ///
  /// - Parameter timestamp: the field `Webhook-Timestamp`: of the attempt, in seconds since 1970.
  public func signature(id: String, timestamp: Int64, body: String) -> String {
    "v1," + Data(code("\(id).\(timestamp).\(body)")).base64EncodedString()
  }

  /// A delivery's id: the same whenever it is made of the same, and nobody else's.
  public func deliveryID(_ parts: [String]) -> String {
    let hexadecimal = code(parts.joined(separator: "\n")).prefix(16).map { byte in
      let text = String(byte, radix: 16)
      return byte < 16 ? "0" + text : text
    }
    return "msg_" + hexadecimal.joined()
  }

  private func code(_ text: String) -> [UInt8] {
    Array(
      HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: bytes)))
  }
}
