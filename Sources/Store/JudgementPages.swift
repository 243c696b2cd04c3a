public import Coverage
internal import GRDB
internal import Geodesy
internal import Patrol

extension Queries {
  /// Gaps that stand by window, duty, place and id; keys are of shape `ittt`.
  public func gaps(
    _ query: PageQuery, keep: (GapRecord) -> Bool = { _ in true }
  ) throws(StoreError) -> Page<GapRecord> {
    var condition = Condition()
    condition.add("withdrawn_ms IS NULL", [])
    condition.add("duty", among: query.duties)
    condition.add("place", among: query.places)
    if let handhelds = query.handhelds {
      condition.add(
        "EXISTS (SELECT 1 FROM json_each(handhelds) h JOIN json_each(?) f ON f.value = h.value)",
        [StoredJSON.list(handhelds)])
    }
    if let verdict = query.verdict { condition.add("verdict = ?", [verdict]) }
    if let cause = query.cause { condition.add("cause = ?", [cause]) }
    if let isOpen = query.isOpen { condition.add("open = ?", [isOpen]) }
    condition.add(
      query.span, began: "began_ms", ended: "CASE open WHEN 1 THEN NULL ELSE ended_ms END")
    for sight in query.sights { condition.add(sight, "duty", \.duties, at: "window_began_ms") }
    let clock = try clock()
    let excuses = Dictionary(grouping: try excuses(.approved), by: \.owed)
    var found: Page<GapRecord> = try page(
      "SELECT \(GapRow.columns) FROM gap", condition, key: "window_began_ms, duty, place, id",
      query, keep: keep
    ) { row in
      let gap = try GapRow.gap(row, judgedUntil: clock)
      let covering = (excuses[gap.owed] ?? []).filter {
        !gap.region.common(with: [$0.region]).pieces.isEmpty
      }
      let record = GapRecord(gap: gap, excuses: covering)
      return Page.Row(
        key: PageKey(Self.parts(gap.owed) + [.text(gap.id.text)]),
        values: [], subject: record)
    }
    let notes = try notes(of: found.rows.map(\.subject.gap.id))
    for i in found.rows.indices {
      found.rows[i].subject.notes = notes[found.rows[i].subject.gap.id] ?? []
      found.rows[i].values = Self.listing([found.rows[i].subject]).rows[0]
    }
    return found
  }

  /// Windows of places owed by beginning, duty and place; keys are of shape `itt`.
  public func windows(
    _ query: PageQuery, keep: (Owed) -> Bool = { _ in true }
  ) throws(StoreError) -> Page<Owed> {
    var condition = Condition()
    condition.add("duty", among: query.duties)
    condition.add("place", among: query.places)
    if let span = query.span {
      // By the table's key: no window is open for longer than a day, and a zone change.
      let earliest = max(span.lowerBound, .distantPast + Window.longest) - Window.longest
      condition.add("window_began_ms >= ?", [earliest.milliseconds])
    }
    condition.add(query.span, began: "window_began_ms", ended: "ended_ms")
    for sight in query.sights { condition.add(sight, "duty", \.duties, at: "window_began_ms") }
    var found: Page<Owed> = try page(
      "SELECT * FROM duty_window", condition, key: "window_began_ms, duty, place", query,
      keep: keep
    ) { row in
      let owed = GapRow.owed(row)
      return Page.Row(key: PageKey(Self.parts(owed)), values: [], subject: owed)
    }
    // What was excused follows from their gaps, of all of them at once.
    guard let first = found.rows.first?.subject, let last = found.rows.last?.subject else {
      return found
    }
    var filter = Filter()
    filter.duties = Array(Set(found.rows.map(\.subject.duty.text)))
    filter.places = Array(Set(found.rows.map(\.subject.place.text)))
    (filter.from, filter.to) = (first.windowBegan, last.windowBegan + Milliseconds(1))
    let told = try windows(filter)
    let values = Dictionary(
      uniqueKeysWithValues: zip(told.map(\.owed), Self.listing(told, total: false).rows))
    // Between two looks one may have gone.
    found.rows = found.rows.compactMap { row in
      values[row.subject].map { Page.Row(key: row.key, values: $0, subject: row.subject) }
    }
    return found
  }

  private static func parts(_ owed: Owed) -> [PageKey.Part] {
    [
      .integer(owed.windowBegan.milliseconds), .text(owed.duty.text), .text(owed.place.text),
    ]
  }
}
