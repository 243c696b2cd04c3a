internal import Geodesy
internal import SpatialIndex

/// The lines and streets of a plan as the matcher walks them: flat arrays in one plane.
///
/// Built once per plan; immutable. One plane for all is near enough here: fix and line are carried into it alike, and
/// what it is wrong by is a scale (0.1 % at 10 km from its origin, to 30° of latitude), which each segment makes good
/// for chainage.
struct Ways: Sendable {
  /// A straight piece of a line.
  struct Segment: Sendable {
    var line: Int32
    /// Its beginning and unit vector, in the plane.
    var start: PlanePoint
    var unit: PlanePoint
    /// Metres in the plane.
    var length: Double
    /// Of its beginning.
    var chainage: Double
    /// Metres of chainage by metre of the plane.
    var scale: Double
    /// How far to the side of the drawn line it is walked: a standard deviation in metres (see `slack`).
    var slack: Double
  }

  struct Way: Sendable {
    var firstSegment: Int32
    var segmentCount: Int32
    var length: Double
    var isClosed: Bool
    var isStreet: Bool

    /// A chainage reached from another, with the joint of a closed line passed where that is the shorter way: it may lie
    /// below 0 or above the length.
    func unwrapped(_ to: Double, from: Double) -> Double {
      guard isClosed, abs(to - from) > length / 2 else { return to }
      return to + (to > from ? -length : length)
    }
  }

  /// Where one can go over from one line to another, or from one stretch of a line to another of its own.
  struct Junction: Sendable {
    var chainage: Double
    /// The other's.
    var segment: Int32
    var otherChainage: Double
  }

  /// A stretch that is walked together with a stretch of another line, or of the same: within `coincidence`.
  struct Companion: Sendable {
    var from: Double
    var to: Double
    var line: Int32
    var otherFrom: Double
    var otherTo: Double
  }

  let ways: [Way]
  let segments: [Segment]
  let index: GridIndex
  /// By line, in rising order of chainage: those of line l are `junctions[junctionStarts[l]..<junctionStarts[l + 1]]`.
  let junctions: [Junction]
  let junctionStarts: [Int32]
  let companions: [Companion]
  let companionStarts: [Int32]

  /// Lines (or chainages of one line) this near to each other are walked together, in metres.
  static let coincidence = 5.0
  /// The widest look for lines around a position, in metres.
  static let reach = 48.0

  // MARK: walking along

  /// The direction of travel along a segment, and where a chainage lies on it.
  func point(_ s: Double, on segment: Int) -> PlanePoint {
    let g = segments[segment]
    return g.start + g.unit * ((s - g.chainage) / g.scale)
  }

  /// The segment of the same line that holds a chainage, searched from one that is near; the chainage wrapped on closed
  /// lines, clamped on others. O(segments between).
  func locate(_ s: Double, from segment: Int) -> (segment: Int, chainage: Double) {
    let way = ways[Int(segments[segment].line)]
    var s = s
    if way.isClosed {
      if s < 0 { s += way.length } else if s >= way.length { s -= way.length }
    }
    s = min(max(s, 0), way.length)
    var i = segment
    let (first, last) = (
      Int(way.firstSegment), Int(way.firstSegment) + Int(way.segmentCount) - 1
    )
    if abs(s - segments[i].chainage) > way.length / 2 { i = s < way.length / 2 ? first : last }
    while i > first, s < segments[i].chainage { i -= 1 }
    while i < last, s >= segments[i + 1].chainage { i += 1 }
    return (i, s)
  }

  /// The chainage on a segment nearest to a point, clamped to it, and how far the point lies off.
  func foot(of p: PlanePoint, on segment: Int) -> (chainage: Double, distance: Double) {
    let g = segments[segment]
    let along = min(g.length, max(0, (p - g.start).dot(g.unit)))
    return (g.chainage + along * g.scale, p.distance(to: g.start + g.unit * along))
  }

  /// The foot of a point on the line of a segment, no further than about `d` along it from that segment; not wrapped.
  func foot(of p: PlanePoint, around segment: Int, within d: Double) -> (
    chainage: Double, distance: Double
  ) {
    let way = ways[Int(segments[segment].line)]
    let (first, last) = (Int(way.firstSegment), Int(way.firstSegment + way.segmentCount) - 1)
    var best = foot(of: p, on: segment)
    var i = segment
    while i > first, segments[segment].chainage - segments[i].chainage < d {
      i -= 1
      let other = foot(of: p, on: i)
      if other.distance < best.distance { best = other }
    }
    i = segment
    let end = segments[segment].chainage + segments[segment].length
    while i < last, segments[i + 1].chainage - end < d {
      i += 1
      let other = foot(of: p, on: i)
      if other.distance < best.distance { best = other }
    }
    return best
  }

  func junctions(of line: Int) -> Range<Int> {
    Int(junctionStarts[line])..<Int(junctionStarts[line + 1])
  }

  /// Those within a distance of a chainage, along the line. O(log n + found).
  func junctions(of line: Int, around s: Double, within d: Double) -> Range<Int> {
    let all = junctions(of: line)
    var (low, high) = (all.lowerBound, all.upperBound)
    while low < high {
      let mid = (low + high) / 2
      if junctions[mid].chainage < s - d { low = mid + 1 } else { high = mid }
    }
    var end = low
    while end < all.upperBound, junctions[end].chainage <= s + d { end += 1 }
    return low..<end
  }

  func companions(of line: Int) -> Range<Int> {
    Int(companionStarts[line])..<Int(companionStarts[line + 1])
  }
}
