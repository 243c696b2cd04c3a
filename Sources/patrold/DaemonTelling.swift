import Coverage
import Geodesy
import Logging
import Patrol
import Store

extension Daemon {
  mutating func tell(_ events: [Event]) {
    for case .gap(let gap, let revision) in events {
      if gap.isOpen && revision != .withdrawn {
        openGaps.insert(gap.id)
      } else {
        openGaps.remove(gap.id)
      }
      switch revision {
      case .opened, .closed, .withdrawn, .rejudged, .split, .merged: break
      case .extended, .shortened, .excused: continue
      }
      let stretch =
        gap.stretch.map { " \(Int($0.from.value.rounded()))–\(Int($0.to.value.rounded())) m" } ?? ""
      let end = gap.isOpen ? "" : " to \(local(gap.ended))"
      log.info(
        """
        gap \(gap.id) \(revision.rawValue): \(gap.owed.place)\(stretch) (\(gap.owed.duty)) \
        \(gap.verdict.rawValue), \(gap.cause.rawValue), from \(local(gap.began))\(end)
        """)
    }
  }

  func local(_ instant: Instant) -> String { pipeline.plan.zone.text(instant) }
}
