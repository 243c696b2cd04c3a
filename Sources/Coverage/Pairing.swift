public import Geodesy
public import Patrol

/// Two handhelds carried together: for a stretch of time they moved as one.
///
/// By position alone one person with two handhelds and two people walking side by side are the same, and the second is how
/// many patrols are meant to walk. So this is evidence that somebody is to look at, with what it rests on; it judges
/// nobody and takes nothing from any coverage.
public struct Pairing: Hashable, Sendable, Codable {
  /// `first` is before `second`.
  public var first: Handheld.ID
  public var second: Handheld.ID
  /// The first and the last moment at which they were seen to move as one.
  public var began: Instant
  public var ended: Instant
  /// How much of that they moved as one; the rest they stood, were not seen, or seemed apart for less than a parting.
  public var moving: Milliseconds
  /// What they went in that time, by Doppler.
  public var way: Metres
  /// Between them while they moved as one, half of the time at most.
  public var medianDistance: Metres
  /// Between them at any moment at which both moved.
  public var maximumDistance: Metres
  /// Within which two receivers in one pocket are 95 % of the time: the median over the stretch.
  public var jointAccuracy: Metres
  /// Of the moments at which both were seen and moved, those at which they moved as one.
  public var share: Double

  public init(
    first: Handheld.ID, second: Handheld.ID, began: Instant, ended: Instant, moving: Milliseconds,
    way: Metres, medianDistance: Metres, maximumDistance: Metres, jointAccuracy: Metres,
    share: Double
  ) {
    self.first = first
    self.second = second
    self.began = began
    self.ended = ended
    self.moving = moving
    self.way = way
    self.medianDistance = medianDistance
    self.maximumDistance = maximumDistance
    self.jointAccuracy = jointAccuracy
    self.share = share
  }
}

extension Pairing {
  /// In one line; `time` writes instants.
  public func text(_ time: (Instant) -> String) -> String {
    """
    \(first) and \(second) moved as one for \(moving.value / 60_000) min from \(time(began)) to \(time(ended)), \
    \(Int(medianDistance.value.rounded())) m apart where receivers tell \(Int(jointAccuracy.value.rounded())) m: one \
    person with both, or two side by side
    """
  }
}

extension Pairing {
  /// Handhelds are compared at moments this far apart, in milliseconds: a walker goes a receiver's error in it.
  static let cadence: Int64 = 10_000
  /// They must have moved as one for this long.
  static let movingMinimum: Int64 = 600_000
  /// Seen apart for longer they have parted. A reflected signal throws a position aside for up to half a minute
  /// (`Rig.Environment`), and the slow error comes back within its correlation time of 40 s.
  static let partingMaximum: Int64 = 60_000
  /// Not seen together for longer, nothing is known of their staying together: it is as long as they must have moved.
  static let silenceMaximum: Int64 = 600_000
  /// Of the moments at which both moved. Two receivers in one pocket are within their joint accuracy 95 % of the time, and
  /// under a quarter of it apart with jumps and late turns; two people 15 m apart, across a street, are so about half
  /// of it.
  static let shareMinimum = 0.75
  /// Metres across what they went over: more than a guard point with its surroundings, where two who are posted there
  /// walk to and fro.
  static let extentMinimum = 100.0
  /// 95 %, metres: what a receiver claims follows the satellites' geometry, and in streets they err by this all the same
  /// (`ReceiverError.usual`, 2.45 deviations).
  static let accuracyMinimum = 12.25
  /// 95 %, metres: what is known less well tells nothing of who walks with whom, as it proves no presence.
  static let accuracyMaximum = 30.0
  /// Velocities of one person's handhelds differ by less than this many metres a second, or than this share of the
  /// faster: 0.15 to 0.3 an axis and receiver in streets, and filters follow a turn by a second or two.
  static let velocityTolerance = (least: 1.0, share: 0.5)
  /// Milliseconds: between velocities told further apart a walker may have turned any way.
  static let velocityLegMaximum: Int64 = 15_000
}
