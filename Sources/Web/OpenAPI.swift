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
      let number = JSONValue.object([("type", .text("number"))])
      return .object([
        ("name", .text("bbox")), ("in", .text("query")), ("style", .text("form")),
        ("explode", .flag(false)),
        (
          "description",
          .text("west,south,east,north in degrees; west above east spans the antimeridian.")
        ),
        (
          "schema",
          .object([
            ("type", .text("array")), ("items", number), ("minItems", .count(4)),
            ("maxItems", .count(6)),
          ])
        ),
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

  // MARK: schemas

  static let string = JSONValue.object([("type", .text("string"))])
  static let moment = JSONValue.object([
    ("type", .text("string")), ("format", .text("date-time")),
  ])
  static let date = JSONValue.object([("type", .text("string")), ("format", .text("date"))])
  /// What the pattern of a moment in an interval is: of any month's days, and in UTC.
  private static let aMoment =
    "[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
  static let count = JSONValue.object([("type", .text("integer")), ("minimum", .count(1))])
  /// Not empty.
  static let text = JSONValue.object([("type", .text("string")), ("minLength", .count(1))])
  /// A person's.
  static let name = JSONValue.object([
    ("type", .text("string")), ("minLength", .count(1)), ("maxLength", .count(100)),
  ])
  private static func matching(_ pattern: String) -> JSONValue {
    .object([("type", .text("string")), ("pattern", .text(pattern))])
  }
  private static let object = JSONValue.object([("type", .text("object"))])
  private static let page = (MediaType.html, string)

  static func json(_ schema: String?) -> (String, JSONValue) {
    (MediaType.json, schema.map(reference) ?? object)
  }

  static func reference(_ schema: String) -> JSONValue {
    .object([("$ref", .text("#/components/schemas/\(schema)"))])
  }

  static func oneOf(_ all: [String]) -> JSONValue {
    .object([("type", .text("string")), ("enum", .array(all.map { .text($0) }))])
  }

  private static func properties(_ all: [(String, JSONValue)], required: [String]) -> JSONValue {
    .object([
      ("type", .text("object")), ("required", .array(required.map { .text($0) })),
      ("properties", .object(all)),
    ])
  }

  private static func array(_ items: JSONValue) -> JSONValue {
    .object([("type", .text("array")), ("items", items)])
  }

  private static var schemas: [(String, JSONValue)] {
    let links = ("links", array(reference("Link")))
    var all: [(String, JSONValue)] = [
      (
        "Link",
        properties(
          ["href", "rel", "type", "title"].map { ($0, string) }, required: ["href", "rel"])
      ),
      (
        "Landing",
        properties([("title", string), ("description", string), links], required: ["links"])
      ),
      (
        "Conformance", properties([("conformsTo", array(string))], required: ["conformsTo"])
      ),
      (
        "Collection",
        properties(
          [
            ("id", string), ("title", string), ("description", string), links,
            ("extent", object), ("itemType", string), ("crs", array(string)),
          ], required: ["id", "links"])
      ),
      (
        "Collections",
        properties(
          [links, ("collections", array(reference("Collection")))],
          required: ["links", "collections"])
      ),
      (
        "Problem",
        properties(
          [
            ("type", string), ("title", string),
            ("status", .object([("type", .text("integer"))])), ("detail", string),
          ], required: ["title", "status", "detail"])
      ),
    ]
    for collection in Collection.allCases {
      let name = collection.rawValue
      all.append(("\(name)-feature", feature(collection)))
      all.append(
        (
          "\(name)-features",
          properties(
            [
              ("type", oneOf(["FeatureCollection"])),
              ("features", array(reference("\(name)-feature"))),
              ("numberReturned", .object([("type", .text("integer"))])), links,
            ], required: ["type", "features", "links"])
        ))
    }
    return all
  }

  private static func feature(_ collection: Collection) -> JSONValue {
    let columns = collection.columns.map { column -> (String, JSONValue) in
      let type = Collection.type(of: column)
      var schema: [(String, JSONValue)] = [("type", .array([.text(type), .text("null")]))]
      if Collection.isTime(column) { schema.append(("format", .text("date-time"))) }
      if type == "array" { schema.append(("items", string)) }
      return (column, .object(schema))
    }
    return properties(
      [
        ("type", oneOf(["Feature"])), ("id", string),
        ("geometry", .object([("type", .array([.text("object"), .text("null")]))])),
        ("properties", properties(columns, required: [])),
      ], required: ["type", "geometry", "properties"])
  }

  private static var responses: [(String, JSONValue)] {
    [
      (
        "problem",
        .object([
          ("description", .text("Why there is no answer (RFC 9457)")),
          (
            "content",
            .object([
              ("application/problem+json", .object([("schema", reference("Problem"))]))
            ])
          ),
        ])
      )
    ]
  }
}
