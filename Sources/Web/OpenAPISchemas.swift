internal import Patrol
internal import Reports

extension OpenAPI {
  static let string = JSONValue.object([("type", .text("string"))])
  static let moment = JSONValue.object([
    ("type", .text("string")), ("format", .text("date-time")),
  ])
  static let date = JSONValue.object([("type", .text("string")), ("format", .text("date"))])
  /// What the pattern of a moment in an interval is: of any month's days, and in UTC.
  static let aMoment =
    "[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"

  /// Four numbers, or six with heights. That south is not above north stands in the parameter's words alone.
  static let box = JSONValue.object([
    ("type", .text("array")),
    (
      "anyOf",
      .array(
        [(4, [("minimum", JSONValue.count(-180)), ("maximum", .count(180))]), (6, [])].map {
          size, bounds in
          .object([
            ("items", .object([("type", .text("number"))] + bounds)),
            ("minItems", .count(size)), ("maxItems", .count(size)),
          ])
        })
    ),
  ])
  static let count = JSONValue.object([("type", .text("integer")), ("minimum", .count(1))])
  /// Not empty.
  static let text = JSONValue.object([("type", .text("string")), ("minLength", .count(1))])
  /// A person's.
  static let name = text(atMost: PlanChange.nameMaximum)

  /// A change that is ordered, by its kind. Where a text is empty in a form, it is left out.
  static let changeOrder = JSONValue.object([
    ("type", .text("object")),
    (
      "oneOf",
      .array(
        PlanChange.Kind.allCases.map { kind in
          let needed = ChangeDraft.needed(kind)
          let fields = ChangeDraft.fields(kind).sorted().map { field in
            let schema = text(of: field, kind)
            // Of those of which one has to be there, none is empty.
            let isTold = needed.contains(field) || kind == .move
            return (field, isTold ? schema : anyOf(schema, matching("^$")))
          }
          let always = [
            ("kind", oneOf([kind.rawValue])), ("by", name), ("day", anyOf(date, matching("^$"))),
            ("reason", anyOf(text(atMost: PlanChange.reasonMaximum), matching("^$"))),
          ]
          var besides = [("additionalProperties", JSONValue.flag(false))]
          if kind == .move {
            let either = ["from", "to"].map {
              JSONValue.object([("required", .array([.text($0)]))])
            }
            besides.append(("anyOf", .array(either)))
          }
          return properties(
            always + fields, required: ["kind", "by"] + needed, besides: besides)
        })
    ),
  ])

  private static func anyOf(_ all: JSONValue...) -> JSONValue { .object([("anyOf", .array(all))]) }

  /// One of a change's texts.
  private static func text(of field: String, _ kind: PlanChange.Kind) -> JSONValue {
    let time = matching("^([01][0-9]|2[0-3]):[0-5][0-9]$")
    switch field {
    case "from", "to": return kind == .swap || kind == .lend ? anyOf(time, moment) : time
    case "every", "stay":
      return anyOf(
        matching("^[1-9][0-9]{0,3}s$"), matching("^[1-9][0-9]{0,2}m$"),
        matching("^[1-9]h([1-9]|[1-5][0-9])m$"), matching("^[1-9][0-9]?h$"))
    case "at_once": return matching("^[1-9][0-9]{0,2}$")
    case "weight": return matching("^[1-9][0-9]{0,2}(\\.[0-9]{1,3})?$")
    case "note": return text(atMost: PlanChange.noteMaximum)
    case "member": return name
    default: return text(atMost: PlanChange.idMaximum)
    }
  }

  static func text(atMost maximum: Int) -> JSONValue {
    .object([
      ("type", .text("string")), ("minLength", .count(1)), ("maxLength", .count(maximum)),
    ])
  }

  static func matching(_ pattern: String) -> JSONValue {
    .object([("type", .text("string")), ("pattern", .text(pattern))])
  }
  static let object = JSONValue.object([("type", .text("object"))])
  static let page = (MediaType.html, string)

  static func json(_ schema: String?) -> (String, JSONValue) {
    (MediaType.json, schema.map(reference) ?? object)
  }

  static func reference(_ schema: String) -> JSONValue {
    .object([("$ref", .text("#/components/schemas/\(schema)"))])
  }

  static func oneOf(_ all: [String]) -> JSONValue {
    .object([("type", .text("string")), ("enum", .array(all.map { .text($0) }))])
  }

  /// - Parameter besides: other members of the schema.
  static func properties(
    _ all: [(String, JSONValue)], required: [String], besides: [(String, JSONValue)] = []
  ) -> JSONValue {
    .object(
      [
        ("type", .text("object")), ("required", .array(required.map { .text($0) })),
        ("properties", .object(all)),
      ] + besides)
  }

  static func array(_ items: JSONValue) -> JSONValue {
    .object([("type", .text("array")), ("items", items)])
  }

  static var schemas: [(String, JSONValue)] {
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

  static func feature(_ collection: Collection) -> JSONValue {
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

  static var responses: [(String, JSONValue)] {
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
