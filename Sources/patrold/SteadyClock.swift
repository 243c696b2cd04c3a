import Foundation
import Geodesy
import Synchronization

/// The time a daemon lives by: the host's when it began, carried on by a clock that nobody sets, and led back to the host's
/// while the two agree. Where the host's is stepped, what the receivers tell decides which of the two is right.
///
/// Sockets stamp what they read by it, so that one step of the host's clock does not make an evening's fixes false.
final class SteadyClock: Sendable {
  private struct State {
    /// The host's time less the steady clock's.
    var offset: Milliseconds
    /// Since when the two have disagreed, by the steady clock; nil while they agree.
    var disagreedSince: Milliseconds?
  }

  private let state: Mutex<State>

  /// What the two may differ by and still be led together: slewing goes by half a thousandth.
  static let tolerance = Milliseconds.seconds(2)
  /// What a fix tells of the time is this good: it is on its way for a second or so.
  static let receiverTolerance = Milliseconds.seconds(5)
  /// Where no receiver tells anything for so long, the host's clock is believed.
  static let patience = Milliseconds.seconds(60)

  init(host: Instant = Clock.realNow, steady: Milliseconds = SteadyClock.sinceBoot) {
    state = Mutex(
      State(offset: Milliseconds(host.milliseconds) - steady, disagreedSince: nil))
  }

  /// Since it was first asked for; counts on while the machine sleeps.
  static var sinceBoot: Milliseconds {
    let passed = (ContinuousClock.now - began).components
    return Milliseconds(passed.seconds * 1000 + passed.attoseconds / 1_000_000_000_000_000)
  }

  private static let began = ContinuousClock.now

  var now: Instant { at(Self.sinceBoot) }

  func at(_ steady: Milliseconds) -> Instant {
    Instant(milliseconds: (steady + state.withLock { $0.offset }).value)
  }

  /// What came of looking at the host's clock.
  enum Finding: Hashable, Sendable {
    case agrees
    /// It was stepped by so much, and is not believed for now: receivers agree with this clock, or tell nothing yet.
    case stepped(by: Milliseconds)
    /// It is believed: this clock went from one moment to the other at once.
    case adopted(from: Instant, to: Instant)
  }

  /// Compares with the host's clock; once a second or so.
  ///
  /// - Parameter receivers: how far the newest fixes of the last second or so lie ahead of this clock; nil without any.
  func look(
    host: Instant = Clock.realNow, steady: Milliseconds = SteadyClock.sinceBoot,
    receivers: Milliseconds?
  ) -> Finding {
    state.withLock { state in
      let ours = Instant(milliseconds: (steady + state.offset).value)
      let step = host - ours
      guard abs(step.value) > Self.tolerance.value else {
        state.offset = state.offset + step
        state.disagreedSince = nil
        return .agrees
      }
      let since = state.disagreedSince ?? steady
      state.disagreedSince = since
      let isHostRight: Bool
      if let receivers {
        isHostRight =
          abs((receivers - step).value) <= Self.receiverTolerance.value
          && abs(receivers.value) > Self.receiverTolerance.value
      } else {
        isHostRight = steady - since >= Self.patience
      }
      guard isHostRight else { return .stepped(by: step) }
      state.offset = state.offset + step
      state.disagreedSince = nil
      return .adopted(from: ours, to: host)
    }
  }
}
