internal import Geodesy
internal import HTTPTypes
internal import Hummingbird
internal import Patrol
internal import Reports
internal import Rights
internal import Store

/// `/reports/{kind}/{date}`: drawn up when asked for, by readers of their own. A squadron's user is shown the squadron's part of
/// a shift; a period is assessed for the whole brigade, rank by rank, and is for those who see all of it.
struct ReportRoutes: Sendable {
  let readers: Readers
  let shelf: PlanShelf
  let now: @Sendable () -> Instant

  enum Format: String, CaseIterable {
    case html, json, csv

    var type: String {
      switch self {
      case .html: MediaType.html
      case .json: MediaType.json
      case .csv: MediaType.csv
      }
    }
  }

  static let kinds = ["shift", "week", "month", "quarter"]

  func report(_ request: Request, _ context: WebContext) async throws -> Response {
    let asked = try Asked(request, allowed: ["format", "language", "squadron"])
    let format: Format
    if let name = try asked.choice("format", of: Format.allCases.map(\.rawValue)) {
      format = Format(rawValue: name) ?? .html
    } else {
      let type = try request.accepted(Format.allCases.map(\.type))
      format = Format.allCases.first { $0.type == type } ?? .html
    }
    let language = try asked["language"].map { tag in
      guard let language = Language(tag: tag) else {
        throw Problem.wrong("language: found \"\(tag)\"; expected en or zh-Hans")
      }
      return language
    }
    let kind = context.parameters.get("kind") ?? ""
    let date = context.parameters.get("date") ?? ""
    guard Self.kinds.contains(kind) else {
      throw Problem(
        .notFound, "no report \"\(kind)\"; there are \(Self.kinds.joined(separator: ", "))")
    }
    let squadron = try squadron(asked, context.viewer, kind)
    let moment = now()
    return try await readers.read { [shelf] queries in
      let book = try shelf.book(queries)
      let text =
        kind == "shift"
        ? try Self.shift(date, squadron, format, language, book, queries, moment)
        : try Self.period(kind, date, format, language, book, queries, moment)
      return Reply.text(
        text, "\(format.type); charset=utf-8", for: request,
        fields: [.contentSecurityPolicy: LandingPage.policy])
    }
  }

  /// Whose part is asked for; nil: all of it.
  private func squadron(_ asked: Asked, _ viewer: Viewer, _ kind: String) throws -> Squadron.ID? {
    let named = asked["squadron"].map { Squadron.ID($0) }
    if named != nil, kind != "shift" {
      throw Problem(
        .notFound, "squadron: a \(kind) is of the whole brigade; only a shift can be cut")
    }
    switch viewer.scope {
    case .brigade: return named
    case .squadron(let own) where kind == "shift" && (named ?? own) == own: return own
    case .squadron, .nothing:
      throw Problem(
        .forbidden, "found the role \(viewer.role.kind.rawValue); it sees its own shifts' reports")
    }
  }

  private static func shift(
    _ date: String, _ squadron: Squadron.ID?, _ format: Format, _ language: Language?,
    _ book: PlanBook, _ queries: Queries, _ now: Instant
  ) throws -> String {
    let latest = book.latest.plan
    let last = try queries.lastWindow().map(latest.operationalDay)
    guard let day = date == "latest" ? last : CivilDate(date) else {
      throw Problem(
        .notFound,
        "found \"\(date)\" as a shift's day; expected a date such as 2026-11-20, or latest")
    }
    let version = book.version(at: latest.span(of: day).upperBound)
    var plan = version.plan
    if let squadron {
      guard let part = try plan.cut(to: squadron, on: day) else {
        let all = plan.brigade.squadrons.map(\.id.text).joined(separator: ", ")
        throw Problem(.notFound, "squadron: found \"\(squadron)\"; the plan has \(all)")
      }
      plan = part
    }
    let report = try ShiftReport(
      of: day, plan: plan, planDigest: version.digest, isCut: squadron != nil, queries: queries,
      at: now)
    switch format {
    case .html: return try report.html(in: language)
    case .json: return report.json
    case .csv: return report.csv
    }
  }

  private static func period(
    _ kind: String, _ date: String, _ format: Format, _ language: Language?, _ book: PlanBook,
    _ queries: Queries, _ now: Instant
  ) throws -> String {
    guard let kind = Period.Kind(rawValue: kind) else { throw Problem.missing(kind) }
    var period = Period(date)
    if period?.kind != kind { period = CivilDate(date).map { Period(kind, containing: $0) } }
    guard let period else {
      throw Problem(
        .notFound,
        "found \"\(date)\" as a \(kind.rawValue); expected a day of it, or a name such as 2026-W47, 2026-11 or 2026-Q4"
      )
    }
    let plans = book.versions.map { (began: $0.began, digest: $0.digest, plan: $0.plan) }
    let report = try PeriodReport(of: period, plans: plans, queries: queries, at: now)
    switch format {
    case .html: return try report.html(in: language)
    case .json: return report.json
    case .csv: return report.csv
    }
  }
}
