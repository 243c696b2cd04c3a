internal import HTTPTypes
internal import Hummingbird
internal import Rights

/// What every response says to browsers, besides what it answers.
struct SecurityFields: RouterMiddleware {
  /// Over TLS, browsers are told to come by nothing else (RFC 6797).
  let isSecure: Bool

  static let policy =
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
  private static let year = 31_536_000

  func handle(
    _ request: Request, context: WebContext,
    next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    var head = request.head
    head.scheme = isSecure ? "https" : "http"
    var response = try await next(Request(head: head, body: request.body), context)
    response.headers[.xContentTypeOptions] = "nosniff"
    // No other: with none at all, browsers would not say where a form comes from.
    response.headers[.init("Referrer-Policy")!] = "same-origin"
    response.headers[.init("X-Frame-Options")!] = "DENY"
    response.headers[.init("Cross-Origin-Opener-Policy")!] = "same-origin"
    response.headers[.init("Cross-Origin-Resource-Policy")!] = "same-origin"
    if response.headers[.contentSecurityPolicy] == nil {
      response.headers[.contentSecurityPolicy] = Self.policy
    }
    if isSecure {
      response.headers[.strictTransportSecurity] = "max-age=\(Self.year)"
    }
    return response
  }
}

/// Where each request is asked who it is, and whether they may.
struct Door: Sendable {
  let authenticate: Authentication

  /// The context with who asks, and what they brought. Throws a `Problem` where they may not.
  func admit(_ request: Request, _ context: WebContext, _ rule: Rule) async throws -> WebContext {
    var context = context
    let isChange = ![.get, .head].contains(request.method)
    if isChange { try Self.checkOrigin(request.head) }
    if rule != .anyone {
      context.viewer = try await authenticate(request.head)
      try rule.check(context.viewer)
    }
    if isChange {
      context.form = try await Form(request)
      if case .session(_, let csrf) = context.viewer.proof {
        let told = request.headers[.init("X-CSRF-Token")!] ?? context.form["csrf"]
        guard Secret.isEqual(told, csrf) else {
          throw Problem(.forbidden, "expected X-CSRF-Token, or a field csrf, as /api/me gives it")
        }
      }
    }
    return context
  }

  /// A page elsewhere may send forms here; its browser says so (Fetch Standard, 3.1; Fetch Metadata).
  private static func checkOrigin(_ head: HTTPRequest) throws {
    if let origin = head.headerFields[.origin] {
      let host = origin.firstRange(of: "://").map { origin[$0.upperBound...] }
      guard let host, host.lowercased() == head.authority?.lowercased() else {
        throw Problem(.forbidden, "found \"\(origin)\" as the origin; expected this host's own")
      }
    }
    if let site = head.headerFields[.init("Sec-Fetch-Site")!] {
      guard ["same-origin", "none"].contains(site) else {
        throw Problem(.forbidden, "found a request from another site")
      }
    }
  }
}
