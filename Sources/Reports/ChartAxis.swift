internal import Geodesy

extension ChartSheet {
  /// Local time along the upper and the lower edge of rows, with rules between.
  mutating func timeAxis(_ time: ChartTime, top: Double, bottom: Double) {
    body.add(
      "rect",
      [
        ("class", "plot"), ("x", SVG.number(time.low)), ("y", SVG.number(top)),
        ("width", SVG.number(time.high - time.low)), ("height", SVG.number(bottom - top)),
        ("fill", "#ececec"),
      ])
    let ticks = time.ticks(apart: 46)
    rules(
      time.ticks(apart: 14).filter { !ticks.contains($0) }, time, top, bottom, "#d9d9d9", 0.5)
    rules(ticks.filter { $0.kind == .plain }, time, top - 4, bottom + 4, "#c0c0c0", 0.8)
    rules(ticks.filter { $0.kind == .midnight }, time, top - 4, bottom + 4, "#555555", 1)
    rules(ticks.filter { $0.kind == .zoneChange }, time, top - 4, bottom + 4, "#555555", 1, "2 2")
    for tick in ticks {
      let x = time.position(tick.at)
      let isPlain = tick.kind == .plain
      // At the edge of the sheet it ends at its tick.
      let anchor = x + 15 > ChartSheet.width ? "end" : "middle"
      for y in [top - 7, bottom + 14] {
        body.text(
          time.clock(tick.at), x: x, y: y, size: 10, anchor: anchor,
          weight: isPlain ? .normal : .bold)
      }
      // Of a midnight the date; of a change of clocks what they show from then on.
      if !isPlain {
        body.text(tick.text, x: x, y: top - 18, size: 9, anchor: "middle", fill: "#444444", halo: 2)
      }
    }
  }

  private mutating func rules(
    _ ticks: [ChartTime.Tick], _ time: ChartTime, _ top: Double, _ bottom: Double,
    _ colour: String, _ width: Double, _ dashes: String? = nil
  ) {
    let (top, bottom) = (SVG.number(top), SVG.number(bottom))
    let d = ticks.map { "M\(SVG.number(time.position($0.at))) \(top)V\(bottom)" }
    if !d.isEmpty { line(d.joined(), colour, width, dashes) }
  }
}
