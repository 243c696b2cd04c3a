import Foundation

/// One line on a terminal that tells how far long work is; silent where stderr is none.
struct ProgressLine {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var shown = ContinuousClock.now - .seconds(1)

  /// Shown at most ten times a second.
  mutating func show(_ text: @autoclosure () -> String) {
    guard isTerminal, ContinuousClock.now - shown > .milliseconds(100) else { return }
    shown = .now
    Output.complain("\r\u{1B}[K\(text())")
  }

  func clear() {
    guard isTerminal else { return }
    Output.complain("\r\u{1B}[K")
  }
}
