public import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Patrol
internal import Reports
internal import Store

/// Why a request is not answered, as RFC 9457 tells it.
public struct Problem: Error, Hashable, Sendable {
  public var status: HTTPResponse.Status
  /// What was found, and what was expected.
  public var detail: String
  public var fields: HTTPFields

  public init(_ status: HTTPResponse.Status, _ detail: String, fields: HTTPFields = [:]) {
    (self.status, self.detail, self.fields) = (status, detail, fields)
  }

  static func wrong(_ detail: String) -> Problem { Problem(.badRequest, detail) }

  static func missing(_ what: String) -> Problem { Problem(.notFound, "\(what): not found") }

  /// Too many ask at once, or the store cannot be read just now.
  static func busy(_ detail: String) -> Problem {
    Problem(.serviceUnavailable, detail, fields: [.retryAfter: "2"])
  }

  var json: String {
    JSONValue.object([
      ("type", .text("about:blank")), ("title", .text(status.reasonPhrase)),
      ("status", .count(status.code)), ("detail", .text(detail)),
    ]).written()
  }

  var response: Response {
    var fields = fields
    fields[.contentType] = "application/problem+json"
    fields[.cacheControl] = "no-store"
    return Response(
      status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(string: json)))
  }
}

/// Tells every failure as a problem; what is our own fault is logged, and not told in detail.
struct ProblemTelling: RouterMiddleware {
  let tally: WebTally

  func handle(
    _ request: Request, context: WebContext,
    next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    let began = ContinuousClock.now
    let response: Response
    do {
      response = try await next(request, context)
    } catch {
      response = Self.problem(error, request, context).response
    }
    tally.count(response.status, after: ContinuousClock.now - began)
    return response
  }

  private static func problem(_ error: any Error, _ request: Request, _ context: WebContext)
    -> Problem
  {
    switch error {
    case let problem as Problem: return problem
    case let error as HTTPError where error.status == .notFound:
      return .missing(request.uri.path)
    case let error as any HTTPResponseError: return Problem(error.status, "\(error)")
    case StoreError.rights(let error): return Problem(.conflict, "\(error)")
    case StoreError.unchanged(let error): return Problem(.conflict, "\(error)")
    case let fault as ChangeDraft.Fault:
      return Problem(fault.isConflict ? .conflict : .badRequest, "\(fault)")
    case let error as StoreError:
      context.logger.error("\(request.method) \(request.uri.path): \(error)")
      return .busy("the store cannot be read just now")
    case is CancellationError: return .busy("this daemon is stopping")
    default:
      context.logger.error("\(request.method) \(request.uri.path): \(error)")
      return Problem(.internalServerError, "this is a fault of patrold's; its log says more")
    }
  }
}
