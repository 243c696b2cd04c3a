internal import Geodesy

/// A usable fix on its way through the engine.
struct TrackFix: Hashable, Sendable, Codable {
  var time: Int64
  var position: Coordinate
  /// Metres, 95 %.
  var accuracy: Double
  /// Metres per second, from Doppler; nil where not told.
  var speed: Double?
  /// Course over ground, degrees clockwise from true north; nil where not told.
  var track: Double?
}
