import Coverage
import Geodesy
import Patrol
import Testing

@Suite struct `Gates` {
  let places = [Beat.point("bank", 0, 0)]

  func fix(
    _ second: Int, _ x: Double, accuracy: Metres? = 5, status: Int? = nil, speed: Double = 0,
    mode: Int = 3
  ) -> Fix {
    Fix(
      time: Beat.start + .seconds(second), position: Beat.at(x, 0), mode: mode, status: status,
      accuracy: accuracy, speed: MetresPerSecond(speed))
  }

  func gates(_ fixes: [Fix], isRig: Bool = false, receivedAt: ((Fix) -> Instant)? = nil) throws
    -> [Gate?]
  {
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 30)])
    let rig = try Plan(
      brigade: plan.brigade, zone: plan.zone, dayStarts: plan.dayStarts, places: plan.places,
      shifts: plan.shifts, handhelds: plan.handhelds, duties: plan.duties, isRig: isRig)
    var engine = Engine(plan: rig, windows: Beat.minute(-300)..<Beat.minute(600))
    return engine.ingest(
      fixes.map {
        Observation(handheld: "a", receivedAt: receivedAt?($0) ?? $0.time, report: .fix($0))
      }
    ).gates
  }

  @Test func `let ordinary fixes through`() throws {
    #expect(try gates([fix(0, 0), fix(1, 1), fix(2, 3)]) == [nil, nil, nil])
  }

  @Test func `name what cannot be trusted`() throws {
    #expect(try gates([fix(0, 0, accuracy: 51)]) == [.poorFix])
    #expect(try gates([fix(0, 0, accuracy: 50)]) == [nil])
    #expect(try gates([fix(0, 0, status: 8)]) == [.simulated])
    #expect(try gates([fix(0, 0, status: 8)], isRig: true) == [nil])
    var nowhere = fix(0, 0)
    nowhere.position = Coordinate(latitudeE7: 12, longitudeE7: -80)!
    #expect(try gates([nowhere]) == [.nullIsland])
  }

  @Test func `refuse clocks that are ahead or have rolled over`() throws {
    #expect(try gates([fix(0, 0)], receivedAt: { $0.time - .seconds(5) }) == [nil])
    #expect(try gates([fix(0, 0)], receivedAt: { $0.time - Milliseconds(5001) }) == [.clock])
    var old = fix(0, 0)
    old.time = old.time - .hours(1024 * 7 * 24)
    #expect(try gates([old], receivedAt: { _ in Beat.start }) == [.clock])
    let mended = Observation(handheld: "a", receivedAt: Beat.start, report: .fix(old))
      .mended(for: DeviceModel(id: "m8", rolloverWeeks: 1024))
    #expect(mended.fix?.time == Beat.start)
    // A backlog of a day is no roll-over.
    let late = Observation(
      handheld: "a", receivedAt: Beat.start + .hours(24), report: .fix(fix(0, 0)))
    #expect(late.mended(for: DeviceModel(id: "m8", rolloverWeeks: 1024)) == late)
  }

  @Test func `refuse jumps until three agree`() throws {
    let fixes = [
      fix(0, 0), fix(1, 900), fix(2, 2), fix(3, 900), fix(4, 901), fix(5, 902), fix(6, 903),
    ]
    #expect(try gates(fixes) == [nil, .jump, nil, .jump, .jump, nil, nil])
  }

  @Test func `keep the best of one moment`() throws {
    let fixes = [fix(0, 0, mode: 2), fix(0, 0, mode: 3), fix(0, 0, accuracy: 9)]
    #expect(try gates(fixes) == [nil, nil, .duplicate])
    // The first was judged before the better one came; what it became is told as an event.
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 30)])
    var engine = Engine(plan: plan, windows: Beat.minute(-300)..<Beat.minute(600))
    _ = engine.ingest(
      fixes.map { Observation(handheld: "a", receivedAt: $0.time, report: .fix($0)) })
    let worse = Observation(handheld: "a", receivedAt: fixes[0].time, report: .fix(fixes[0]))
    #expect(engine.takeEvents().contains(.regated(worse, .duplicate)))
  }

  @Test func `see through a frozen receiver`() throws {
    let moving = (0...70).map { fix($0, 0, speed: 1.4) }
    let frozen = try gates(moving)
    #expect(frozen[..<60].allSatisfy { $0 == nil })
    #expect(frozen[60...].allSatisfy { $0 == .frozen })
    #expect(try gates((0...70).map { fix($0, 0, speed: 0.1) }).allSatisfy { $0 == nil })
  }

  @Test func `count what comes off duty and keep none of it`() throws {
    #expect(try gates([fix(4 * 3600, 0)]) == [.offDuty])
    let plan = try Beat.plan(places, [Beat.duty(["bank"], every: 30)])
    var engine = Engine(plan: plan, windows: Beat.minute(-300)..<Beat.minute(600))
    let unknown = Observation(handheld: "nobody", receivedAt: Beat.start, report: .fix(fix(0, 0)))
    #expect(engine.ingest([unknown]).gates == [.offDuty])
  }

  @Test func `judge accuracy by what the receiver told, else by HDOP, else by the model`() throws {
    var byHDOP = fix(0, 0, accuracy: nil)
    byHDOP.hdop = 11
    #expect(try gates([byHDOP]) == [.poorFix])
    byHDOP.hdop = 2
    #expect(try gates([byHDOP]) == [nil])
    #expect(try gates([fix(0, 0, accuracy: nil)]) == [nil])
  }
}

@Suite struct `Live` {
  @Test
  func `a gap opens at its due moment, and the forecast says when that will be and who is near`()
    throws
  {
    let plan = try Beat.plan([Beat.point("bank", 0, 0)], [Beat.duty(["bank"], every: 30, stay: 2)])
    var walk = Walk(at: 5, 0, from: -5)
    walk.stay(until: 10)
    walk.go(to: 600, 0)
    walk.stay(until: 100)
    var engine = Engine(plan: plan, windows: Beat.minute(-300)..<Beat.minute(600))
    var opened: Instant?
    var due: Instant?
    for o in walk.observations {
      _ = engine.ingest([o])
      engine.advance(to: o.receivedAt)
      if due == nil, o.receivedAt > Beat.minute(25) {
        let forecast = try #require(engine.forecasts(within: .minutes(30)).first)
        due = forecast.due
        #expect(forecast.nearest?.handheld == "a")
        #expect(abs((forecast.nearest?.distance.value ?? 0) - 570) < 2)
      }
      for case .gap(let gap, .opened) in engine.takeEvents() where opened == nil {
        opened = gap.flagged
        #expect(gap.isOpen && gap.verdict == .missed)
        #expect(gap.began - (due ?? gap.began) < .seconds(15))
      }
    }
    let dueAt = try #require(due)
    #expect(abs((try #require(opened) - dueAt).seconds) < 15)
  }

  @Test func `a stay that began in time holds the gap back until it has ripened`() throws {
    let plan = try Beat.plan([Beat.point("bank", 0, 0)], [Beat.duty(["bank"], every: 30, stay: 10)])
    var walk = Walk(at: 600, 0, from: -5)
    walk.stay(until: 15)
    walk.go(to: 5, 0)
    walk.stay(until: 50)
    walk.go(to: 600, 0)
    var engine = Engine(plan: plan, windows: Beat.minute(-300)..<Beat.minute(600))
    for o in walk.observations where o.receivedAt < Beat.minute(50) {
      _ = engine.ingest([o])
      engine.advance(to: o.receivedAt)
    }
    #expect(!engine.takeEvents().contains { if case .gap = $0 { true } else { false } })
  }
}
