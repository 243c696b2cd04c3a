import Testing

@testable import Rig

@Suite struct `A set of positions` {
  @Test func `knows what a plain set knows`() {
    var random = SplitMix64(7)
    for _ in 0..<300 {
      var (set, plain) = (PositionSet(), Set<Int>())
      for _ in 0..<20 {
        let from = Int.random(in: -20..<60, using: &random)
        let run = from..<from + Int.random(in: 0..<8, using: &random)
        set.insert(run)
        plain.formUnion(run)
        set.checkInvariants()
        #expect(set.count == plain.count)
      }
      let whole = -10..<50
      #expect(whole.allSatisfy { set.contains($0) == plain.contains($0) })
      #expect(set.missing(in: whole).flatMap { Array($0) } == whole.filter { !plain.contains($0) })
    }
  }

  @Test func `of times is told as arithmetic runs`() {
    #expect(FakeSent.runs(of: []) == [])
    #expect(FakeSent.runs(of: [5]) == [.init(first: 5, last: 5, step: 0)])
    let runs = FakeSent.runs(of: [0, 10, 20, 25, 30, 35, 90])
    #expect(
      runs == [
        .init(first: 0, last: 20, step: 10), .init(first: 25, last: 35, step: 5),
        .init(first: 90, last: 90, step: 0),
      ])
    let sent = FakeSent(port: 1, device: "a", runs: runs, altered: [])
    #expect(sent.count == 7 && sent.sum == 210)
  }
}
