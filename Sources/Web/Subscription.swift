internal import NIOCore
internal import Synchronization

/// What waits to be written to one who watches: so much and no more. Who cannot keep up is cut off, and may ask for the rest
/// by the number they had last.
final class Subscription: Sendable {
  enum Next: Sendable {
    case frames([Frame])
    case over
  }

  private struct State {
    var frames: [Frame] = []
    var bytes = 0
    var isOver = false
    var waiting: CheckedContinuation<Next, Never>?
  }

  /// A few seconds of the largest brigade's positions.
  static let bytesMaximum = 8 << 20
  static let framesMaximum = 2000

  private let state = Mutex(State())
  private let cut: @Sendable () -> Void

  /// - Parameter cut: ends the connection at once; what is being written to it never comes to an end by itself.
  init(cut: @escaping @Sendable () -> Void) { self.cut = cut }

  /// False where there was no room: it is over then.
  func offer(_ frame: Frame) -> Bool {
    let (fits, waiting) = state.withLock {
      state -> (Bool, (CheckedContinuation<Next, Never>, Next)?) in
      guard !state.isOver else { return (false, nil) }
      if let waiting = state.waiting {
        state.waiting = nil
        return (true, (waiting, .frames([frame])))
      }
      guard state.frames.count < Self.framesMaximum,
        state.bytes + frame.bytes.readableBytes <= Self.bytesMaximum
      else {
        (state.isOver, state.frames) = (true, [])
        return (false, nil)
      }
      state.frames.append(frame)
      state.bytes += frame.bytes.readableBytes
      return (true, nil)
    }
    if let (continuation, next) = waiting { continuation.resume(returning: next) }
    if !fits { cut() }
    return fits
  }

  /// What came since the last time; waits for something. For one who asks at a time.
  func next() async -> Next {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let now = state.withLock { state -> Next? in
          if state.isOver { return .over }
          guard state.frames.isEmpty else {
            defer { (state.frames, state.bytes) = ([], 0) }
            return .frames(state.frames)
          }
          state.waiting = continuation
          return nil
        }
        if let now { continuation.resume(returning: now) }
      }
    } onCancel: {
      end()
    }
  }

  /// No more comes.
  func end() {
    let waiting = state.withLock { state in
      defer { (state.isOver, state.waiting, state.frames) = (true, nil, []) }
      return state.waiting
    }
    waiting?.resume(returning: .over)
  }
}
