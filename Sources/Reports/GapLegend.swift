internal import Coverage
internal import Patrol

/// What the signs of a picture mean: only those that were used, in the order of first use.
struct GapLegend {
  enum Sign: Hashable {
    case handheld(String, colour: String)
    case fix(of: String, left: Int, all: Int)
    case gated(Gate)
    case line, street, stretch, walked, otherWay, undecided, rival, off, tooFast
    case gap(Verdict)
    case prism, due, edges, window, stay, shortStay, silent, proven
  }

  let texts: Texts
  private var signs: [Sign] = []

  init(_ texts: Texts) { self.texts = texts }

  mutating func use(_ sign: Sign) { if !signs.contains(sign) { signs.append(sign) } }

  /// In columns, and their height.
  func draw() -> (SVG, height: Double) {
    var svg = SVG()
    let columns = 2
    let width = (GapPicture.width - 2 * GapPicture.margin) / Double(columns)
    let rows = (signs.count + columns - 1) / columns
    svg.label(texts[.signs], x: 0, y: 12, [("font-weight", "bold")])
    for (n, sign) in signs.enumerated() {
      let (x, y) = (Double(n / max(1, rows)) * width, 32 + Double(n % max(1, rows)) * 20)
      Self.show(sign, x, y, &svg)
      svg.label(
        GapPicture.fitted(text(sign), size: 12, width: width - 46), x: x + 44, y: y + 4)
    }
    return (svg, 32 + Double(rows) * 20)
  }

  private func text(_ sign: Sign) -> String {
    switch sign {
    case .handheld(let name, _): texts(.signHandheld, name)
    case .fix(let name, let left, let all):
      left == all
        ? texts(.signFix, name) : texts(.signFixThinned, name, "\(left)", "\(all)")
    case .gated(let gate): texts(.signGated, texts.gate(gate))
    case .line: texts[.signLine]
    case .street: texts[.signStreet]
    case .stretch: texts[.signStretch]
    case .walked: texts[.signWalked]
    case .otherWay: texts[.signOtherWay]
    case .undecided: texts[.signUndecided]
    case .rival: texts[.signRival]
    case .off: texts[.signOff]
    case .tooFast: texts[.signTooFast]
    case .gap(let verdict): texts(.signGap, texts.verdict(verdict))
    case .prism: texts[.signPrism]
    case .due: texts[.signDue]
    case .edges: texts[.signEdges]
    case .window: texts[.signWindow]
    case .stay: texts[.signStay]
    case .shortStay: texts[.signShortStay]
    case .silent: texts[.signSilent]
    case .proven: texts[.signProven]
    }
  }

  private static func show(_ sign: Sign, _ x: Double, _ y: Double, _ svg: inout SVG) {
    func stroke(_ colour: String, _ width: Double, _ more: [(String, String)] = []) {
      svg.add(
        "path",
        [
          ("d", "M\(SVG.number(x)) \(SVG.number(y))h36"), ("fill", "none"), ("stroke", colour),
          ("stroke-width", SVG.number(width)),
        ] + more)
    }
    func box(_ fill: String, _ edge: String, _ more: [(String, String)] = []) {
      svg.add(
        "rect",
        [
          ("x", SVG.number(x)), ("y", SVG.number(y - 6)), ("width", "36"), ("height", "12"),
          ("fill", fill), ("stroke", edge),
        ] + more)
    }
    switch sign {
    case .handheld(_, let colour): box(colour, colour)
    case .fix: GapMarks.dots([(x + 8, y), (x + 18, y), (x + 28, y)], "#111", &svg)
    case .gated(let gate): GapMarks.gated(gate, x + 18, y, "#111", &svg)
    case .line: stroke("#b5b5b5", 6)
    case .street: stroke("#9a9a9a", 1.5)
    case .stretch: stroke(GapMarks.stretchColour, 15, [("stroke-opacity", "0.45")])
    case .walked: stroke("#111", 2.6)
    case .otherWay: stroke("#111", 2.6)
    case .undecided: stroke("#111", 3, GapMarks.dashed)
    case .rival: stroke("#111", 1.3, GapMarks.dotted)
    case .off: stroke("#111", 0.9)
    case .tooFast: stroke("#111", 3, GapMarks.fast)
    case .gap(let verdict): box("url(#\(verdict.rawValue))", SVG.colour(verdict))
    case .prism: box("url(#prism)", "#444", [("stroke-width", "0.6")])
    case .due: stroke("#111", 1.4, GapMarks.due)
    case .edges:
      svg.add(
        "path",
        [
          ("d", "M\(SVG.number(x)) \(SVG.number(y - 4))h36"), ("stroke", "#111"),
          ("stroke-width", "2.4"),
        ])
      svg.add(
        "path",
        [("d", "M\(SVG.number(x)) \(SVG.number(y + 4))h36"), ("stroke", "#111")])
    case .window: stroke("#111", 1.4)
    case .stay: box("#333", "#333")
    case .shortStay: box("#fff", "#111", [("stroke-width", "1.6")])
    case .silent: box("#e3e3e3", "#999")
    case .proven: box("#333", "#333")
    }
  }
}
