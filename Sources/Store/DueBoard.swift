public import Coverage
internal import GRDB
public import Geodesy
public import Patrol

/// How fresh a place that is owed is, cell by cell, and when it falls due: what follows from proven attendance and the plan.
public struct OwedStanding: Hashable, Sendable {
  public var owed: Owed
  public var ended: Instant
  public var every: Milliseconds
  /// By cell, when attendance runs out; in the past where it has. Never, where nothing more is due in this window.
  public var due: [Instant]
  /// When the place was last attended in this window, anywhere on it; nil where it was not.
  public var attended: Instant?
  /// Of the duty's handhelds, by its latest position; nil where none has one.
  public var nearest: Nearest?

  public struct Nearest: Hashable, Sendable {
    public var handheld: Handheld.ID
    /// In a straight line to the cell that falls due next.
    public var distance: Metres
    /// At the usual speed of its travel.
    public var travel: Milliseconds
    public var seen: Instant
  }

  /// The first cell that falls due after a moment; nil where none does.
  public func next(after moment: Instant) -> (cell: Int, due: Instant)? {
    due.indices.filter { due[$0] > moment && due[$0] < .distantFuture }
      .min { due[$0] < due[$1] }.map { ($0, due[$0]) }
  }

  /// How far the board looks ahead.
  public static let boardReach = Milliseconds.minutes(30)
}

extension [OwedStanding] {
  /// The due board: what falls due within its reach after a moment, the next first.
  public func board(after moment: Instant) -> [(standing: OwedStanding, due: Instant)] {
    compactMap { standing in
      standing.next(after: moment).map { (standing: standing, due: $0.due) }
    }
    .filter { $0.due <= moment + OwedStanding.boardReach }
    .sorted { ($0.due, $0.standing.owed) < ($1.due, $1.standing.owed) }
  }
}

extension Travel {
  /// At which its bearer usually gets about, in a straight line.
  var usualSpeed: MetresPerSecond {
    switch self {
    case .foot: 1.4
    case .ebike: 5
    case .car: 8
    }
  }
}

extension Gap {
  /// Those that are uncovered at a moment, in order. What is owed from the window's beginning on is only once E has passed.
  public func cells(openAt moment: Instant, every: Milliseconds) -> [Int] {
    let open = region.pieces.filter { piece in
      let from = piece.began <= owed.windowBegan ? owed.windowBegan + every : piece.began
      return from <= moment && (piece.ended > moment || isOpen && piece.ended == ended)
    }
    return Set(open.map(\.cell)).sorted()
  }
}

extension Queries {
  /// Gaps open at a moment, as they are known today.
  public func gaps(openAt moment: Instant, plan: Plan) throws(StoreError) -> [GapRecord] {
    var filter = Filter()
    (filter.from, filter.to) = (moment, moment + Milliseconds(1))
    let reach = (moment - Window.longest)..<(moment + Milliseconds(1))
    return try gaps(filter, windowsOpening: reach).filter { record in
      guard let duty = plan.duty(record.gap.owed.duty) else { return false }
      return !record.gap.cells(openAt: moment, every: duty.every).isEmpty
    }
  }

  /// How far back a position is one of now.
  private static var positionReach: Milliseconds { .minutes(15) }

  /// The standing of all places owed in windows that are open at a moment, by what was decided by then: attendance, and stays
  /// and passes that are not in it yet (a line's attendance is told every few minutes).
  ///
  /// Where a gap is open, a cell is overdue, whatever was seen since: the verdict is the engine's.
  ///
  /// - Parameters:
  ///   - plan: in force at that moment.
  ///   - gaps: those open at that moment.
  public func owedStandings(
    at moment: Instant, plan: Plan, positions: [LatestPosition], gaps: [Gap]
  ) throws(StoreError) -> [OwedStanding] {
    let windows = plan.windows(openAt: moment)
    guard let first = windows.map(\.began).min() else { return [] }
    let gapsOf = Dictionary(grouping: gaps, by: \.owed)
    let seen = Dictionary(
      positions.map { ($0.handheld, $0) }, uniquingKeysWith: { a, _ in a })
    return try store.read { db in
      let attended = try Self.attended(db, from: first, at: moment)
      let (stays, passes) = try Self.visits(db, from: first, at: moment)
      var standings: [OwedStanding] = []
      for window in windows {
        guard let duty = plan.duty(window.duty) else { continue }
        let assigned = plan.assignments(in: window)
        let members = Self.handhelds(assigned, plan)
        let present = Self.handhelds(assigned.filter { $0.span.contains(moment) }, plan)
        for id in duty.places {
          guard let place = plan.place(id) else { continue }
          let cells = place.cells
          let owed = Owed(duty: duty.id, windowBegan: window.began, place: id)
          var last = [Int64?](repeating: nil, count: cells.count)
          func note(_ cell: Int, _ at: Int64) {
            let at = min(at, moment.milliseconds)
            if last.indices.contains(cell), at >= window.began.milliseconds {
              last[cell] = max(last[cell] ?? at, at)
            }
          }
          for (cell, at) in attended[owed] ?? [] { note(cell, at) }
          if duty.atOnce == 1 {
            for stay in stays[id.text] ?? []
            where members[stay.handheld] != nil && stay.length >= duty.stay.value {
              note(stay.cell, stay.left)
            }
            for pass in passes[id.text] ?? [] {
              guard let handheld = members[pass.handheld],
                pass.speed <= (duty.passSpeedMaximum ?? handheld.travel.passSpeedMaximum).value
              else { continue }
              let (low, high) = (min(pass.from, pass.to), max(pass.from, pass.to))
              for cell in cells {
                guard let stretch = cell.stretch else { continue }
                let middle = (stretch.from.value + stretch.to.value) / 2
                guard middle >= low, middle <= high else { continue }
                let share = high > low ? abs(middle - pass.from) / (high - low) : 1
                note(cell.cell, pass.began + Int64(Double(pass.ended - pass.began) * share))
              }
            }
          }
          var standing = OwedStanding(
            owed: owed, ended: window.ended, every: duty.every,
            due: last.map {
              window.due(after: $0.map(Instant.init(milliseconds:)), every: duty.every)
                ?? .distantFuture
            }, attended: last.compactMap { $0 }.max().map(Instant.init(milliseconds:)))
          for gap in gapsOf[owed] ?? [] {
            for cell in gap.cells(openAt: moment, every: duty.every)
            where standing.due.indices.contains(cell) {
              standing.due[cell] = min(standing.due[cell], moment)
            }
          }
          if let cell = standing.next(after: moment)?.cell ?? standing.due.indices.first {
            standing.nearest = Self.nearest(to: place, cell, present, seen, at: moment)
          }
          standings.append(standing)
        }
      }
      return standings
    }
  }

  private static func handhelds(_ assigned: [Assignment], _ plan: Plan) -> [String: Handheld] {
    Dictionary(
      assigned.compactMap { a in plan.handheld(a.handheld).map { (a.handheld.text, $0) } },
      uniquingKeysWith: { a, _ in a })
  }

  private static func attended(
    _ db: Database, from first: Instant, at moment: Instant
  ) throws -> [Owed: [(cell: Int, at: Int64)]] {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT duty, window_began_ms, place, cell, max(ended_ms) AS at FROM attendance
        WHERE window_began_ms >= ? AND window_began_ms <= ? AND kind = 'proven' AND began_ms <= ?
        GROUP BY window_began_ms, duty, place, cell
        """, arguments: [first.milliseconds, moment.milliseconds, moment.milliseconds])
    var found: [Owed: [(cell: Int, at: Int64)]] = [:]
    while let row = try rows.next() {
      found[GapRow.owed(row), default: []].append((row["cell"], row["at"]))
    }
    return found
  }

  private struct Visit {
    var handheld: String
    var cell = 0
    var left: Int64 = 0
    var length: Int64 = 0
    var from = 0.0
    var to = 0.0
    var began: Int64 = 0
    var ended: Int64 = 0
    var speed = 0.0
  }

  private static func visits(
    _ db: Database, from first: Instant, at moment: Instant
  ) throws -> (stays: [String: [Visit]], passes: [String: [Visit]]) {
    let arguments: StatementArguments = [first.milliseconds, moment.milliseconds]
    var (stays, passes): ([String: [Visit]], [String: [Visit]]) = ([:], [:])
    for row in try Row.fetchAll(
      db,
      sql: """
        SELECT * FROM stay WHERE handheld IN (SELECT id FROM handheld)
          AND left_ms >= ? AND arrived_ms <= ? AND kind = 'stay'
        """, arguments: arguments)
    {
      stays[row["place"], default: []].append(
        Visit(
          handheld: row["handheld"], cell: row["cell"], left: row["left_ms"],
          length: row["stay_ms"]))
    }
    for row in try Row.fetchAll(
      db, sql: "SELECT * FROM pass WHERE ended_ms >= ? AND began_ms <= ? AND kind = 'pass'",
      arguments: arguments)
    {
      passes[row["place"], default: []].append(
        Visit(
          handheld: row["handheld"], from: row["from_m"], to: row["to_m"], began: row["began_ms"],
          ended: row["ended_ms"], speed: row["speed_mps"]))
    }
    return (stays, passes)
  }

  private static func nearest(
    to place: Place, _ cell: Int, _ members: [String: Handheld], _ seen: [String: LatestPosition],
    at moment: Instant
  ) -> OwedStanding.Nearest? {
    members.keys.sorted().compactMap { name -> OwedStanding.Nearest? in
      guard let handheld = members[name], let position = seen[name],
        moment - position.at <= positionReach
      else { return nil }
      let distance: Metres
      switch place.geometry {
      case .point(let centre, _): distance = position.position.distance(to: centre)
      case .area(let surface, _):
        distance = Metres(surface.distance(to: surface.plane.point(position.position)))
      case .line(let line, _), .street(let line):
        let stretch = place.cells[cell].stretch
        distance = Metres(
          line.distance(
            from: line.plane.point(position.position), toStretch: stretch?.from.value ?? 0,
            stretch?.to.value ?? line.length.value))
      }
      return OwedStanding.Nearest(
        handheld: handheld.id, distance: distance,
        travel: Milliseconds(seconds: distance.value / handheld.travel.usualSpeed.value),
        seen: position.at)
    }.min { $0.travel < $1.travel }
  }

  /// Where handhelds were at a moment: the latest usable fix of each in the quarter of an hour before it.
  public func positions(at moment: Instant) throws(StoreError) -> [LatestPosition] {
    let arguments: StatementArguments = [
      (moment - Self.positionReach).milliseconds, moment.milliseconds,
    ]
    return try store.read { db in
      var rows = try Self.latestAppended(db, where: "at_ms > ?1 AND at_ms <= ?2", arguments)
      rows += try Row.fetchAll(
        db,
        sql: """
          SELECT h.id AS name, k.* FROM handheld h CROSS JOIN \(FixTable.kept) k ON k.handheld = h.n
            AND k.at_ms = (SELECT at_ms FROM fix_kept WHERE handheld = h.n AND at_ms > ?1 AND at_ms <= ?2
              AND gate IS NULL ORDER BY at_ms DESC LIMIT 1)
          WHERE k.gate IS NULL
          """, arguments: arguments)
      return Self.latest(of: rows)
    }
  }
}
