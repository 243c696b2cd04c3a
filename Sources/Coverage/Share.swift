/// What one handheld has to say on one line's window, as far as nothing late can change it: passes by cell, in the order in
/// which they were settled. 16 bytes each.
struct Share: Sendable {
  enum Kind: UInt32, Sendable {
    case proven, driveBy
    /// Not told apart from another line: possible.
    case undecided
  }

  struct Piece: Hashable, Sendable {
    var start: Int64
    private var length: UInt32
    private var cellAndKind: UInt32

    init(_ span: Span, cell: Int, kind: Kind) {
      start = span.start
      length = UInt32(clamping: span.length)
      cellAndKind = UInt32(truncatingIfNeeded: cell) << 2 | kind.rawValue
    }

    var end: Int64 {
      get { start + Int64(length) }
      set { length = UInt32(clamping: newValue - start) }
    }
    var span: Span { Span(start, end) }
    var cell: Int { Int(cellAndKind >> 2) }
    var kind: Kind { Kind(rawValue: cellAndKind & 3) ?? .undecided }

    /// Begins in the same cell and way before this one has ended.
    func isContinued(by next: Piece) -> Bool {
      cellAndKind == next.cellAndKind && start <= next.start && next.start <= end
    }
  }

  private(set) var pieces: [Piece] = []
  /// How many settled legs of the tour it has taken.
  var taken = 0

  mutating func append(_ piece: Piece) {
    if let last = pieces.last, last.isContinued(by: piece) {
      pieces[pieces.count - 1].end = max(last.end, piece.end)
    } else {
      pieces.append(piece)
    }
  }
}

extension Share: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&pieces)
    packing(&taken)
  }
}
