/// Names put along strokes, as on a railway's graph: where they hide no other text and cross as few strokes as can be.
struct StrokeLabels {
  typealias Piece = (x1: Double, y1: Double, x2: Double, y2: Double)

  private var taken: TakenRoom
  private let strokes: [Piece]
  private let left: Double
  private let right: Double
  private let top: Double
  private let bottom: Double
  static let size = 9.5

  init(among strokes: [Piece], x: ClosedRange<Double>, y: ClosedRange<Double>) {
    self.strokes = strokes
    (left, right, top, bottom) = (x.lowerBound, x.upperBound, y.lowerBound, y.upperBound)
    taken = TakenRoom(x: x, y: y)
  }

  /// Keeps texts off a text that stands level, by its middle.
  mutating func keep(_ x: Double, _ y: Double, width: Double, height: Double) {
    for at in stride(from: -width / 2, through: width / 2, by: height / 2) {
      taken.take(x + at, y, radius: height / 2)
    }
  }

  /// Of some middles of a level text the first that the fewest strokes run through; nil without any.
  func best(_ middles: [(x: Double, y: Double)], width: Double) -> (x: Double, y: Double)? {
    middles.enumerated().map { n, at in (crossings(Spot(x: at.x, y: at.y), width), n) }
      .min { $0 < $1 }.map { middles[$0.1] }
  }

  private struct Spot {
    /// The middle of the text.
    var x: Double
    var y: Double
    /// The direction in which it is read, of length 1.
    var ux = 1.0
    var uy = 0.0
  }

  /// - Parameter svg: a group of texts of `size` with a halo, anchored in their middles.
  /// - Returns: whether there was room.
  mutating func put(_ text: String, along piece: Piece, _ svg: inout SVG) -> Bool {
    let width = GapPicture.textWidth(text, size: Self.size)
    var best: (spot: Spot, crossed: Int)?
    for spot in spots(piece, width) where isFree(spot, width) {
      let crossed = crossings(spot, width)
      if best.map({ crossed < $0.crossed }) ?? true { best = (spot, crossed) }
      if crossed == 0 { break }
    }
    guard let spot = best?.spot else { return false }
    for i in 0...Self.parts(width) {
      let (x, y) = Self.point(i, of: spot, width)
      taken.take(x, y, radius: Self.size / 2)
    }
    // Its base line lies a third of its size below its middle, across the text.
    let down = Self.size * 0.34
    svg.text(
      text, x: spot.x - spot.uy * down, y: spot.y + spot.ux * down, size: nil, fill: nil,
      along: (spot.ux, spot.uy))
    return true
  }

  /// From the best to the worst: along it, above or below, where it is long enough; else beside its ends.
  private func spots(_ p: Piece, _ width: Double) -> [Spot] {
    let (dx, dy) = (p.x2 - p.x1, p.y2 - p.y1)
    let length = (dx * dx + dy * dy).squareRoot()
    let apart = Self.size / 2 + 2.5
    var spots: [Spot] = []
    if length >= width + 4 {
      // To be read from the left, or from below.
      let sign = dx < 0 || (dx == 0 && dy > 0) ? -1.0 : 1
      let (ux, uy) = (dx * sign / length, dy * sign / length)
      for t in [0.5, 0.35, 0.65, 0.22, 0.78, 0.12, 0.88] {
        guard min(t, 1 - t) * length >= width / 2 else { continue }
        for side in [-1.0, 1] {
          spots.append(
            Spot(
              x: p.x1 + t * dx - side * apart * uy, y: p.y1 + t * dy + side * apart * ux, ux: ux,
              uy: uy))
        }
      }
    }
    let beside = width / 2 + 6
    for (x, y) in [((p.x1 + p.x2) / 2, (p.y1 + p.y2) / 2), (p.x2, p.y2), (p.x1, p.y1)] {
      spots += [
        Spot(x: x + beside, y: y), Spot(x: x - beside, y: y),
        Spot(x: x, y: y - 10), Spot(x: x, y: y + 10),
      ]
    }
    return spots
  }

  /// A text is as many discs and one.
  private static func parts(_ width: Double) -> Int { max(1, Int((width / 5).rounded(.up))) }

  private static func point(_ i: Int, of spot: Spot, _ width: Double) -> (Double, Double) {
    let at = (Double(i) / Double(parts(width)) - 0.5) * width
    return (spot.x + at * spot.ux, spot.y + at * spot.uy)
  }

  private func isFree(_ spot: Spot, _ width: Double) -> Bool {
    let half = Self.size / 2
    return (0...Self.parts(width)).allSatisfy { i in
      let (x, y) = Self.point(i, of: spot, width)
      return x >= left + 2 && x <= right - 2 && y >= top + half && y <= bottom - half
        && taken.isFree(x, y, radius: half)
    }
  }

  /// Strokes that run through a text.
  private func crossings(_ spot: Spot, _ width: Double) -> Int {
    let (a, b) = (
      Self.point(0, of: spot, width), Self.point(Self.parts(width), of: spot, width)
    )
    let (high, low) = (min(a.1, b.1), max(a.1, b.1))
    return strokes.reduce(0) { crossed, stroke in
      guard max(stroke.y1, stroke.y2) >= high, min(stroke.y1, stroke.y2) <= low else {
        return crossed
      }
      return crossed
        + (Self.cross(a, b, (stroke.x1, stroke.y1), (stroke.x2, stroke.y2)) ? 1 : 0)
    }
  }

  private static func cross(
    _ a: (Double, Double), _ b: (Double, Double), _ c: (Double, Double), _ d: (Double, Double)
  ) -> Bool {
    func side(_ p: (Double, Double), _ q: (Double, Double), _ r: (Double, Double)) -> Bool {
      (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0) > 0
    }
    return side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
  }
}
