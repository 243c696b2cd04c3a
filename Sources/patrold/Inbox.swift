import GPSD
import Geodesy
import NIOConcurrencyHelpers

/// The one channel between the sockets and the loop that owns the engines: sockets never wait, and what the loop cannot
/// take in time is counted, never lost without a word.
final class Inbox: Sendable {
  /// About 500 MB of observations; an hour of a thousand handhelds that a full disk keeps from being stored.
  static let capacity = 4_000_000

  struct Contents: Sendable {
    var reports: [FleetReport] = []
    /// Dropped as the inbox was full, since the last time.
    var dropped = 0
    var firstDropped: Instant?
  }

  /// More than is taken in one turn.
  static let crowd = 150_000

  /// Where many sockets contend, Swift's own `Mutex` spins on Linux (https://github.com/swiftlang/swift/issues/88440), and
  /// ThreadSanitizer does not see that it locks.
  private let contents = NIOLockedValueBox(Contents())
  private let now: @Sendable () -> Instant

  init(now: @escaping @Sendable () -> Instant) { self.now = now }

  func put(_ reports: [FleetReport]) {
    contents.withLockedValue {
      guard $0.reports.count + reports.count <= Self.capacity else {
        $0.dropped += reports.count
        if $0.firstDropped == nil { $0.firstDropped = now() }
        return
      }
      $0.reports += reports
    }
  }

  var isCrowded: Bool { contents.withLockedValue { $0.reports.count > Self.crowd } }

  /// All that came since the last time.
  func take() -> Contents {
    contents.withLockedValue { contents in
      defer { contents = Contents() }
      return contents
    }
  }
}
