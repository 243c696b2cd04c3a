internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// The bar under the stays: what was covered, and what was not.
extension PlaceTimeline {
  func verdicts(_ row: Row, _ top: Double, _ sheet: inout ChartSheet, _ labels: ChartLabels) {
    let span = row.window.span
    let bar = bar(row)
    let judged = min(span.upperBound, max(span.lowerBound, day.judgedUntil))
    if judged > span.lowerBound {
      sheet.body.add(
        "rect",
        [
          ("class", "covered"), ("x", SVG.number(x(span.lowerBound))), ("y", SVG.number(top)),
          ("width", SVG.number(x(judged) - x(span.lowerBound))), ("height", SVG.number(bar)),
          ("fill", ChartMarks.covered), ("stroke", "#8fae92"), ("stroke-width", "0.8"),
        ], title: labels.covered)
      sheet.legend.use(.covered, labels.covered)
    }
    if judged < span.upperBound {
      sheet.box(
        .notJudged, x: x(judged), y: top, width: x(span.upperBound) - x(judged), height: bar,
        class: "not-judged", title: labels.notJudgedYet)
      sheet.legend.use(.fill(.notJudged), labels.notJudgedYet)
    }
    let weights = Dictionary(
      row.place.cells.map { ($0.cell, $0.weight) }, uniquingKeysWith: { a, _ in a })
    var pile = SharePile(
      from: time.low, to: time.high, whole: weights.values.reduce(0, +), height: bar,
      over: top)
    for record in row.gaps {
      let gap = record.gap
      let excused = gap.region.common(with: record.excuses.map(\.region))
      let told = told(gap, labels)
      func pieces(_ region: Region) -> [SharePile.Piece] {
        region.pieces.map { (x($0.began), x($0.ended), weights[$0.cell] ?? 1) }
      }
      // Excused parts lie over the gap: they are parts of it.
      let (d, over) = pile.add(pieces(gap.region), over: pieces(excused))
      put(d, ChartFill(gap.verdict), "gap", told, &sheet)
      sheet.legend.use(.fill(ChartFill(gap.verdict)), labels.verdict(gap.verdict))
      if !excused.pieces.isEmpty {
        put(over, .excused, "excused", "\(labels.excused) · \(told)", &sheet)
        sheet.legend.use(.fill(.excused), labels.excused)
      }
    }
  }

  private func put(
    _ d: String, _ fill: ChartFill, _ name: String, _ title: String, _ sheet: inout ChartSheet
  ) {
    let paint = sheet.paint(fill)
    sheet.body.add(
      "path",
      [
        ("class", name), ("d", d), ("fill", paint), ("stroke", fill.edge),
        ("stroke-width", "0.8"),
      ], title: title)
  }

  private func told(_ gap: Gap, _ labels: ChartLabels) -> String {
    var parts = [
      "\(labels.verdict(gap.verdict)): \(labels.cause(gap.cause))",
      time.clock(gap.began, gap.ended), labels.duration(gap.ended - gap.began),
    ]
    if gap.isOpen { parts.append(labels.stillOpen) }
    return (parts + ["\(gap.owed.duty)", "\(gap.id)"]).joined(separator: " · ")
  }
}
