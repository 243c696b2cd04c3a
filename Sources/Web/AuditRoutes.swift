internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Reports
internal import Store

/// `/api/audit`: what was changed, who came in, and who looked at whose track.
struct AuditRoutes: Sendable {
  let readers: Readers
  let shelf: PlanShelf

  static let parameters = ["datetime", "who", "handheld", "limit"]

  func audit(_ request: Request, _ context: WebContext) async throws -> Response {
    let asked = try Asked(request, allowed: Self.parameters)
    var filter = AuditFilter()
    if let span = try asked.span() { (filter.from, filter.to) = (span.lowerBound, span.upperBound) }
    (filter.who, filter.handhelds) = (asked.list("who"), asked.list("handheld"))
    filter.limit = try asked.limit(1000, maximum: 10_000)
    let asking = filter
    let text = try await readers.read { [shelf] queries in
      let zone = try shelf.book(queries).zone
      func told(_ listing: Listing) -> String {
        listing.rows.map { Listing(columns: listing.columns).object($0, zone) }
          .joined(separator: ",\n")
      }
      return """
        {"entries": [
        \(told(try queries.audit(asking)))
        ], "looks": [
        \(told(try queries.looks(asking)))
        ]}

        """
    }
    return Response(
      status: .ok, headers: [.contentType: MediaType.json, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
