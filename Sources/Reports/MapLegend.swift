internal import Coverage
internal import Patrol

/// What the signs of a map mean: of each finding, how it is drawn on lines, at points and in areas, as far as there are any.
struct MapLegend {
  let findings: [MapFinding]
  let kinds: Set<Place.Kind>
  let texts: Texts
  static let row = 22.0

  /// Draws it in rows from `top` on; tells how high it is.
  ///
  /// - Parameter chart: the map's name, under which its textures are defined.
  func draw(left: Double, right: Double, top: Double, chart: String, _ svg: inout SVG) -> Double {
    var (x, y) = (left, top + Self.row / 2)
    for finding in findings {
      let text = told(finding)
      // As wide as 12 px letters are.
      let width = samples + GapPicture.textWidth(text, size: 12) + 22
      if x > left, x + width > right { (x, y) = (left, y + Self.row) }
      let at = (SVG.number(x), SVG.number(y))
      var next = x
      if kinds.contains(.line) {
        finding.line("M\(at.0) \(at.1)h36", &svg)
        next += 46
      }
      if kinds.contains(.point) {
        finding.point(x: next + 8, y: y, radius: 7, &svg)
        next += 26
      }
      if kinds.contains(.area) {
        finding.area(
          "M\(SVG.number(next)) \(SVG.number(y - 6))h26v12h-26z", chart: chart, &svg)
        next += 34
      }
      svg.label(text, x: next, y: y + 4)
      x += width
    }
    return y + Self.row / 2 - top
  }

  private var samples: Double {
    (kinds.contains(.line) ? 46 : 0) + (kinds.contains(.point) ? 26 : 0)
      + (kinds.contains(.area) ? 34 : 0)
  }

  private func told(_ finding: MapFinding) -> String {
    switch finding {
    case .covered: texts[.covered]
    case .missed: texts[.missed]
    case .unproven: texts[.unproven]
    case .none: texts[.nothingOwedOrJudged]
    }
  }
}
