internal import Coverage
internal import Geodesy
internal import Patrol

/// Passes of one handheld that were one walk along the line: the same way, with holes where the matcher could not tell. They
/// are drawn as one stroke with those holes, and told of as one.
struct WalkRun {
  private(set) var passes: [Pass]
  private(set) var pieces: [StrokeLabels.Piece]
  /// One pass over the joint of a closed loop: its pieces adjoin at the plot's edges.
  let goesOnAtOtherEnd: Bool

  /// Longer holes, in time or along the line, begin a run of their own.
  private static let hole = (time: Milliseconds.minutes(5), way: 300.0)
  /// Shorter passes, in metres, have no direction.
  private static let standing = 10.0
  /// What lies closer together, in pixels, is drawn as one.
  static let tolerance = 0.5

  init(_ pass: Pass, _ pieces: [StrokeLabels.Piece]) {
    (passes, self.pieces, goesOnAtOtherEnd) = ([pass], pieces, pieces.count > 1)
  }

  var handheld: Handheld.ID { passes[0].handheld }
  var kind: Pass.Kind { passes[0].kind }
  var began: Instant { passes[0].began }
  var ended: Instant { passes[passes.count - 1].ended }
  var from: Metres { passes[0].from }
  var to: Metres { passes[passes.count - 1].to }

  /// Over the time in which it was seen; of one pass, its own.
  var speed: MetresPerSecond {
    guard passes.count > 1 else { return passes[0].speed }
    let way = passes.reduce(0.0) { $0 + abs($1.to.value - $1.from.value) }
    let time = passes.reduce(0.0) { $0 + ($1.ended - $1.began).seconds }
    return MetresPerSecond(time > 0 ? way / time : 0)
  }

  /// Takes the next pass of its handheld, if that belongs to it.
  mutating func goOn(_ pass: Pass, _ more: [StrokeLabels.Piece]) -> Bool {
    let last = passes[passes.count - 1]
    guard kind == .pass, pass.kind == .pass, !goesOnAtOtherEnd, more.count == 1,
      pass.began >= last.ended, pass.began - last.ended <= Self.hole.time,
      abs(pass.from.value - last.to.value) <= Self.hole.way
    else { return false }
    let (own, new) = (Self.way(from, to), Self.way(pass.from, pass.to))
    let between = Self.way(last.to, pass.from)
    let ways = [own, between, new].filter { $0 != 0 }
    guard ways.allSatisfy({ $0 == ways[0] }) else { return false }
    passes.append(pass)
    pieces += more
    return true
  }

  /// 1 forwards, -1 backwards, 0 for standing.
  private static func way(_ from: Metres, _ to: Metres) -> Int {
    let way = to.value - from.value
    return abs(way) < standing ? 0 : way > 0 ? 1 : -1
  }

  /// Every piece's ends, but those that lie within `tolerance` of the one before.
  var path: String {
    var d = ""
    var (x, y) = (-Double.infinity, -Double.infinity)
    func isNear(_ px: Double, _ py: Double) -> Bool {
      abs(px - x) <= Self.tolerance && abs(py - y) <= Self.tolerance
    }
    func add(_ letter: String, _ px: Double, _ py: Double) {
      d += letter
      d += SVG.number(px)
      d += " "
      d += SVG.number(py)
      (x, y) = (px, py)
    }
    for piece in pieces {
      let goesOn = isNear(piece.x1, piece.y1)
      if !goesOn { add("M", piece.x1, piece.y1) }
      if !goesOn || !isNear(piece.x2, piece.y2) { add("L", piece.x2, piece.y2) }
    }
    return d
  }
}

extension TimeDistanceChart {
  /// What was walked, in order of its beginnings.
  var runs: [WalkRun] {
    var runs: [WalkRun] = []
    var open: [Handheld.ID: Int] = [:]
    for pass in passes {
      let pieces = pieces(pass)
      guard !pieces.isEmpty else { continue }
      if let r = open[pass.handheld], runs[r].goOn(pass, pieces) { continue }
      open[pass.handheld] = runs.count
      runs.append(WalkRun(pass, pieces))
    }
    return runs
  }
}
