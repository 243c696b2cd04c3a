internal import Foundation
public import HTTPTypes
internal import Hummingbird
internal import NIOCore
public import Patrol
public import Rights

/// Who asks, and what of the brigade they may see. Every query goes through it.
public struct Viewer: Hashable, Sendable {
  /// What of the brigade is seen.
  public enum Scope: Hashable, Sendable {
    case brigade
    case squadron(Squadron.ID)
    case nothing
  }

  /// How they showed who they are.
  public enum Proof: Hashable, Sendable {
    /// Not at all: the store has no users, and only this machine is answered.
    case none
    /// By a browser's cookie.
    ///
    /// - Parameters:
    ///   - hash: as it is stored.
    ///   - csrf: what every request that changes something has to bring besides.
    case session(hash: String, csrf: String)
    case token(hash: String)
  }

  /// Nil: nobody logged in.
  public var name: String?
  public var role: Role
  public var proof: Proof
  /// A tag; nil for the browser's.
  public var language: String?

  public init(name: String? = nil, role: Role, proof: Proof = .none, language: String? = nil) {
    (self.name, self.role, self.proof, self.language) = (name, role, proof, language)
  }

  public var scope: Scope {
    switch role {
    case .brigade, .auditor: .brigade
    case .squadron(let id): .squadron(id)
    case .rig: .nothing
    }
  }

  /// Whoever can reach a server without users.
  public static let anybody = Viewer(role: .brigade)

  /// As the audit names them.
  var auditName: String { name ?? "(no users yet)" }
}

/// Tells who asks by what a request brings with it; throws a `Problem` where they may not.
public typealias Authentication = @Sendable (HTTPRequest) async throws -> Viewer

/// What handlers know of a request besides what it says.
struct WebContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The connection; a subscriber that cannot keep up is cut off by it.
  let channel: any Channel
  /// Nobody, until it is known who asks.
  var viewer = Viewer(role: .rig)
  /// What a request that changes something brought.
  var form = Form()

  init(source: ApplicationRequestContextSource) {
    (coreContext, channel) = (.init(source: source), source.channel)
  }

  /// Where it comes from, as attempts are counted: of IPv6 the network of one house.
  var address: String {
    guard let ip = channel.remoteAddress?.ipAddress else { return "?" }
    return ip.contains(":") ? ip.split(separator: ":").prefix(4).joined(separator: ":") : ip
  }

  /// Who does something: who is logged in, or, while there are no users, whoever `by` names. Throws a `Problem` without a name,
  /// or with one of more characters.
  func signature(atMost maximum: Int) throws -> String {
    let name = (viewer.name ?? form["by"]).trimmingCharacters(in: .whitespaces)
    guard !name.isEmpty, name.count <= maximum else {
      throw Problem.wrong("by: expected a name of 1 to \(maximum) characters")
    }
    return name
  }
}

/// Who may ask for something.
enum Rule: Hashable, Sendable {
  /// Whoever reaches the server, logged in or not.
  case anyone
  case roles(Set<Role.Kind>)

  static let all = Rule.roles(Set(Role.Kind.allCases))
  /// What is shown of a brigade, cut to what each may see.
  static let watchers = Rule.roles([.brigade, .squadron, .auditor])
  /// Those whose patrols they are.
  static let guards = Rule.roles([.brigade, .squadron])
  /// What is about the whole of it.
  static let overseers = Rule.roles([.brigade, .auditor])

  /// Throws a `Problem` where they may not.
  func check(_ viewer: Viewer) throws {
    guard case .roles(let kinds) = self, !kinds.contains(viewer.role.kind) else { return }
    let all = Role.Kind.allCases.filter(kinds.contains).map(\.rawValue).joined(separator: ", ")
    throw Problem(.forbidden, "found the role \(viewer.role.kind.rawValue); expected \(all)")
  }
}
