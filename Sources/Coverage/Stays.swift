internal import Geodesy
internal import Patrol
internal import SpatialIndex

/// One handheld's runs of fixes inside points, areas and cells of gridded areas: usable fixes go in by GNSS time, ended
/// runs come out. A value, so that an earlier state can be kept and gone back to.
///
/// A fix far from every target costs one look-up in the index and allocates nothing.
struct Stays: Hashable, Sendable, Codable {
  /// Runs that have not ended, by rising target.
  private(set) var open: [Open] = []
  /// In the order in which they were decided; of a single fix none.
  private(set) var ended: [Ended] = []

  /// A run of fixes at a target.
  struct Run: Hashable, Sendable, Codable {
    var arrived: Int64
    var lastInside: Int64
    var count = 1
    var outside = 0
    var excursions: Int64 = 0
    /// The slowest leg within the run, metres per second.
    var slowest = Double.infinity

    var length: Int64 { lastInside - arrived - excursions }
  }

  struct Open: Hashable, Sendable, Codable {
    var target: Int
    var run: Run
  }

  struct Ended: Hashable, Sendable, Codable {
    var target: Int
    var run: Run
    /// When the fix that ended it was taken.
    var decided: Int64
  }

  /// The run under way at a target.
  func run(at target: Int) -> Run? { open.first { $0.target == target }?.run }

  /// Takes the next usable fix. `touched` is called with each target whose runs changed.
  ///
  /// - Parameter legSpeed: metres per second since the fix before it; nil where the track begins anew.
  mutating func step(
    _ fix: TrackFix, legSpeed: Double?, of bearer: Bearer, on ground: Ground,
    touched: (Int) -> Void
  ) {
    let longest = max(bearer.excursionMaximum, bearer.legMaximum)
    func isInside(_ t: Int) -> Bool {
      fix.accuracy <= ground.targets[t].accuracyMaximum
        && ground.distance(from: fix.position, toTarget: t) == 0
    }
    var i = 0
    while i < open.count {
      let t = open[i].target
      if !isInside(t), stepOutside(i, fix, bearer, ground) {
        touched(t)
      } else {
        i += 1
      }
    }
    let p = ground.plane.point(fix.position)
    ground.targetIndex.search(near: p, within: 1) { t in
      guard isInside(t) else { return }
      touched(t)
      stepInside(t, fix, legSpeed, longest, bearer)
    }
  }

  /// Nothing is under way: a fix far from every target need not be stepped.
  var isIdle: Bool { open.isEmpty }

  private mutating func stepInside(
    _ t: Int, _ fix: TrackFix, _ legSpeed: Double?, _ longest: Int64, _ bearer: Bearer
  ) {
    let i = open.firstIndex { $0.target >= t } ?? open.count
    guard i < open.count, open[i].target == t else {
      open.insert(Open(target: t, run: Run(arrived: fix.time, lastInside: fix.time)), at: i)
      return
    }
    let run = open[i].run
    let away = fix.time - run.lastInside
    // Two outside make an excursion; a silence breaks a run when it is longer than a leg and than an excursion.
    let isExcursion = run.outside >= 2
    if away > (isExcursion ? bearer.excursionMaximum : longest) {
      settle(open[i], at: fix.time)
      open[i].run = Run(arrived: fix.time, lastInside: fix.time)
      return
    }
    if isExcursion { open[i].run.excursions += away }
    if run.outside == 0, let legSpeed { open[i].run.slowest = min(run.slowest, legSpeed) }
    open[i].run.outside = 0
    open[i].run.count += 1
    open[i].run.lastInside = fix.time
  }

  /// A fix outside the target of an open run; true where it ends the run.
  private mutating func stepOutside(
    _ i: Int, _ fix: TrackFix, _ bearer: Bearer, _ ground: Ground
  ) -> Bool {
    let edge = ground.distance(from: fix.position, toTarget: open[i].target)
    if edge > fix.accuracy { open[i].run.outside += 1 }
    let away = fix.time - open[i].run.lastInside
    // One fix inside begins nothing; its successor would have to be the next usable fix.
    guard open[i].run.count == 1 || away > bearer.excursionMaximum else { return false }
    settle(open[i], at: fix.time)
    open.remove(at: i)
    // What is empty without room of its own is seen to be so without a look at the heap.
    if open.isEmpty { open = [] }
    return true
  }

  /// Ends what is under way: the span of duty is over.
  mutating func close(at time: Int64) {
    for under in open { settle(under, at: time) }
    open = []
  }

  private mutating func settle(_ under: Open, at time: Int64) {
    guard under.run.count > 1 else { return }
    ended.append(Ended(target: under.target, run: under.run, decided: time))
  }
}
