/// When one handheld, on legs past points and areas, can have been in them: pieces by target and by how fast the leg was,
/// joined while at most an excursion apart.
///
/// Pieces that can still grow are a short array; the others follow in an array that only grows.
struct NearPieces: Hashable, Sendable, Codable {
  struct Piece: Hashable, Sendable, Codable {
    var target: Int32
    /// How many of the plan's pass speeds the leg was faster than (`Ground.passSpeeds`).
    var speedClass: Int32
    var span: Span
  }

  private var growing: [Piece] = []
  private(set) var ended: [Piece] = []

  /// Takes a leg's piece; those of one target come in order of time. `gap`: the longest excursion, in milliseconds.
  mutating func append(_ span: Span, target: Int, speedClass: Int, joining gap: Int64) {
    for i in growing.indices
    where growing[i].target == target && growing[i].speedClass == speedClass {
      if span.start - growing[i].span.end <= gap {
        growing[i].span.end = max(growing[i].span.end, span.end)
      } else {
        ended.append(growing[i])
        growing[i].span = span
      }
      return
    }
    var i = 0
    while i < growing.count {
      if span.start - growing[i].span.end > gap {
        ended.append(growing.remove(at: i))
      } else {
        i += 1
      }
    }
    growing.append(
      Piece(target: Int32(target), speedClass: Int32(speedClass), span: span))
  }

  /// Of one target, from legs no faster than the class says; in no order.
  func spans(at target: Int, upTo speedClass: Int) -> [Span] {
    var spans: [Span] = []
    for list in [ended, growing] {
      for piece in list where piece.target == target && piece.speedClass <= speedClass {
        spans.append(piece.span)
      }
    }
    return spans
  }
}
