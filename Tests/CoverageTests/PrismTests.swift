import Geodesy
import Patrol
import Testing

@testable import Coverage

@Suite struct `Prisms` {
  /// A moment is possible if the place can be reached from the anchor before and left for the anchor after.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `hold exactly the moments that can be reached and left`(seed: UInt64) {
    var random = SplitMix(seed)
    func anchor(_ t: Int64) -> Anchor {
      Anchor(
        time: t * 1000,
        position: Beat.at(
          .random(in: -400...400, using: &random), .random(in: -400...400, using: &random)),
        error: .random(in: 0...40, using: &random))
    }
    let a = anchor(0)
    let b = anchor(Int64.random(in: 20...900, using: &random))
    let centre = Beat.at(0, 0)
    let radius = 30.0
    let distance = { (c: Coordinate) in max(0, c.distance(to: centre).value - radius) }
    let reach = MetresPerSecond(.random(in: 0.5...8, using: &random))
    let apart = max(0, a.position.distance(to: b.position).value - a.error - b.error)
    let implied = apart / (Double(b.time) / 1000)
    let v = implied > reach.value ? 1.2 * implied : reach.value

    let prisms: [(Prism, Int64, Int64)] = [
      (Prism.between(a, b), a.time, b.time),
      (Prism(from: nil, to: b, began: 0, ended: b.time), 0, b.time),
      (Prism(from: a, to: nil, began: a.time, ended: b.time), a.time, b.time),
    ]
    for (prism, began, ended) in prisms {
      let v = prism.from != nil && prism.to != nil ? v : reach.value
      let piece = prism.possible(reach: reach.value, distance: distance)
      for t in stride(from: began, through: ended, by: 500) {
        let there =
          prism.from.map {
            max(0, distance($0.position) - $0.error) / v <= Double(t - $0.time) / 1000
          } ?? true
        let back =
          prism.to.map {
            max(0, distance($0.position) - $0.error) / v <= Double($0.time - t) / 1000
          } ?? true
        let isIn = piece.map { $0.start <= t && t <= $0.end } ?? false
        // To the millisecond that a bound is rounded to.
        let isEdge = piece.map { abs($0.start - t) <= 1 || abs($0.end - t) <= 1 } ?? false
        #expect(isIn == (there && back) || isEdge, "seed \(seed), t \(t)")
      }
    }
  }

  /// The engine's possible attendance of points, area cells and lines, against every second of every pair of fixes.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func `carried by the engine leave out nothing that cannot be ruled out`(seed: UInt64) throws {
    var random = SplitMix(seed &+ 100)
    let places = [
      Beat.point("bank", 0, 0), Beat.area("yard", 150...350, -60...60),
      Beat.line("street", [(-300, 200), (300, 200), (300, 500)]),
    ]
    let plan = try Beat.plan(
      places,
      [
        Beat.duty("p", ["bank"], every: 30, stay: 1), Beat.duty("y", ["yard"], every: 30),
        Beat.duty("l", ["street"], every: 30),
      ])
    // Sparse fixes at random places, each far enough in time that nothing between them is a leg.
    var fixes: [Fix] = []
    var t = Beat.minute(-30)
    while t < Beat.minute(125) {
      t = t + .seconds(Int.random(in: 16...500, using: &random))
      fixes.append(
        Fix(
          time: t,
          position: Beat.at(
            .random(in: -500...500, using: &random), .random(in: -300...600, using: &random)),
          mode: 3, accuracy: Metres(.random(in: 2...30, using: &random)), speed: 1))
    }
    let observations = fixes.map {
      Observation(handheld: "a", receivedAt: $0.time, report: .fix($0))
    }
    var engine = Engine(plan: plan, windows: Beat.minute(-300)..<Beat.minute(600))
    var ear = Ear()
    let gates = engine.ingest(observations).gates
    engine.advance(to: Beat.minute(300))
    ear.hear(engine.takeEvents())
    let ground = Ground(plan)
    let usable = zip(fixes, gates).filter { $0.1 == nil }.map(\.0)

    for (owed, cells) in ear.attendance {
      let place = try #require(ground.placeIndex[owed.place])
      let stay = plan.duty(owed.duty)!.stay
      for c in stride(from: 0, to: ground.places[place].cells.count, by: 9) {
        let possible = cells[c]?.possible ?? []
        // One second at a time, and what joins and is long enough afterwards.
        var moments: [Span] = []
        for t in stride(
          from: Beat.minute(-20).milliseconds, to: Beat.minute(140).milliseconds, by: 1000)
        {
          let before = usable.last { $0.time.milliseconds <= t }
          let after = usable.first { $0.time.milliseconds >= t }
          guard let before, let after, before != after else { continue }
          let (d1, d2) = (
            max(
              0, ground.distance(from: before.position, to: c, of: place) - before.accuracy!.value),
            max(0, ground.distance(from: after.position, to: c, of: place) - after.accuracy!.value)
          )
          let gap =
            before.position.distance(to: after.position).value - before.accuracy!.value
            - after.accuracy!.value
          let implied = max(0, gap) / (after.time - before.time).seconds
          let v = implied > 3 ? 1.2 * implied : 3
          if d1 / v <= Double(t - before.time.milliseconds) / 1000,
            d2 / v <= Double(after.time.milliseconds - t) / 1000
          {
            moments.append(Span(t, t))
          }
        }
        let joined = Presence(unsorted: moments, joining: 60_000).spans
        for s in joined
        where s.end >= Beat.minute(0).milliseconds && s.start < Beat.minute(120).milliseconds {
          let isHeld = possible.contains {
            $0.lowerBound.milliseconds <= s.start + 1000
              && $0.upperBound.milliseconds >= s.end - 1000
          }
          // Whole seconds fall short of a piece by up to one at each end.
          #expect(
            isHeld || s.length < stay.value + 2000, "seed \(seed) \(owed.place) cell \(c) \(s)")
        }
        for p in possible where p.lowerBound > Beat.minute(-19) && p.upperBound < Beat.minute(124) {
          let length = (p.upperBound - p.lowerBound).value
          #expect(length >= stay.value)
          // Between whole seconds a piece may be a chain of shorter ones, none of them more than a minute apart.
          let inside = joined.map { Span($0.start - 62_000, $0.end + 62_000) }
          let chain = Presence(unsorted: inside).spans
          let isCalledFor = chain.contains {
            $0.start <= p.lowerBound.milliseconds && $0.end >= p.upperBound.milliseconds
          }
          #expect(
            isCalledFor || length < 2000, "seed \(seed) \(owed.place) cell \(c) \(p) \(joined)")
        }
      }
    }
  }
}
