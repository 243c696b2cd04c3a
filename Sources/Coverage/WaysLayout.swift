internal import Geodesy
internal import SpatialIndex

extension Ways {
  /// One can go over between lines that come this near to each other, in metres: drawn lines seldom touch exactly.
  private static let junctionGap = 10.0
  /// Lines that run within 20° of each other do not cross: cos 20°.
  private static let parallel = 0.94
  /// Junctions of the same two lines nearer than this to each other are one, in metres.
  private static let junctionSpacing = 15.0
  /// How densely a line is looked at for companions, in metres.
  private static let companionStep = 5.0

  /// - Parameter lines: with the half-width of each one's corridor.
  init(_ lines: [(polyline: Polyline, corridor: Double, isStreet: Bool)], in plane: LocalPlane) {
    var ways: [Way] = []
    var segments: [Segment] = []
    for (l, line) in lines.enumerated() {
      let vertices = line.polyline.coordinates.map(plane.point)
      ways.append(
        Way(
          firstSegment: Int32(segments.count), segmentCount: Int32(vertices.count - 1),
          length: line.polyline.length.value, isClosed: line.polyline.isClosed,
          isStreet: line.isStreet))
      for i in 0..<vertices.count - 1 {
        let way = vertices[i + 1] - vertices[i]
        let chainages = line.polyline.chainages
        segments.append(
          Segment(
            line: Int32(l), start: vertices[i], unit: way * (1 / way.length), length: way.length,
            chainage: chainages[i], scale: (chainages[i + 1] - chainages[i]) / way.length,
            slack: line.corridor / Self.corridorDeviations))
      }
    }
    let index = GridIndex(
      segments.map { Box(around: [$0.start, $0.start + $0.unit * $0.length])! }, reach: Self.reach)
    let neighbours = Neighbourhood(segments: segments, ways: ways, index: index)
    for i in segments.indices {
      if let apart = neighbours.nearestParallel(to: i) {
        segments[i].slack = min(segments[i].slack, apart / Self.separationDeviations)
      }
    }
    var junctions: [Junction] = []
    var junctionStarts: [Int32] = [0]
    var companions: [Companion] = []
    var companionStarts: [Int32] = [0]
    for l in ways.indices {
      junctions += neighbours.junctions(of: l)
      junctionStarts.append(Int32(junctions.count))
      companions += neighbours.companions(of: l)
      companionStarts.append(Int32(companions.count))
    }
    self.ways = ways
    self.segments = segments
    self.index = index
    self.junctions = junctions
    self.junctionStarts = junctionStarts
    self.companions = companions
    self.companionStarts = companionStarts
  }

  /// A line is walked within its corridor, mostly well within: the half-width is this many standard deviations.
  private static let corridorDeviations = 3.0
  /// Beside a parallel line or street each is walked on its own side of the middle between them, mostly.
  private static let separationDeviations = 5.0

  /// What lies around the segments of a plan's lines, found through the index.
  private struct Neighbourhood {
    let segments: [Segment]
    let ways: [Way]
    let index: GridIndex

    private func point(_ i: Int, _ along: Double) -> PlanePoint {
      segments[i].start + segments[i].unit * along
    }

    /// Points of a segment at most `step` apart, its ends among them.
    private func samples(of i: Int, step: Double) -> [Double] {
      let n = max(1, Int((segments[i].length / step).rounded(.up)))
      return (0...n).map { segments[i].length * Double($0) / Double(n) }
    }

    /// The distance to the nearest line beside a segment that runs as it does and does not coincide with it; nil
    /// without one within reach.
    func nearestParallel(to i: Int) -> Double? {
      var nearest: Double?
      for along in samples(of: i, step: 20) {
        let p = point(i, along)
        index.search(near: p, within: Ways.reach) { j in
          guard abs(segments[i].unit.dot(segments[j].unit)) > Ways.parallel else { return }
          let offset = (p - segments[j].start).dot(segments[j].unit)
          guard offset >= 0, offset <= segments[j].length else { return }
          let apart = abs((p - segments[j].start).cross(segments[j].unit))
          if apart > Ways.coincidence { nearest = min(nearest ?? apart, apart) }
        }
      }
      return nearest
    }

    func junctions(of line: Int) -> [Junction] {
      let way = ways[line]
      var found: [(junction: Junction, line: Int32, gap: Double)] = []
      for i in Int(way.firstSegment)..<Int(way.firstSegment + way.segmentCount) {
        var seen = Set<Int>()
        for along in samples(of: i, step: 30) {
          index.search(near: point(i, along), within: 15 + Ways.junctionGap) { j in
            if i != j { seen.insert(j) }
          }
        }
        for j in seen.sorted() {
          guard let (a, b, gap) = approach(i, j), gap <= Ways.junctionGap else { continue }
          let (s, t) = (
            segments[i].chainage + a * segments[i].scale,
            segments[j].chainage + b * segments[j].scale
          )
          if segments[j].line == Int32(line), apart(s, t, way) < 3 * Ways.junctionSpacing {
            continue
          }
          let junction = Junction(chainage: s, segment: Int32(j), otherChainage: t)
          if let k = found.firstIndex(where: {
            $0.line == segments[j].line && abs($0.junction.chainage - s) < Ways.junctionSpacing
              && abs($0.junction.otherChainage - t) < Ways.junctionSpacing
          }) {
            if gap < found[k].gap { found[k] = (junction, segments[j].line, gap) }
          } else {
            found.append((junction, segments[j].line, gap))
          }
        }
      }
      return found.map(\.junction).sorted { ($0.chainage, $0.segment) < ($1.chainage, $1.segment) }
    }

    private func apart(_ s: Double, _ t: Double, _ way: Way) -> Double {
      let d = abs(s - t)
      return way.isClosed ? min(d, way.length - d) : d
    }

    /// Where two segments come nearest to each other: metres along each, and how near. Nil where they run side by side
    /// and neither of their lines ends or bends away there.
    private func approach(_ i: Int, _ j: Int) -> (Double, Double, Double)? {
      let (g, h) = (segments[i], segments[j])
      let cross = g.unit.cross(h.unit)
      let between = h.start - g.start
      var best: (Double, Double, Double)?
      func consider(_ a: Double, _ b: Double) {
        let d = point(i, a).distance(to: point(j, b))
        if best.map({ d < $0.2 }) ?? true { best = (a, b, d) }
      }
      let isParallel = abs(g.unit.dot(h.unit)) > Ways.parallel
      if !isParallel {
        let a = between.cross(h.unit) / cross
        let b = between.cross(g.unit) / cross
        if a >= 0, a <= g.length, b >= 0, b <= h.length { consider(a, b) }
      }
      for a in [0, g.length] where !isParallel || isEnd(i, a) {
        let b = min(h.length, max(0, (point(i, a) - h.start).dot(h.unit)))
        consider(a, b)
      }
      for b in [0, h.length] where !isParallel || isEnd(j, b) {
        let a = min(g.length, max(0, (point(j, b) - g.start).dot(g.unit)))
        consider(a, b)
      }
      return best
    }

    /// That a segment's end is its line's, or a bend.
    private func isEnd(_ i: Int, _ along: Double) -> Bool {
      let way = ways[Int(segments[i].line)]
      let other = along == 0 ? i - 1 : i + 1
      guard other >= Int(way.firstSegment), other < Int(way.firstSegment + way.segmentCount) else {
        return true
      }
      return segments[i].unit.dot(segments[other].unit) < Ways.parallel
    }

    func companions(of line: Int) -> [Companion] {
      let way = ways[line]
      var open: [Companion] = []
      var done: [Companion] = []
      for i in Int(way.firstSegment)..<Int(way.firstSegment + way.segmentCount) {
        for along in samples(of: i, step: Ways.companionStep) {
          let p = point(i, along)
          let s = segments[i].chainage + along * segments[i].scale
          index.search(near: p, within: Ways.coincidence) { j in
            let h = segments[j]
            let course = segments[i].unit.dot(h.unit)
            guard i != j, !ways[Int(h.line)].isStreet, abs(course) > Ways.parallel else { return }
            let b = (p - h.start).dot(h.unit)
            guard b >= 0, b <= h.length, abs((p - h.start).cross(h.unit)) <= Ways.coincidence
            else { return }
            let t = h.chainage + b * h.scale
            // Round a gentle bend it meets itself; where it turns back it is walked twice right up to the turn.
            if h.line == Int32(line), course > 0, apart(s, t, way) < 3 * Ways.coincidence { return }
            let k = open.firstIndex {
              $0.line == h.line && s - $0.to <= 2 * Ways.companionStep
                && abs((t - $0.otherTo) - (s - $0.to) * (course > 0 ? 1 : -1)) <= Ways.companionStep
            }
            if let k {
              if s > open[k].to { (open[k].to, open[k].otherTo) = (s, t) }
            } else {
              open.append(Companion(from: s, to: s, line: h.line, otherFrom: t, otherTo: t))
            }
          }
          done += open.filter { s - $0.to > 2 * Ways.companionStep }
          open.removeAll { s - $0.to > 2 * Ways.companionStep }
        }
      }
      // A crossing at a sharp angle is no stretch in common.
      return (done + open).filter { $0.to - $0.from >= 2 * Ways.companionStep }
    }
  }
}
