import Geodesy
import Patrol
import Testing

@Suite struct `Spans of duty` {
  static func plan(
    _ shifts: [(String, String)], duties: [(String, String)] = [("18:00", "20:00")],
    roster: [Roster.Row] = []
  ) throws -> Plan {
    try Plan(
      brigade: Brigade(
        id: "b", name: "B",
        squadrons: [
          Squadron(id: "s", name: "S", groups: [Group(id: "g", name: "G", handhelds: ["a"])])
        ]),
      zone: Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600),
      dayStarts: TimeOfDay("06:00")!,
      places: [
        Place(
          id: "p", name: "P",
          geometry: .point(centre: Coordinate(latitude: 28.68, longitude: 115.89)!, radius: 30))
      ],
      shifts: shifts.enumerated().map {
        Shift(id: Shift.ID("s\($0)"), from: TimeOfDay($1.0)!, to: TimeOfDay($1.1)!)
      },
      handhelds: [
        Handheld(
          id: "a", source: Source(host: "localhost"), travel: .foot,
          model: DeviceModel(id: "generic"))
      ],
      duties: duties.enumerated().map {
        Duty(
          id: Duty.ID("d\($0)"), group: "g", places: ["p"], from: TimeOfDay($1.0)!,
          to: TimeOfDay($1.1)!, every: .minutes(30))
      }, roster: Roster(rows: roster))
  }

  static let start = Instant(rfc3339: "2026-11-01T00:00:00+08:00")!

  /// Every instant of a span gives that span: what the engine keeps by span is found again by it.
  @Test(arguments: [
    [("06:00", "14:00"), ("14:00", "22:00"), ("22:00", "06:00")],
    [("18:00", "23:00")],
    [("18:00", "02:00"), ("01:00", "06:00"), ("08:00", "12:00")],
    [],
  ])
  func `partition the time on duty`(shifts: [(String, String)]) throws {
    let plan = try Self.plan(shifts)
    for minutes in stride(from: 0, through: 20 * 24 * 60, by: 37) {
      let instant = Self.start + .minutes(minutes)
      guard let span = plan.dutySpan(of: "a", at: instant) else { continue }
      #expect(span.contains(instant))
      for share in 0..<5 {
        let other = span.lowerBound + (span.upperBound - span.lowerBound) * Int64(share) / 5
        #expect(plan.dutySpan(of: "a", at: other) == span)
      }
      #expect(plan.dutySpan(of: "a", at: span.upperBound) != span)
    }
  }

  @Test func `join shifts that touch, and part where the day starts`() throws {
    func text(_ time: String, _ shifts: [(String, String)]) throws -> String? {
      let plan = try Self.plan(shifts)
      return plan.dutySpan(of: "a", at: Instant(rfc3339: "2026-11-10T\(time):00+08:00")!).map {
        "\(plan.zone.timeOfDay(of: $0.lowerBound))-\(plan.zone.timeOfDay(of: $0.upperBound))"
      }
    }
    let threeShifts = [("06:00", "14:00"), ("14:00", "22:00"), ("22:00", "06:00")]
    #expect(try text("05:59", threeShifts) == "06:00-06:00")
    #expect(try text("15:00", [("06:00", "14:00"), ("14:00", "22:00")]) == "06:00-22:00")
    #expect(try text("15:00", [("06:00", "14:00"), ("16:00", "22:00")]) == nil)
    #expect(try text("19:00", []) == "18:00-20:00")
  }

  @Test func `are allotted by the roster, shift by shift, or from the first report on`() throws {
    let day = CivilDate("2026-11-10")!
    func row(_ shift: Shift.ID, _ handheld: Handheld.ID, _ from: String?, _ to: String?)
      -> Roster.Row
    {
      Roster.Row(
        day: day, shift: shift, group: "g", member: "Li", handheld: handheld,
        from: from.flatMap { TimeOfDay($0) }, to: to.flatMap { TimeOfDay($0) })
    }
    func text(
      _ shifts: [(String, String)], _ duties: [(String, String)] = [("18:00", "20:00")],
      _ roster: Roster.Row...
    ) throws -> String {
      let plan = try Self.plan(shifts, duties: duties, roster: roster)
      return plan.allotments(on: day).map { a in
        let zone = plan.zone
        let span =
          "\(zone.timeOfDay(of: a.span.lowerBound))-\(zone.timeOfDay(of: a.span.upperBound))"
        return a.basis == .firstReport ? "(\(span))" : span
      }.joined(separator: " ")
    }
    let nights = [("18:00", "23:00"), ("22:00", "02:00")]
    #expect(try text(nights) == "(18:00-23:00) (22:00-02:00)")
    #expect(
      try text(nights, [("18:00", "20:00")], row("s1", "a", nil, "01:00"))
        == "(18:00-23:00) 22:00-01:00")
    #expect(
      try text(
        nights, [("18:00", "20:00")], row("s0", "a", "21:00", nil), row("s0", "a", nil, "19:00"))
        == "18:00-19:00 21:00-23:00 (22:00-02:00)")
    // Without shifts, while its group owes anything.
    #expect(
      try text([], [("18:00", "20:00"), ("19:00", "21:00"), ("23:00", "24:00")])
        == "(18:00-21:00) (23:00-00:00)")
  }
}
