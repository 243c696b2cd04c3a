internal import Foundation
public import Geodesy

/// A person who logs in.
public struct User: Hashable, Sendable {
  public var name: String
  public var role: Role
  /// As `PasswordHash.text`.
  public var password: String
  /// A tag (`en`, `zh-Hans`); nil for the browser's.
  public var language: String?
  public var isDisabled: Bool
  public var made: Instant

  public init(
    name: String, role: Role, password: String, language: String? = nil, isDisabled: Bool = false,
    made: Instant
  ) {
    (self.name, self.role, self.password) = (name, role, password)
    (self.language, self.isDisabled, self.made) = (language, isDisabled, made)
  }

  public static let expectedName =
    "a name of 1 to 64 letters, digits, points, hyphens or underscores"

  /// As it is stored and compared: in lower case. Nil where it is no name.
  public static func name(_ text: String) -> String? {
    guard (1...64).contains(text.count),
      text.allSatisfy({ $0.isLetter || $0.isNumber || ".-_".contains($0) })
    else { return nil }
    return text.precomposedStringWithCanonicalMapping.lowercased()
  }
}

/// That somebody logged in, until it ends.
public struct Session: Hashable, Sendable {
  /// As long it lives without being used: a break.
  public static let idleMaximum = Milliseconds.hours(1)
  /// As long it lives at all: a shift.
  public static let ageMaximum = Milliseconds.hours(12)
  /// Uses closer together than this are noted as one.
  public static let noteEvery = Milliseconds.seconds(60)

  public var user: String
  public var began: Instant
  public var used: Instant

  public init(user: String, began: Instant, used: Instant) {
    (self.user, self.began, self.used) = (user, began, used)
  }

  public func isAlive(at now: Instant) -> Bool {
    now < began + Self.ageMaximum && now < used + Self.idleMaximum
  }

  /// Its use is worth writing down.
  public func isStale(at now: Instant) -> Bool { now >= used + Self.noteEvery }
}

/// What a program shows to be let in.
public struct ProgramToken: Hashable, Sendable {
  public var id: Int64
  /// What it is for.
  public var name: String
  public var role: Role
  public var madeBy: String
  public var made: Instant
  public var expires: Instant
  public var revoked: Instant?

  public init(
    id: Int64, name: String, role: Role, madeBy: String, made: Instant, expires: Instant,
    revoked: Instant? = nil
  ) {
    (self.id, self.name, self.role, self.madeBy) = (id, name, role, madeBy)
    (self.made, self.expires, self.revoked) = (made, expires, revoked)
  }

  public func isAlive(at now: Instant) -> Bool { revoked == nil && now < expires }
}
