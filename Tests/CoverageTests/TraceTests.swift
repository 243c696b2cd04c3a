import Coverage
import Geodesy
import Patrol
import Testing

@Suite struct `A trace` {
  /// A street 18 m beside a line, both walked to and from along their own ends.
  let places = [
    Beat.line("line", [(0, 0), (600, 0)]), Beat.street("beside", [(0, 18), (600, 18)]),
    Beat.point("bank", 0, 400),
  ]

  func plan() throws -> Plan {
    try Beat.plan(
      places, [Beat.duty("walk", ["line"], every: 60), Beat.duty("bank", ["bank"], every: 60)])
  }

  /// Along at a distance from the line, and back; silent for some minutes at the far end.
  func observations(beside y: Double, noise: Double = 2) -> [Observation] {
    var walk = Walk(at: -100, y, from: 0, noise: noise, seed: 5)
    walk.go(to: 700, y)
    walk.isSilent = true
    walk.stay(until: 20)
    walk.isSilent = false
    walk.go(to: -100, y)
    return walk.observations
  }

  let shift = Beat.minute(-120)..<Beat.minute(180)

  @Test func `of a walk beside the line names the street, with its weight`() throws {
    let trace = try #require(
      Engine.trace(of: "a", in: shift, from: observations(beside: 18), under: plan()))
    let between = trace.weighings.filter {
      $0.began > Beat.minute(3) && $0.ended < Beat.minute(7)
    }
    #expect(between.count > 20)
    let onStreet = between.filter { $0.alternatives[0].way == .along("beside") }
    #expect(Double(onStreet.count) > 0.9 * Double(between.count))
    #expect(onStreet.contains { $0.isDecided && $0.alternatives[0].weight < 1 })
    #expect(
      onStreet.contains { $0.alternatives[0].to > $0.alternatives[0].from },
      "walked towards higher chainages")
  }

  @Test(arguments: [0.0, 9, 18])
  func `has the legs that the engine has, and weights that they were told by`(y: Double) throws {
    let (plan, observations) = (try plan(), observations(beside: y, noise: 4))
    let trace = try #require(
      Engine.trace(of: "a", in: shift, from: observations.shuffled(), under: plan))
    #expect(trace.legs == Engine.legs(of: "a", in: shift, from: observations, under: plan))
    for weighing in trace.weighings {
      let sum = weighing.alternatives.reduce(0) { $0 + $1.weight }
      #expect(sum > 0.9 && sum < 1.0001)
      #expect(weighing.began < weighing.ended)
    }
    for (a, b) in zip(trace.weighings, trace.weighings.dropFirst()) { #expect(a.ended <= b.began) }
    var compared = 0
    for leg in trace.legs where !leg.isUndecided {
      guard
        let weighing = trace.weighings.first(where: {
          $0.began == leg.began && $0.ended == leg.ended
        })
      else { continue }
      let own = weighing.alternatives.first { $0.way == .along(leg.place) }
      #expect(abs((own?.weight ?? 0) - leg.confidence) < 0.05)
      compared += 1
    }
    if y == 0 { #expect(compared > 100) }
  }

  @Test func `tells when it was not observed, and where it can have been meanwhile`() throws {
    let trace = try #require(
      Engine.trace(
        of: "a", in: shift, from: observations(beside: 0, noise: 0), under: plan(),
        until: Beat.minute(90)))
    // Before the first fix, while silent, after the last.
    #expect(trace.unobserved.count == 3)
    let silence = trace.unobserved[1]
    #expect(abs((silence.upperBound - Beat.minute(20)).seconds) < 5)
    // The near end of the line at once, the far one later and not as long.
    let cells = [0, 59].map { cell in
      trace.possible(at: "line", cell: cell).first {
        $0.overlaps(silence.lowerBound...silence.upperBound)
      }
    }
    let (far, near) = (try #require(cells[0]), try #require(cells[1]))
    #expect(far.lowerBound > near.lowerBound && far.upperBound < near.upperBound)
    #expect(trace.possible(at: "bank", cell: 0).contains { $0.contains(Beat.minute(15)) })
    #expect(trace.possible(at: "beside", cell: 0) == [])
    #expect(trace.possible(at: "nowhere", cell: 0) == [])
    #expect(trace.unobserved[2].upperBound == Beat.minute(90))
  }

  @Test func `names the gate that each observation failed`() throws {
    var observations = observations(beside: 0)
    let wild = Fix(
      time: observations[100].receivedAt + Milliseconds(500), position: Beat.at(9000, 0), mode: 3,
      accuracy: 5)
    observations.append(
      Observation(handheld: "a", receivedAt: wild.time, report: .fix(wild)))
    let trace = try #require(Engine.trace(of: "a", in: shift, from: observations, under: plan()))
    #expect(trace.observations.count == observations.count)
    #expect(trace.observations.filter { $0.gate != nil }.map(\.gate) == [.jump])
    #expect(Engine.trace(of: "nobody", in: shift, from: observations, under: try plan()) == nil)
  }
}
