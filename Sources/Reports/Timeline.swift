internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// One place's window as a picture: time to the right, a line's chainage upwards; what was missed and unproven stands
/// out from what was covered, and what of it was excused. Filled as shares are: see `ShareBar.patterns`.
enum Timeline {
  private static let width = 320.0

  static func svg(
    _ window: WindowRecord, _ gaps: [Gap], excused: [Region], place: Place?, zone: ZoneText,
    texts: Texts
  ) -> String {
    let cells = place?.cells ?? []
    let isLine = cells.first?.stretch != nil
    let height = isLine ? 36.0 : 14.0
    let span = Double(max(1, (window.ended - window.owed.windowBegan).value))
    func x(_ at: Instant) -> Double {
      min(1, max(0, Double((at - window.owed.windowBegan).value) / span)) * width
    }
    var svg = SVG()
    let ground = window.shares == nil ? SVG.nothing : ShareBar.fill(.covered)
    svg.add(
      "rect",
      [("width", SVG.number(width)), ("height", SVG.number(height)), ("fill", ground)])
    func add(_ region: Region, _ part: ShareBar.Part, _ title: String) {
      let boxes = blocks(region.pieces).map { block in
        let share =
          cells.isEmpty || !isLine
          ? (0.0, 1.0)
          : (
            Double(block.cells.lowerBound) / Double(cells.count),
            Double(block.cells.upperBound + 1) / Double(cells.count)
          )
        let width = SVG.number(max(0.5, x(block.ended) - x(block.began)))
        return "M\(SVG.number(x(block.began))) \(SVG.number((1 - share.1) * height))"
          + "h\(width)v\(SVG.number((share.1 - share.0) * height))h-\(width)z"
      }
      guard !boxes.isEmpty else { return }
      svg.add("path", [("d", boxes.joined()), ("fill", ShareBar.fill(part))], title: title)
    }
    for gap in gaps {
      let title =
        texts.clauses([texts.verdict(gap.verdict), texts.cause(gap.cause)])
        + "\(texts[.colon])\(zone(gap.began)) – \(zone(gap.ended))"
      add(gap.region, gap.verdict == .missed ? .missed : .unproven, title)
      add(gap.region.common(with: excused), .excused, "\(texts[.excused])\(texts[.colon])\(title)")
    }
    return svg.whole(
      width: width, height: height, label: texts[.courseOfWindow], class: "course")
  }

  private struct Block {
    var cells: ClosedRange<Int>
    var began: Instant
    var ended: Instant
  }

  /// Neighbouring cells with nearly the same span (to 20 s) are drawn as one.
  private static func blocks(_ pieces: [Region.Piece]) -> [Block] {
    var blocks: [Block] = []
    var open: [Int] = []
    for piece in pieces {
      open.removeAll { blocks[$0].cells.upperBound < piece.cell - 1 }
      let near = open.first { b in
        blocks[b].cells.upperBound == piece.cell - 1
          && abs((blocks[b].began - piece.began).value) < 20_000
          && abs((blocks[b].ended - piece.ended).value) < 20_000
      }
      if let near {
        blocks[near].cells = blocks[near].cells.lowerBound...piece.cell
      } else {
        open.append(blocks.count)
        blocks.append(
          Block(cells: piece.cell...piece.cell, began: piece.began, ended: piece.ended))
      }
    }
    return blocks
  }
}
