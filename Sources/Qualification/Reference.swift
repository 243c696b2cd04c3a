public import Geodesy

/// Where a handheld truly was in a session.
public struct Reference: Hashable, Sendable {
  /// A place reached at a moment.
  public struct Checkpoint: Hashable, Sendable {
    public var time: Instant
    public var position: Coordinate
    /// Standard deviation, each axis.
    public var deviation: Metres

    public init(time: Instant, position: Coordinate, deviation: Metres = 0) {
      self.time = time
      self.position = position
      self.deviation = deviation
    }
  }

  public enum Kind: String, Hashable, Sendable {
    /// It lay on a surveyed mark.
    case mark
    /// It was carried from checkpoint to checkpoint.
    case checkpoints
    /// Its receiver was driven by a scenario's walk.
    case scenario
  }

  public let kind: Kind
  /// In rising order of time, at least one; of a mark, one at no particular time.
  public let checkpoints: [Checkpoint]

  /// Who walks from mark to mark keeps no even pace: between them his place spreads like a Brownian bridge of this
  /// diffusion, m²/s. A pace that varies by 10 % of 1.4 m/s for some 20 s at a time: 2 · 0.14² · 20 (assumed).
  public static let diffusion = 0.8

  public init(mark: Coordinate, deviation: Metres) {
    kind = .mark
    checkpoints = [Checkpoint(time: .distantPast, position: mark, deviation: deviation)]
  }

  /// Nil with fewer than two, or not in rising order of time. `isExact`: between two it is where a straight line at an even
  /// speed says, as a scenario's walker is.
  public init?(_ checkpoints: [Checkpoint], isExact: Bool) {
    guard checkpoints.count > 1,
      zip(checkpoints, checkpoints.dropFirst()).allSatisfy({ $0.time < $1.time })
    else { return nil }
    kind = isExact ? .scenario : .checkpoints
    self.checkpoints = checkpoints
  }

  /// Where it was, and by how much that may be wrong, each axis; nil before the first checkpoint and after the last.
  /// O(log checkpoints).
  public func place(at time: Instant) -> (position: Coordinate, deviation: Double)? {
    guard kind != .mark else {
      return (checkpoints[0].position, checkpoints[0].deviation.value)
    }
    guard let last = checkpoints.last, time >= checkpoints[0].time, time <= last.time else {
      return nil
    }
    var (low, high) = (0, checkpoints.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if checkpoints[middle].time <= time { low = middle } else { high = middle }
    }
    let (a, b) = (checkpoints[low], checkpoints[high])
    let length = (b.time - a.time).seconds
    let share = (time - a.time).seconds / length
    let plane = LocalPlane(origin: a.position)
    guard let position = plane.coordinate(plane.point(b.position) * share) else { return nil }
    let (da, db) = ((1 - share) * a.deviation.value, share * b.deviation.value)
    // Who stands between two readings of one place walks no way.
    let isStill = kind == .scenario || a.position == b.position
    let bridge = isStill ? 0 : Self.diffusion * length * share * (1 - share)
    return (position, (da * da + db * db + bridge).squareRoot())
  }

  /// Metres a second over the two seconds around a moment; nil where that is not within it.
  func speed(at time: Instant) -> Double? {
    guard let a = place(at: time - .seconds(1)), let b = place(at: time + .seconds(1)) else {
      return nil
    }
    return a.position.distance(to: b.position).value / 2
  }

  /// The same walk, so much later.
  public func shifted(by lag: Milliseconds) -> Reference {
    guard kind != .mark else { return self }
    return Reference(
      checkpoints.map {
        Checkpoint(time: $0.time + lag, position: $0.position, deviation: $0.deviation)
      }, isExact: kind == .scenario) ?? self
  }
}
