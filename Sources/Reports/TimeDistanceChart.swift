public import Coverage
public import Geodesy
public import Patrol
public import Store

/// One patrol line on one day, as a railway's graph shows a line's trains: chainage to the right, time downwards. A walk is
/// a slanted stroke whose slope is its speed; what no stroke reached in time is filled, by verdict.
///
///     let chart = TimeDistanceChart(of: line, on: day, windows: windows, passes: passes, gaps: gaps)
///     let svg = chart?.svg(name: "line-3", labels)
public struct TimeDistanceChart: Sendable {
  let place: Place
  let line: Polyline
  let day: ChartDay
  let windows: [DutyWindow]
  let passes: [Pass]
  let gaps: [GapRecord]
  let stations: [Station]
  /// Each handheld's stroke, by name.
  let strokes: [(handheld: Handheld.ID, stroke: ChartStroke)]
  let time: ChartTime
  /// The length of its cells, in metres.
  let cell: Double
  /// Windows side by side at the left edge, by lane.
  let lanes: [[DutyWindow]]

  /// Something that is known by name, at a chainage.
  public struct Station: Hashable, Sendable {
    public var name: String
    public var chainage: Metres

    public init(_ name: String, at chainage: Metres) {
      (self.name, self.chainage) = (name, chainage)
    }
  }

  static let top = 70.0
  static let right = ChartSheet.width - 14
  private static let clockWidth = 44.0
  static let lane = 16.0

  /// - Parameters:
  ///   - windows: of duties owed there.
  ///   - passes: along it, drive-bys among them, of whatever handheld.
  ///   - gaps: of those windows, with what was excused.
  ///   - stations: what people know the line by.
  /// - Returns: nil where the place is no line.
  public init?(
    of place: Place, on day: ChartDay, windows: [DutyWindow], passes: [Pass], gaps: [GapRecord],
    stations: [Station] = []
  ) {
    guard case .line(let line, _) = place.geometry else { return nil }
    (self.place, self.line, self.day) = (place, line, day)
    cell = place.cells.first?.stretch?.to.value ?? line.length.value
    self.windows = windows.sorted {
      ($0.span.lowerBound, $0.duty) < ($1.span.lowerBound, $1.duty)
    }
    self.passes = passes.sorted { ($0.began, $0.handheld) < ($1.began, $1.handheld) }
    self.gaps = gaps
    self.stations = stations.sorted { ($0.chainage, $0.name) < ($1.chainage, $1.name) }
    strokes = Set(passes.map(\.handheld)).sorted().enumerated().map { ($1, ChartStroke($0)) }
    var lanes: [[DutyWindow]] = []
    for window in self.windows {
      let free = lanes.firstIndex {
        ($0.last?.span.upperBound).map { $0 <= window.span.lowerBound } ?? true
      }
      if let free { lanes[free].append(window) } else { lanes.append([window]) }
    }
    self.lanes = lanes
    var spans = windows.map(\.span)
    spans += passes.map { $0.began..<max($0.began, $0.ended) }
    spans += gaps.map { $0.gap.began..<max($0.gap.began, $0.gap.ended) }
    let shown = ChartTime.showing(spans, day: day.span)
    let hours = (shown.upperBound - shown.lowerBound).seconds / 3600
    time = ChartTime(
      shown, zone: day.zone, from: Self.top, to: Self.top + min(800, max(240, hours * 150)))
  }

  /// - Parameter name: unique on its page; letters, digits and hyphens.
  public func svg(name: String, _ labels: ChartLabels) -> String {
    var sheet = ChartSheet(name)
    sheet.head(
      place.name, [labels.timeDistance, "\(day.date)", "\(labels.localTime) \(time.offsets)"])
    ground(&sheet, labels)
    axes(&sheet, labels)
    put(stations: stations, &sheet)
    for record in gaps { draw(record, &sheet, labels) }
    notJudged(&sheet, labels)
    let marks = passes.map { ($0, pieces($0)) }
    for (pass, pieces) in marks { draw(pass, pieces, &sheet, labels) }
    put(names: marks, &sheet, labels)
    sheet.body.add(
      "rect",
      [
        ("x", SVG.number(left)), ("y", SVG.number(time.low)),
        ("width", SVG.number(Self.right - left)), ("height", SVG.number(time.high - time.low)),
        ("fill", "none"), ("stroke", "#555555"),
      ])
    if passes.isEmpty, gaps.isEmpty {
      sheet.body.text(
        windows.isEmpty ? labels.nothingOwed : labels.nobodyCame, x: (left + Self.right) / 2,
        y: (time.low + time.high) / 2, size: 12, anchor: "middle", fill: "#555555", halo: 3)
    }
    return sheet.finish(
      label: "\(labels.timeDistance): \(place.name), \(day.date)",
      signsFrom: time.high + (stations.isEmpty ? 28 : 42))
  }

  // MARK: where things lie

  var left: Double { Self.clockWidth + Self.lane * Double(lanes.count) + (lanes.isEmpty ? 0 : 4) }

  var length: Double { max(line.length.value, 0.1) }

  func x(_ chainage: Double) -> Double {
    left + min(1, max(0, chainage / length)) * (Self.right - left)
  }

  func y(_ at: Instant) -> Double { time.position(at) }

  /// What of a pass is shown, as straight strokes. Chainages on a closed loop may run on below 0 or above its length: there
  /// they go on from its other end.
  func pieces(_ pass: Pass) -> [StrokeLabels.Piece] {
    let (from, to) = (pass.from.value, pass.to.value)
    let rounds =
      line.isClosed
      ? Int((min(from, to) / length).rounded(.down))...Int((max(from, to) / length).rounded(.down))
      : 0...0
    let whole = (pass.ended - pass.began).seconds
    func part(_ at: Instant) -> Double { whole > 0 ? (at - pass.began).seconds / whole : 0 }
    let low = max(0, part(max(pass.began, time.span.lowerBound)))
    let high = min(1, whole > 0 ? part(min(pass.ended, time.span.upperBound)) : 1)
    guard low <= high else { return [] }
    var pieces: [StrokeLabels.Piece] = []
    for round in from <= to ? Array(rounds) : rounds.reversed() {
      let (first, last) = (Double(round) * length, Double(round + 1) * length)
      var (a, b) = (low, high)
      if from != to {
        let (s, e) = ((first - from) / (to - from), (last - from) / (to - from))
        if line.isClosed { (a, b) = (max(a, min(s, e)), min(b, max(s, e))) }
      }
      guard a <= b, a < b || from == to || low == high else { continue }
      func point(_ t: Double) -> (Double, Double) {
        let at = pass.began + Milliseconds(Int64(t * whole * 1000))
        return (x(from + (to - from) * t - first), y(at))
      }
      let ((x1, y1), (x2, y2)) = (point(a), point(b))
      pieces.append((x1, y1, x2, y2))
    }
    return pieces
  }

  // MARK: ground and axes

  private func ground(_ sheet: inout ChartSheet, _ labels: ChartLabels) {
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
    for due in Set(windows.compactMap(\.firstDue)).sorted() {
      sheet.line(
        "M\(SVG.number(left)) \(SVG.number(y(due)))H\(SVG.number(Self.right))", "#1c1c1c", 1,
        ChartLegend.firstDueDashes)
      sheet.legend.use(.firstDue, labels.firstDue)
    }
    for (n, lane) in lanes.enumerated() {
      for window in lane { band(window, n, &sheet, labels) }
    }
    if !windows.isEmpty { sheet.legend.use(.window, labels.window) }
    sheet.legend.use(.nothingOwed, labels.nothingOwed)
  }

  private func band(
    _ window: DutyWindow, _ n: Int, _ sheet: inout ChartSheet, _ labels: ChartLabels
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
        ("fill", "#e3eaf1"), ("stroke", "#5d7285"),
      ], title: "\(text), \(time.clock(window.span.lowerBound, window.span.upperBound))")
    if bottom - top > 24 {
      sheet.body.text(
        GapPicture.fitted(text, size: 9.5, width: bottom - top - 6), x: x + 10.5,
        y: (top + bottom) / 2, size: 9.5, anchor: "middle", along: (0, -1))
    }
  }

  private func axes(_ sheet: inout ChartSheet, _ labels: ChartLabels) {
    let ticks = time.ticks(apart: 34)
    for tick in time.ticks(apart: 12) where !ticks.contains(tick) {
      sheet.line(
        "M\(SVG.number(left)) \(SVG.number(y(tick.at)))H\(SVG.number(Self.right))", "#d9d9d9", 0.5)
    }
    for tick in ticks {
      let isPlain = tick.kind == .plain
      sheet.line(
        "M\(SVG.number(left)) \(SVG.number(y(tick.at)))H\(SVG.number(Self.right))",
        isPlain ? "#c4c4c4" : "#555555", isPlain ? 0.8 : 1, tick.kind == .zoneChange ? "2 2" : nil)
      if isPlain {
        sheet.body.text(
          tick.text, x: Self.clockWidth - 6, y: y(tick.at) + 3.5, size: 10, anchor: "end")
      } else {
        // A date, or a change of clocks, does not fit beside the plot.
        sheet.body.text(
          time.clock(tick.at), x: Self.clockWidth - 6, y: y(tick.at) + 3.5, size: 10,
          anchor: "end", weight: .bold)
        sheet.body.text(
          tick.text, x: Self.right - 4, y: y(tick.at) - 3, size: 9, anchor: "end",
          fill: "#444444", halo: 2.4)
      }
    }
    let step = GapMarks.step(length, atMost: 10, of: GapMarks.lengths)
    var chainages = Array(stride(from: 0, to: length, by: step))
    if let last = chainages.last, length - last < step * 0.6, chainages.count > 1 {
      chainages.removeLast()
    }
    for s in chainages + [length] {
      sheet.line(
        "M\(SVG.number(x(s))) \(SVG.number(time.low))V\(SVG.number(time.high))", "#c4c4c4", 0.6)
      sheet.line("M\(SVG.number(x(s))) \(SVG.number(time.low - 4))v4", "#555555", 1)
      for y in [time.low - 7, time.high + 12] {
        sheet.body.text(
          Decimal.text(s, 0), x: x(s), y: y, size: 10, anchor: s == length ? "end" : "middle")
      }
    }
    sheet.body.text(
      labels.metresAlong, x: Self.right, y: time.low - 22, size: 10, anchor: "end",
      fill: "#444444")
  }

  /// Under the line's chainages, as many as there is room for.
  private func put(stations: [Station], _ sheet: inout ChartSheet) {
    var end = 0.0
    for station in stations {
      let at = x(station.chainage.value)
      sheet.line(
        "M\(SVG.number(at)) \(SVG.number(time.low))V\(SVG.number(time.high + 16))", "#777777", 0.8,
        "1 3")
      let width = GapPicture.textWidth(station.name, size: 9.5)
      let middle = min(max(at, width / 2), ChartSheet.width - width / 2)
      guard middle - width / 2 > end else { continue }
      sheet.body.text(station.name, x: middle, y: time.high + 26, size: 9.5, anchor: "middle")
      end = middle + width / 2 + 8
    }
  }

  /// Nothing can be said yet of what lies after the clock.
  private func notJudged(_ sheet: inout ChartSheet, _ labels: ChartLabels) {
    let open = TimeSet(windows.map(\.span)).subtracting(
      TimeSet([Instant.distantPast..<day.judgedUntil]))
    for span in open.spans {
      let (top, bottom) = (y(span.lowerBound), y(span.upperBound))
      sheet.box(
        .notJudged, x: left, y: top, width: Self.right - left, height: bottom - top,
        class: "not-judged", title: labels.notJudgedYet)
      sheet.legend.use(.fill(.notJudged), labels.notJudgedYet)
    }
  }
}
