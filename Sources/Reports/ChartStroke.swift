internal import Coverage

/// How one handheld is drawn: by colour, by how its strokes are made and by the mark at their ends, any of which tells it
/// from those beside it. They repeat after 105.
struct ChartStroke: Hashable {
  enum Make: Int, Hashable { case plain, double, thin }
  enum Mark: Int, Hashable { case disc, square, triangle, diamond, ring }

  private let n: Int
  let colour: String
  let make: Make
  let mark: Mark

  /// Dark enough to be read on white and over textures, and apart for those who do not see red or green.
  private static let colours = [
    "#0b3f8a", "#7a3b00", "#5b2a86", "#00584f", "#8a1246", "#333333", "#4a5200",
  ]

  init(_ n: Int) {
    self.n = n
    colour = Self.colours[n % 7]
    make = Make(rawValue: n % 3) ?? .plain
    mark = Mark(rawValue: n % 5) ?? .disc
  }

  /// All but the colour: what is left in black and white.
  var texture: String { "\(make) \(mark)" }

  static let driveByDashes = "5 3"

  /// The names under which a chart defines its mark.
  private func id(_ chart: String) -> String { "\(chart)-end-\(n)" }

  /// Attributes of strokes that have its mark wherever one begins, ends or bends.
  func marks(_ chart: String) -> [(String, String)] {
    ["start", "mid", "end"].map { ("marker-\($0)", "url(#\(id(chart)))") }
  }

  /// What a chart that uses it defines.
  func define(_ chart: String, in svg: inout SVG) {
    svg.open(
      "marker",
      [
        ("id", id(chart)), ("markerUnits", "userSpaceOnUse"), ("markerWidth", "8"),
        ("markerHeight", "8"), ("refX", "4"), ("refY", "4"),
      ])
    let shape =
      switch mark {
      case .disc, .ring: "m-2.4 0a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0 -4.8 0z"
      case .square: "m-2.2 -2.2h4.4v4.4h-4.4z"
      case .triangle: "m0 -3l2.8 5h-5.6z"
      case .diamond: "m0 -3.2l3.2 3.2l-3.2 3.2l-3.2 -3.2z"
      }
    svg.add(
      "path",
      [
        ("d", "M4 4" + shape), ("fill", mark == .ring ? "#ffffff" : colour), ("stroke", colour),
        ("stroke-width", "1"),
      ])
    svg.close("marker")
  }

  /// Some strokes of one handheld, as they are drawn.
  struct Drawn {
    /// Straight lines.
    var d: String
    var kind = Pass.Kind.pass
    /// It has marks at its two ends alone.
    var isUnmarkedBetween = false
    var title: String?
  }

  /// - Parameter marks: its sheet's attributes for it.
  func draw(_ all: [Drawn], _ marks: [(String, String)], _ svg: inout SVG) {
    let widths: (stroke: Double, core: Double?) =
      switch make {
      case .plain: (2.2, nil)
      case .double: (4, 1.6)
      case .thin: (1.2, nil)
      }
    let common = [("fill", "none"), ("stroke-linecap", "butt")]
    svg.open(
      "g",
      common + [("stroke", colour), ("stroke-width", SVG.number(widths.stroke))]
        + (widths.core == nil ? marks : []))
    for one in all {
      var attributes = [("class", one.kind == .driveBy ? "drive-by" : "pass"), ("d", one.d)]
      if one.kind == .driveBy { attributes.append(("stroke-dasharray", Self.driveByDashes)) }
      if one.isUnmarkedBetween, widths.core == nil { attributes.append(("marker-mid", "none")) }
      svg.add("path", attributes, title: one.title)
    }
    svg.close("g")
    guard let core = widths.core else { return }
    // Over the strokes, so that it is them that tell what they are.
    svg.open(
      "g",
      common + [
        ("stroke", "#fff"), ("stroke-width", SVG.number(core)), ("pointer-events", "none"),
      ] + marks)
    for one in all {
      var attributes = [("d", one.d)]
      if one.kind == .driveBy { attributes.append(("stroke", "none")) }
      if one.isUnmarkedBetween { attributes.append(("marker-mid", "none")) }
      svg.add("path", attributes)
    }
    svg.close("g")
  }
}
