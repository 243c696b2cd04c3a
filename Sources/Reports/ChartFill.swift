internal import Assessment
internal import Coverage

/// What areas of a chart are filled with. Each has a texture of its own, so that none needs its colour to be told from
/// another.
enum ChartFill: String, CaseIterable, Hashable {
  case missed, unproven, excused
  case observed, silent
  case noFix = "no-fix"
  case poor, rejected, unreachable
  case daemonDown = "daemon-down"
  case notJudged = "not-judged"

  init(_ verdict: Verdict) {
    switch verdict {
    case .missed: self = .missed
    case .unproven: self = .unproven
    }
  }

  init(_ state: HandheldDay.State) {
    switch state {
    case .observed: self = .observed
    case .daemonDown: self = .daemonDown
    case .unreachable: self = .unreachable
    case .rejected(.poorFix): self = .poor
    case .rejected: self = .rejected
    case .noFix: self = .noFix
    case .silent: self = .silent
    }
  }

  /// Of outlines.
  var edge: String {
    switch self {
    case .missed: "#8e1515"
    case .unproven: "#7a5200"
    case .excused: "#3f51b5"
    case .observed: "#2f5d50"
    case .silent: "#444"
    case .noFix, .poor, .rejected: "#7a3d00"
    case .unreachable, .daemonDown: "#37308a"
    case .notJudged: "#999"
    }
  }

  /// The value of a `fill`; `chart` is the name of the drawing, unique on its page.
  func paint(_ chart: String) -> String { "url(#\(chart)-\(rawValue))" }

  /// One tile: its side, its ground and what is drawn on it.
  private var tile: (side: Double, ground: String, marks: SVG) {
    var marks = SVG()
    func path(_ d: String, _ colour: String, _ width: Double) {
      marks.add(
        "path",
        [("d", d), ("fill", "none"), ("stroke", colour), ("stroke-width", SVG.number(width))])
    }
    /// Over the corners as well, so that tiles join without notches.
    func slanted(_ side: Double, _ colour: String, _ width: Double) {
      let (s, half) = (SVG.number(side), SVG.number(side / 2))
      let (over, under) = (SVG.number(-side / 2), SVG.number(side * 1.5))
      path(
        "M\(over) \(half)L\(half) \(over)M0 \(s)L\(s) 0M\(half) \(under)L\(under) \(half)", colour,
        width)
    }
    func dot(_ x: Double, _ y: Double, _ radius: Double, _ colour: String) {
      marks.add(
        "circle",
        [
          ("cx", SVG.number(x)), ("cy", SVG.number(y)), ("r", SVG.number(radius)),
          ("fill", colour),
        ])
    }
    switch self {
    case .missed:
      slanted(6, "#b71c1c", 1.5)
      return (6, "#f6c9c9", marks)
    case .unproven:
      dot(1.5, 1.5, 0.9, "#8a5d00")
      dot(4.5, 4.5, 0.9, "#8a5d00")
      return (6, "#fff1cc", marks)
    case .excused:
      path("M4.5 0V9", "#5c6bc0", 1)
      return (9, "#eef0fa", marks)
    case .observed: return (4, "#6f9f8f", marks)
    case .silent: return (4, "#ffffff", marks)
    case .noFix:
      dot(2, 2, 1, "#7a3d00")
      return (4, "#ffe3c2", marks)
    case .poor:
      path("M0 2.5H5", "#a85a0a", 1)
      return (5, "#fff3e2", marks)
    case .rejected:
      slanted(5, "#7a3d00", 1.6)
      return (5, "#ffd2a8", marks)
    case .unreachable:
      path("M2 0V4", "#37308a", 1.2)
      return (4, "#dcd9f5", marks)
    case .daemonDown:
      path("M0 2.5H5M2.5 0V5", "#37308a", 1.2)
      return (5, "#c3bfe8", marks)
    case .notJudged:
      path("M0 3.5H3.5", "#aaaaaa", 0.8)
      return (7, "#ffffff", marks)
    }
  }

  /// What is left of it without colours: the marks, and whether its ground is dark.
  var texture: String {
    let isDark = self == .observed
    return tile.marks.text.replacing(#/#[0-9a-f]{6}/#, with: "") + (isDark ? "dark" : "")
  }

  /// What a chart that uses it defines.
  func define(_ chart: String, in svg: inout SVG) {
    let (side, ground, marks) = tile
    let size = SVG.number(side)
    svg.open(
      "pattern",
      [
        ("id", "\(chart)-\(rawValue)"), ("width", size), ("height", size),
        ("patternUnits", "userSpaceOnUse"),
      ])
    svg.add("rect", [("width", size), ("height", size), ("fill", ground)])
    svg.add(marks)
    svg.close("pattern")
  }
}
