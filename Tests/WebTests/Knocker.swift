import Geodesy
import HTTPTypes
import Patrol
import Rights
import Store
import Testing

/// Those who knock.
enum Knocker: String, CaseIterable {
  case anonymous, north, south, auditor, brigade, rig, token, northToken, revoked, expired, disabled

  static let password = "correct horse battery"
  static let cost = PasswordHash.Cost(ln: 4, r: 8, p: 1)

  var role: Role {
    switch self {
    case .anonymous, .brigade, .expired, .disabled, .revoked: .brigade
    case .north, .northToken: .squadron("north")
    case .south: .squadron("south")
    case .auditor, .token: .auditor
    case .rig: .rig
    }
  }

  var isToken: Bool { [.token, .northToken, .revoked].contains(self) }

  /// Makes all of them.
  static func addAll(to path: String) throws {
    let store = try Store(at: path, for: .amend)
    let hash = try PasswordHash(of: password, cost: cost).text
    try store.write { transaction in
      for one in allCases where one != .anonymous && !one.isToken {
        try transaction.add(
          User(name: one.rawValue.lowercased(), role: one.role, password: hash, made: Scene.start),
          by: "test")
      }
      try transaction.setDisabled("disabled", true, by: "test", at: Scene.start)
    }
  }

  /// What they bring with a request: a session or token of its own.
  func fields(_ store: Store, at now: Instant) throws -> HTTPFields {
    let secret = Secret()
    if isToken {
      let token = ProgramToken(
        id: 0, name: rawValue, role: role, madeBy: "test", made: now - .hours(1),
        expires: now + .hours(1))
      try store.write { transaction in
        let id = try transaction.add(token, hash: secret.hash)
        if self == .revoked { try transaction.revokeToken(id, by: "test", at: now) }
      }
      return [.authorization: "Bearer \(secret.text)"]
    }
    guard self != .anonymous else { return [:] }
    let began = self == .expired ? now - Session.ageMaximum : now - .minutes(5)
    let session = Session(user: rawValue.lowercased(), began: began, used: now - .minutes(1))
    try store.write { try $0.begin(session, hash: secret.hash) }
    return [
      .cookie: "other=1; patrold=\(secret.text)", .init("X-CSRF-Token")!: secret.csrf,
      .contentType: "application/json",
    ]
  }
}
