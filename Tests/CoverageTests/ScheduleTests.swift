import Testing

@testable import Coverage

@Suite struct `A schedule` {
  /// However time is cut: each share's turn comes once in every round.
  @Test(arguments: [1, 130, 500, 999, 3000, 9999, 25_000] as [Int64])
  func `has each share gathered once a round`(step: Int64) {
    let round: Int64 = 10_000
    var schedule = Schedule()
    schedule.gatheredAt = 1_700_000_000_000
    var latest = Array(repeating: schedule.gatheredAt, count: Schedule.shares)
    for _ in 0..<max(10, 40_000 / step) {
      let now = schedule.gatheredAt + step
      let due = schedule.shares(dueAt: now, ofEvery: round)
      #expect(Set(due).count == due.count)
      schedule.gatheredAt = now
      for share in due {
        // Never sooner than half the time between two shares before its round is over, but where steps are longer.
        #expect(
          step >= round || now - latest[share] >= round - step - round / 20
            || latest[share] == 1_700_000_000_000)
        latest[share] = now
      }
      for share in latest { #expect(now - share < round + step) }
    }
  }

  @Test func `does not mind where no time passes, or it is before all times`() {
    var schedule = Schedule()
    schedule.gatheredAt = 5000
    #expect(schedule.shares(dueAt: 5000, ofEvery: 10_000).isEmpty)
    #expect(schedule.shares(dueAt: -1_000_000, ofEvery: 10_000).isEmpty)
  }
}
