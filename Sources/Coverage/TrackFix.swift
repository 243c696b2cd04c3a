internal import Geodesy
internal import Patrol

/// A usable fix on its way through the engine. 48 bytes.
struct TrackFix: Hashable, Sendable {
  var time: Int64
  var position: Coordinate
  /// Metres, 95 %.
  var accuracy: Double
  private var speedOrAbsent: Double
  private var velocityOrAbsent: PlanePoint

  /// No receiver's: an optional would take twice the room.
  private static let absent = -Double.greatestFiniteMagnitude

  /// - Parameters:
  ///   - speed: metres per second, from Doppler; nil where not told.
  ///   - track: course over ground, degrees clockwise from true north; nil where not told.
  init(time: Int64, position: Coordinate, accuracy: Double, speed: Double?, track: Double?) {
    self.time = time
    self.position = position
    self.accuracy = accuracy
    speedOrAbsent = speed ?? Self.absent
    velocityOrAbsent =
      Self.velocity(speed, track) ?? PlanePoint(x: Self.absent, y: Self.absent)
  }

  init(_ fix: Fix, at time: Int64, accuracy: Double) {
    self.init(
      time: time, position: fix.position, accuracy: accuracy, speed: fix.speed?.value,
      track: fix.track)
  }

  /// Metres per second, from Doppler; nil where not told.
  var speed: Double? { speedOrAbsent == Self.absent ? nil : speedOrAbsent }
  /// Metres a second east and north; nil where speed or course are not told.
  var velocity: PlanePoint? { velocityOrAbsent.x == Self.absent ? nil : velocityOrAbsent }

  /// One that stands needs no course.
  private static func velocity(_ speed: Double?, _ track: Double?) -> PlanePoint? {
    guard let speed else { return nil }
    guard speed > 0.1 else { return PlanePoint(x: 0, y: 0) }
    return track.map { Elementary.direction(bearing: $0) * speed }
  }
}
