internal import Reports
internal import Store

/// `/api`: all of it as OpenAPI 3.1 describes it, out of the same definitions that requests are checked by.
enum OpenAPI {
  static let document = JSONValue.object([
    ("openapi", .text("3.1.0")),
    (
      "info",
      .object([
        ("title", .text("patrold")), ("version", .text(ProgramIdentity.version)),
        (
          "description",
          .text("Where patrols were: evidence, gaps and coverage of a brigade's duties.")
        ),
      ])
    ),
    ("paths", .object(paths)),
    (
      "components",
      .object([
        ("schemas", .object(schemas)), ("responses", .object(responses)),
        ("securitySchemes", .object(securitySchemes)),
      ])
    ), ("security", .array(security)),
  ]).written(depth: 12)

  // MARK: paths

  private static var paths: [(String, JSONValue)] {
    var all: [(String, JSONValue)] = [
      ("/", get("landing", "What there is", [], [json("Landing"), page])),
      ("/about", get("about", "What there is, as a page", [], [json("Landing"), page])),
      (
        "/api/now",
        get(
          "now", "What the screen shows: places, gaps open, what falls due, handhelds, scores",
          [
            inQuery("at", moment, "A past moment, RFC 3339; without it, now."),
            inQuery("squadron", string, "Only a squadron's."),
            inQuery("without", oneOf(["handhelds"]), "Leaves that part out."),
            inQuery("handheld", string, "Of the handhelds, this one alone."),
          ], [json(nil)])
      ),
      (
        "/api/basemap",
        get(
          "basemap", "The map under the marks: where its tiles are, and their datum", [],
          [json(nil)])
      ),
      (
        "/tiles/{z}/{x}/{y}",
        get(
          "tile", "A tile of the map's file, rows counted from the north",
          [
            inPath("z", string, "The zoom."), inPath("x", string, "The column."),
            inPath("y", string, "The row."),
            inQuery(
              "v", string,
              "As /api/basemap has it: what was kept of another file is not taken for it."),
          ], TileFile.Format.allCases.map { ($0.mediaType, string) },
          others: [("204", "The file has no such tile")])
      ),
      ("/api", get("api", "This document", [], [(MediaType.openapi, object), json(nil)])),
      ("/conformance", get("conformance", "What it conforms to", [], [json("Conformance")])),
      ("/collections", get("collections", "The collections", [], [json("Collections")])),
    ]
    for collection in Collection.allCases {
      let path = "/collections/\(collection.rawValue)"
      let name = collection.rawValue
      all.append((path, get("\(name)-collection", collection.title, [], [json("Collection")])))
      all.append(
        (
          "\(path)/items",
          get(
            "\(name)-items", collection.description,
            Collection.common.map(parameter) + collection.filters.map { filter(collection, $0) },
            [(MediaType.geojson, reference("\(name)-features"))])
        ))
      all.append(
        (
          "\(path)/items/{feature}",
          get(
            "\(name)-item", "One of them",
            [inPath("feature", string, "Its id.")],
            [(MediaType.geojson, reference("\(name)-feature"))])
        ))
    }
    all.append(
      ("/events", get("events", eventsText, eventParameters, [("text/event-stream", string)])))
    all.append(
      (
        "/reports/{kind}/{date}",
        get(
          "report", "A report, drawn up now",
          [
            inPath("kind", oneOf(ReportRoutes.kinds), "What it is of."),
            inPath(
              "date", string,
              "A day of it, such as 2026-11-20; its name (2026-W47, 2026-11, 2026-Q4); of a shift also latest."
            ),
            inQuery(
              "format", oneOf(ReportRoutes.Format.allCases.map(\.rawValue)), "Instead of Accept."),
            inQuery("language", oneOf(["en", "zh-Hans"]), "Of the page; without it, the plan's."),
            inQuery(
              "squadron", string,
              "Of a shift its part alone; whoever is of one squadron gets that in any case."),
          ], [page, json(nil), (MediaType.csv, string)])
      ))
    all.append(("/healthz", get("healthz", "The server answers", [], [json(nil)])))
    all.append(
      (
        "/readyz",
        get("readyz", "The daemon stores what it hears; 503 where it does not", [], [json(nil)])
      ))
    all.append(("/metrics", get("metrics", "Prometheus text", [], [("text/plain", string)])))
    return all + rights
  }

  private static let eventsText =
    "Server-Sent Events in the order of commits: gap, gap-revised, stay, pass, handheld, change (of tonight's plan), each with an id; fixes once a second, where anything changed, with the latest position of each handheld that moved (all of them first). Last-Event-ID resumes; reset says that what lies between is gone."

  private static let eventParameters: [JSONValue] = [
    inQuery(
      "types", string,
      "Some of \(EventType.allCases.map(\.rawValue).joined(separator: ", ")), with commas between."),
    inQuery("squadron", string, "Only a squadron's."),
    inQuery("place", string, "Only at these places, with commas between."),
    inQuery("handheld", string, "Only of these handhelds, with commas between."),
    inQuery(
      "positions", oneOf(PositionStyle.allCases.map(\.rawValue)),
      "How fixes tells of each handheld: brief is [handheld, latitude, longitude, ms since 1970]."),
    .object([
      ("name", .text("Last-Event-ID")), ("in", .text("header")), ("schema", string),
      ("description", .text("The id of the last event that was received.")),
    ]),
  ]

  static func get(
    _ id: String, _ summary: String, _ parameters: [JSONValue], _ content: [(String, JSONValue)],
    others: [(String, String)] = []
  ) -> JSONValue {
    var told: [(String, JSONValue)] = [
      (
        "200",
        .object([
          ("description", .text("As asked")),
          ("content", .object(content.map { ($0, .object([("schema", $1)])) })),
        ])
      ),
      ("304", .object([("description", .text("Nothing changed since the tag in If-None-Match"))])),
    ]
    told += others.map { ($0, .object([("description", .text($1))])) }
    told.append(("default", .object([("$ref", .text("#/components/responses/problem"))])))
    return .object([
      (
        "get",
        .object([
          ("operationId", .text(id)), ("summary", .text(summary)),
          ("parameters", .array(parameters)), ("responses", .object(told)),
        ])
      )
    ])
  }

  static func parameter(_ name: String) -> JSONValue {
    switch name {
    case "bbox":
      return .object([
        ("name", .text("bbox")), ("in", .text("query")), ("style", .text("form")),
        ("explode", .flag(false)),
        (
          "description",
          .text("west,south,east,north in degrees; west above east spans the antimeridian.")
        ),
        ("schema", box),
      ])
    case "datetime":
      return inQuery(
        name,
        .object([
          (
            "anyOf",
            .array([
              moment, matching("^\(aMoment)/\\.\\.$"), matching("^\\.\\./\(aMoment)$"),
              matching("^\(aMoment)/\(aMoment)$"),
            ])
          )
        ]),
        "An instant of RFC 3339, or an interval with / between; .. for an open end.")
    case "limit":
      return inQuery(
        name,
        .object([
          ("type", .text("integer")), ("minimum", .count(1)),
          ("default", .count(Collection.limitStandard)),
        ]), "At most so many; more than \(Collection.limitMaximum) means that.")
    default: return inQuery(name, string, "Where the next page begins: from a next link.")
    }
  }

  private static func filter(_ collection: Collection, _ name: String) -> JSONValue {
    if let choices = collection.choices(name) {
      return inQuery(name, oneOf(choices), "Only those of which it is so.")
    }
    let isList = name != "squadron"
    return inQuery(
      name, string, isList ? "Only of these, with commas between." : "Only a squadron's.")
  }

  static func inQuery(_ name: String, _ schema: JSONValue, _ text: String) -> JSONValue {
    .object([
      ("name", .text(name)), ("in", .text("query")), ("description", .text(text)),
      ("schema", schema),
    ])
  }

  static func inPath(_ name: String, _ schema: JSONValue, _ text: String) -> JSONValue {
    .object([
      ("name", .text(name)), ("in", .text("path")), ("required", .flag(true)),
      ("description", .text(text)), ("schema", schema),
    ])
  }
}
