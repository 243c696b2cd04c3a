internal import HTTPTypes
internal import Hummingbird

/// Answers only those who ask for this machine by its own name: a page elsewhere whose name was made to lead here (DNS
/// rebinding) would read everything.
struct HostCheck: RouterMiddleware {
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
    guard ListenAddress.isLoopback(host) else {
      throw Problem(
        .misdirectedRequest,
        "found \"\(authority)\" as the host; expected localhost, 127.0.0.1 or [::1]")
    }
    var response = try await next(request, context)
    response.headers[.xContentTypeOptions] = "nosniff"
    return response
  }
}
