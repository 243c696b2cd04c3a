internal import Crypto
internal import Foundation

/// A brigade's key: signs seals (Ed25519, RFC 8032). Written as PEM, as OpenSSL reads and writes it (RFC 8410).
public struct SealKey: Sendable {
  /// 32 bytes.
  private let seed: [UInt8]
  public let publicKey: SealPublicKey

  /// A new one.
  public init() {
    let key = Curve25519.Signing.PrivateKey()
    seed = Array(key.rawRepresentation)
    publicKey = SealPublicKey(bytes: Array(key.publicKey.rawRepresentation))
  }

  /// Nil where the text is no Ed25519 private key.
  public init?(pem text: String) {
    guard let bytes = PEM.bytes(text, "PRIVATE KEY", after: PEM.privatePrefix),
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
    else { return nil }
    seed = bytes
    publicKey = SealPublicKey(bytes: Array(key.publicKey.rawRepresentation))
  }

  public var pem: String { PEM.text(PEM.privatePrefix + seed, "PRIVATE KEY") }

  /// 64 bytes.
  func signature(of hash: EvidenceHash) throws -> [UInt8] {
    let key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    return Array(try key.signature(for: Array(hash.description.utf8)))
  }
}

/// What a seal's signature is checked with.
public struct SealPublicKey: Hashable, Sendable, CustomStringConvertible {
  /// 32 bytes.
  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Nil where the text is no Ed25519 public key.
  public init?(pem text: String) {
    guard let bytes = PEM.bytes(text, "PUBLIC KEY", after: PEM.publicPrefix) else { return nil }
    self.bytes = bytes
  }

  public var pem: String { PEM.text(PEM.publicPrefix + bytes, "PUBLIC KEY") }

  /// As it stands in the store: base64.
  var stored: String { Data(bytes).base64EncodedString() }

  init?(stored text: String) {
    guard let data = Data(base64Encoded: text), data.count == 32 else { return nil }
    bytes = Array(data)
  }

  /// Enough of its hash to be compared by eye.
  public var description: String {
    String(EvidenceHash(SHA256.hash(data: bytes)).description.prefix(16))
  }

  /// What was signed is the hash as it is written: its 64 digits.
  func hasSigned(_ hash: EvidenceHash, _ signature: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
      return false
    }
    return key.isValidSignature(signature, for: Array(hash.description.utf8))
  }
}

/// The two forms of RFC 8410 that an Ed25519 key comes in: a fixed prefix and 32 bytes.
private enum PEM {
  static let privatePrefix: [UInt8] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  static let publicPrefix: [UInt8] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]

  static func text(_ bytes: [UInt8], _ label: String) -> String {
    "-----BEGIN \(label)-----\n\(Data(bytes).base64EncodedString())\n-----END \(label)-----\n"
  }

  static func bytes(_ text: String, _ label: String, after prefix: [UInt8]) -> [UInt8]? {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let first = lines.firstIndex(of: "-----BEGIN \(label)-----"),
      let last = lines.firstIndex(of: "-----END \(label)-----"), first < last,
      let data = Data(base64Encoded: lines[(first + 1)..<last].joined()),
      data.count == prefix.count + 32, data.starts(with: prefix)
    else { return nil }
    return Array(data.dropFirst(prefix.count))
  }
}
