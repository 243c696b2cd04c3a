internal import Coverage

/// What the signs of a chart mean: those that were used, in the order of first use, in lines of text.
struct ChartLegend {
  enum Sign: Hashable {
    case fill(ChartFill)
    case stroke(ChartStroke)
    case driveBy
    case window, windowBeside, nothingOwed
    case firstDue, due, lapsed
    case covered, stay, shortStay, drivenThrough
    case offDuty
  }

  private var entries: [(sign: Sign, text: String)] = []

  mutating func use(_ sign: Sign, _ text: String) {
    if !entries.contains(where: { $0.sign == sign }) { entries.append((sign, text)) }
  }

  var fills: [ChartFill] {
    entries.compactMap { if case .fill(let fill) = $0.sign { fill } else { nil } }
  }

  static let firstDueDashes = "7 2.5 1.5 2.5"
  private static let size = 10.0
  private static let sample = 26.0
  private static let row = 17.0

  /// - Parameter paints: of its fills.
  func draw(
    width: Double, _ paints: [ChartFill: String], chart: String
  ) -> (SVG, height: Double) {
    var svg = SVG()
    var (x, y) = (0.0, 8.0)
    for (sign, text) in entries {
      let needed = Self.sample + 5 + GapPicture.textWidth(text, size: Self.size) + 14
      if x > 0, x + needed > width { (x, y) = (0, y + Self.row) }
      Self.show(sign, x, y, paints, chart, &svg)
      svg.text(text, x: x + Self.sample + 5, y: y + 3.5, size: Self.size)
      x += needed
    }
    return (svg, entries.isEmpty ? 0 : y + 8)
  }

  private static func show(
    _ sign: Sign, _ x: Double, _ y: Double, _ paints: [ChartFill: String], _ chart: String,
    _ svg: inout SVG
  ) {
    func box(_ fill: String, _ edge: String, _ more: [(String, String)] = []) {
      svg.add(
        "rect",
        [
          ("x", SVG.number(x)), ("y", SVG.number(y - 5)), ("width", SVG.number(sample)),
          ("height", "10"), ("fill", fill), ("stroke", edge),
        ] + more)
    }
    func line(_ colour: String, _ width: Double, _ dashes: String) {
      svg.add(
        "path",
        [
          ("d", "M\(SVG.number(x)) \(SVG.number(y))h\(SVG.number(sample))"), ("stroke", colour),
          ("stroke-width", SVG.number(width)), ("stroke-dasharray", dashes),
        ])
    }
    switch sign {
    case .fill(let fill): box(paints[fill] ?? "none", fill.edge, [("stroke-width", "0.8")])
    case .stroke(let stroke):
      let d = "M\(SVG.number(x + 2)) \(SVG.number(y))H\(SVG.number(x + sample - 2))"
      stroke.draw([ChartStroke.Drawn(d: d)], stroke.marks(chart), &svg)
    case .driveBy: line("#1c1c1c", 1.6, ChartStroke.driveByDashes)
    case .window: box("#ffffff", "#5d7285")
    case .windowBeside: box(ChartMarks.windowBeside, "#5d7285")
    case .nothingOwed: box("#ececec", "#cccccc")
    case .firstDue: line("#1c1c1c", 1, firstDueDashes)
    case .due: ChartMarks.due([x + sample / 2], y + 4, isMet: true, nil, &svg)
    case .lapsed: ChartMarks.due([x + sample / 2], y + 4, isMet: false, nil, &svg)
    case .covered: box(ChartMarks.covered, "#8fae92", [("stroke-width", "0.8")])
    case .stay: box("#333333", "#333333")
    case .shortStay: box("#ffffff", "#333333", [("stroke-width", "1.4")])
    case .drivenThrough:
      box("#ffffff", "#333333", [("stroke-width", "1.4"), ("stroke-dasharray", "3 2")])
    case .offDuty: line("#999999", 1, "1 3")
    }
  }
}
