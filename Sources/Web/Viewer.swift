public import HTTPTypes
internal import Hummingbird
internal import NIOCore
public import Patrol

/// Who asks, and what of the brigade they may see. Every query goes through it.
public struct Viewer: Hashable, Sendable {
  public enum Scope: Hashable, Sendable {
    case brigade
    case squadron(Squadron.ID)
  }

  /// Nil: nobody logged in.
  public var name: String?
  public var scope: Scope

  public init(name: String? = nil, scope: Scope) {
    (self.name, self.scope) = (name, scope)
  }

  /// Whoever can reach a server without users.
  public static let anybody = Viewer(scope: .brigade)
}

/// Tells who asks by what a request brings with it; throws a `Problem` where they may not.
public typealias Authentication = @Sendable (HTTPRequest) async throws -> Viewer

/// What handlers know of a request besides what it says.
struct WebContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The connection; a subscriber that cannot keep up is cut off by it.
  let channel: any Channel
  var viewer = Viewer.anybody

  init(source: ApplicationRequestContextSource) {
    (coreContext, channel) = (.init(source: source), source.channel)
  }
}

/// Sets who asks, before anything is looked up for them.
struct Identification: RouterMiddleware {
  let authenticate: Authentication

  func handle(
    _ request: Request, context: WebContext,
    next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    context.viewer = try await authenticate(request.head)
    return try await next(request, context)
  }
}
