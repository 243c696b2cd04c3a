import GPSD
import Geodesy
import Synchronization

/// Keeps what a fleet tells, and waits for what it has yet to tell.
final class Told: Sendable {
  private let reports = Mutex<[FleetReport]>([])

  func add(_ new: [FleetReport]) { reports.withLock { $0 += new } }
  var all: [FleetReport] { reports.withLock { $0 } }

  /// Forgets what is up to and with the first report that `isIt`; false where none comes in time.
  func wait(
    seconds: Double = 8, doing poke: () -> Void = {}, for isIt: (FleetReport) -> Bool
  ) async throws -> Bool {
    for _ in 0..<Int(seconds * 20) {
      let found = reports.withLock { reports -> Bool in
        guard let at = reports.firstIndex(where: isIt) else { return false }
        reports.removeFirst(at + 1)
        return true
      }
      if found { return true }
      poke()
      try await Task.sleep(for: .milliseconds(50))
    }
    return false
  }
}

extension FleetReport {
  var isReachable: Bool { if case .reachable = self { true } else { false } }
  var isUnreachable: Bool { if case .unreachable = self { true } else { false } }
}
