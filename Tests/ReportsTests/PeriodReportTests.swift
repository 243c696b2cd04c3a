import Assessment
import Coverage
import Foundation
import GRDB
import Geodesy
import Patrol
import Reports
import Store
import Testing

/// Two squadrons, nine nights around a month's and a quarter's end, one of them longer by an hour that clocks are put back.
@Suite struct `A period's report` {
  static let first = CivilDate("2026-09-27")!
  static let plane = LocalPlane(origin: Coordinate(latitude: 28.68, longitude: 115.89)!)

  static func at(_ x: Double, _ y: Double) -> Coordinate {
    plane.coordinate(PlanePoint(x: x, y: y))!
  }

  static func plan() throws -> Plan {
    let change = Instant(rfc3339: "2026-09-30T17:00:00Z")!
    func duty(
      _ id: Duty.ID, _ group: Patrol.Group.ID, _ places: [Place.ID], _ from: String, _ to: String,
      _ every: Int, weight: Double = 1, days: DutyDays = .daily
    ) -> Duty {
      Duty(
        id: id, group: group, places: places, days: days, from: TimeOfDay(from)!,
        to: TimeOfDay(to)!, every: .minutes(every), weight: weight)
    }
    return try Plan(
      brigade: Brigade(
        id: "b", name: "<i>Brigade</i>",
        squadrons: [
          Squadron(
            id: "east", name: "East & West", leader: "Li", strength: 3, residents: 3000,
            casesPerYear: 100, groups: [Group(id: "e", name: "E", handhelds: ["a", "b"])]),
          Squadron(
            id: "west", name: "West", groups: [Group(id: "w", name: "W", handhelds: ["c"])]),
          Squadron(id: "idle", name: "Idle", groups: [Group(id: "i", name: "I", handhelds: ["d"])]),
        ]),
      zone: Zone(
        identifier: "Test/Zone", firstOffset: 8 * 3600,
        transitions: [Zone.Transition(at: change, offset: 7 * 3600)]),
      dayStarts: TimeOfDay("06:00")!,
      places: [
        Place(id: "bank", name: "Bank", geometry: .point(centre: at(0, 0), radius: 30)),
        Place(id: "gate", name: "Gate", geometry: .point(centre: at(300, 0), radius: 30)),
        Place(
          id: "street", name: "Street",
          geometry: .line(Polyline([at(0, 0), at(300, 0), at(300, 155)])!, corridor: 25)),
      ],
      shifts: [Shift(id: "night", from: TimeOfDay("18:00")!, to: TimeOfDay("04:00")!)],
      handhelds: ["a", "b", "c", "d"].map {
        Handheld(
          id: $0, source: Source(host: "localhost", device: $0.text), travel: .foot,
          model: DeviceModel(id: "generic", interval: .seconds(10)))
      },
      duties: [
        duty("doors", "e", ["bank", "gate"], "19:00", "21:30", 40, weight: 2),
        duty("midnight", "e", ["bank"], "23:00", "01:30", 50),
        duty("walk", "w", ["street"], "20:00", "22:00", 45),
        duty("small-hours", "w", ["gate"], "01:00", "03:00", 30, days: .weekdays([2, 4])),
      ],
      assessment: AssessmentRules(
        passMark: 0.5, advancedMark: 0.9, vetoes: ["midnight": 0.99],
        bands: [AssessmentRules.Band(from: 0, name: "C", factor: 0.9)]))
  }

  /// People who walk up and down the street, stand about, and switch off now and then.
  static func observations(_ plan: Plan) -> [Observation] {
    var all: [Observation] = []
    for day in 0..<9 {
      let night = plan.span(of: plan.shifts[0], on: first.adding(days: day))
      for (n, id) in (["a", "b", "c"] as [Handheld.ID]).enumerated() {
        var random = SplitMix64(state: UInt64(day * 10 + n + 1))
        var (x, pace, off) = (Double.random(in: 0...300, using: &random), 1.2, 0)
        for step in 0..<Int((night.upperBound - night.lowerBound).seconds / 10) {
          x += pace * 10
          if x > 300 || x < 0 { (pace, x) = (-pace, min(300, max(0, x))) }
          if step % 60 == 0 {
            pace = [0, 1.2, -1.2, 1.1].randomElement(using: &random)!
            if off > 0 { off -= 1 } else if Int.random(in: 0..<6, using: &random) == 0 { off = 4 }
          }
          guard off == 0 else { continue }
          let time = night.lowerBound + .seconds(10 * step)
          let fix = Fix(
            time: time, position: at(x, Double.random(in: -2...2, using: &random)), mode: 3,
            accuracy: 5, speed: MetresPerSecond(abs(pace)))
          all.append(Observation(handheld: id, receivedAt: time, report: .fix(fix)))
        }
      }
    }
    return all.sorted { $0.receivedAt < $1.receivedAt }
  }

  final class Filled {
    let folder = NSTemporaryDirectory() + "patrol-period-" + UUID().uuidString
    let plan: Plan
    let store: Store
    var path: String { folder + "/s.sqlite" }

    init() throws {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      plan = try `A period's report`.plan()
      store = try Store(at: folder + "/s.sqlite", for: .write)
      let span =
        plan.span(of: first).lowerBound..<plan.span(of: first.adding(days: 9)).lowerBound
      let plan = plan
      var pipeline = try Pipeline(
        store: store, version: Pipeline.Version(plan: plan, digest: "d", bundle: "d"),
        scope: .windows(span), at: span.lowerBound, program: "test", load: { _ in plan })
      let all = observations(plan)
      for start in stride(from: 0, to: all.count, by: 2000) {
        let part = all[start..<min(start + 2000, all.count)]
        _ = try pipeline.take(Array(part), until: part.last!.receivedAt)
      }
      _ = try pipeline.take([], until: span.upperBound + .hours(24 * 95))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func report(
      _ kind: Period.Kind, _ day: String,
      supposing supposition: PeriodReport.Supposition = PeriodReport.Supposition()
    ) throws -> PeriodReport {
      try PeriodReport(
        of: Period(kind, containing: CivilDate(day)!), plans: [(.distantPast, "d", plan)],
        queries: Queries(store), supposing: supposition, at: plan.span(of: first).upperBound)
    }
  }

  /// The definitions once more, in SQL, from attendance and what the plan owes alone: shares by window and place, times
  /// weight. Nothing of `duty_window` but its key, and nothing of `gap`, is used.
  static let recomputed = """
    WITH owed AS (
      SELECT o.duty, o.place, o.opens, o.closes, o.every, c.cell, c.weight FROM temp.owed o
      JOIN cell c ON c.place = o.place AND c.digest = 'd'),
    kinds AS (SELECT 'proven' AS k UNION ALL SELECT 'possible'),
    seen AS (
      SELECT o.duty, o.place, o.opens, o.closes, o.every, o.cell, k, a.began_ms AS b, a.ended_ms AS e
      FROM owed o JOIN kinds JOIN attendance a
        ON a.window_began_ms = o.opens AND a.duty = o.duty AND a.place = o.place AND a.cell = o.cell
        AND (k = 'possible' OR a.kind = 'proven') AND a.ended_ms >= o.opens AND a.began_ms < o.closes),
    fresh AS (
      SELECT *, max(e + every) OVER (PARTITION BY duty, place, opens, cell, k ORDER BY b, e
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS kept,
        row_number() OVER (PARTITION BY duty, place, opens, cell, k ORDER BY b, e) AS n FROM seen),
    cell_fresh AS (
      SELECT duty, place, opens, cell, k,
        sum(max(0, min(e + every, closes) - max(b, opens, coalesce(kept, opens)))
          + CASE WHEN n = 1 AND b > opens AND b <= min(opens + every, closes) THEN b - opens ELSE 0 END) AS ms
      FROM fresh GROUP BY duty, place, opens, cell, k),
    share AS (
      SELECT o.duty, o.place, o.opens, kinds.k,
        sum(o.weight * coalesce(f.ms, 0)) / sum(o.weight * (o.closes - o.opens)) AS fresh
      FROM owed o JOIN kinds LEFT JOIN cell_fresh f USING (duty, place, opens, cell, k)
      GROUP BY o.duty, o.place, o.opens, kinds.k)
    SELECT duty, opens, avg(CASE k WHEN 'proven' THEN fresh END) AS covered,
      1 - avg(CASE k WHEN 'possible' THEN fresh END) AS missed,
      avg(CASE k WHEN 'possible' THEN fresh END) - avg(CASE k WHEN 'proven' THEN fresh END) AS unproven
    FROM share GROUP BY duty, opens
    """

  /// Weighted sums over the windows that open in a span, by squadron.
  static func bySQL(_ filled: Filled, _ span: Range<Instant>) throws -> [String: [Double]] {
    let queue = try DatabaseQueue(path: filled.path)
    return try queue.write { db in
      try db.execute(
        sql: "CREATE TEMP TABLE owed (duty TEXT, place TEXT, opens INT, closes INT, every INT)")
      // Nine nights were judged.
      let judged =
        filled.plan.span(of: first)
        .lowerBound..<filled.plan.span(of: first.adding(days: 9)).lowerBound
      for window in filled.plan.windows(opening: span.clamped(to: judged)) {
        let duty = filled.plan.duty(window.duty)!
        for place in duty.places {
          try db.execute(
            sql: "INSERT INTO temp.owed VALUES (?,?,?,?,?)",
            arguments: [
              duty.id.text, place.text, window.began.milliseconds, window.ended.milliseconds,
              duty.every.value,
            ])
        }
      }
      var sums: [String: [Double]] = [:]
      for row in try Row.fetchAll(db, sql: recomputed) {
        let duty = filled.plan.duty(Duty.ID(row["duty"] as String))!
        let squadron = filled.plan.squadron(of: duty.group)!.id.text
        var sum = sums[squadron] ?? [0, 0, 0, 0]
        for (i, x) in ([row["covered"], row["missed"], row["unproven"]] as [Double]).enumerated() {
          sum[i] += duty.weight * x
        }
        sum[3] += duty.weight
        sums[squadron] = sum
      }
      try db.execute(sql: "DROP TABLE temp.owed")
      return sums
    }
  }

  @Test func `has the figures that SQL alone makes of attendance and the plan`() throws {
    let filled = try Filled()
    var seen = 0
    for (kind, day) in [
      (Period.Kind.week, "2026-09-28"), (.week, "2026-09-27"), (.month, "2026-09-30"),
      (.month, "2026-10-01"), (.quarter, "2026-09-01"), (.quarter, "2026-10-02"),
    ] {
      let report = try filled.report(kind, day)
      let sums = try Self.bySQL(filled, report.span)
      for squadron in report.figures.squadrons {
        guard let sum = sums[squadron.squadron.id.text] else {
          #expect(squadron.tally == Tally(), "\(kind) \(squadron.squadron.id)")
          continue
        }
        let shares = try #require(squadron.tally.shares)
        for (told, made) in [
          (shares.covered, sum[0]), (shares.missed, sum[1]), (shares.unproven, sum[2]),
        ] {
          #expect(abs(told - made / sum[3]) < 1e-6, "\(kind) \(day) \(squadron.squadron.id)")
          if told > 0.02 { seen += 1 }
        }
        #expect(abs(shares.covered + shares.missed + shares.unproven - 1) < 1e-9)
      }
    }
    // All three are there to be told apart.
    #expect(seen >= 24)
  }

  @Test func `has the shift report's figures day by day`() throws {
    let filled = try Filled()
    let month = try filled.report(.month, "2026-09-30")
    for day in month.figures.days {
      let shift = try ShiftReport(
        of: day.day, plan: filled.plan, planDigest: "d", queries: Queries(filled.store),
        at: month.drawnUp)
      let (told, overall) = (try #require(day.tally.shares), try #require(shift.overall))
      #expect(
        abs(told.covered - overall.covered) < 1e-9 && abs(told.missed - overall.missed) < 1e-9)
      #expect(day.tally.gaps == shift.gaps.count)
    }
    #expect(month.figures.days.count == 4)
  }

  @Test func `has the time on duty that shift reports tell day by day, however it is parted`()
    throws
  {
    let filled = try Filled()
    let month = try filled.report(.month, "2026-09-30")
    var sums: [Handheld.ID: DutyTime] = [:]
    for n in 0..<4 {
      let shift = try ShiftReport(
        of: Self.first.adding(days: n), plan: filled.plan, planDigest: "d",
        queries: Queries(filled.store), at: month.drawnUp)
      for day in shift.handheldDays {
        var sum = sums[day.handheld] ?? DutyTime()
        sum.observed += day.time(.observed)
        sum.silent += day.time(.silent)
        sum.reports += day.reports
        sum.walked += day.walked
        sums[day.handheld] = sum
      }
    }
    let equipment = month.equipment
    #expect(equipment.handhelds.map(\.handheld) == ["a", "b", "c", "d"])
    for h in equipment.handhelds {
      let told = try #require(sums[h.handheld])
      #expect(h.time.observed == told.observed && h.time.silent == told.silent)
      #expect(h.time.reports == told.reports && h.time.usable == told.reports)
      #expect(abs(h.time.walked.value - told.walked.value) < 1e-6)
      #expect(h.days == (h.handheld == "d" ? 0 : 4))
    }
    func isWhole(_ parts: some Sequence<DutyTime>) -> Bool {
      let sum = parts.reduce(into: DutyTime()) { $0.add($1) }
      return sum.onDuty == equipment.whole.onDuty && sum.observed == equipment.whole.observed
        && sum.reports == equipment.whole.reports
        && abs(sum.walked.value - equipment.whole.walked.value) < 1e-6
    }
    #expect(equipment.whole.onDuty > .hours(100) && equipment.whole.silent > .hours(5))
    #expect(isWhole(equipment.handhelds.map(\.time)) && isWhole(equipment.models.map(\.time)))
    #expect(isWhole(equipment.groups.values) && isWhole(equipment.squadrons.values))
    #expect(isWhole(month.members.map(\.time)))
    #expect(equipment.models.map(\.handhelds) == [3])
    // However it is listed.
    let listed = month.memberListing
    let at = try #require(listed.columns.firstIndex(of: "on_duty_s"))
    let seconds = listed.rows.reduce(0.0) { sum, row in
      if case .real(let x, _) = row[at] { sum + x } else { sum }
    }
    #expect(seconds == equipment.whole.onDuty.seconds)
    for (name, listing) in month.tables {
      for row in listing.rows { #expect(row.count == listing.columns.count, "\(name)") }
    }
  }

  /// Each once more from the attendance.
  @Test func `waits as long as the intervals between attendances are`() throws {
    let filled = try Filled()
    let queue = try DatabaseQueue(path: filled.path)
    let rows = try queue.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM duty_window WHERE place != 'street'")
    }
    for row in rows {
      let (opens, closes) = (row["window_began_ms"] as Int64, row["ended_ms"] as Int64)
      let spans = try queue.read { db in
        try Row.fetchAll(
          db,
          sql: """
            SELECT began_ms, ended_ms FROM attendance WHERE window_began_ms = ? AND duty = ? AND place = ? AND kind = 'proven'
              AND ended_ms >= ? AND began_ms < ? ORDER BY began_ms
            """, arguments: [opens, row["duty"], row["place"], opens, closes])
      }
      var (until, time, squares) = (opens, 0.0, 0.0)
      for edge in spans.map({ (max(opens, $0[0] as Int64), min(closes, $0[1] as Int64)) })
        + [(closes, closes)]
      {
        let s = Double(edge.0 - until) / 1000
        (time, squares, until) = (time + s, squares + s * s, edge.1)
      }
      #expect(abs((row["wait_s"] as Double) - time) < 1e-6)
      #expect(abs((row["wait2_s2"] as Double) - squares) < 1e-3)
    }
    #expect(rows.count > 25)
  }

  @Test func `scores otherwise under a supposition, and says that it is none of the record`() throws
  {
    let filled = try Filled()
    let record = try filled.report(.month, "2026-09-30")
    let other = try filled.report(
      .month, "2026-09-30",
      supposing: PeriodReport.Supposition(weights: ["doors": 0, "midnight": 1]))
    #expect(record.figures.squadrons[0].assessed.score != other.figures.squadrons[0].assessed.score)
    #expect(record.json.contains("\"hypothetical\": false"))
    #expect(other.json.contains("\"hypothetical\": true"))
    #expect(try other.html().contains("Nothing was stored"))
    #expect(try filled.report(.month, "2026-09-30").json == record.json)
  }

  @Test func `tells what there is, and that there is nothing`() throws {
    let filled = try Filled()
    let month = try filled.report(.month, "2026-10-01")
    #expect(month.isFinal && month.earlier.map { "\($0.period)" } == ["2026-09"])
    #expect(month.figures.squadrons[2].assessed.rank == nil)
    for language in Language.allCases {
      let html = try month.html(in: language)
      #expect(!html.contains("<i>Brigade") && html.contains("&lt;i&gt;Brigade"))
      #expect(!html.contains("<script") && html.firstRange(of: #/(src|href)=/#) == nil)
      let empty = try filled.report(.month, "2027-03-01")
      #expect(empty.figures.days.isEmpty && empty.figures.brigade.score == nil)
      #expect(try empty.html(in: language).count > 1000)
    }
  }
}

struct SplitMix64: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
