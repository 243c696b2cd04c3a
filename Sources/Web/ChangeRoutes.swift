internal import Coverage
internal import Foundation
internal import Geodesy
internal import HTTPTypes
internal import Hummingbird
internal import Patrol
internal import Reports
internal import Store

/// `/api/changes`: what is ordered for a day beside the plan, to be seen, ordered and withdrawn by those whose it is.
struct ChangeRoutes: Sendable {
  let readers: Readers
  let shelf: PlanShelf
  let registry: Registry
  /// By which windows are judged.
  let clock: @Sendable () -> Instant

  func list(_ request: Request, _ context: WebContext) async throws -> Response {
    let asked = try Asked(request, allowed: ["day", "squadron"])
    let date = try asked["day"].map { text in
      guard let date = CivilDate(text) else {
        throw Problem.wrong("day: found \"\(text)\"; expected a date such as 2026-11-20")
      }
      return date
    }
    let (viewer, now) = (context.viewer, clock())
    let text = try await readers.read { [shelf] queries in
      let book = try shelf.book(queries)
      let sights = try book.sights(viewer, squadron: asked["squadron"])
      let plan = book.latest.plan
      let day = date ?? plan.operationalDay(of: now)
      let changes = try Self.changes(on: day, queries, book, sights)
      return JSONValue.object([
        ("day", .text("\(day)")), ("changes", .array(changes)),
      ]).written(depth: 2)
    }
    return Reply.text(text + "\n", MediaType.json, for: request)
  }

  /// Those that somebody sees.
  static func changes(
    on day: CivilDate, _ queries: Queries, _ book: PlanBook, _ sights: [Sight]
  ) throws -> [JSONValue] {
    let plan = book.latest.plan
    return try queries.changes(in: plan.span(of: day))
      .filter { ordered in
        ordered.change.day == day && sights.allSatisfy { $0.shows(ordered.change, at: ordered.at) }
      }
      .map { ChangeText.value($0, book.zone) }
  }

  func order(_ request: Request, _ context: WebContext) async throws -> Response {
    let (viewer, now) = (context.viewer, clock())
    let name = try context.signature(atMost: PlanChange.nameMaximum)
    var texts = context.form.values
    let reason = (texts.removeValue(forKey: "reason") ?? "").trimmingCharacters(in: .whitespaces)
    for known in ["by", "csrf"] { texts[known] = nil }
    let (change, plan) = try await readers.read { [shelf, texts] queries in
      let book = try shelf.book(queries)
      let plan = book.latest.plan
      let change = try ChangeDraft(texts).change(under: plan, at: now)
      if let why = plan.refusal(of: change) { throw Problem(.conflict, why) }
      guard book.sight(viewer).mayOrder(change, under: plan, at: now) else {
        throw Problem(
          .forbidden,
          "not all that this change is about is your squadron's; the brigade may order it")
      }
      return (change, plan)
    }
    let id = try await registry.write {
      try $0.order(change, by: name, reason: reason, under: plan, at: now)
    }
    let text = JSONValue.object([("id", .count(Int(id)))]).written(depth: 0)
    return Response(
      status: .ok, headers: [.contentType: MediaType.json, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n")))
  }

  func withdraw(_ request: Request, _ context: WebContext) async throws -> Response {
    let (viewer, now) = (context.viewer, clock())
    let name = try context.signature(atMost: PlanChange.nameMaximum)
    let text = context.parameters.get("change") ?? ""
    guard let id = Int64(text) else { throw Problem.missing("change \(text)") }
    let plan = try await readers.read { [shelf] queries in
      let book = try shelf.book(queries)
      let sight = book.sight(viewer)
      guard let ordered = try queries.change(id), sight.shows(ordered.change, at: ordered.at) else {
        throw Problem.missing("change \(id)")
      }
      guard sight.mayOrder(ordered.change, under: book.latest.plan, at: now) else {
        throw Problem(
          .forbidden,
          "not all that this change is about is your squadron's; the brigade may withdraw it")
      }
      return book.latest.plan
    }
    try await registry.write { try $0.withdrawChange(id, by: name, under: plan, at: now) }
    return Response(status: .noContent)
  }
}

/// A change as programs read it.
enum ChangeText {
  static func value(_ ordered: OrderedChange, _ zone: ZoneText) -> JSONValue {
    var all: [(String, JSONValue)] = [
      ("id", .count(Int(ordered.id))), ("day", .text("\(ordered.change.day)")),
      ("kind", .text(ordered.change.kind.rawValue)),
    ]
    func add(_ span: Range<Instant>) {
      all += [
        ("began_at", .text(zone(span.lowerBound))), ("ended_at", .text(zone(span.upperBound))),
      ]
    }
    switch ordered.change.what {
    case .swap(let id, insteadOf: let other, let span):
      all += [("handheld", .text(id.text)), ("instead_of", .text(other.text))]
      add(span)
    case .lend(let id, to: let duty, let span, let member):
      all += [("handheld", .text(id.text)), ("duty", .text(duty.text))]
      if !member.isEmpty { all.append(("member", .text(member))) }
      add(span)
    case .post(let duty):
      all += [
        ("duty", .text(duty.id.text)), ("group", .text(duty.group.text)),
        ("places", .array(duty.places.map { .text($0.text) })), ("from", .text("\(duty.from)")),
        ("to", .text("\(duty.to)")), ("every_s", .number(duty.every.seconds, decimals: 0)),
        ("stay_s", .number(duty.stay.seconds, decimals: 0)),
      ]
    case .move(let duty, let from, let to):
      all += [("duty", .text(duty.text)), ("from", .text("\(from)")), ("to", .text("\(to)"))]
    case .callOff(let duty): all.append(("duty", .text(duty.text)))
    case .note(let text, let squadron):
      all += [("note", .text(text)), ("squadron", squadron.map { .text($0.text) } ?? .null)]
    }
    all += [
      ("by", .text(ordered.by)), ("at", .text(zone(ordered.at))), ("reason", .text(ordered.reason)),
    ]
    if let withdrawal = ordered.withdrawal {
      all += [
        ("withdrawn_by", .text(withdrawal.by)), ("withdrawn_at", .text(zone(withdrawal.at))),
      ]
    }
    return .object(all)
  }
}
