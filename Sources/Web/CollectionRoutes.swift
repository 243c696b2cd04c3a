internal import Foundation
internal import Geodesy
internal import HTTPTypes
internal import Hummingbird
internal import Patrol
internal import Reports
internal import Store

/// OGC API – Features 1.0: core and GeoJSON.
struct CollectionRoutes: Sendable {
  let readers: Readers
  let shelf: PlanShelf
  let looks: LookBook

  static let conformance = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
  ]
  static let crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

  /// Links are whole: not every client takes others.
  private struct Base: Sendable {
    let text: String

    init(_ request: Request) {
      text = "\(request.head.scheme ?? "http")://\(request.head.authority ?? "localhost")"
    }

    func link(_ path: String, _ rel: String, _ type: String, _ title: String) -> JSONValue {
      CollectionRoutes.link(text + path, rel, type, title)
    }

    func line(_ path: String, _ rel: String, _ type: String = MediaType.geojson) -> String {
      "{\"href\": \(JSONText.quoted(text + path)), \"rel\": \"\(rel)\", \"type\": \"\(type)\"}"
    }
  }

  private static func link(_ href: String, _ rel: String, _ type: String, _ title: String)
    -> JSONValue
  {
    .object([
      ("href", .text(href)), ("rel", .text(rel)), ("type", .text(type)), ("title", .text(title)),
    ])
  }

  /// JSON by whoever asks for it, else a page that links to everything.
  func landing(_ request: Request, _ context: WebContext) async throws -> Response {
    _ = try Asked(request, allowed: [])
    let isPage = try request.accepted([MediaType.json, MediaType.html]) == MediaType.html
    let name = try await readers.read { [shelf] queries in
      do {
        return try shelf.book(queries).latest.plan.brigade.name
      } catch is Problem {
        return "patrold"
      }
    }
    if isPage {
      return Reply.text(
        LandingPage.html(name), "\(MediaType.html); charset=utf-8", for: request,
        fields: [.contentSecurityPolicy: LandingPage.policy])
    }
    let base = Base(request)
    let links = [
      base.link("/", "self", MediaType.json, "This document"),
      base.link("/", "alternate", MediaType.html, "This document as a page"),
      base.link("/api", "service-desc", MediaType.openapi, "The API as OpenAPI 3.1"),
      base.link("/conformance", "conformance", MediaType.json, "What it conforms to"),
      base.link("/collections", "data", MediaType.json, "The collections"),
    ]
    let text = JSONValue.object([
      ("title", .text(name)),
      ("description", .text("Where patrols were: evidence, gaps and coverage, by patrold.")),
      ("links", .array(links)),
    ]).written()
    return Reply.text(text, MediaType.json, for: request)
  }

  func conformance(_ request: Request, _ context: WebContext) async throws -> Response {
    _ = try Asked(request, allowed: [])
    _ = try request.accepted([MediaType.json])
    let text = JSONValue.object([
      ("conformsTo", .array(Self.conformance.map { .text($0) }))
    ]).written()
    return Reply.text(text, MediaType.json, for: request)
  }

  func api(_ request: Request, _ context: WebContext) async throws -> Response {
    _ = try Asked(request, allowed: [])
    let type = try request.accepted([MediaType.openapi, MediaType.json])
    return Reply.text(OpenAPI.document, type, for: request)
  }

  func collections(_ request: Request, _ context: WebContext) async throws -> Response {
    _ = try Asked(request, allowed: [])
    _ = try request.accepted([MediaType.json])
    let viewer = context.viewer
    return try await readers.read { [shelf] queries in
      let book = try shelf.book(queries)
      let base = Base(request)
      let text = JSONValue.object([
        ("links", .array([base.link("/collections", "self", MediaType.json, "This document")])),
        ("collections", .array(Collection.allCases.map { Self.told($0, book, viewer, base) })),
      ]).written()
      return Reply.text(text, MediaType.json, for: request)
    }
  }

  func collection(_ request: Request, _ context: WebContext) async throws -> Response {
    _ = try Asked(request, allowed: [])
    _ = try request.accepted([MediaType.json])
    let collection = try Self.collection(context)
    let viewer = context.viewer
    return try await readers.read { [shelf] queries in
      let told = Self.told(collection, try shelf.book(queries), viewer, Base(request))
      return Reply.text(told.written(), MediaType.json, for: request)
    }
  }

  private static func collection(_ context: WebContext) throws -> Collection {
    let name = context.parameters.get("collection") ?? ""
    guard let collection = Collection(rawValue: name) else {
      let all = Collection.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem(.notFound, "no collection \"\(name)\"; there are \(all)")
    }
    return collection
  }

  private static func told(
    _ collection: Collection, _ book: PlanBook, _ viewer: Viewer, _ base: Base
  )
    -> JSONValue
  {
    let path = "/collections/\(collection.rawValue)"
    var extent: [(String, JSONValue)] = []
    if let bounds = book.bounds(book.sight(viewer)) {
      let box = JSONValue.array(bounds.map { .number($0, decimals: 7) })
      extent.append(
        ("spatial", .object([("bbox", .array([box])), ("crs", .text(crs84))])))
    }
    if ![.places, .handhelds].contains(collection) {
      let interval = JSONValue.array([.text(book.versions[0].began.text()), .null])
      extent.append(
        (
          "temporal",
          .object([
            ("interval", .array([interval])),
            ("trs", .text("http://www.opengis.net/def/uom/ISO-8601/0/Gregorian")),
          ])
        ))
    }
    let links = [
      base.link(path, "self", MediaType.json, "This document"),
      base.link("\(path)/items", "items", MediaType.geojson, collection.title),
    ]
    return .object([
      ("id", .text(collection.rawValue)), ("title", .text(collection.title)),
      ("description", .text(collection.description)), ("links", .array(links)),
      ("extent", .object(extent)), ("itemType", .text("feature")),
      ("crs", .array([.text(crs84)])),
    ])
  }

  // MARK: features

  func items(_ request: Request, _ context: WebContext) async throws -> Response {
    let type = try request.accepted([MediaType.geojson, MediaType.json])
    let collection = try Self.collection(context)
    let asked = try Asked(request, allowed: Collection.common + collection.filters)
    let viewer = context.viewer
    let limit = try asked.limit(Collection.limitStandard, maximum: Collection.limitMaximum)
    let length = limit > Collection.limitShort ? QuestionLength.long : .short
    let (response, shown) = try await readers.read(length) { [shelf] queries in
      let book = try shelf.book(queries)
      let page = try Features(
        collection: collection, book: book, queries: queries, viewer: viewer
      ).page(asked, limit: limit)
      let base = Base(request)
      var links = [base.line(request.uri.string, "self")]
      if let next = page.next {
        links.append(base.line(Self.following(request, KeyText.cursor(next)), "next"))
      }
      links.append(
        base.line("/collections/\(collection.rawValue)", "collection", MediaType.json))
      let text = """
        {"type": "FeatureCollection", "numberReturned": \(page.features.count), "links": [
          \(links.joined(separator: ",\n  "))], "features": [
        \(page.features.joined(separator: ",\n"))
        ]}

        """
      return (Reply.text(text, type, for: request), page.looks)
    }
    try await looks.note(shown, by: viewer)
    return response
  }

  func item(_ request: Request, _ context: WebContext) async throws -> Response {
    let type = try request.accepted([MediaType.geojson, MediaType.json])
    let collection = try Self.collection(context)
    _ = try Asked(request, allowed: [])
    let id = (context.parameters.get("feature") ?? "").removingPercentEncoding ?? ""
    let raw = context.parameters.get("feature") ?? ""
    let viewer = context.viewer
    let (response, shown) = try await readers.read { [shelf] queries in
      let book = try shelf.book(queries)
      let features = Features(
        collection: collection, book: book, queries: queries, viewer: viewer)
      // An id is percent-encoded in itself; whoever puts it into a path may have encoded that again, or not.
      var page = try features.feature(id)
      if page.features.isEmpty, raw != id { page = try features.feature(raw) }
      guard let found = page.features.first else {
        throw Problem.missing("\(collection.rawValue) \(id)")
      }
      let base = Base(request)
      let links = [
        base.line(request.uri.string, "self"),
        base.line("/collections/\(collection.rawValue)", "collection", MediaType.json),
      ]
      let text = "\(found.dropLast()), \"links\": [\(links.joined(separator: ", "))]}\n"
      return (Reply.text(text, type, for: request), page.looks)
    }
    try await looks.note(shown, by: viewer)
    return response
  }

  /// The same question, from a cursor on.
  private static func following(_ request: Request, _ cursor: String) -> String {
    let kept = (request.uri.query ?? "").split(separator: "&").filter {
      !$0.hasPrefix("cursor=")
    }
    return request.uri.path + "?"
      + (kept.map(String.init) + ["cursor=\(cursor)"]).joined(separator: "&")
  }
}
