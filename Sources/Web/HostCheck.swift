internal import Hummingbird

/// While there are no users, answers only those who ask for this machine by its own name: a page elsewhere whose name was
/// made to lead here (DNS rebinding) would read everything. With users, such a page has no cookie.
struct HostCheck: RouterMiddleware {
  let isOpen: @Sendable () async throws -> Bool

  func handle(
    _ request: Request, context: WebContext,
    next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    let authority = request.head.authority ?? ""
    var host = authority[...]
    if host.hasPrefix("[") {
      host = host.dropFirst().prefix { $0 != "]" }
    } else if let colon = host.lastIndex(of: ":") {
      host = host[..<colon]
    }
    if !ListenAddress.isLoopback(host), try await isOpen() {
      throw Problem(
        .misdirectedRequest,
        "found \"\(authority)\" as the host; expected localhost, 127.0.0.1 or [::1]")
    }
    return try await next(request, context)
  }
}
