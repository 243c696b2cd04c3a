/// Shares of a place's cells over time, piled on each other in a bar: of a place of one cell, all of it or nothing.
struct SharePile {
  /// From one abscissa to another, with a weight.
  typealias Piece = (from: Double, to: Double, weight: Double)

  private let low: Double
  private let whole: Double
  private let height: Double
  private let top: Double
  /// Of the height, by pixel.
  private var taken: [Double]

  init(from low: Double, to high: Double, whole: Double, height: Double, over top: Double) {
    (self.low, self.whole, self.height, self.top) = (low, max(whole, 1e-9), height, top)
    taken = Array(repeating: 0, count: max(1, Int((high - low).rounded(.up)) + 1))
  }

  /// Piles up some pieces. Tells their outline, and that of those of them that are `over`.
  mutating func add(_ pieces: [Piece], over: [Piece]) -> (String, String) {
    // One cell needs no pixels: its edges are as sharp as can be.
    if pieces.allSatisfy({ $0.weight >= whole }) { return (sharp(pieces), sharp(over)) }
    let shares = shares(pieces)
    let result = (steps(shares), steps(self.shares(over)))
    for p in taken.indices { taken[p] = min(1, taken[p] + shares[p]) }
    return result
  }

  private func sharp(_ pieces: [Piece]) -> String {
    pieces.map { box($0.from, max($0.to, $0.from + 0.5), 0, 1) }.joined()
  }

  private func box(_ from: Double, _ to: Double, _ under: Double, _ upTo: Double) -> String {
    let (l, r) = (SVG.number(from), SVG.number(to))
    let bottom = SVG.number(top + height * (1 - under))
    return "M\(l) \(bottom)V\(SVG.number(top + height * (1 - upTo)))H\(r)V\(bottom)z"
  }

  private func shares(_ pieces: [Piece]) -> [Double] {
    var shares = Array(repeating: 0.0, count: taken.count)
    for piece in pieces {
      let (a, b) = (piece.from - low, max(piece.to, piece.from + 0.01) - low)
      let first = min(max(0, Int(a)), shares.count - 1)
      for p in first...max(first, min(Int(b), shares.count - 1)) {
        let part = min(b, Double(p + 1)) - max(a, Double(p))
        shares[p] += max(0, part) * piece.weight / whole
      }
    }
    return shares
  }

  /// Neighbouring pixels of like shares are one box.
  private func steps(_ shares: [Double]) -> String {
    var d = ""
    var p = 0
    while p < shares.count {
      guard shares[p] > 0.002 else {
        p += 1
        continue
      }
      var end = p + 1
      while end < shares.count, shares[end] > 0.002, abs(shares[end] - shares[p]) < 0.01,
        abs(taken[end] - taken[p]) < 0.01
      {
        end += 1
      }
      d += box(low + Double(p), low + Double(end), taken[p], min(1, taken[p] + shares[p]))
      p = end
    }
    return d
  }
}
