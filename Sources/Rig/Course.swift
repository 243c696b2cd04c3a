public import Geodesy
public import Patrol

/// Travel along a place at one speed, or standing on it (`from` = `to`), as it truly was.
public struct TruePass: Hashable, Sendable {
  public var place: Place.ID
  /// Seconds since the course began.
  public var began: Double
  public var ended: Double
  /// Chainages, in metres; over the joint of a closed loop they run on below 0 or above its length.
  public var from: Double
  public var to: Double
  /// Faster than attends.
  public var isDriveBy: Bool

  public init(
    place: Place.ID, began: Double, ended: Double, from: Double, to: Double,
    isDriveBy: Bool = false
  ) {
    self.place = place
    self.began = began
    self.ended = ended
    self.from = from
    self.to = to
    self.isDriveBy = isDriveBy
  }
}

/// What one bearer truly did.
public struct TrueWalk: Sendable {
  /// Where he is at a moment; in between he moves in a straight line at one speed.
  public struct Knot: Hashable, Sendable {
    /// Seconds since the course began.
    public var time: Double
    /// In the course's plane.
    public var point: PlanePoint
  }

  public var handheld: Handheld
  /// In rising order of time.
  public var knots: [Knot]
  public var passes: [TruePass] = []
  /// Without reception, in seconds since the course began.
  public var dark: [ClosedRange<Double>] = []

  /// Position and velocity at each whole second from the beginning on. O(seconds + knots).
  public func seconds(_ count: Int) -> [(point: PlanePoint, velocity: PlanePoint)] {
    var i = 0
    return (0..<count).map { k in
      let t = Double(k)
      while i + 1 < knots.count, knots[i + 1].time <= t { i += 1 }
      let a = knots[i]
      guard i + 1 < knots.count, t >= a.time else { return (a.point, PlanePoint(x: 0, y: 0)) }
      let b = knots[i + 1]
      let velocity = (b.point - a.point) * (1 / (b.time - a.time))
      return (a.point + velocity * (t - a.time), velocity)
    }
  }
}

/// A piece of street that two lines, or two stretches of one line, share within 5 m: where one is walked, so is the
/// other. Chainages correspond linearly; where the other runs the other way its chainages fall.
public struct Coincidence: Hashable, Sendable {
  public var line: Place.ID
  public var from: Double
  public var to: Double
  public var other: Place.ID
  public var otherFrom: Double
  public var otherTo: Double

  /// The part of a pass along `line` that lies in this piece, as a pass along the other.
  func mirrored(_ pass: TruePass) -> TruePass? {
    guard pass.place == line else { return nil }
    let (low, high) = (max(from, min(pass.from, pass.to)), min(to, max(pass.from, pass.to)))
    guard low < high || (low == high && pass.from == pass.to) else { return nil }
    let rate = pass.from == pass.to ? 0 : (pass.ended - pass.began) / (pass.to - pass.from)
    func time(_ s: Double) -> Double { pass.began + (s - pass.from) * rate }
    func across(_ s: Double) -> Double {
      otherFrom + (s - from) / (to - from) * (otherTo - otherFrom)
    }
    let (a, b) = pass.from <= pass.to ? (low, high) : (high, low)
    return TruePass(
      place: other, began: time(a), ended: pass.from == pass.to ? pass.ended : time(b),
      from: across(a), to: across(b), isDriveBy: pass.isDriveBy)
  }
}

/// A walk whose truth is known because it was said move by move: which place was walked from which chainage to which,
/// not what lay within so many metres of it. All of a course is decided by its kind and its seed.
public struct Course: Sendable {
  public let kind: Kind
  public let seed: UInt64
  public let plan: Plan
  public let window: Window
  public let plane: LocalPlane
  public let walks: [TrueWalk]

  /// Seconds, from the window's opening to its closing.
  public var duration: Int { Int((window.ended - window.began).value / 1000) }
  public var duties: [Duty] { plan.duties }

  public func instant(_ seconds: Double) -> Instant {
    window.began + Milliseconds(seconds: seconds)
  }

  /// Lines and points that a duty owes, in the plan's order.
  public var owed: [(place: Place, duty: Duty)] {
    plan.duties.flatMap { duty in
      duty.places.compactMap { id in plan.place(id).map { ($0, duty) } }
    }
  }

  /// What a patrol meets. Sizes are drawn by seed: lines of 600 to 1500 m, walking at 1.0 to 1.7 m/s (Bohannon 1997;
  /// patrols are slower than commuters), on a pavement within 1.5 m of the line, the whole turned by any angle.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Up and down a bent road, not always to its end.
    case thereAndBack = "there-and-back"
    /// Leaves the line for an unmapped way 40 to 100 m aside and comes back to it further on.
    case leftOut = "left-out"
    /// A mapped street beside the line; some laps on one, some on the other.
    case parallel15 = "parallel-15"
    case parallel20 = "parallel-20"
    case parallel30 = "parallel-30"
    /// An unmapped lane 25 to 40 m beside the line.
    case laneBeside = "lane-beside"
    /// Two assigned lines, 10 to 16 m apart, on both sides of one road.
    case dualPavements = "dual-pavements"
    /// Into side lanes, mapped and unmapped, and back.
    case sideLanes = "side-lanes"
    case figureEight = "figure-eight"
    case closedLoop = "closed-loop"
    /// A line that runs out and back over the same street.
    case outAndBack = "out-and-back"
    /// Two lines that share 300 m.
    case sharedStreet = "shared-street"
    case uTurns = "u-turns"
    /// Cuts the corner of a line through unmapped ground.
    case shortcut
    /// 60 to 120 m without reception in the middle of the line.
    case tunnel
    /// A rider too fast on some stretches, and a walker.
    case driveBy = "drive-by"
    /// Stands for many minutes on and near the line.
    case standing
    /// A line that winds through a grid of mapped streets, with detours by them.
    case streetGrid = "street-grid"
    /// Bends every 20 to 60 m.
    case winding
    /// Guard points of 15 m: visits, near misses, short stays, pauses.
    case guardPoints = "guard-points"
    /// Guard points of 15 to 40 m, two of them 40 m apart: stays, and stands just outside.
    case besidePoints = "beside-points"
    /// Guard points where no stay is asked for: walked past inside, walked past outside.
    case passBys = "pass-bys"
  }
}
