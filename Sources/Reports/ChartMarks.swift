/// Marks that charts share.
enum ChartMarks {
  static let covered = "#dcebdd"

  /// A triangle whose point is at a due moment: filled where it passed unattended.
  static func due(_ x: Double, _ y: Double, isMet: Bool, _ title: String?, _ svg: inout SVG) {
    svg.add(
      "path",
      [
        ("class", isMet ? "due" : "lapsed"),
        ("d", "M\(SVG.number(x)) \(SVG.number(y))l-3.5 -6h7z"),
        ("fill", isMet ? "#ffffff" : "#1c1c1c"), ("stroke", "#1c1c1c"), ("stroke-width", "0.9"),
      ], title: title)
  }
}
