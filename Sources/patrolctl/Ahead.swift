import Foundation

/// The next few of a sequence, made on a thread of their own while those before are being worked on. That thread makes way
/// where there are too few processors: it is ahead of the others, which are waited for.
final class Ahead<Element: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private var ready: [Element] = []
  private var isAtEnd = false
  private var isStopped = false
  private let depth: Int

  private static var niceness: Int32 { 10 }

  /// - Parameters:
  ///   - depth: how many are made ahead at most.
  ///   - make: makes the next one; nil at the end.
  init(_ depth: Int, make: @escaping @Sendable () -> Element?) {
    self.depth = depth
    Thread.detachNewThread { [self] in
      // Of this thread alone (Linux). Where it is refused all are alike.
      _ = setpriority(__priority_which_t(0), 0, Self.niceness)
      while let made = make(), put(made) {}
      condition.withLock {
        isAtEnd = true
        condition.broadcast()
      }
    }
  }

  /// False where no more are wanted.
  private func put(_ element: Element) -> Bool {
    condition.withLock {
      while ready.count >= depth, !isStopped { condition.wait() }
      ready.append(element)
      condition.broadcast()
      return !isStopped
    }
  }

  /// Waits for the next; nil at the end, when its thread has made its last.
  func next() -> Element? {
    condition.withLock {
      while ready.isEmpty, !isAtEnd { condition.wait() }
      guard !ready.isEmpty else { return nil }
      defer { condition.broadcast() }
      return ready.removeFirst()
    }
  }

  /// No more are wanted.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
    }
  }
}
