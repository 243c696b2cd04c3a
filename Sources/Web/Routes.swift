internal import Geodesy
internal import HTTPTypes
internal import Hummingbird

/// Something there is to ask for, and who may.
struct Route: Sendable {
  typealias Handler = @Sendable (Request, WebContext) async throws -> Response

  var method: HTTPRequest.Method
  var path: String
  var may: Rule
  /// A person without a session is led to the login.
  var isPage: Bool
  var handler: Handler

  init(
    _ method: HTTPRequest.Method = .get, _ path: String, _ may: Rule, isPage: Bool = false,
    _ handler: @escaping Handler
  ) {
    (self.method, self.path, self.may) = (method, path, may)
    (self.isPage, self.handler) = (isPage, handler)
  }
}

/// All there is to ask for, and what every request goes through: problems told, the host checked, who asks.
struct Routes: Sendable {
  let readers: Readers
  let reports: Readers
  /// Of those who come to watch.
  let watching: Readers
  let shelf: PlanShelf
  let hub: EventHub
  let tally: WebTally
  let now: @Sendable () -> Instant
  let clock: @Sendable () -> Instant
  let authenticator: Authenticator
  let authenticate: Authentication
  let isSecure: Bool
  let basemap: BasemapRoutes

  var all: [Route] {
    let looks = LookBook(authenticator.registry, now: now)
    let collections = CollectionRoutes(readers: readers, shelf: shelf, looks: looks)
    let screen = ScreenRoutes(landing: collections.landing, tileOrigin: basemap.origin)
    let present = NowRoutes(readers: readers, shelf: shelf, looks: looks, clock: clock)
    let acknowledging = AcknowledgeRoute(
      readers: readers, shelf: shelf, registry: authenticator.registry, now: clock)
    let changes = ChangeRoutes(
      readers: readers, shelf: shelf, registry: authenticator.registry, clock: clock)
    let probes = ProbeRoutes(readers: readers, tally: tally, hub: hub, now: now)
    let events = EventRoutes(
      readers: watching, shelf: shelf, hub: hub, looks: looks,
      holds: { [authenticator] in await authenticator.holds($0) }, now: clock)
    let login = LoginRoutes(authenticator: authenticator, readers: readers, shelf: shelf)
    return [
      Route(.get, "/", .watchers, isPage: true, screen.page),
      Route(.get, "/about", .watchers, isPage: true, collections.landing),
      // Of these nothing is the brigade's.
      Route(.get, "/screen/{file}", .anyone, screen.file),
      Route(.get, "/leaflet/{file}", .anyone, screen.leaflet),
      Route(.get, "/api/now", .watchers, present.now),
      Route(.get, "/api/basemap", .watchers, basemap.basemap),
      Route(.get, "/tiles/{z}/{x}/{y}", .watchers, basemap.tile),
      Route(.post, "/api/gaps/{gap}/notes", .guards, acknowledging.acknowledge),
      Route(.get, "/api/changes", .watchers, changes.list),
      Route(.post, "/api/changes", .guards, changes.order),
      Route(.post, "/api/changes/{change}/withdraw", .guards, changes.withdraw),
      Route(.get, "/api", .watchers, collections.api),
      Route(.get, "/conformance", .watchers, collections.conformance),
      Route(.get, "/collections", .watchers, collections.collections),
      Route(.get, "/collections/{collection}", .watchers, collections.collection),
      Route(.get, "/collections/{collection}/items", .watchers, collections.items),
      Route(.get, "/collections/{collection}/items/{feature}", .watchers, collections.item),
      Route(.get, "/events", .watchers, events.events),
      Route(
        .get, "/reports/{kind}/{date}", .watchers, isPage: true,
        ReportRoutes(readers: reports, shelf: shelf, now: clock).report),
      Route(.get, "/healthz", .anyone, probes.health),
      Route(.get, "/readyz", .anyone, probes.readiness),
      Route(.get, "/metrics", .overseers, probes.metrics),
      Route(.get, "/login", .anyone, login.loginPage),
      Route(.post, "/login", .anyone, login.logIn),
      Route(.get, "/login.css", .anyone, login.style),
      Route(.get, "/setup", .anyone, login.setupPage),
      Route(.post, "/setup", .anyone, login.setUp),
      Route(.post, "/logout", .all, login.logOut),
      Route(.get, "/api/me", .all, login.me),
      Route(.post, "/api/password", .all, login.changePassword),
      Route(
        .get, "/api/audit", .overseers, AuditRoutes(readers: readers, shelf: shelf).audit),
    ]
  }

  var router: Router<WebContext> {
    let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: SecurityFields(isSecure: isSecure))
    router.add(middleware: ProblemTelling(tally: tally))
    let authenticator = authenticator
    router.add(middleware: HostCheck(isOpen: { try await authenticator.isOpen() }))
    let door = Door(authenticate: authenticate)
    var methods: [String: [HTTPRequest.Method]] = [:]
    for route in all {
      methods[route.path, default: []].append(route.method)
      router.on(RouterPath(route.path), method: route.method) { request, context in
        do {
          let admitted = try await door.admit(request, context, route.may)
          return try await route.handler(request, admitted)
        } catch let problem as Problem where route.isPage && problem.status == .unauthorized {
          return try Self.toLogin(request, problem)
        }
      }
    }
    for (path, known) in methods {
      // HEAD is made of GET.
      let allowed = known.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }
      let others =
        [
          .get, .post, .put, .delete, .patch, .options, .trace, .connect,
          HTTPRequest.Method("QUERY")!,
        ]
        as [HTTPRequest.Method]
      for method in others where !known.contains(method) {
        router.on(RouterPath(path), method: method) { (request, _) -> Response in
          throw Problem(
            .methodNotAllowed,
            "found \(request.method); expected \(allowed.joined(separator: " or "))",
            fields: [.allow: allowed.joined(separator: ", ")])
        }
      }
    }
    return router
  }

  /// Whoever asks for a page is a person.
  private static func toLogin(_ request: Request, _ problem: Problem) throws -> Response {
    guard let accept = request.headers[.accept], accept.contains(MediaType.html) else {
      throw problem
    }
    return Response(
      status: .seeOther,
      headers: [
        .location: "/login?next=\(LoginRoutes.escaped(LoginRoutes.path(request.uri.string)))",
        .cacheControl: "no-store",
      ])
  }
}
