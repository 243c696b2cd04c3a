internal import CryptoExtras
internal import Foundation

/// A password as it is kept: scrypt (RFC 7914) with its own salt, and the cost it was made at.
///
/// Its text is in the PHC string format: `$scrypt$ln=15,r=8,p=3$salt$hash`.
public struct PasswordHash: Hashable, Sendable {
  /// What one guess costs: 128 · 2^ln · r bytes of memory, p times over.
  public struct Cost: Hashable, Sendable {
    /// Logarithm to base 2 of the number of blocks.
    public var ln: Int
    public var r: Int
    public var p: Int

    public init(ln: Int, r: Int, p: Int) { (self.ln, self.r, self.p) = (ln, r, p) }

    /// 32 MiB (OWASP Password Storage Cheat Sheet, 2023, among its equals the one that needs least at once).
    public static let standard = Cost(ln: 15, r: 8, p: 3)

    /// More would be no cost but an attack on this machine.
    var isBearable: Bool {
      (1...20).contains(ln) && (1...16).contains(r) && (1...16).contains(p) && (r << ln) <= 1 << 20
    }
  }

  /// Bytes of UTF-8; longer ones are no safer.
  public static let longest = 256
  private static let saltCount = 16
  private static let hashCount = 32

  public let cost: Cost
  private let salt: [UInt8]
  private let hash: [UInt8]

  /// Takes a fifth of a second and 32 MiB at the standard cost: for a thread that may wait.
  public init(of password: String, cost: Cost = .standard) throws {
    var random = SystemRandomNumberGenerator()
    salt = (0..<Self.saltCount).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    self.cost = cost
    hash = try Self.derive(password, salt, cost)
  }

  private init(cost: Cost, salt: [UInt8], hash: [UInt8]) {
    (self.cost, self.salt, self.hash) = (cost, salt, hash)
  }

  /// Of no password that anybody knows: so that a name that nobody has takes as long.
  public static func decoy(cost: Cost) -> PasswordHash {
    var random = SystemRandomNumberGenerator()
    func some(_ n: Int) -> [UInt8] {
      (0..<n).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }
    return PasswordHash(cost: cost, salt: some(saltCount), hash: some(hashCount))
  }

  /// Nil where a text is no such hash, or its cost beyond what this machine bears.
  public init?(text: String) {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
      let salt = Base64URL.bytes(parts[3]), let hash = Base64URL.bytes(parts[4]),
      salt.count == Self.saltCount, hash.count == Self.hashCount
    else { return nil }
    let numbers = parts[2].split(separator: ",").map {
      $0.split(separator: "=", omittingEmptySubsequences: false)
    }
    guard numbers.map({ $0.first ?? "" }) == ["ln", "r", "p"],
      numbers.allSatisfy({ $0.count == 2 }),
      let ln = Int(numbers[0][1]), let r = Int(numbers[1][1]), let p = Int(numbers[2][1])
    else { return nil }
    cost = Cost(ln: ln, r: r, p: p)
    guard cost.isBearable else { return nil }
    (self.salt, self.hash) = (salt, hash)
  }

  public var text: String {
    "$scrypt$ln=\(cost.ln),r=\(cost.r),p=\(cost.p)$\(Base64URL.text(salt))$\(Base64URL.text(hash))"
  }

  /// As slow as making it.
  public func matches(_ password: String) throws -> Bool {
    Secret.isEqual(try Self.derive(password, salt, cost), hash)
  }

  /// Equal characters written differently (é in one piece or two) are equal: keyboards differ.
  private static func derive(_ password: String, _ salt: [UInt8], _ cost: Cost) throws -> [UInt8] {
    let plain = Array(password.precomposedStringWithCompatibilityMapping.utf8)
    let key = try KDF.Scrypt.deriveKey(
      from: plain, salt: salt, outputByteCount: hashCount, rounds: 1 << cost.ln,
      blockSize: cost.r, parallelism: cost.p)
    return key.withUnsafeBytes { Array($0) }
  }
}

/// Why a password cannot be one (NIST SP 800-63B, 5.1.1.2: length, and nothing about its characters).
public enum PasswordFault: Error, Hashable, Sendable, CustomStringConvertible {
  case short, long, name

  public static let shortest = 10

  public init?(_ password: String, of name: String) {
    if password.count < Self.shortest {
      self = .short
    } else if password.utf8.count > PasswordHash.longest {
      self = .long
    } else if password.lowercased().contains(name.lowercased()), password.count < name.count + 6 {
      self = .name
    } else {
      return nil
    }
  }

  public var description: String {
    switch self {
    case .short: "expected a password of at least \(Self.shortest) characters"
    case .long: "expected a password of at most \(PasswordHash.longest) bytes"
    case .name: "expected a password that is not the name"
    }
  }
}
