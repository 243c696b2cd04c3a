internal import Geodesy
internal import HTTPTypes
internal import Hummingbird

/// All there is to ask for, and what every request goes through: problems told, the host checked, who asks.
struct Routes: Sendable {
  let readers: Readers
  let reports: Readers
  let shelf: PlanShelf
  let hub: EventHub
  let tally: WebTally
  let now: @Sendable () -> Instant
  let clock: @Sendable () -> Instant
  let authenticate: Authentication

  private typealias Handler = @Sendable (Request, WebContext) async throws -> Response

  var router: Router<WebContext> {
    let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: ProblemTelling(tally: tally))
    router.add(middleware: HostCheck())
    router.add(middleware: Identification(authenticate: authenticate))
    let collections = CollectionRoutes(readers: readers, shelf: shelf)
    let probes = ProbeRoutes(readers: readers, tally: tally, hub: hub, now: now)
    let all: [(RouterPath, Handler)] = [
      ("/", collections.landing), ("/api", collections.api),
      ("/conformance", collections.conformance), ("/collections", collections.collections),
      ("/collections/{collection}", collections.collection),
      ("/collections/{collection}/items", collections.items),
      ("/collections/{collection}/items/{feature}", collections.item),
      ("/events", EventRoutes(readers: readers, shelf: shelf, hub: hub).events),
      (
        "/reports/{kind}/{date}", ReportRoutes(readers: reports, shelf: shelf, now: clock).report
      ),
      ("/healthz", probes.health), ("/readyz", probes.readiness), ("/metrics", probes.metrics),
    ]
    for (path, handler) in all {
      router.on(path, method: .get) { try await handler($0, $1) }
      // HEAD is made of GET.
      for method in [.post, .put, .delete, .patch, .options] as [HTTPRequest.Method] {
        router.on(path, method: method) { (request, _) -> Response in
          throw Problem(
            .methodNotAllowed, "found \(request.method); expected GET or HEAD",
            fields: [.allow: "GET, HEAD"])
        }
      }
    }
    return router
  }
}
