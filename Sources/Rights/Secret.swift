internal import Crypto
internal import Foundation

/// 256 random bits that prove who somebody is: a session's, a program's token, a setup link. Only its hash is kept, so that
/// whoever reads a store or its backup cannot come in with it.
public struct Secret: Hashable, Sendable {
  private static let byteCount = 32
  private let bytes: [UInt8]

  /// A new one, of the system's own randomness.
  public init() {
    var random = SystemRandomNumberGenerator()
    bytes = (0..<Self.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &random) }
  }

  /// As `text` gives it; nil where it is no such thing.
  public init?(_ text: some StringProtocol) {
    guard let bytes = Base64URL.bytes(text), bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// 43 characters of base64url (RFC 4648, 5), which need no escapes in cookies, headers and addresses.
  public var text: String { Base64URL.text(bytes) }

  /// What is stored of it. It need not be slow: there is nothing to guess by a dictionary.
  public var hash: String { Base64URL.text(Array(SHA256.hash(data: bytes))) }

  /// A token that only whoever knows the secret can have: a page elsewhere cannot.
  public var csrf: String {
    let code = HMAC<SHA256>.authenticationCode(
      for: Data("patrold csrf".utf8), using: SymmetricKey(data: bytes))
    return Base64URL.text(Array(code))
  }

  /// Takes as long whether or not, and wherever, they differ; their lengths are no secret.
  public static func isEqual(_ a: String, _ b: String) -> Bool {
    isEqual(Array(a.utf8), Array(b.utf8))
  }

  static func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    var difference: UInt8 = 0
    for (x, y) in zip(a, b) { difference |= x ^ y }
    return difference == 0
  }
}

enum Base64URL {
  static func text(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    guard
      text.utf8.allSatisfy({ byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      })
    else { return nil }
    let plain = String(text).replacing("-", with: "+").replacing("_", with: "/")
    let padded = plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
    return Data(base64Encoded: padded).map(Array.init)
  }
}
