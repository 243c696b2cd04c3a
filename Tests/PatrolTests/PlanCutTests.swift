import Geodesy
import Patrol
import Testing

@Suite struct `A squadron's part of a plan` {
  /// The south lends its handheld `c` to the north's group on one evening.
  static let plan = try! Plan(
    brigade: Brigade(
      id: "b", name: "B",
      squadrons: [
        Squadron(id: "north", name: "N", groups: [Group(id: "n", name: "N1", handhelds: ["a"])]),
        Squadron(
          id: "south", name: "S", groups: [Group(id: "s", name: "S1", handhelds: ["b", "c"])]),
      ]),
    zone: Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600),
    dayStarts: TimeOfDay("06:00")!,
    places: ["bank", "gate"].map {
      Place(
        id: Place.ID($0), name: $0,
        geometry: .point(centre: Coordinate(latitude: 28.68, longitude: 115.89)!, radius: 30))
    },
    shifts: [Shift(id: "evening", from: TimeOfDay("18:00")!, to: TimeOfDay("23:00")!)],
    handhelds: ["a", "b", "c"].map {
      Handheld(
        id: $0, source: Source(host: "localhost", device: $0.text), travel: .foot,
        model: DeviceModel(id: "generic", interval: .seconds(5)))
    },
    duties: [("banks", "n", "bank"), ("gates", "s", "gate")].map { id, group, place in
      Duty(
        id: Duty.ID(id), group: Group.ID(group), places: [Place.ID(place)],
        from: TimeOfDay("20:00")!, to: TimeOfDay("22:00")!, every: .minutes(45), stay: .minutes(3))
    },
    roster: Roster(rows: [
      Roster.Row(
        day: CivilDate("2026-11-20")!, shift: "evening", group: "n", member: "Li", handheld: "c")
    ]),
    assessment: AssessmentRules(vetoes: ["banks": 0.9, "gates": 0.8]))

  @Test(arguments: [
    ("2026-11-20", "north", ["a", "c"], "bank", "banks"),
    ("2026-11-21", "north", ["a"], "bank", "banks"),
    ("2026-11-20", "south", ["b", "c"], "gate", "gates"),
  ])
  func `has what is its own that day`(
    _ day: String, _ squadron: String, _ handhelds: [String], _ place: String, _ duty: String
  ) throws {
    let part = try #require(
      try Self.plan.cut(to: Squadron.ID(squadron), on: CivilDate(day)!))
    #expect(part.handhelds.map(\.id.text) == handhelds)
    #expect(part.places.map(\.id.text) == [place] && part.duties.map(\.id.text) == [duty])
    #expect(part.brigade.squadrons.map(\.id.text) == [squadron])
    #expect(part.assessment.vetoes.keys.map(\.text) == [duty])
  }

  @Test func `is none where there is no such squadron`() throws {
    #expect(try Self.plan.cut(to: "east", on: CivilDate("2026-11-20")!) == nil)
  }
}
