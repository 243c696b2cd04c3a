import Coverage
import Foundation
import Geodesy
import Patrol
import Reports
import Store

/// The nights of `A period's report`, their September sealed and, after an excuse was approved, stated again.
struct SealedMonth: Sendable {
  /// As it was before it was sealed, once the excuse was approved, and as it was stated again.
  let before: PeriodReport
  let changed: PeriodReport
  let restated: PeriodReport
  /// The week and the quarter that meet it, a month without anything, and the month under a supposition.
  let others: [PeriodReport]
  let supposed: PeriodReport

  /// Made once for all tests, which only read.
  static let made = Result { try SealedMonth() }

  private init() throws {
    let filled = try `A period's report`.Filled()
    func report() throws -> PeriodReport { try filled.report(.month, "2026-09-30") }
    let before = try report()
    let store = try Store(at: filled.path, for: .amend)
    let (plan, seals, now) = (filled.plan, Seals(store), before.judgedUntil)
    let period = before.period
    let days = period.dates.map { PeriodDay(date: $0, span: plan.span(of: $0)) }
    _ = try seals.seal(period, days: days, by: "Li <b>", at: now, program: "test") {
      before.sealed
    }
    let gaps = try Queries(store).gaps(Filter()).map(\.gap).filter {
      $0.owed.place != "street" && before.span.contains($0.owed.windowBegan)
    }
    guard let gap = gaps.max(by: { $0.extent < $1.extent }) else {
      throw CocoaError(.coderValueNotFound)
    }
    try store.write { tx in
      let id = try tx.ask(
        excusing: gap.id, by: "Li", reason: "bank <closed> for repairs", at: now)
      try tx.decide(id, .approved, by: "Wang", at: now + .hours(1))
    }
    let changed = try report()
    _ = try seals.restate(
      1, by: "Chen", reason: "an excuse was approved", at: now + .hours(2), program: "test"
    ) { _ in changed.sealed }
    (self.before, self.changed) = (before, changed)
    restated = try report()
    others = [
      try filled.report(.week, "2026-09-30"), try filled.report(.quarter, "2026-09-30"),
      try filled.report(.month, "2027-03-01"),
    ]
    supposed = try filled.report(
      .month, "2026-09-30", supposing: PeriodReport.Supposition(weights: ["doors": 3]))
  }
}
