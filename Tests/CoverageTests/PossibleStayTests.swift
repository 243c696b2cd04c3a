import Geodesy
import Patrol
import Testing

@testable import Coverage

@Suite struct `Stays that cannot be ruled out` {
  /// Pieces that overlap no other: all of their time is inside, and none of what lies between.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func `are as long as what of them can have been inside`(seed: UInt64) {
    var random = SplitMix(seed)
    var pieces: [PossibleStay] = []
    var at: Int64 = 0
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      at += Int64.random(in: 1...120_000, using: &random)
      let span = Span(at, at + Int64.random(in: 0...90_000, using: &random))
      pieces.append(PossibleStay(span: span, inside: span.length))
      at = span.end
    }
    let joined = PossibleStay.joined(pieces.shuffled(using: &random), with: [], over: 60_000)
    for (a, b) in zip(joined, joined.dropFirst()) { #expect(b.span.start - a.span.end > 60_000) }
    for stay in joined {
      let mine = pieces.filter { stay.span.start <= $0.span.start && $0.span.end <= stay.span.end }
      #expect(stay.inside == mine.map(\.span.length).reduce(0, +))
    }
    #expect(joined.map(\.inside).reduce(0, +) == pieces.map(\.inside).reduce(0, +))
  }

  @Test func `are no longer for a stay seen in the same time`() {
    let near = PossibleStay(span: Span(0, 100_000), inside: 40_000)
    let joined = PossibleStay.joined([near], with: [Span(20_000, 90_000)], over: 60_000)
    #expect(joined == [near])
    let later = PossibleStay.joined([near], with: [Span(130_000, 150_000)], over: 60_000)
    #expect(later == [PossibleStay(span: Span(0, 150_000), inside: 60_000)])
  }

  /// 12 m outside, told to a few metres every five seconds: he can step inside for a second between two fixes, and no longer.
  @Test(arguments: [(12.0, false), (7.5, true)])
  func `are missed where he stands outside that nearly all the time`(
    outside: Double, isPossible: Bool
  ) throws {
    let plan = try Beat.plan(
      [Beat.point("bank", 0, 0, radius: 30)], [Beat.duty(["bank"], every: 30, stay: 4)], interval: 5
    )
    var engine = Engine(plan: plan, windows: Beat.minute(-300)..<Beat.minute(600))
    var walk = Walk(at: 400, 0, interval: 5)
    walk.stay(until: 30)
    walk.go(to: 30 + outside, 0)
    walk.stay(until: 45)
    walk.go(to: 400, 0)
    walk.stay(until: 180)
    _ = engine.ingest(walk.observations)
    engine.advance(to: Beat.minute(180))
    var shares: Shares?
    for case .standing(let standing) in engine.takeEvents() {
      shares = standing.shares
    }
    let unproven = try #require(shares).unproven
    #expect((unproven > 0.1) == isPossible, "\(shares as Any)")
  }
}
