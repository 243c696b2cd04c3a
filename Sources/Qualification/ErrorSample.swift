public import Geodesy

/// By how much one position was wrong.
public struct ErrorSample: Hashable, Sendable {
  /// Seconds since the session's first fix.
  public var seconds: Double
  /// Metres east and north of where it truly was.
  public var error: PlanePoint
  /// Standard deviation of the truth itself, each axis, metres.
  public var truthDeviation: Double

  public init(seconds: Double, error: PlanePoint, truthDeviation: Double = 0) {
    self.seconds = seconds
    self.error = error
    self.truthDeviation = truthDeviation
  }

  public var radius: Double { error.length }
}
