/// All that the witnesses of a line's window passed, by cell: flat, in compressed sparse rows.
struct CellPasses {
  struct Entry {
    var span: Span
    var witness: Int32
    var kind: Share.Kind
  }

  /// Where each cell's row begins in `entries`; one more than there are cells.
  private var starts: [Int32]
  private var entries: [Entry]

  /// From pieces by witness, each with the span in which that one counts; those outside it are left out.
  /// O(pieces + cells).
  init(cells: Int, _ each: [(pieces: [Share.Piece], tail: [Share.Piece], counts: Span)]) {
    starts = Array(repeating: 0, count: cells + 1)
    for (pieces, tail, counts) in each {
      for list in [pieces, tail] {
        for piece in list where piece.end >= counts.start && piece.start <= counts.end {
          starts[piece.cell + 1] += 1
        }
      }
    }
    for c in 0..<cells { starts[c + 1] += starts[c] }
    var next = starts
    entries = Array(
      repeating: Entry(span: Span(0, 0), witness: 0, kind: .proven), count: Int(starts[cells]))
    for (w, (pieces, tail, counts)) in each.enumerated() {
      for list in [pieces, tail] {
        for piece in list where piece.end >= counts.start && piece.start <= counts.end {
          entries[Int(next[piece.cell])] = Entry(
            span: piece.span, witness: Int32(w), kind: piece.kind)
          next[piece.cell] += 1
        }
      }
    }
  }

  /// Of one cell and kind, of one witness or of all; by witness, then in the order they were decided.
  func spans(in cell: Int, _ kind: Share.Kind, of witness: Int? = nil) -> [Span] {
    var spans: [Span] = []
    let row = Int(starts[cell])..<Int(starts[cell + 1])
    spans.reserveCapacity(row.count)
    for entry in entries[row]
    where entry.kind == kind && (witness.map { $0 == Int(entry.witness) } ?? true) {
      spans.append(entry.span)
    }
    return spans
  }
}
