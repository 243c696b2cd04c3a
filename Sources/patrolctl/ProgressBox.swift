import Synchronization

/// A progress line that several tasks may write to.
final class ProgressBox: Sendable {
  private let line = Mutex(ProgressLine())

  func show(_ text: String) { line.withLock { $0.show(text) } }
  func clear() { line.withLock { $0.clear() } }
}
