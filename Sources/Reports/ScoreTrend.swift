/// A score through some periods, with the marks it is held against.
enum ScoreTrend {
  private static let (width, height) = (150.0, 34.0)

  /// - Parameters:
  ///   - scores: the last is the period's own; nil where there was none.
  ///   - marks: drawn across.
  static func svg(_ scores: [Double?], marks: [Double], label: String) -> String {
    let known = scores.compactMap { $0 }
    let low = min(0.98, (known + marks).min() ?? 0) - 0.02
    func y(_ score: Double) -> Double { 4 + (height - 8) * (1 - (score - low) / (1 - low)) }
    func x(_ n: Int) -> Double {
      6 + (width - 12) * (scores.count > 1 ? Double(n) / Double(scores.count - 1) : 1)
    }
    var svg = SVG()
    for mark in marks where mark > 0 {
      svg.add(
        "path",
        [
          ("d", "M0 \(SVG.number(y(mark)))H\(SVG.number(width))"), ("stroke", "#888"),
          ("stroke-width", "0.7"), ("stroke-dasharray", "3 3"),
        ])
    }
    var path = ""
    for (n, score) in scores.enumerated() {
      guard let score else { continue }
      let follows = n > 0 && scores[n - 1] != nil
      path += "\(follows ? "L" : "M")\(SVG.number(x(n))) \(SVG.number(y(score)))"
    }
    svg.add(
      "path", [("d", path), ("fill", "none"), ("stroke", "#1c1c1c"), ("stroke-width", "1.4")])
    for (n, score) in scores.enumerated() {
      guard let score else { continue }
      let isLast = n == scores.count - 1
      svg.add(
        "circle",
        [
          ("cx", SVG.number(x(n))), ("cy", SVG.number(y(score))), ("r", isLast ? "3.5" : "2"),
          ("fill", "#1c1c1c"),
        ], title: Decimal.text(score * 100, 2))
    }
    return svg.whole(width: width, height: height, label: label, class: "trend")
  }
}
