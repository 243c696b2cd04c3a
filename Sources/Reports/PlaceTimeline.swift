public import Coverage
public import Geodesy
public import Patrol
public import Store

/// Guard points and areas on one day, a row for each window: who stayed when, and under it what was covered, missed and
/// unproven, with the moments at which the place fell due. Of a gridded area, the share of its squares.
public struct PlaceTimeline: Sendable {
  /// A place's window, and what came of it.
  public struct Row: Sendable {
    public var place: Place
    public var window: ChartWindow
    /// Of those who serve the duty.
    public var stays: [Stay]
    /// With what was excused of them.
    public var gaps: [GapRecord]
    /// When it was attended, proven; closed intervals, rising. Nil of places of several cells: they fall due cell by cell.
    public var attended: [ClosedRange<Instant>]?

    public init(
      place: Place, window: ChartWindow, stays: [Stay], gaps: [GapRecord],
      attended: [ClosedRange<Instant>]?
    ) {
      (self.place, self.window, self.stays) = (place, window, stays)
      (self.gaps, self.attended) = (gaps, attended)
    }
  }

  let title: String
  let day: ChartDay
  let rows: [(row: Row, lanes: StayLanes)]
  let time: ChartTime
  let strokes: [Handheld.ID: ChartStroke]

  static let left = 168.0
  static let right = ChartSheet.width - 10
  static let top = 58.0
  /// Of the bar that tells what was covered: shares want more room than all or nothing.
  func bar(_ row: Row) -> Double { row.place.cells.count > 1 ? 22 : 11 }

  /// - Parameter title: whose places they are.
  public init(_ title: String, on day: ChartDay, rows: [Row]) {
    (self.title, self.day) = (title, day)
    let handhelds = Set(rows.flatMap { $0.stays.map(\.handheld) }).sorted()
    strokes = Dictionary(
      uniqueKeysWithValues: handhelds.enumerated().map { ($1, ChartStroke($0)) })
    let shown = ChartTime.showing(
      rows.flatMap { row in
        [row.window.span] + row.stays.map { $0.arrived..<max($0.arrived, $0.left) }
      }, day: day.span)
    time = ChartTime(shown, zone: day.zone, from: Self.left, to: Self.right)
    self.rows = rows.map { ($0, StayLanes($0.stays)) }
  }

  /// - Parameter name: unique on its page; letters, digits and hyphens.
  public func svg(name: String, _ labels: ChartLabels) -> String {
    var sheet = ChartSheet(name)
    sheet.head(title, [labels.placeTimeline, "\(day.date)", "\(labels.localTime) \(time.offsets)"])
    var y = Self.top
    var tops: [Double] = []
    for entry in rows {
      tops.append(y)
      y += height(entry)
    }
    let bottom = max(y, Self.top + 30)
    sheet.timeAxis(time, top: Self.top, bottom: bottom)
    for (entry, top) in zip(rows, tops) { draw(entry.row, entry.lanes, top, &sheet, labels) }
    if rows.isEmpty {
      sheet.body.text(
        labels.nothingOwed, x: (Self.left + Self.right) / 2, y: Self.top + 19, size: 12,
        anchor: "middle", fill: "#555555", halo: 3)
    }
    return sheet.finish(
      label: "\(labels.placeTimeline): \(title), \(day.date)", signsFrom: bottom + 24)
  }

  private func height(_ entry: (row: Row, lanes: StayLanes)) -> Double {
    StayLanes.height * Double(max(1, entry.lanes.count)) + bar(entry.row) + 17
  }

  func x(_ at: Instant) -> Double { time.position(at) }

  private func draw(
    _ row: Row, _ lanes: StayLanes, _ top: Double, _ sheet: inout ChartSheet,
    _ labels: ChartLabels
  ) {
    let window = row.window
    let height = height((row, lanes))
    sheet.line("M0 \(SVG.number(top))H\(SVG.number(Self.right))", "#cccccc", 0.6)
    tell(row.place.name, top + 14, sizes: [11, 10, 9], weight: .bold, &sheet)
    for (n, text) in [window.duty.text, window.asked(labels)].enumerated() {
      let y = top + 25 + 10 * Double(n)
      guard n == 0 || y < top + height + 1 else { continue }
      tell(text, y, sizes: [9, 8], fill: "#444444", &sheet)
    }
    let (from, to) = (x(window.span.lowerBound), x(window.span.upperBound))
    let told =
      "\(window.duty) · \(window.asked(labels)) · "
      + time.clock(window.span.lowerBound, window.span.upperBound)
    sheet.body.add(
      "rect",
      [
        ("class", "window"), ("x", SVG.number(from)), ("y", SVG.number(top + 3)),
        ("width", SVG.number(to - from)), ("height", SVG.number(height - 6)),
        ("fill", "#ffffff"), ("stroke", "#5d7285"), ("stroke-width", "0.8"),
      ], title: told)
    sheet.legend.use(.window, labels.window)
    let bar = top + height - self.bar(row) - 5
    verdicts(row, bar, &sheet, labels)
    draw(lanes, top + 6, &sheet, labels)
    dues(row, bar, &sheet, labels)
  }

  /// What a row is of, at its left: small before it is cut.
  private func tell(
    _ text: String, _ y: Double, sizes: [Double], weight: SVG.Weight = .normal,
    fill: String = "#1c1c1c", _ sheet: inout ChartSheet
  ) {
    // Bold letters are a tenth wider.
    let room = (Self.left - 6) / (weight == .bold ? 1.1 : 1)
    let size =
      sizes.first { GapPicture.textWidth(text, size: $0) <= room } ?? sizes[sizes.count - 1]
    sheet.body.text(
      GapPicture.fitted(text, size: size, width: room), x: 0, y: y, size: size, weight: weight,
      fill: fill)
  }

  private func dues(
    _ row: Row, _ bar: Double, _ sheet: inout ChartSheet, _ labels: ChartLabels
  ) {
    guard let attended = row.attended else { return }
    let dues = row.window.dues(attended, judgedUntil: day.judgedUntil).filter {
      time.span.contains($0.at) || $0.at == time.span.upperBound
    }
    for isMet in [false, true] {
      let moments = dues.filter { $0.isMet == isMet }.map(\.at)
      guard !moments.isEmpty else { continue }
      let text = isMet ? labels.due : labels.lapsed
      let told = ([text] + moments.map { time.clock($0) }).joined(separator: " · ")
      ChartMarks.due(moments.map(x), bar + 1, isMet: isMet, told, &sheet.body)
      sheet.legend.use(isMet ? .due : .lapsed, text)
    }
  }

  // MARK: stays

  /// What has a handheld's colour is drawn together.
  private func draw(
    _ lanes: StayLanes, _ top: Double, _ sheet: inout ChartSheet, _ labels: ChartLabels
  ) {
    var own: [Handheld.ID: [(stay: Stay, y: Double)]] = [:]
    for (stay, lane) in lanes.placed {
      own[stay.handheld, default: []].append((stay, top + StayLanes.height * Double(lane)))
    }
    for (handheld, stays) in own.sorted(by: { $0.key < $1.key }) {
      let colour = strokes[handheld]?.colour ?? "#333333"
      sheet.body.open("g", [("fill", colour), ("stroke", colour)])
      for (stay, y) in stays { draw(stay, y, &sheet, labels) }
      sheet.body.close("g")
    }
    for (stay, lane) in lanes.placed {
      name(stay, lanes, top + StayLanes.height * Double(lane), &sheet)
    }
  }

  private func ends(_ stay: Stay) -> (from: Double, to: Double) {
    (x(stay.arrived), max(x(stay.left), x(stay.arrived) + 2))
  }

  private func draw(
    _ stay: Stay, _ y: Double, _ sheet: inout ChartSheet, _ labels: ChartLabels
  ) {
    let (from, to) = ends(stay)
    let kind: String
    var more: [(String, String)] = [("fill", "#ffffff"), ("stroke-width", "1.4")]
    switch stay.kind {
    case .stay:
      (kind, more) = (labels.stay, [])
      sheet.legend.use(.stay, kind)
    case .shortStay:
      kind = labels.shortStay
      sheet.legend.use(.shortStay, kind)
    case .driveBy:
      kind = labels.driveBy
      more.append(("stroke-dasharray", "3 2"))
      sheet.legend.use(.drivenThrough, kind)
    }
    sheet.body.add(
      "rect",
      [
        ("class", stay.kind.rawValue), ("x", SVG.number(from)), ("y", SVG.number(y)),
        ("width", SVG.number(to - from)), ("height", SVG.number(StayLanes.height - 3)),
      ] + more,
      title: [
        "\(stay.handheld)", kind, time.clock(stay.arrived, stay.left), labels.duration(stay.length),
      ].joined(separator: " · "))
  }

  /// In the bar, after it, or before it: wherever there is room in its lane.
  private func name(_ stay: Stay, _ lanes: StayLanes, _ y: Double, _ sheet: inout ChartSheet) {
    let (from, to) = ends(stay)
    let colour = strokes[stay.handheld]?.colour ?? "#333333"
    let (size, text) = (8.5, stay.handheld.text)
    let width = GapPicture.textWidth(text, size: size) + 4
    let (before, after) = lanes.neighbours(of: stay)
    let next = after.map { x($0) - 2 } ?? Self.right
    let last = before.map { x($0) + 2 } ?? Self.left
    let base = y + StayLanes.height - 3 - 1.2
    if stay.kind == .stay, to - from > width {
      sheet.body.text(
        text, x: (from + to) / 2, y: base, size: size, anchor: "middle", fill: "#ffffff")
    } else if next - to > width {
      sheet.body.text(text, x: to + 3, y: base, size: size, fill: colour, halo: 2)
    } else if from - last > width {
      sheet.body.text(text, x: from - 3, y: base, size: size, anchor: "end", fill: colour, halo: 2)
    }
  }
}
