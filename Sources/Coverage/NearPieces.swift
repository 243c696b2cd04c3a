/// When one handheld, on legs past points and areas, can have been in them: pieces by target and by how fast the leg was,
/// joined while at most an excursion apart.
///
/// Pieces that can still grow are a short array; the others follow in an array that only grows.
struct NearPieces: Hashable, Sendable {
  struct Piece: Hashable, Sendable {
    var target: Int32
    /// How many of the plan's pass speeds the leg was faster than (`Ground.passSpeeds`).
    var speedClass: Int32
    var span: Span
    /// Milliseconds of it in which the legs themselves leave it possible: the rest lies between them, outside.
    var inside: Int64
  }

  private var growing: [Piece] = []
  private(set) var ended: [Piece] = []

  /// Takes a leg's piece; those of one target come in order of time, or no later than an excursion. `gap`: the longest
  /// excursion, in milliseconds.
  mutating func append(_ span: Span, target: Int, speedClass: Int, joining gap: Int64) {
    for i in growing.indices
    where growing[i].target == target && growing[i].speedClass == speedClass {
      if span.start - growing[i].span.end <= gap {
        growing[i].span.start = min(growing[i].span.start, span.start)
        growing[i].span.end = max(growing[i].span.end, span.end)
        growing[i].inside += span.length
      } else {
        ended.append(growing[i])
        (growing[i].span, growing[i].inside) = (span, span.length)
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
      Piece(target: Int32(target), speedClass: Int32(speedClass), span: span, inside: span.length))
  }

  /// Of one target, from legs no faster than the class says; in no order.
  func pieces(at target: Int, upTo speedClass: Int) -> [Piece] {
    [ended, growing].flatMap { list in
      list.filter { $0.target == target && $0.speedClass <= speedClass }
    }
  }
}

extension NearPieces: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&growing)
    packing(&ended)
  }
}
