public import Coverage
internal import GRDB
public import Geodesy
public import Patrol

/// Evidence as values: what explanations are made of.
extension Queries {
  /// All that is stored of a handheld in a span of order time, as the engine was told it; off duty nothing is stored.
  public func observations(of handheld: Handheld.ID, in span: Range<Instant>) throws(StoreError)
    -> [Observation]
  {
    try store.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT fix.* FROM fix JOIN handheld h ON h.n = fix.handheld
          WHERE h.id = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms, row
          """,
        arguments: [handheld.text, span.lowerBound.milliseconds, span.upperBound.milliseconds]
      ).map { try ObservationRow.observation($0, handheld) }
    }
  }

  /// Stays at a place that meet a span of time, in order.
  public func stays(at place: Place.ID, meeting span: Range<Instant>) throws(StoreError) -> [Stay] {
    try stays("place = ? AND arrived_ms < ? AND left_ms >= ?", [place.text], span)
  }

  /// Stays anywhere that meet a span of time, in order. O(stays stored).
  public func stays(meeting span: Range<Instant>) throws(StoreError) -> [Stay] {
    try stays(
      Self.byKey("arrived_ms", from: span.lowerBound) + " AND arrived_ms < ? AND left_ms >= ?", [],
      span)
  }

  /// Stays of one handheld that meet a span of time, in order.
  public func stays(of handheld: Handheld.ID, meeting span: Range<Instant>) throws(StoreError)
    -> [Stay]
  {
    try stays(Self.ofOne("arrived_ms", "left_ms", from: span.lowerBound), [handheld.text], span)
  }

  /// Passes of one handheld that meet a span of time, in order.
  public func passes(of handheld: Handheld.ID, meeting span: Range<Instant>) throws(StoreError)
    -> [Pass]
  {
    try passes(Self.ofOne("began_ms", "ended_ms", from: span.lowerBound), [handheld.text], span)
  }

  private static func ofOne(_ began: String, _ ended: String, from moment: Instant) -> String {
    let earliest = max(moment, .distantPast + .hours(26)) - .hours(26)
    return
      "handheld = ? AND \(began) >= \(earliest.milliseconds) AND \(began) < ? AND \(ended) >= ?"
  }

  /// What began long enough before a moment to be over by then is passed by, by the table's key. No stay and no pass is longer
  /// than a day on duty.
  static func byKey(_ began: String, from moment: Instant) -> String {
    let earliest = max(moment, .distantPast + .hours(26)) - .hours(26)
    return "handheld IN (SELECT id FROM handheld) AND \(began) >= \(earliest.milliseconds)"
  }

  private func stays(
    _ condition: String, _ arguments: StatementArguments, _ span: Range<Instant>
  ) throws(StoreError) -> [Stay] {
    try store.read { db in
      try Array(
        Row.fetchCursor(
          db,
          sql: """
            SELECT kind, handheld, place, cell, arrived_ms, left_ms, stay_ms, decided_ms FROM stay
            WHERE \(condition) ORDER BY arrived_ms, handheld, place, cell
            """,
          arguments: arguments
            + [span.upperBound.milliseconds, span.lowerBound.milliseconds]
        ).compactMap { row in
          // By position: names would take half of the time.
          guard let kind = Stay.Kind(rawValue: row[0]) else { return nil }
          return Stay(
            handheld: Handheld.ID(row[1]), place: Place.ID(row[2]), cell: row[3],
            arrived: Instant(milliseconds: row[4]), left: Instant(milliseconds: row[5]),
            length: Milliseconds(row[6]), kind: kind, decided: Instant(milliseconds: row[7]))
        })
    }
  }

  /// Passes along a line that meet a span of time, in order.
  public func passes(along place: Place.ID, meeting span: Range<Instant>) throws(StoreError)
    -> [Pass]
  {
    try passes("place = ? AND began_ms < ? AND ended_ms >= ?", [place.text], span)
  }

  /// Passes along any line that meet a span of time, in order. O(passes stored).
  public func passes(meeting span: Range<Instant>) throws(StoreError) -> [Pass] {
    try passes(
      Self.byKey("began_ms", from: span.lowerBound) + " AND began_ms < ? AND ended_ms >= ?", [],
      span)
  }

  private func passes(
    _ condition: String, _ arguments: StatementArguments, _ span: Range<Instant>
  ) throws(StoreError) -> [Pass] {
    try store.read { db in
      try Array(
        Row.fetchCursor(
          db,
          sql: """
            SELECT \(PassRow.columns) FROM pass
            WHERE \(condition) ORDER BY began_ms, handheld, place, from_m
            """,
          arguments: arguments
            + [span.upperBound.milliseconds, span.lowerBound.milliseconds]
        ).compactMap(PassRow.pass))
    }
  }

  /// Outages that overlap a span of time, of the daemon and of any handheld's gpsd, by their beginning.
  public func outages(meeting span: Range<Instant>) throws(StoreError) -> [Outage] {
    try store.read { db in try Transaction(db: db, store: store).outages(overlapping: span) }
  }

  /// The stored attendance of a place's window, by cell: what was proven, and while it runs not all that is possible.
  public func attendance(of owed: Owed) throws(StoreError) -> [CellAttendance] {
    try store.read { db in
      var cells: [Int: CellAttendance] = [:]
      // Of a shift it is asked for hundreds of windows.
      let statement = try db.cachedStatement(
        sql: """
          SELECT * FROM attendance WHERE window_began_ms = ? AND duty = ? AND place = ?
          ORDER BY cell, kind, began_ms
          """)
      for row in try Row.fetchAll(
        statement,
        arguments: [owed.windowBegan.milliseconds, owed.duty.text, owed.place.text])
      {
        let cell: Int = row["cell"]
        let began = Instant(milliseconds: row["began_ms"])
        let span = began...max(began, Instant(milliseconds: row["ended_ms"]))
        var held = cells[cell] ?? CellAttendance(cell: cell, proven: [], possible: [])
        if (row["kind"] as String) == "proven" {
          held.proven.append(span)
        } else {
          held.possible.append(span)
        }
        cells[cell] = held
      }
      return cells.values.sorted { $0.cell < $1.cell }
    }
  }
}
