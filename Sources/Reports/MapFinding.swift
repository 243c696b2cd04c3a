internal import Coverage

/// What a map tells of a part of a place, by shape and texture as much as by colour: it is to be read in black and white.
enum MapFinding: String, CaseIterable, Hashable {
  case covered, unproven, missed
  /// Nothing is owed there, or nothing was judged yet.
  case none

  init(_ verdict: Verdict?) {
    switch verdict {
    case .missed: self = .missed
    case .unproven: self = .unproven
    case nil: self = .covered
    }
  }

  private var colour: String {
    switch self {
    case .covered: SVG.covered
    case .missed: SVG.missed
    case .unproven: SVG.unproven
    case .none: SVG.nothing
    }
  }

  /// What a picture that draws areas defines.
  ///
  /// - Parameter chart: its name, unique on its page.
  static func define(_ chart: String, in svg: inout SVG) {
    svg.open("defs")
    ChartFill.missed.define(chart, in: &svg)
    ChartFill.unproven.define(chart, in: &svg)
    svg.close("defs")
  }

  /// A stretch of line: plain, barred where missed, dotted where unproven, thin where nothing is owed.
  func line(_ d: String, _ svg: inout SVG) {
    func stroke(_ colour: String, _ width: Double, _ more: [(String, String)] = []) {
      svg.add(
        "path",
        [
          ("class", rawValue), ("d", d), ("fill", "none"), ("stroke", colour),
          ("stroke-width", SVG.number(width)), ("stroke-linejoin", "round"),
        ] + more)
    }
    switch self {
    case .covered: stroke(colour, 6)
    case .missed:
      stroke(colour, 8)
      stroke("#fff", 4, [("stroke-dasharray", "6 6")])
    case .unproven:
      stroke("#fff", 8)
      let dots = [("stroke-dasharray", "0 10"), ("stroke-linecap", "round")]
      stroke(ChartFill.unproven.edge, 8, dots)
      stroke(colour, 5, dots)
    case .none: stroke(colour, 2)
    }
  }

  /// A guard point: a disc, a crossed square where missed, a diamond with an eye where unproven, a ring where nothing is
  /// owed.
  ///
  /// - Parameter radius: of the disc; in pixels, as all here.
  func point(x: Double, y: Double, radius: Double, _ svg: inout SVG) {
    let at = "M\(SVG.number(x)) \(SVG.number(y))"
    func disc(_ radius: Double, _ fill: String, _ edge: String) {
      svg.add(
        "circle",
        [
          ("class", rawValue), ("cx", SVG.number(x)), ("cy", SVG.number(y)),
          ("r", SVG.number(radius)), ("fill", fill), ("stroke", edge), ("stroke-width", "2"),
        ])
    }
    func shape(_ d: String, _ fill: String, _ edge: String, _ width: Double) {
      svg.add(
        "path",
        [
          ("class", rawValue), ("d", at + d), ("fill", fill), ("stroke", edge),
          ("stroke-width", SVG.number(width)),
        ])
    }
    switch self {
    case .covered: disc(radius, colour, "#fff")
    case .missed:
      let r = radius * 0.9
      let (side, cross) = (SVG.number(2 * r), SVG.number(r * 1.2))
      shape("m\(SVG.number(-r)) \(SVG.number(-r))h\(side)v\(side)h-\(side)z", colour, "#fff", 2)
      let c = SVG.number(r * 0.6)
      shape("m-\(c) -\(c)l\(cross) \(cross)m0 -\(cross)l-\(cross) \(cross)", "none", "#fff", 2.2)
    case .unproven:
      let r = SVG.number(radius * 1.2)
      shape(
        "m0 -\(r)l\(r) \(r)l-\(r) \(r)l-\(r) -\(r)z", colour, ChartFill.unproven.edge, 1.6)
      disc(max(1, radius * 0.25), ChartFill.unproven.edge, "none")
    case .none: disc(radius * 0.8, "#fff", colour)
    }
  }

  /// An area, or squares of one, in the textures of charts; empty and dashed where nothing is owed.
  ///
  /// - Parameter edge: of what it is drawn with; nil: of its finding's colour.
  func area(
    _ d: String, edge: (colour: String, width: Double)? = nil, chart: String, _ svg: inout SVG
  ) {
    let fill =
      switch self {
      case .covered: ChartMarks.covered
      case .missed: ChartFill.missed.paint(chart)
      case .unproven: ChartFill.unproven.paint(chart)
      case .none: "#fff"
      }
    svg.add(
      "path",
      [
        ("class", rawValue), ("d", d), ("fill", fill), ("fill-rule", "evenodd"),
        ("stroke", edge?.colour ?? colour), ("stroke-width", SVG.number(edge?.width ?? 2)),
      ] + (self == .none ? [("stroke-dasharray", "3 3")] : []))
  }
}
