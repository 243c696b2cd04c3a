internal import Coverage
internal import Geodesy
internal import Patrol

/// The usable fixes that came last, kept in mind: whoever looks through them need not read them back. For a store that is
/// given large batches in one go (a live one would hold a minute of all handhelds for it).
struct LatestUsable {
  /// Whatever is usable from here on is held.
  private var from: Instant
  private var pieces: [Piece] = []

  /// Some that came one after the other.
  private struct Piece {
    var observations: ArraySlice<Observation>
    var gates: ArraySlice<Gate?>
    /// Of their order times.
    var span: ClosedRange<Instant>
  }
  /// Some seconds of a large fleet: few of a piece lie outside of the span it is looked through for.
  private static let pieceSize = 10_000

  /// - Parameter from: what is stored lies before; never, where nothing is to be kept.
  init(from: Instant = .distantFuture) { self.from = from }

  mutating func append(_ observations: [Observation], gates: [Gate?]) {
    guard from < .distantFuture else { return }
    for start in stride(from: 0, to: observations.count, by: Self.pieceSize) {
      let part = start..<min(start + Self.pieceSize, observations.count)
      var span = observations[start].orderTime...observations[start].orderTime
      for observation in observations[part] {
        let time = observation.orderTime
        span = min(span.lowerBound, time)...max(span.upperBound, time)
      }
      pieces.append(Piece(observations: observations[part], gates: gates[part], span: span))
    }
  }

  /// A gate was changed at a moment: up to there the store knows better.
  mutating func distrust(upTo moment: Instant) { from = max(from, moment + Milliseconds(1)) }

  /// Lets go of what was looked through.
  mutating func drop(before moment: Instant) {
    guard from < .distantFuture else { return }
    from = max(from, moment)
    pieces.removeAll { $0.span.upperBound < moment }
  }

  /// Those in a span, by handheld and in order; nil where the store has to be asked.
  ///
  /// - Parameter positions: of the handhelds that are looked for.
  func fixes(in span: Range<Instant>, of positions: [Handheld.ID: Int]) -> [(h: Int, fix: Fix)]? {
    guard from <= span.lowerBound else { return nil }
    // As they came; mostly each handheld's are in order.
    var found = Array(repeating: [(time: Instant, piece: Int, i: Int)](), count: positions.count)
    for (p, piece) in pieces.enumerated() where piece.span.overlaps(span) {
      for i in piece.gates.indices where piece.gates[i] == nil {
        let time = piece.observations[i].orderTime
        guard span.contains(time), let h = positions[piece.observations[i].handheld] else {
          continue
        }
        found[h].append((time, p, i))
      }
    }
    var fixes: [(h: Int, fix: Fix)] = []
    fixes.reserveCapacity(found.reduce(0) { $0 + $1.count })
    for h in found.indices {
      if !zip(found[h], found[h].dropFirst()).allSatisfy({ $0.time <= $1.time }) {
        found[h].sort { ($0.time, $0.piece, $0.i) < ($1.time, $1.piece, $1.i) }
      }
      for (_, p, i) in found[h] {
        if let fix = pieces[p].observations[i].fix { fixes.append((h, fix)) }
      }
    }
    return fixes
  }
}
