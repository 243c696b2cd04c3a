internal import Geodesy
internal import HTTPTypes
internal import Hummingbird
internal import Patrol
internal import Reports
internal import Store

/// `/reports/{kind}/{date}`: drawn up when asked for, by readers of their own.
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
    let asked = try Asked(request, allowed: ["format", "language"])
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
    let moment = now()
    return try await readers.read { [shelf] queries in
      let book = try shelf.book(queries)
      let text =
        kind == "shift"
        ? try Self.shift(date, format, language, book, queries, moment)
        : try Self.period(kind, date, format, language, book, queries, moment)
      return Reply.text(
        text, "\(format.type); charset=utf-8", for: request,
        fields: [.contentSecurityPolicy: LandingPage.policy])
    }
  }

  private static func shift(
    _ date: String, _ format: Format, _ language: Language?, _ book: PlanBook, _ queries: Queries,
    _ now: Instant
  ) throws -> String {
    let latest = book.latest.plan
    let last = try queries.lastWindow().map(latest.operationalDay)
    guard let day = date == "latest" ? last : CivilDate(date) else {
      throw Problem.wrong(
        "found \"\(date)\" as a shift's day; expected a date such as 2026-11-20, or latest")
    }
    let version = book.version(at: latest.span(of: day).upperBound)
    let report = try ShiftReport(
      of: day, plan: version.plan, planDigest: version.digest, queries: queries, at: now)
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
      throw Problem.wrong(
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
