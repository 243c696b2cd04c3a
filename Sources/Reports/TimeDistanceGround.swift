internal import Coverage
internal import Geodesy
internal import Patrol

/// What walks and gaps are drawn on: the windows, the time and the chainages.
extension TimeDistanceChart {
  func ground(_ sheet: inout ChartSheet, _ labels: ChartLabels) {
    func rectangle(_ name: String, _ from: Double, _ to: Double, _ fill: String) {
      sheet.body.add(
        "rect",
        [
          ("class", name), ("x", SVG.number(left)), ("y", SVG.number(from)),
          ("width", SVG.number(Self.right - left)), ("height", SVG.number(to - from)),
          ("fill", fill),
        ])
    }
    rectangle("plot", time.low, time.high, "#ececec")
    for window in windows {
      rectangle("owed", y(window.span.lowerBound), y(window.span.upperBound), "#ffffff")
    }
    if !windows.isEmpty { sheet.legend.use(.windowBeside, labels.window) }
    sheet.legend.use(.nothingOwed, labels.nothingOwed)
    for due in Set(windows.compactMap(\.firstDue)).sorted() {
      sheet.line(
        "M\(SVG.number(left)) \(SVG.number(y(due)))H\(SVG.number(Self.right))", "#1c1c1c", 1,
        ChartLegend.firstDueDashes)
      sheet.legend.use(.firstDue, labels.firstDue)
    }
    for (n, lane) in lanes.enumerated() {
      for window in lane { band(window, n, &sheet, labels) }
    }
  }

  private func band(
    _ window: ChartWindow, _ n: Int, _ sheet: inout ChartSheet, _ labels: ChartLabels
  ) {
    let (top, bottom) = (y(window.span.lowerBound), y(window.span.upperBound))
    let x = Self.clockWidth + Double(n) * Self.lane
    let asked = window.asked(labels)
    let text = asked.isEmpty ? window.duty.text : "\(window.duty) · \(asked)"
    sheet.body.add(
      "rect",
      [
        ("class", "window"), ("x", SVG.number(x)), ("y", SVG.number(top)),
        ("width", SVG.number(Self.lane - 2)), ("height", SVG.number(bottom - top)),
        ("fill", ChartMarks.windowBeside), ("stroke", "#5d7285"),
      ], title: "\(text), \(time.clock(window.span.lowerBound, window.span.upperBound))")
    if bottom - top > 24 {
      sheet.body.text(
        GapPicture.fitted(text, size: 9.5, width: bottom - top - 6), x: x + 10.5,
        y: (top + bottom) / 2, size: 9.5, anchor: "middle", along: (0, -1))
    }
  }

  func axes(_ sheet: inout ChartSheet, _ labels: ChartLabels) {
    let ticks = time.ticks(apart: 34)
    func rules(
      _ ticks: [ChartTime.Tick], _ colour: String, _ width: Double, _ dashes: String? = nil
    ) {
      let d = ticks.map { "M\(SVG.number(left)) \(SVG.number(y($0.at)))H\(SVG.number(Self.right))" }
      if !d.isEmpty { sheet.line(d.joined(), colour, width, dashes) }
    }
    rules(time.ticks(apart: 12).filter { !ticks.contains($0) }, "#d9d9d9", 0.5)
    rules(ticks.filter { $0.kind == .plain }, "#c4c4c4", 0.8)
    rules(ticks.filter { $0.kind == .midnight }, "#555555", 1)
    rules(ticks.filter { $0.kind == .zoneChange }, "#555555", 1, "2 2")
    sheet.body.open("g", [("text-anchor", "end")])
    for tick in ticks {
      sheet.body.text(
        time.clock(tick.at), x: Self.clockWidth - 6, y: y(tick.at) + 3.5,
        weight: tick.kind == .plain ? .normal : .bold)
    }
    sheet.body.close("g")
    let step = GapMarks.step(length, atMost: 10, of: GapMarks.lengths)
    var chainages = Array(stride(from: 0, to: length, by: step))
    if let last = chainages.last, length - last < step * 0.6, chainages.count > 1 {
      chainages.removeLast()
    }
    let marked = (chainages + [length]).map { SVG.number(x($0)) }
    let (low, high) = (SVG.number(time.low), SVG.number(time.high))
    sheet.line(marked.map { "M\($0) \(low)V\(high)" }.joined(), "#c4c4c4", 0.6)
    sheet.line(
      marked.map { "M\($0) \(SVG.number(time.low - 4))v4" }.joined(), "#555555", 1)
    for s in chainages + [length] {
      for y in [time.low - 7, time.high + 12] {
        sheet.body.text(
          Decimal.text(s, 0), x: x(s), y: y, size: 10, anchor: s == length ? "end" : "middle")
      }
    }
    sheet.body.text(
      labels.metresAlong, x: Self.right, y: time.low - 22, size: 10, anchor: "end",
      fill: "#444444")
  }

  /// Dates, and changes of clocks, do not fit beside the plot: they stand in it, over all else.
  func dates(_ sheet: inout ChartSheet) {
    for tick in time.ticks(apart: 34) where tick.kind != .plain {
      sheet.body.text(
        tick.text, x: Self.right - 4, y: y(tick.at) - 3, size: 9, anchor: "end", fill: "#444444",
        halo: 3)
    }
  }

  /// Under the line's chainages, as many as there is room for.
  func put(stations: [Station], _ sheet: inout ChartSheet) {
    var end = 0.0
    for station in stations {
      let at = x(station.chainage.value)
      let width = GapPicture.textWidth(station.name, size: 9.5)
      let middle = min(max(at, width / 2), ChartSheet.width - width / 2)
      guard middle - width / 2 > end else { continue }
      sheet.line(
        "M\(SVG.number(at)) \(SVG.number(time.low))V\(SVG.number(time.high + 16))", "#777777", 0.8,
        "1 3")
      sheet.body.text(station.name, x: middle, y: time.high + 26, size: 9.5, anchor: "middle")
      end = middle + width / 2 + 8
    }
  }

  /// Nothing can be said yet of what lies after the clock.
  func notJudged(_ sheet: inout ChartSheet, _ labels: ChartLabels) {
    let open = IntervalSet(unsorted: windows.map(\.span)).subtracting(
      IntervalSet(Instant.distantPast..<day.judgedUntil))
    for span in open.ranges {
      let (top, bottom) = (y(span.lowerBound), y(span.upperBound))
      sheet.box(
        .notJudged, x: left, y: top, width: Self.right - left, height: bottom - top,
        class: "not-judged", title: labels.notJudgedYet)
      sheet.legend.use(.fill(.notJudged), labels.notJudgedYet)
    }
  }
}
