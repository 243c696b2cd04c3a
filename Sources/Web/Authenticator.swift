internal import Geodesy
internal import HTTPTypes
internal import NIOCore
internal import Rights
internal import Store
internal import Synchronization

/// Who asks: by a session's cookie or a program's token, as the store has them.
final class Authenticator: Sendable {
  /// A store without users is open to this machine alone.
  enum Openness: Sendable {
    case loopbackOnly, never
  }

  /// A link by which the first user is made: once, and within the hour.
  private struct Setup: Sendable {
    var hash: String
    var until: Instant
  }

  static let setupLifetime = Milliseconds.hours(1)

  let registry: Registry
  private let reader: Reader
  private let hashing: HashRoom
  private let cost: PasswordHash.Cost
  private let openness: Openness
  private let isSecure: Bool
  private let now: @Sendable () -> Instant
  private let limiter = Mutex(LoginLimiter())
  private let setup = Mutex<Setup?>(nil)
  /// There are users: once so, it stays so.
  private let isClosed = Mutex(false)

  init(
    path: String, on group: any EventLoopGroup, openness: Openness, isSecure: Bool,
    cost: PasswordHash.Cost, now: @escaping @Sendable () -> Instant
  ) {
    reader = Reader(path: path, on: group.next())
    registry = Registry(path: path, on: group.next())
    hashing = HashRoom(on: group.next())
    (self.openness, self.isSecure, self.cost, self.now) = (openness, isSecure, cost, now)
  }

  // MARK: who asks

  /// Throws a `Problem` where it is nobody.
  func viewer(_ head: HTTPRequest) async throws -> Viewer {
    let viewer = try await known(head)
    if let viewer { return viewer }
    guard try await isOpen() else { throw Self.unknown }
    return .anybody
  }

  private static let unknown = Problem(
    .unauthorized, "expected somebody who is logged in (/login), or a program's token",
    fields: [.wwwAuthenticate: "Bearer"])

  private func known(_ head: HTTPRequest) async throws -> Viewer? {
    if let text = head.headerFields[.authorization] {
      guard text.lowercased().hasPrefix("bearer "), let secret = Secret(text.dropFirst(7)) else {
        throw Self.unknown
      }
      guard let viewer = try await holder(ofToken: secret.hash) else { throw Self.unknown }
      return viewer
    }
    guard let secret = secret(head) else { return nil }
    return try await holder(ofSession: secret.hash, csrf: secret.csrf, isUse: true)
  }

  private func holder(ofToken hash: String) async throws -> Viewer? {
    guard let token = try await reader.read({ try $0.token(hash) }), token.isAlive(at: now())
    else { return nil }
    return Viewer(
      name: "token \(token.id) (\(token.name))", role: token.role, proof: .token(hash: hash))
  }

  private func holder(ofSession hash: String, csrf: String, isUse: Bool) async throws -> Viewer? {
    let now = now()
    guard let (session, user) = try await reader.read({ try $0.session(hash) }),
      session.isAlive(at: now), !user.isDisabled
    else { return nil }
    if isUse, session.isStale(at: now) {
      try await registry.write { try $0.noteUse(ofSession: hash, at: now) }
    }
    return Viewer(
      name: user.name, role: user.role, proof: .session(hash: hash, csrf: csrf),
      language: user.language)
  }

  /// What they were let in by still holds: for what goes on for long.
  func holds(_ viewer: Viewer) async -> Bool {
    do {
      switch viewer.proof {
      case .none: return try await isOpen()
      case .token(let hash): return try await holder(ofToken: hash)?.role == viewer.role
      case .session(let hash, let csrf):
        // What is watched is used.
        return try await holder(ofSession: hash, csrf: csrf, isUse: true)?.role == viewer.role
      }
    } catch {
      // A store that cannot be read just now shows nothing either.
      return true
    }
  }

  func isOpen() async throws -> Bool {
    if openness == .never || isClosed.withLock({ $0 }) { return false }
    guard try await reader.read({ try $0.hasUsers() }) else { return true }
    isClosed.withLock { $0 = true }
    return false
  }

  // MARK: cookies

  /// A cookie of this name is of this host alone, and came by TLS (RFC 6265bis, 4.1.3.2).
  private var cookie: String { isSecure ? "__Host-patrold" : "patrold" }

  private func secret(_ head: HTTPRequest) -> Secret? {
    for field in head.headerFields[values: .cookie] {
      for part in field.split(separator: ";") {
        let pair = part.split(separator: "=", maxSplits: 1)
        guard pair.count == 2, pair[0].trimmingPrefix(" ") == cookie else { continue }
        return Secret(pair[1])
      }
    }
    return nil
  }

  func setting(_ secret: Secret) -> String {
    let age = Session.ageMaximum.value / 1000
    return "\(cookie)=\(secret.text); Path=/; Max-Age=\(age); HttpOnly; SameSite=Strict"
      + (isSecure ? "; Secure" : "")
  }

  var unsetting: String {
    "\(cookie)=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
  }

  // MARK: coming and going

  /// Throws a `Problem`: the same, and after the same time, for a wrong password and for a name that nobody has.
  func logIn(_ name: String, _ password: String, from address: String) async throws -> (
    secret: Secret, viewer: Viewer
  ) {
    let now = now()
    let key = User.name(name) ?? ""
    try begin(key, address, now)
    let user = try await reader.read { try $0.user(key) }
    let hash = user.flatMap { PasswordHash(text: $0.password) }
    let compared = hash ?? PasswordHash.decoy(cost: cost)
    let isRight =
      password.utf8.count <= PasswordHash.longest
      ? try await hashing.compute { try compared.matches(password) } : false
    guard let user, hash != nil, isRight, !user.isDisabled else {
      // What was typed as a name may be a password.
      let who = user?.name ?? "(unknown name)"
      try await registry.write {
        try $0.audit(who, "failed to log in", address, "", at: now)
      }
      throw Problem(.unauthorized, "the name or the password is wrong")
    }
    limiter.withLock { $0.succeeded(name: key, address: address) }
    return try await letIn(user, from: address, now)
  }

  private func begin(_ name: String, _ address: String, _ now: Instant) throws {
    let wait = limiter.withLock { $0.begin(name: name, address: address, at: now) }
    guard let wait else { return }
    let seconds = (wait.value + 999) / 1000
    throw Problem(
      .tooManyRequests, "too many attempts; the next one may be made in \(seconds) s",
      fields: [.retryAfter: "\(seconds)"])
  }

  private func letIn(_ user: User, from address: String, _ now: Instant) async throws -> (
    secret: Secret, viewer: Viewer
  ) {
    let secret = Secret()
    let session = Session(user: user.name, began: now, used: now)
    try await registry.write { transaction in
      try transaction.begin(session, hash: secret.hash)
      try transaction.audit(user.name, "logged in", address, "", at: now)
    }
    let viewer = Viewer(
      name: user.name, role: user.role, proof: .session(hash: secret.hash, csrf: secret.csrf),
      language: user.language)
    return (secret, viewer)
  }

  func logOut(_ viewer: Viewer) async throws {
    guard case .session(let hash, _) = viewer.proof else { return }
    let (now, name) = (now(), viewer.auditName)
    try await registry.write { transaction in
      try transaction.endSession(hash)
      try transaction.audit(name, "logged out", name, "", at: now)
    }
  }

  /// All their other sessions end. Throws a `Problem`.
  func changePassword(of viewer: Viewer, from old: String, to new: String, _ address: String)
    async throws
  {
    guard case .session(let hash, _) = viewer.proof, let name = viewer.name,
      let user = try await reader.read({ try $0.user(name) })
    else { throw Problem(.forbidden, "expected somebody who logged in with a password") }
    let now = now()
    try begin(name, address, now)
    if let fault = PasswordFault(new, of: name) { throw Problem(.unprocessableContent, "\(fault)") }
    guard let known = PasswordHash(text: user.password), old.utf8.count <= PasswordHash.longest,
      try await hashing.compute({ try known.matches(old) })
    else { throw Problem(.forbidden, "the old password is wrong") }
    limiter.withLock { $0.succeeded(name: name, address: address) }
    let text = try await hashing.compute { [cost] in try PasswordHash(of: new, cost: cost).text }
    try await registry.write {
      try $0.setPassword(name, text, keeping: hash, by: name, at: now)
    }
  }

  // MARK: the first user

  /// What the link has to bring; nil where there are users.
  func offerSetup() async throws -> Secret? {
    guard try await !reader.read({ try $0.hasUsers() }) else { return nil }
    let secret = Secret()
    setup.withLock { $0 = Setup(hash: secret.hash, until: now() + Self.setupLifetime) }
    return secret
  }

  func isSetup(_ key: String) -> Bool {
    guard let hash = Secret(key)?.hash else { return false }
    return setup.withLock { setup in
      setup.map { Secret.isEqual($0.hash, hash) && now() < $0.until } ?? false
    }
  }

  static let setupOver = Problem(
    .forbidden,
    "this link was used, or is older than an hour; patrold prints a new one when it is started again, and `patrolctl user add` makes users, too"
  )

  /// Throws a `Problem`.
  func setUp(_ key: String, _ name: String, _ password: String, from address: String) async throws
    -> (secret: Secret, viewer: Viewer)
  {
    guard isSetup(key) else { throw Self.setupOver }
    guard let name = User.name(name) else {
      throw Problem(.unprocessableContent, "expected \(User.expectedName)")
    }
    if let fault = PasswordFault(password, of: name) {
      throw Problem(.unprocessableContent, "\(fault)")
    }
    let text = try await hashing.compute { [cost] in
      try PasswordHash(of: password, cost: cost).text
    }
    let user = User(name: name, role: .brigade, password: text, made: now())
    do {
      try await registry.write { try $0.addFirst(user) }
    } catch StoreError.rights {
      throw Self.setupOver
    }
    setup.withLock { $0 = nil }
    return try await letIn(user, from: address, user.made)
  }
}
