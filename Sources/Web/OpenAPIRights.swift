internal import Patrol
internal import Reports
internal import Rights

extension OpenAPI {
  /// How whoever asks shows who they are; without users, not at all.
  static let securitySchemes: [(String, JSONValue)] = [
    (
      "session",
      .object([
        ("type", .text("apiKey")), ("in", .text("cookie")), ("name", .text("patrold")),
        (
          "description",
          .text(
            "By POST /login; __Host-patrold over TLS. What changes something brings X-CSRF-Token as well, as /api/me gives it."
          )
        ),
      ])
    ),
    (
      "token",
      .object([
        ("type", .text("http")), ("scheme", .text("bearer")),
        ("description", .text("Of a program: patrolctl token new.")),
      ])
    ),
  ]

  static let security: [JSONValue] = [
    .object([("session", .array([]))]), .object([("token", .array([]))]), .object([]),
  ]

  /// Coming, going, and who looked.
  static var rights: [(String, JSONValue)] {
    [
      (
        "/api/me",
        get("me", "Who asks: name, role, squadrons, language, csrf", [], [json(nil)])
      ),
      (
        "/api/audit",
        get(
          "audit", "What was changed, who logged in or failed to, who looked at whose track",
          [
            parameter("datetime"), inQuery("who", string, "Only by these, with commas between."),
            inQuery("handheld", string, "Only about these, with commas between."),
            inQuery("limit", count, "The latest so many; 1000 without it, 10000 at most."),
          ], [json(nil)])
      ),
      (
        "/login",
        .object([
          member(get("loginPage", "The page to log in by", [], [(MediaType.html, string)])),
          member(
            post(
              "login", "Logs in; a form is answered with a page, JSON as /api/me",
              of: texts([("name", string), ("password", string)], required: []))),
        ])
      ),
      (
        "/api/gaps/{gap}/notes",
        post(
          "note", "Keeps that somebody saw a gap; it excuses nothing", ["note", "by"],
          [inPath("gap", string, "Its id.")])
      ),
      (
        "/api/changes",
        .object([
          member(
            get(
              "changes", "What was ordered for a day beside the plan",
              [
                inQuery(
                  "day", date,
                  "An operational day, such as 2026-11-20; without it, the one that runs.")
              ],
              [json(nil)])),
          member(
            post(
              "order",
              "Orders a change for tonight: kind is one of \(ChangeDraft.kinds)", of: changeOrder)),
        ])
      ),
      (
        "/api/changes/{change}/withdraw",
        post(
          "withdraw", "Takes a change back", ["by"],
          [inPath("change", string, "Its number.")])
      ),
      ("/logout", post("logout", "Ends the session", [])),
      (
        "/api/password",
        post(
          "password", "Changes one's own password; ends all one's other sessions", ["old", "new"])
      ),
    ]
  }

  /// The only one of an object.
  private static func member(_ value: JSONValue) -> (String, JSONValue) {
    guard case .object(let members) = value, let first = members.first else { return ("", value) }
    return first
  }

  private static func post(
    _ id: String, _ summary: String, _ fields: [String], _ parameters: [JSONValue] = []
  ) -> JSONValue {
    let body = texts(fields.map { ($0, $0 == "by" ? name : text) }, required: fields)
    return post(id, summary, parameters, of: fields.isEmpty ? nil : body)
  }

  /// What is said in texts; others besides are ignored.
  private static func texts(_ all: [(String, JSONValue)], required: [String]) -> JSONValue {
    properties(all, required: required, besides: [("additionalProperties", string)])
  }

  /// - Parameter body: what has to be said; nil: nothing.
  private static func post(
    _ id: String, _ summary: String, _ parameters: [JSONValue] = [], of body: JSONValue?
  ) -> JSONValue {
    let problem = JSONValue.object([("$ref", .text("#/components/responses/problem"))])
    var told: [(String, JSONValue)] = [
      ("operationId", .text(id)), ("summary", .text(summary)), ("parameters", .array(parameters)),
      (
        "responses",
        .object([
          ("200", .object([("description", .text("Done"))])),
          ("204", .object([("description", .text("Done, and there is nothing to say"))])),
          ("303", .object([("description", .text("Done, of a form"))])), ("default", problem),
        ])
      ),
    ]
    if let body {
      told.append(
        (
          "requestBody",
          .object([
            ("required", .flag(true)),
            (
              "content",
              .object(
                ["application/json", "application/x-www-form-urlencoded"].map {
                  ($0, .object([("schema", body)]))
                })
            ),
          ])
        ))
    }
    return .object([("post", .object(told))])
  }
}
