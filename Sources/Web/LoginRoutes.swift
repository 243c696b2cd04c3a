internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Patrol
internal import Reports
internal import Rights
internal import Store

/// Coming and going: `/login`, `/logout`, `/setup`, `/api/me`, `/api/password`.
struct LoginRoutes: Sendable {
  let authenticator: Authenticator
  let readers: Readers
  let shelf: PlanShelf

  // MARK: pages

  func loginPage(_ request: Request, _ context: WebContext) async throws -> Response {
    let asked = try Asked(request, allowed: ["next", "fault", "wait"])
    let fault: LoginPage.Fault? =
      switch asked["fault"] {
      case "wrong": .wrong
      case "wait": .wait(seconds: min(max(asked["wait"].flatMap { Int($0) } ?? 1, 1), 86_400))
      default: nil
      }
    let page = LoginPage(language: Self.language(request), fault: fault)
    return Self.page(page.login(next: Self.path(asked["next"] ?? "/")))
  }

  func setupPage(_ request: Request, _ context: WebContext) async throws -> Response {
    let asked = try Asked(request, allowed: ["key", "fault"])
    let language = Self.language(request)
    let key = asked["key"] ?? ""
    guard authenticator.isSetup(key) else {
      return Self.page(LoginPage(language: language, fault: .over).notice, .forbidden)
    }
    let fault: LoginPage.Fault? =
      switch asked["fault"] {
      case "name": .name
      case "short": .short
      case "long": .long
      case "same": .same
      case "repeated": .repeated
      default: nil
      }
    return Self.page(LoginPage(language: language, fault: fault).setup(key: key))
  }

  func style(_ request: Request, _ context: WebContext) async throws -> Response {
    Reply.text(LoginPage.style, "text/css; charset=utf-8", for: request)
  }

  private static func page(_ html: String, _ status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status,
      headers: [
        .contentType: "\(MediaType.html); charset=utf-8", .cacheControl: "no-store",
        .vary: "Accept-Language",
      ], body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
  }

  // MARK: what they do

  func logIn(_ request: Request, _ context: WebContext) async throws -> Response {
    let form = context.form
    let next = Self.path(form["next"])
    do {
      let (secret, viewer) = try await authenticator.logIn(
        form["name"], form["password"], from: context.address)
      let cookie = authenticator.setting(secret)
      if form.isPage { return Self.away(to: next, cookie) }
      return try await me(viewer, cookie)
    } catch let problem as Problem where form.isPage && problem.status != .serviceUnavailable {
      let wait = problem.fields[.retryAfter].map { "wait&wait=\($0)" }
      return Self.away(to: "/login?fault=\(wait ?? "wrong")&next=\(Self.escaped(next))")
    }
  }

  func logOut(_ request: Request, _ context: WebContext) async throws -> Response {
    try await authenticator.logOut(context.viewer)
    if context.form.isPage { return Self.away(to: "/login", authenticator.unsetting) }
    return Response(status: .noContent, headers: [.setCookie: authenticator.unsetting])
  }

  func setUp(_ request: Request, _ context: WebContext) async throws -> Response {
    let (form, key) = (context.form, context.form["key"])
    let name = User.name(form["name"])
    let fault: String? =
      if name == nil {
        "name"
      } else {
        switch PasswordFault(form["password"], of: name ?? "") {
        case .short?: "short"
        case .long?: "long"
        case .name?: "same"
        case nil: form["password"] == form["repeated"] ? nil : "repeated"
        }
      }
    if form.isPage, authenticator.isSetup(key), let fault {
      return Self.away(to: "/setup?key=\(Self.escaped(key))&fault=\(fault)")
    }
    do {
      let (secret, viewer) = try await authenticator.setUp(
        key, form["name"], form["password"], from: context.address)
      let cookie = authenticator.setting(secret)
      return form.isPage ? Self.away(to: "/", cookie) : try await me(viewer, cookie)
    } catch let problem as Problem where form.isPage && problem == Authenticator.setupOver {
      return Self.page(
        LoginPage(language: Self.language(request), fault: .over).notice, .forbidden)
    }
  }

  func changePassword(_ request: Request, _ context: WebContext) async throws -> Response {
    try await authenticator.changePassword(
      of: context.viewer, from: context.form["old"], to: context.form["new"], context.address)
    return Response(status: .noContent)
  }

  func me(_ request: Request, _ context: WebContext) async throws -> Response {
    _ = try Asked(request, allowed: [])
    return try await me(context.viewer, nil)
  }

  private func me(_ viewer: Viewer, _ cookie: String?) async throws -> Response {
    let squadrons = try await readers.read { [shelf] queries in
      do {
        return try shelf.book(queries).squadrons(viewer).sorted()
      } catch is Problem {
        // No plan yet.
        return viewer.role.squadron.map { [$0.text] } ?? []
      }
    }
    var csrf = JSONValue.null
    if case .session(_, let token) = viewer.proof { csrf = .text(token) }
    let text = JSONValue.object([
      ("name", viewer.name.map { .text($0) } ?? .null), ("role", .text(viewer.role.kind.rawValue)),
      ("squadrons", .array(squadrons.map { .text($0) })),
      ("language", viewer.language.map { .text($0) } ?? .null), ("csrf", csrf),
      ("open", .flag(viewer.proof == .none)),
    ]).written()
    var fields: HTTPFields = [.contentType: MediaType.json, .cacheControl: "no-store"]
    fields[.setCookie] = cookie
    return Response(
      status: .ok, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  // MARK: ways

  private static func away(to path: String, _ cookie: String? = nil) -> Response {
    var fields: HTTPFields = [.location: path, .cacheControl: "no-store"]
    fields[.setCookie] = cookie
    return Response(status: .seeOther, headers: fields)
  }

  /// A path of this host, and nothing that a browser takes for another.
  static func path(_ text: String) -> String {
    let isOwn =
      text.hasPrefix("/") && !text.hasPrefix("//")
      && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }
    return isOwn ? text : "/"
  }

  /// As a part of a query.
  static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "/"):
        String(UnicodeScalar(byte))
      default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
  }

  private static func language(_ request: Request) -> Language {
    for range in (request.headers[.acceptLanguage] ?? "").split(separator: ",") {
      let tag = range.prefix { $0 != ";" }.trimmingPrefix(" ").lowercased()
      if tag.hasPrefix("zh") { return .chinese }
      if tag.hasPrefix("en") { return .english }
    }
    return .english
  }
}
