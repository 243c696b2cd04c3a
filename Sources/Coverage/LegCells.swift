internal import Geodesy

extension MatchedLeg {
  /// The cells whose midpoint the leg passes, of a line cut into `count` equal ones, each with the moment; of a standing leg
  /// the one cell stood on.
  func forEachCell(of count: Int, length: Double, _ body: (Int, Span) -> Void) {
    let size = length / Double(count)
    if from == to {
      let c = min(count - 1, max(0, Int(from / size)))
      body(c, Span(began, ended))
      return
    }
    let (low, high) = (min(from, to), max(from, to))
    // Over the joint of a closed loop chainages run below 0 or above the length.
    let firstCell = Int(((low - size / 2) / size).rounded(.up))
    let lastCell = Int(((high - size / 2) / size).rounded(.down))
    guard firstCell <= lastCell else { return }
    for k in firstCell...lastCell {
      let middle = (Double(k) + 0.5) * size
      let share = (middle - from) / (to - from)
      let at = began + Int64((share * Double(ended - began)).rounded())
      body(((k % count) + count) % count, Span(at, at))
    }
  }

  /// The cells it passes where it meets a window, with when and how, for one whom a duty lets pass no faster than `passSpeed`.
  func forEachCell(
    of ground: Ground, meeting window: Span, passSpeed: Double,
    _ body: (Int, Span, CellPass.Kind) -> Void
  ) {
    guard ended >= window.start, began <= window.end else { return }
    let kind: CellPass.Kind =
      isUndecided || straddles(passSpeed) ? .undecided : speed <= passSpeed ? .proven : .driveBy
    forEachCell(
      of: ground.cellCount(ofLine: line), length: ground.lines[line].polyline.length.value
    ) { body($0, $1, kind) }
  }
}
