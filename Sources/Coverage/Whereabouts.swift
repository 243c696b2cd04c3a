internal import Geodesy
internal import Patrol

/// Where one handheld was, less the errors of single fixes: its way by Doppler, laid where the positions around each
/// moment say, by their median. Usable fixes go in by GNSS time; each comes out `lag` later.
///
/// A receiver knows its velocity to decimetres a second while its position is metres off, slowly wandering, and for
/// seconds tens of metres off. What positions differ from the way by Doppler (their residual) is therefore one place,
/// seen again and again, whether its bearer stands or walks: the median over minutes rejects jumps and averages the
/// rest, and arrivals do not lag behind.
///
/// One fix costs O(1) and each bundle of them O(window); nothing is allocated in a steady state. About 1.5 kB.
struct Whereabouts: Hashable, Sendable {
  /// A fix that waits for what comes after it. 40 bytes: half a minute of them waits, three times over.
  struct Step: Hashable, Sendable {
    var time: Int64
    /// By Doppler since the beginning, metres east and north.
    var moved: PlanePoint
    /// Not a number where not told.
    private var accuracyTold: Float
    private var legSpeedTold: Float
    private var east: Float
    private var north: Float

    init(time: Int64, moved: PlanePoint, accuracy: Double, legSpeed: Double?, velocity: PlanePoint?)
    {
      (self.time, self.moved, accuracyTold) = (time, moved, Float(accuracy))
      legSpeedTold = legSpeed.map { Float($0) } ?? .nan
      (east, north) = velocity.map { (Float($0.x), Float($0.y)) } ?? (.nan, .nan)
    }

    /// Metres, 95 %, as claimed.
    var accuracy: Double { Double(accuracyTold) }
    /// Metres a second since the fix before; nil where the track began anew.
    var legSpeed: Double? { legSpeedTold.isNaN ? nil : Double(legSpeedTold) }
    /// Metres a second east and north; nil where not told.
    var velocity: PlanePoint? {
      east.isNaN ? nil : PlanePoint(x: Double(east), y: Double(north))
    }
  }

  /// Consecutive fixes of at most `bundle` milliseconds, and their mean residual.
  private struct Bundle: Hashable, Sendable {
    var began: Int64
    var count = 0
    /// Of fixes between which the way is known.
    var chain: Int
    /// Some of its chain had no velocity.
    var isBlind: Bool
    var sum = PlanePoint(x: 0, y: 0)
    var residual: PlanePoint { sum * (1 / Double(count)) }
  }

  private struct Last: Hashable, Sendable {
    var time: Int64
    var position: Coordinate
    /// Metres a second.
    var speed: Double?
    var velocity: PlanePoint?
  }

  /// Where it was at a fix, as far as is ever known.
  struct Settled {
    var step: Step
    /// In the plane of the fixes.
    var point: PlanePoint
    /// Standard deviation of each axis, metres.
    var error: Double
    /// What is left of the errors of single fixes, as a factor.
    var left: Double
    /// When the fix that settled it was taken.
    var decided: Int64

    /// What its distance to an edge may be wrong by, metres: 95 % on one side. What the fix claims of itself averages out
    /// as its errors do.
    var edgeError: Double {
      Self.oneSided * max(error, step.accuracy / ReceiverError.deviationsOf95 * left)
    }

    /// Of a normal distribution 95 % lie below so many deviations.
    static let oneSided = 1.645
  }

  /// Oldest first; those from `pending` on wait.
  private var bundles: [Bundle] = []
  private var pending = 0
  /// Of the pending bundles.
  private var steps: [Step] = []
  private var moved = PlanePoint(x: 0, y: 0)
  private var chain = 0
  private var isBlind = false
  private var last: Last?
  /// Of positions about their median, each axis: square metres.
  private var variance = Self.usual * Self.usual
  /// What that was learned from weighs so much, seconds: what it begins with as much as one median.
  private var learned = Double(Self.memory + Self.lag) / 1000

  /// How much of what comes after a moment is waited for, milliseconds: decisions are due after 30 s.
  static let lag: Int64 = 30_000
  /// What lies longer ago than this no longer counts, milliseconds. Measured on the proving courses: visit F1 in
  /// canyons .86 with 60 s, .92 with 120 s, .93 with 180 s, no better with 240 s.
  static let memory: Int64 = 180_000
  /// Without velocities the way is not known: positions this far before and after, milliseconds (a median of 60 s).
  static let blindMemory: Int64 = 30_000
  /// Positions within it err alike, milliseconds (a fraction of the correlation time).
  static let bundle: Int64 = 10_000
  /// Between velocities further apart than this the way is not known, milliseconds: a walker who turns or stops in
  /// between may be 3 m off it (`Odometer.diffusion`).
  static let knownWay: Int64 = 15_000
  /// Slower than this at both ends, it stood, metres a second: patrols walk at 1.0 m/s and more, and Doppler errs by
  /// 0.3 m/s an axis in canyons.
  static let standingSpeed = 0.7
  /// One that stood before and after a silence of up to this stood all the while, milliseconds, ...
  static let stillness: Int64 = 60_000
  /// ... unless its positions lie further apart than this many deviations: no error, not even most jumps.
  static let elsewhere = 10.0
  /// Correlation time of position errors, seconds (measured: `ReceiverError`).
  static let correlation = ReceiverError.correlation
  /// Deviation of each axis: before anything is known, and its limits, metres (open sky, deep canyon).
  static let usual = 5.0
  static let limits = 2.0...12.0
  /// It is learned from medians over at least this long, and remembered for so long, seconds.
  private static let learnedFrom = 100.0
  private static let learnedOver = 600.0

  /// Of positions about where it was, each axis: metres.
  var deviation: Double {
    min(max(variance.squareRoot(), Self.limits.lowerBound), Self.limits.upperBound)
  }

  /// Takes the next usable fix, of which `point` is the position.
  mutating func add(_ fix: TrackFix, at point: PlanePoint, legSpeed: Double?, of bearer: Bearer) {
    let this = Last(
      time: fix.time, position: fix.position, speed: fix.speed, velocity: fix.velocity)
    follow(this, bearer)
    let isNew = bundles.last.map { $0.chain != chain || fix.time - $0.began >= Self.bundle } ?? true
    if isNew { bundles.append(Bundle(began: fix.time, chain: chain, isBlind: isBlind)) }
    let b = bundles.count - 1
    bundles[b].count += 1
    bundles[b].isBlind = isBlind
    bundles[b].sum = bundles[b].sum + (point - moved)
    steps.append(
      Step(
        time: fix.time, moved: moved, accuracy: fix.accuracy, legSpeed: legSpeed,
        velocity: fix.velocity))
    last = this
  }

  /// Carries the way on to a fix.
  private mutating func follow(_ fix: Last, _ bearer: Bearer) {
    guard let last else { return }
    let silence = fix.time - last.time
    let isStill =
      (last.speed ?? .infinity) < Self.standingSpeed
      && (fix.speed ?? .infinity) < Self.standingSpeed
      && silence <= max(bearer.legMaximum, Self.stillness)
    if isStill, silence <= Self.knownWay { return }
    if isStill,
      last.position.distance(to: fix.position).value <= Self.elsewhere * deviation
    {
      return
    }
    if silence <= Self.knownWay {
      if let u = last.velocity, let v = fix.velocity {
        moved = moved + (u + v) * (Double(silence) / 2000)
      } else {
        isBlind = true
      }
      return
    }
    chain += 1
    isBlind = false
  }

  /// That a fix at `now` settles what waits.
  func isDue(at now: Int64) -> Bool {
    pending < bundles.count && now - bundles[pending].began >= Self.lag
  }

  /// Tells, in order of time, what a fix at `now` settles; nil for `now`: all there is.
  /// - Parameter isIdle: that nothing is to be known around where a bundle roughly was: it is not told.
  mutating func settle(
    at now: Int64?, interval: Double, isIdle: (PlanePoint) -> Bool, told body: (Settled) -> Void
  ) {
    var done = 0
    while pending < bundles.count {
      if let now, now - bundles[pending].began < Self.lag { break }
      if isIdle(steps[done].moved + bundles[pending].residual) {
        done += bundles[pending].count
        pending += 1
        continue
      }
      let offset = offset(pending, interval)
      tell(pending, done, offset, decided: now, body)
      done += bundles[pending].count
      pending += 1
      learn(offset)
    }
    guard done > 0 else { return }
    steps.removeFirst(done)
    var old = 0
    let since = bundles[pending - 1].began - Self.memory
    while old < pending, bundles[old].began < since { old += 1 }
    bundles.removeFirst(old)
    pending -= old
  }

  /// Tells all that waits as if nothing were to come.
  func foresee(interval: Double, _ body: (Settled) -> Void) {
    var done = 0
    for b in pending..<bundles.count {
      tell(b, done, offset(b, interval), decided: nil, body)
      done += bundles[b].count
    }
  }

  private func tell(
    _ b: Int, _ first: Int, _ offset: Offset, decided: Int64?, _ body: (Settled) -> Void
  ) {
    for step in steps[first..<first + bundles[b].count] {
      body(
        Settled(
          step: step, point: step.moved + offset.middle, error: offset.error,
          left: offset.left, decided: decided ?? step.time))
    }
  }

  /// What lies between the way by Doppler and where it was.
  private struct Offset {
    var middle: PlanePoint
    /// Standard deviation of each axis, metres.
    var error: Double
    /// That is what single positions err by, times this.
    var left = 1.0
    /// What it was made of; over how many seconds, and how many for each bundle.
    var bundles = 0..<0
    var seconds = 0.0
    var step = 0.0
  }

  /// The median of the residuals around a bundle, each axis.
  private func offset(_ b: Int, _ interval: Double) -> Offset {
    let at = bundles[b]
    let (before, after) =
      at.isBlind ? (Self.blindMemory, Self.blindMemory) : (Self.memory, Self.lag)
    var (from, to) = (b, b)
    while from > 0, bundles[from - 1].chain == at.chain,
      at.began - bundles[from - 1].began <= before
    {
      from -= 1
    }
    while to + 1 < bundles.count, bundles[to + 1].chain == at.chain,
      bundles[to + 1].began - at.began <= after
    {
      to += 1
    }
    let count = to - from + 1
    guard count > 1 else { return Offset(middle: at.residual, error: deviation) }
    let middle = withUnsafeTemporaryAllocation(of: SIMD2<Double>.self, capacity: count) { each in
      for i in 0..<count {
        let residual = bundles[from + i].residual
        each.initializeElement(at: i, to: SIMD2(residual.x, residual.y))
      }
      return Self.median(of: each)
    }
    let step = max(Double(Self.bundle) / 1000, interval)
    let seconds = Double(count) * step
    // A correlated error averages out as if seen once in twice its correlation time.
    let left = min(1, (2 * Self.correlation / seconds).squareRoot())
    return Offset(
      middle: PlanePoint(x: middle.x, y: middle.y), error: deviation * left, left: left,
      bundles: from..<to + 1, seconds: seconds, step: step)
  }

  /// Of each of two columns: every value's rank is counted, O(n²) without a branch, which for some twenty values is
  /// several times as quick as sorting them.
  private static func median(of values: UnsafeMutableBufferPointer<SIMD2<Double>>) -> SIMD2<Double>
  {
    let count = values.count
    let (low, high) = (Int64((count - 1) / 2), Int64(count / 2))
    var atLow = SIMD2<Double>(repeating: -.infinity)
    var atHigh = atLow
    for value in values {
      var rank = SIMD2<Int64>()
      for other in values { rank.replace(with: rank &+ 1, where: other .< value) }
      // The largest of those with no more than k below them is the one at position k.
      atLow.replace(with: value, where: (rank .<= low) .& (atLow .< value))
      atHigh.replace(with: value, where: (rank .<= high) .& (atHigh .< value))
    }
    return (atLow + atHigh) / 2
  }

  /// Learns how positions scatter about their median.
  private mutating func learn(_ offset: Offset) {
    guard offset.seconds >= Self.learnedFrom else { return }
    let count = offset.bundles.count
    let distances = withUnsafeTemporaryAllocation(of: SIMD2<Double>.self, capacity: count) { each in
      for i in 0..<count {
        let away = bundles[offset.bundles.lowerBound + i].residual.distance(to: offset.middle)
        each.initializeElement(at: i, to: SIMD2(repeating: away))
      }
      return Self.median(of: each)
    }
    // Half of what is normal on both axes lies within 1.18 deviations (Rayleigh's median).
    let scatter = distances.x / 1.18
    learned = min(Self.learnedOver, learned + offset.step)
    variance += (scatter * scatter - variance) * min(1, offset.step / learned)
  }
}

extension Whereabouts: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&bundles)
    packing(&pending)
    packing(&steps)
    packing(&moved)
    packing(&chain)
    packing(&isBlind)
    packing(&last)
    packing(&variance)
    packing(&learned)
  }
}
