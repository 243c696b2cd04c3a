import Coverage
import Geodesy
import Patrol

/// Forty minutes of two handhelds about a point, a line and a gridded area: small enough for thousands of them.
struct SmallEvening {
  let plan: Plan
  let observations: [Observation]

  init(_ seed: UInt64) throws {
    plan = try Beat.plan(
      [
        Beat.point("bank", 0, 0), Beat.line("street", [(60, 0), (200, 0), (200, 120)]),
        Beat.area("park", 240...300, -40...20, cell: 30),
      ],
      [
        Beat.duty("banks", ["bank"], every: 9, stay: 1, to: "20:40"),
        Beat.duty("streets", ["street"], every: 12, to: "20:40"),
        Beat.duty("parks", ["park"], every: 15, from: "20:10", to: "20:40"),
      ], handhelds: ["a", "b"], interval: 15)
    var random = SplitMix(seed)
    var all: [Observation] = []
    for id in ["a", "b"] as [Handheld.ID] {
      var walk = Walk(
        id, at: 0, 0, from: -4, interval: 15, noise: 4, seed: seed &+ UInt64(id.text.utf8.first!))
      for leg in 0..<9 {
        walk.isSilent = Int.random(in: 0..<6, using: &random) == 0
        let (x, y) = [(0.0, 0.0), (60, 0), (200, 0), (200, 120), (270, -10), (500, 0)][
          Int.random(in: 0..<6, using: &random)]
        walk.go(to: x, y, speed: Double.random(in: 0.8...3.6, using: &random))
        let until = Double(leg * 5)
        if Int.random(in: 0..<8, using: &random) == 0 { walk.lose(until: until - 2) }
        walk.stay(until: until)
      }
      all += walk.observations.filter { $0.receivedAt < Beat.minute(44) }
    }
    for o in all where Int.random(in: 0..<80, using: &random) == 0 {
      guard var fix = o.fix else { continue }
      fix.accuracy = 70
      all.append(Observation(handheld: o.handheld, receivedAt: o.receivedAt, report: .fix(fix)))
    }
    observations = all.sorted { ($0.receivedAt, $0.handheld) < ($1.receivedAt, $1.handheld) }
  }

  /// The observations as a bad network delivers them: jittered, one handheld's backlog held back, or in no order at all.
  func delivered(_ random: inout SplitMix) -> [Observation] {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return observations.shuffled(using: &random)
    case 1...3:
      let most = [3_000, 30_000, 200_000, 900_000][Int.random(in: 0..<4, using: &random)] as Int64
      return observations.map {
        ($0, $0.receivedAt.milliseconds + Int64.random(in: 0...most, using: &random))
      }.sorted { $0.1 < $1.1 }.map(\.0)
    case 4...6:
      let from = Beat.minute(Double.random(in: -4..<40, using: &random))
      let until = from + .seconds(Int.random(in: 20...1200, using: &random))
      let late: (Observation) -> Bool = {
        $0.handheld == "a" && $0.receivedAt >= from && $0.receivedAt < until
      }
      let after = until + .seconds(Int.random(in: 0...900, using: &random))
      return observations.filter { !late($0) && $0.receivedAt < after }
        + observations.filter(late)
        + observations.filter { !late($0) && $0.receivedAt >= after }
    default: return observations
    }
  }
}
