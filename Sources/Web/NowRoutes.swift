internal import Assessment
internal import Coverage
internal import Geodesy
internal import Hummingbird
internal import Patrol
internal import Reports
internal import Store

/// `/api/now`: all the screen shows, of now or with `at` of a past moment, as it is known today.
struct NowRoutes: Sendable {
  let readers: Readers
  let shelf: PlanShelf
  let looks: LookBook
  let clock: @Sendable () -> Instant

  func now(_ request: Request, _ context: WebContext) async throws -> Response {
    let asked = try Asked(request, allowed: ["at", "squadron", "without", "handheld"])
    // Whoever follows where they are by /events asks for the rest more often, with the one that is looked at.
    let isWithout = try asked.choice("without", of: ["handhelds"]) != nil
    let named = asked["handheld"]
    let past = try asked["at"].map { text in
      guard let at = Instant(rfc3339: text) else {
        throw Problem.wrong("at: found \"\(text)\"; expected RFC 3339 such as 2026-11-20T18:00:00Z")
      }
      return at
    }
    let (viewer, clock) = (context.viewer, clock())
    let (text, shown) = try await readers.read { [shelf] queries in
      let book = try shelf.book(queries)
      let sights = try book.sights(viewer, squadron: asked["squadron"])
      let (told, shown) = try Self.snapshot(
        past, clock, queries, book, sights, book.squadrons(viewer)
      ) { handheld in named.map { $0 == handheld.text } ?? !isWithout }
      return (told.written(depth: 2), shown)
    }
    try await looks.note(shown, by: viewer)
    return Reply.text(text + "\n", MediaType.json, for: request)
  }

  /// With whose positions it shows.
  private static func snapshot(
    _ past: Instant?, _ clock: Instant, _ queries: Queries, _ book: PlanBook, _ sights: [Sight],
    _ squadrons: Set<String>, tellsOf: (Handheld.ID) -> Bool
  ) throws -> (told: JSONValue, shown: [Look]) {
    let judged = try queries.clock()
    let at = past ?? clock
    let plan = book.version(at: at).plan
    let zone = plan.zone
    func time(_ instant: Instant) -> JSONValue { .text(zone.text(instant)) }
    func sees(_ name: String, _ kind: KeyPath<Sight.Era, Set<String>>, _ moment: Instant) -> Bool {
      sights.allSatisfy { $0.holds(name, kind, at: moment) }
    }
    let positions =
      try
      (past.map { try queries.positions(at: $0) } ?? queries.latestPositions(after: nil).positions)
      .filter { sees($0.handheld, \.handhelds, $0.at) }
    let open = try queries.gaps(openAt: at, plan: plan).filter {
      sees($0.gap.owed.duty.text, \.duties, $0.gap.owed.windowBegan)
    }
    let standings = try queries.owedStandings(
      at: at, plan: plan, positions: positions, gaps: open.map(\.gap)
    ).filter { sees($0.owed.duty.text, \.duties, $0.owed.windowBegan) }
    let places = standings.map { standing -> JSONValue in
      .object([
        ("place", .text(standing.owed.place.text)), ("duty", .text(standing.owed.duty.text)),
        ("window_began_at", time(standing.owed.windowBegan)),
        ("window_ended_at", time(standing.ended)), ("every_s", seconds(standing.every)),
        ("attended_at", standing.attended.map(time) ?? .null),
        ("next_due_at", standing.next(after: at).map { time($0.due) } ?? .null),
        ("cells", .array(runs(standing.due, from: at))),
      ])
    }
    let board = standings.board(after: at).map { standing, due -> JSONValue in
      var all: [(String, JSONValue)] = [
        ("place", .text(standing.owed.place.text)), ("duty", .text(standing.owed.duty.text)),
        ("due_at", time(due)),
      ]
      if let stretch = stretch(standing, plan, from: at) {
        all += [("from_m", metres(stretch.from)), ("to_m", metres(stretch.to))]
      }
      if let near = standing.nearest {
        all += [
          ("handheld", .text(near.handheld.text)),
          ("distance_m", .number(near.distance.value, decimals: 0)),
          ("travel_s", seconds(near.travel)), ("seen_at", time(near.seen)),
        ]
      }
      return .object(all)
    }
    let day = plan.operationalDay(of: at)
    let span = plan.span(of: day)
    let notes = try queries.notes(of: open.map(\.gap.id))
    let gaps = open.map { record -> JSONValue in
      let gap = record.gap
      return .object([
        ("id", .text(gap.id.text)), ("duty", .text(gap.owed.duty.text)),
        ("place", .text(gap.owed.place.text)), ("verdict", .text(gap.verdict.rawValue)),
        ("cause", .text(gap.cause.rawValue)), ("began_at", time(gap.began)),
        ("from_m", gap.stretch.map { .number($0.from.value, decimals: 1) } ?? .null),
        ("to_m", gap.stretch.map { .number($0.to.value, decimals: 1) } ?? .null),
        ("open_m", .array(stretches(gap, plan, at: at))),
        ("excused", .flag(!record.excuses.isEmpty)),
        (
          "notes",
          .array(
            (notes[gap.id] ?? []).map {
              .object([("by", .text($0.by)), ("at", time($0.at)), ("note", .text($0.note))])
            })
        ),
      ])
    }
    let told = plan.handhelds.filter { tellsOf($0.id) && sees($0.id.text, \.handhelds, at) }
    let live = past == nil && !told.isEmpty ? try queries.standings() : [:]
    let seen = Dictionary(positions.map { ($0.handheld, $0) }, uniquingKeysWith: { a, _ in a })
    let handhelds = told.map { handheld -> JSONValue in
      let group = plan.group(of: handheld.id)
      var all: [(String, JSONValue)] = [
        ("handheld", .text(handheld.id.text)), ("group", group.map { .text($0.name) } ?? .null),
        ("squadron", group.flatMap { plan.squadron(of: $0.id) }.map { .text($0.id.text) } ?? .null),
        ("travel", .text(handheld.travel.rawValue)),
        ("duties", .array(plan.duties.filter { $0.group == group?.id }.map { .text($0.id.text) })),
      ]
      if let values = live[handheld.id.text], case .text(let state) = values[0] {
        all.append(("state", .text(state)))
        if case .time(let since) = values[1] { all.append(("since", time(since))) }
        if case .text(let detail) = values[2] { all.append(("detail", .text(detail))) }
      }
      if let last = seen[handheld.id.text] {
        all += [
          ("at", time(last.at)), ("lat", .number(last.position.latitude, decimals: 7)),
          ("lon", .number(last.position.longitude, decimals: 7)),
        ]
      }
      return .object(all)
    }
    let windows = try queries.dutyWindows(opening: span) { book.version(at: $0).plan }
      .filter { sees($0.duty.text, \.duties, $0.began) }
    let scores = windows.map { window -> JSONValue in
      .object([
        ("duty", .text(window.duty.text)), ("squadron", .text(window.squadron.text)),
        ("score", window.tally.score.map { .number($0, decimals: 4) } ?? .null),
        ("gaps", .count(window.tally.gaps)), ("final", .flag(window.isFinal)),
      ])
    }
    let shown = positions.map { Look(handheld: $0.handheld, span: $0.at...$0.at) }
    let all = JSONValue.object([
      ("at", time(at)), ("live", .flag(past == nil)),
      ("judged_at", judged.map(time) ?? .null), ("utc_offset_s", .count(zone.offset(at: at))),
      ("zone", .text(zone.identifier)), ("brigade", .text(plan.brigade.name)),
      ("language", .text(plan.language.rawValue)), ("day", .text("\(day)")),
      ("day_began_at", time(span.lowerBound)),
      ("pass_mark", .number(plan.assessment.passMark, decimals: 3)),
      (
        "squadrons",
        .array(
          plan.brigade.squadrons.filter { squadrons.contains($0.id.text) }.map {
            .object([("id", .text($0.id.text)), ("name", .text($0.name))])
          })
      ),
      ("places", .array(places)), ("due", .array(board)), ("gaps", .array(gaps)),
      (
        "groups",
        .array(
          plan.brigade.squadrons.filter { squadrons.contains($0.id.text) }.flatMap(\.groups)
            .map { .text($0.id.text) })
      ),
      (
        "duties",
        .array(
          plan.duties.filter { $0.days.contains(day) && sees($0.id.text, \.duties, at) }
            .map { .text($0.id.text) })
      ),
      ("changes", .array(try ChangeRoutes.changes(on: day, queries, book, sights))),
      ("handhelds", .array(handhelds)), ("scores", .array(scores)),
    ])
    return (all, shown)
  }

  private static func metres(_ x: Metres) -> JSONValue { .number(x.value, decimals: 0) }

  /// Of a line, what falls due within the board's reach around the cell that does so first.
  private static func stretch(_ standing: OwedStanding, _ plan: Plan, from at: Instant)
    -> Gap.Stretch?
  {
    guard let cells = plan.place(standing.owed.place)?.cells,
      let first = standing.next(after: at)?.cell, cells.indices.contains(first)
    else { return nil }
    func falls(_ cell: Int) -> Bool {
      cells.indices.contains(cell) && standing.due[cell] > at
        && standing.due[cell] <= at + OwedStanding.boardReach
    }
    var (low, high) = (first, first)
    while falls(low - 1) { low -= 1 }
    while falls(high + 1) { high += 1 }
    guard let from = cells[low].stretch?.from, let to = cells[high].stretch?.to else { return nil }
    return Gap.Stretch(from: from, to: to)
  }

  /// Of a line's gap, what is uncovered at a moment: [from, to] in metres.
  private static func stretches(_ gap: Gap, _ plan: Plan, at moment: Instant) -> [JSONValue] {
    guard gap.stretch != nil, let cells = plan.place(gap.owed.place)?.cells,
      let duty = plan.duty(gap.owed.duty)
    else { return [] }
    var runs: [(from: Metres, to: Metres, last: Int)] = []
    for cell in gap.cells(openAt: moment, every: duty.every)
    where cells.indices.contains(cell) {
      guard let stretch = cells[cell].stretch else { continue }
      if let run = runs.last, run.last == cell - 1 {
        runs[runs.count - 1] = (run.from, stretch.to, cell)
      } else {
        runs.append((stretch.from, stretch.to, cell))
      }
    }
    return runs.map { .array([metres($0.from), metres($0.to)]) }
  }

  private static func seconds(_ x: Milliseconds) -> JSONValue { .number(x.seconds, decimals: 0) }

  /// Cells alike in a row as [how many, seconds until they fall due]; null where nothing more does.
  private static func runs(_ due: [Instant], from at: Instant) -> [JSONValue] {
    var runs: [(count: Int, left: Int?)] = []
    for moment in due {
      // To ten seconds: neighbours walked one after the other are drawn as one.
      let left = moment == .distantFuture ? nil : Int(((moment - at).seconds / 10).rounded()) * 10
      if runs.last.map({ $0.left == left }) ?? false {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((1, left))
      }
    }
    return runs.map { .array([.count($0.count), $0.left.map { .count($0) } ?? .null]) }
  }
}
