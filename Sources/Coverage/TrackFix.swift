internal import Geodesy

/// A usable fix on its way through the engine. 40 bytes.
struct TrackFix: Hashable, Sendable, Codable {
  var time: Int64
  var position: Coordinate
  /// Metres, 95 %.
  var accuracy: Double
  private var speedOrAbsent: Double
  private var trackOrAbsent: Double

  /// No receiver's: an optional would take twice the room.
  private static let absent = -Double.greatestFiniteMagnitude

  init(time: Int64, position: Coordinate, accuracy: Double, speed: Double?, track: Double?) {
    self.time = time
    self.position = position
    self.accuracy = accuracy
    speedOrAbsent = speed ?? Self.absent
    trackOrAbsent = track ?? Self.absent
  }

  /// Metres per second, from Doppler; nil where not told.
  var speed: Double? {
    get { speedOrAbsent == Self.absent ? nil : speedOrAbsent }
    set { speedOrAbsent = newValue ?? Self.absent }
  }
  /// Course over ground, degrees clockwise from true north; nil where not told.
  var track: Double? {
    get { trackOrAbsent == Self.absent ? nil : trackOrAbsent }
    set { trackOrAbsent = newValue ?? Self.absent }
  }
}
