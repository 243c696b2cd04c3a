internal import Coverage
internal import Geodesy

/// Cells × time of a line as few rectangles: neighbouring cells whose spans differ by no more than can be seen are one.
struct GapBlocks {
  struct Block: Hashable {
    var cells: ClosedRange<Int>
    var began: Instant
    var ended: Instant
  }

  /// By first cell, then time.
  let blocks: [Block]

  /// - Parameters:
  ///   - pieces: by cell, then time.
  ///   - tolerance: no edge is moved by more.
  init(_ pieces: [Region.Piece], tolerance: Milliseconds) {
    var blocks: [Block] = []
    // Those that the next cell may continue.
    var open: [Int] = []
    for piece in pieces {
      open.removeAll { blocks[$0].cells.upperBound < piece.cell - 1 }
      let near = open.firstIndex { b in
        blocks[b].cells.upperBound == piece.cell - 1
          && abs((blocks[b].began - piece.began).value) <= tolerance.value
          && abs((blocks[b].ended - piece.ended).value) <= tolerance.value
      }
      if let near {
        let b = open[near]
        blocks[b].cells = blocks[b].cells.lowerBound...piece.cell
      } else {
        open.append(blocks.count)
        blocks.append(
          Block(cells: piece.cell...piece.cell, began: piece.began, ended: piece.ended))
      }
    }
    self.blocks = blocks
  }

  /// Where the region ends between two neighbouring cells, the second of which is told, or at an end of the line.
  var sides: [(cell: Int, span: Range<Instant>)] {
    var ends: [Int: [Instant]] = [:]
    for block in blocks {
      ends[block.cells.lowerBound, default: []] += [block.began, block.ended]
      ends[block.cells.upperBound + 1, default: []] += [block.began, block.ended]
    }
    // Of what lies on either side the edge is where there is something on one alone: between ends one and two, three
    // and four …
    var sides: [(Int, Range<Instant>)] = []
    for (cell, instants) in ends.sorted(by: { $0.key < $1.key }) {
      let rising = instants.sorted()
      for i in stride(from: 0, to: rising.count - 1, by: 2) where rising[i] < rising[i + 1] {
        sides.append((cell, rising[i]..<rising[i + 1]))
      }
    }
    return sides
  }

  func holds(_ cell: Int, _ at: Instant) -> Bool {
    blocks.contains { $0.cells.contains(cell) && $0.began <= at && at < $0.ended }
  }
}
