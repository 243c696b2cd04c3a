import Assessment
import Dispatch
import Foundation
import Geodesy
import Logging
import Patrol
import PlanFiles
import Reports
import Store
import Synchronization

/// Draws up the reports that nobody asks for, on a thread of its own with a connection of its own: the loop only says what
/// time it is.
final class ReportRoom: Sendable {
  private struct State {
    /// Reports that fell due before this were seen to.
    var until: Instant
    var isBusy = false
  }

  /// A look is not worth more than this often.
  private static let lookEvery = Milliseconds.seconds(10)

  private let shelf: ReportShelf
  private let began: Instant
  private let store: String
  private let log: Logger
  private let state: Mutex<State>
  private let queue = DispatchQueue(label: "reports", qos: .utility)

  /// So far back a daemon that was not running makes up for what it missed.
  private static let reach = Milliseconds.hours(72)

  init(folder: String, store: String, from now: Instant, log: Logger) {
    (shelf, self.store, self.log) = (ReportShelf(folder), store, log)
    began = now - Self.reach
    state = Mutex(State(until: began))
  }

  /// Whatever has fallen due by now is drawn up; nothing while an earlier one still is.
  ///
  /// - Parameter judged: up to when everything is in the store.
  func look(_ plan: Plan, judged now: Instant) {
    let since = state.withLock { state -> Instant? in
      guard !state.isBusy, state.until + Self.lookEvery <= now else { return nil }
      return state.until
    }
    guard let since else { return }
    let due = plan.reports(
      due: since..<now + Milliseconds(1), backlog: PeriodReport.backlog)
    // A later shift's end renews what was provisional; what was missed while nobody ran is made once.
    var missing: [DueReport] = []
    for report in due where !shelf.holds(report) || (report.state == .provisional && since > began)
    {
      missing.removeAll { $0.name == report.name }
      missing.append(report)
    }
    state.withLock { state in
      state.until = now + Milliseconds(1)
      state.isBusy = !missing.isEmpty
    }
    guard !missing.isEmpty else { return }
    queue.async { [self, missing] in
      for report in missing { draw(report, now) }
      state.withLock { $0.isBusy = false }
    }
  }

  /// Waits for what is being drawn up.
  func finish() { queue.sync {} }

  private func draw(_ due: DueReport, _ now: Instant) {
    do {
      let queries = Queries(try Store(at: store, for: .read))
      let plans = try queries.planVersions().map { version in
        (
          began: version.began, digest: version.digest,
          plan: try version.plan { try LoadedPlan(bundle: PlanBundle(text: $0)).plan }
        )
      }
      guard !plans.isEmpty else { return }
      let texts: [(String, String)]
      switch due.subject {
      case .shift(let day):
        let end = plans[plans.count - 1].plan.span(of: day).upperBound
        let version = plans.last { $0.began <= end } ?? plans[0]
        let report = try ShiftReport(
          of: day, plan: version.plan, planDigest: version.digest, queries: queries, at: now)
        // A day from before this store was begun.
        guard !report.windows.isEmpty else { return }
        texts = [("html", try report.html()), ("json", report.json), ("csv", report.csv)]
      case .period(let period):
        let report = try PeriodReport(of: period, plans: plans, queries: queries, at: now)
        guard !report.figures.days.isEmpty else { return }
        texts = [("html", try report.html()), ("json", report.json), ("csv", report.csv)]
      }
      let latest = plans[plans.count - 1].plan
      try shelf.put(due, texts, heading: latest.brigade.name, in: latest.language)
      log.notice("report \(due.name) written to \(shelf.folder)")
    } catch {
      log.error("report \(due.name) could not be made: \(error)")
    }
  }
}
