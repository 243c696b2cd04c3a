internal import Coverage

/// How one handheld is drawn: by colour, by how its strokes are made and by the mark at their ends, any of which tells it
/// from those beside it. They repeat after 105.
struct ChartStroke: Hashable {
  enum Make: Int, Hashable { case plain, double, thin }
  enum Mark: Int, Hashable { case disc, square, triangle, diamond, ring }

  let colour: String
  let make: Make
  let mark: Mark

  /// Dark enough to be read on white and over textures, and apart for those who do not see red or green.
  private static let colours = [
    "#0b3f8a", "#7a3b00", "#5b2a86", "#00584f", "#8a1246", "#333333", "#4a5200",
  ]

  init(_ n: Int) {
    colour = Self.colours[n % 7]
    make = Make(rawValue: n % 3) ?? .plain
    mark = Mark(rawValue: n % 5) ?? .disc
  }

  /// All but the colour: what is left in black and white.
  var texture: String { "\(make) \(mark)" }

  static let driveByDashes = "5 3"

  /// Draws what belongs to one pass: pieces of straight lines.
  func draw(
    _ pieces: [(x1: Double, y1: Double, x2: Double, y2: Double)], _ kind: Pass.Kind,
    _ title: String?, _ svg: inout SVG
  ) {
    guard let first = pieces.first, let last = pieces.last else { return }
    let d = pieces.map {
      "M\(SVG.number($0.x1)) \(SVG.number($0.y1))L\(SVG.number($0.x2)) \(SVG.number($0.y2))"
    }.joined()
    func stroke(_ name: String, _ colour: String, _ width: Double, _ more: [(String, String)]) {
      svg.add(
        "path",
        [
          ("class", name), ("d", d), ("fill", "none"), ("stroke", colour),
          ("stroke-width", SVG.number(width)), ("stroke-linecap", "butt"),
        ] + more, title: title)
    }
    let dashes = kind == .driveBy ? [("stroke-dasharray", Self.driveByDashes)] : []
    let name = kind == .driveBy ? "drive-by" : "pass"
    switch make {
    case .plain: stroke(name, colour, 2.2, dashes)
    case .double:
      stroke(name, colour, 4, dashes)
      if kind == .pass { stroke("core", "#ffffff", 1.6, []) }
    case .thin: stroke(name, colour, 1.2, dashes)
    }
    mark(first.x1, first.y1, &svg)
    mark(last.x2, last.y2, &svg)
  }

  private func mark(_ x: Double, _ y: Double, _ svg: inout SVG) {
    let at = "M\(SVG.number(x)) \(SVG.number(y))"
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
        ("class", "end"), ("d", at + shape), ("fill", mark == .ring ? "#ffffff" : colour),
        ("stroke", colour), ("stroke-width", "1"),
      ])
  }
}
