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
  let windows: [ChartWindow]
  let passes: [Pass]
  let gaps: [GapRecord]
  let stations: [Station]
  /// Each handheld's stroke, by name.
  let strokes: [(handheld: Handheld.ID, stroke: ChartStroke)]
  let time: ChartTime
  /// The length of its cells, in metres.
  let cell: Double
  /// Windows side by side at the left edge, by lane.
  let lanes: [[ChartWindow]]

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
  static let clockWidth = 44.0
  static let lane = 16.0

  /// - Parameters:
  ///   - windows: of duties owed there.
  ///   - passes: along it, drive-bys among them, of whatever handheld.
  ///   - gaps: of those windows, with what was excused.
  ///   - stations: what people know the line by.
  /// - Returns: nil where the place is no line.
  public init?(
    of place: Place, on day: ChartDay, windows: [ChartWindow], passes: [Pass], gaps: [GapRecord],
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
    var lanes: [[ChartWindow]] = []
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
    let runs = runs
    draw(runs, &sheet, labels)
    put(names: runs, &sheet, labels)
    dates(&sheet)
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
}
