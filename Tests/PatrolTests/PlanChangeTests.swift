import Geodesy
import Patrol
import Testing

@Suite struct `A plan with changes` {
  private static let plan = `A squadron's part of a plan`.plan
  private static let day = CivilDate("2026-11-20")!

  private static func at(_ time: String) -> Instant {
    plan.instant(of: TimeOfDay(time)!, in: day)
  }

  private static func changed(_ what: PlanChange.What...) -> Plan {
    plan.changed(by: what.map { PlanChange(day: day, what: $0) })
  }

  /// Who serves a duty, a minute a letter's width: `c 18:00-20:30`.
  private static func served(_ plan: Plan, _ duty: Duty.ID, _ date: CivilDate = day) -> [String] {
    guard let owed = plan.duty(duty) else { return [] }
    return plan.assignments(in: plan.window(of: owed, on: date)).map { a in
      let (from, to) = (
        plan.zone.timeOfDay(of: a.span.lowerBound), plan.zone.timeOfDay(of: a.span.upperBound)
      )
      return "\(a.handheld) \(from)-\(to)\(a.basis == .firstReport ? " ?" : "")"
    }
  }

  @Test func `lets one stand in for another for a time`() {
    let plan = Self.changed(.swap("a", insteadOf: "c", Self.at("20:30")..<Self.at("21:00")))
    #expect(Self.served(plan, "banks") == ["c 18:00-20:30", "a 20:30-21:00", "c 21:00-23:00"])
    // It does not touch other days, nor whoever the roster names.
    #expect(Self.served(plan, "banks", Self.day.adding(days: 1)) == ["a 18:00-23:00 ?"])
    let postings = plan.postings(on: Self.day)
    #expect(postings.map(\.member) == ["Li", "Li", "Li"])
    #expect(postings.map(\.handheld.text) == ["c", "a", "c"])
    #expect(plan.postings(on: Self.day, of: "a").count == 1)
    #expect(plan.allotments(of: "c", on: Self.day).count == 2)
  }

  @Test func `lets one stand in for who stands in`() {
    let plan = Self.changed(
      .swap("a", insteadOf: "c", Self.at("20:00")..<Self.at("23:00")),
      .swap("b", insteadOf: "a", Self.at("22:00")..<Self.at("23:00")))
    #expect(Self.served(plan, "banks") == ["c 18:00-20:00", "a 20:00-22:00", "b 22:00-23:00"])
  }

  @Test func `lends to one duty`() {
    let plan = Self.changed(
      .lend("b", to: "banks", Self.at("19:00")..<Self.at("21:00"), member: "Bo"))
    #expect(Self.served(plan, "banks") == ["c 18:00-23:00", "b 20:00-21:00"])
    #expect(plan.postings(on: Self.day, of: "b").map(\.member) == ["Bo"])
    let part = try? plan.cut(to: "north", on: Self.day)
    #expect(part?.handhelds.map(\.id.text) == ["a", "b", "c"])
  }

  @Test func `owes what is posted, moved and called off on that day alone`() {
    let fair = Duty(
      id: "fair", group: "s", places: ["gate"], from: TimeOfDay("21:00")!,
      to: TimeOfDay("22:30")!, every: .minutes(30), stay: .minutes(2))
    let plan = Self.changed(
      .post(fair), .move("banks", from: TimeOfDay("20:00")!, to: TimeOfDay("21:15")!),
      .callOff("gates"))
    func owed(_ day: CivilDate) -> [String] {
      plan.windows(opening: plan.span(of: day)).map { window in
        "\(window.duty) \(plan.zone.timeOfDay(of: window.began))-\(plan.zone.timeOfDay(of: window.ended))"
      }
    }
    #expect(owed(Self.day) == ["banks 20:00-21:15", "fair 21:00-22:30"])
    #expect(
      owed(Self.day.adding(days: 1)) == ["banks 20:00-22:00", "gates 20:00-22:00"])
    #expect(plan.changed(by: []) == Self.plan)
  }

  @Test func `is passed over where it does not fit`() {
    let whats: [PlanChange.What] = [
      .swap("z", insteadOf: "a", Self.at("20:00")..<Self.at("21:00")),
      .lend("b", to: "fair", Self.at("20:00")..<Self.at("21:00"), member: ""),
      .callOff("fair"), .move("banks", from: TimeOfDay("17:00")!, to: TimeOfDay("21:00")!),
    ]
    for what in whats {
      let change = PlanChange(day: Self.day, what: what)
      #expect(Self.plan.refusal(of: change) != nil)
      #expect(Self.plan.changed(by: [change]) == Self.plan)
    }
  }
}
