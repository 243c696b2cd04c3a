/// Marks that charts share.
enum ChartMarks {
  static let covered = "#dcebdd"
  /// Of windows that stand beside a plot.
  static let windowBeside = "#e3eaf1"

  /// Triangles whose points are at due moments: filled where they passed unattended.
  static func due(_ xs: [Double], _ y: Double, isMet: Bool, _ title: String?, _ svg: inout SVG) {
    svg.add(
      "path",
      [
        ("class", isMet ? "due" : "lapsed"),
        ("d", xs.map { "M\(SVG.number($0)) \(SVG.number(y))l-3.5 -6h7z" }.joined()),
        ("fill", isMet ? "#ffffff" : "#1c1c1c"), ("stroke", "#1c1c1c"), ("stroke-width", "0.9"),
      ], title: title)
  }
}
