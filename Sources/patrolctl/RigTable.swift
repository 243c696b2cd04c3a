import Coverage
import Foundation
import Geodesy
import Patrol
import Rig
import Store
import Synchronization

/// A rig's run on a terminal: how each handheld stands, and which gaps are open. Nothing where stdout is none.
final class RigTable: Sendable {
  private let rig: RigRun
  let isShown: Bool
  private let drawn = Mutex(Drawn())

  private struct Drawn {
    var at = ContinuousClock.now - .seconds(1)
    var lines = 0
  }

  /// More handhelds than this are summed up by how they stand.
  private static let rowsMaximum = 24
  private static let every = Duration.milliseconds(500)

  init(_ rig: RigRun) {
    self.rig = rig
    isShown = isatty(STDOUT_FILENO) == 1 && rig.options.daemon != nil
  }

  func show(_ at: Instant, sent: Int, of all: Int) {
    drawn.withLock { drawn in
      guard isShown, ContinuousClock.now - drawn.at > Self.every else { return }
      drawn.at = .now
      let lines = lines(at, sent, all)
      let up = drawn.lines > 0 ? "\u{1B}[\(drawn.lines)A" : ""
      let text = lines.map { "\u{1B}[K\($0)\n" }.joined()
      // The terminal may be gone; the handhelds walk on.
      try? Output.write(up + text + "\u{1B}[J")
      drawn.lines = lines.count
    }
  }

  private func lines(_ at: Instant, _ sent: Int, _ all: Int) -> [String] {
    let zone = rig.scenario.plan.zone
    let head = "\(zone.text(at))  ×\(rig.options.speed)  \(sent) of \(all) reports sent"
    do {
      let store = try Store(at: "\(rig.options.out)/store.sqlite", for: .read)
      let queries = Queries(store)
      var open = Filter()
      open.isOpen = true
      let gaps = try queries.gaps(open).map(\.gap)
      return [head] + (try standings(queries)) + ["gaps open: \(gaps.count)"]
        + gaps.prefix(Self.rowsMaximum).map {
          "  \(zone.timeOfDay(of: $0.began))  \($0.owed.duty)  \($0.owed.place)  "
            + "\($0.verdict.rawValue)/\($0.cause.rawValue)"
        }
    } catch {
      return [head]  // the store is not made yet
    }
  }

  private func standings(_ queries: Queries) throws -> [String] {
    func text(_ value: Listing.Value?) -> String {
      if case .text(let text) = value { text } else { "" }
    }
    let all = try queries.standings().sorted { $0.key < $1.key }.map { id, told in
      (handheld: id, state: text(told.first), detail: told.count > 2 ? text(told[2]) : "")
    }
    guard all.count <= Self.rowsMaximum else {
      let counts = Dictionary(grouping: all) { $0.state }.mapValues(\.count)
      return [
        Liveness.State.allCases.compactMap { state in
          counts[state.rawValue].map { "\($0) \(state.rawValue)" }
        }.joined(separator: ", ")
      ]
    }
    return all.map { "  \($0.handheld)  \($0.state)  \($0.detail)" }
  }
}
