internal import Geodesy
internal import Patrol

/// What is asked of a handheld and its bearer with every fix, as plain numbers: a `Handheld` holds texts, and each copy of
/// those is counted.
struct Bearer: Sendable {
  /// Milliseconds, these three.
  var interval: Int64
  var legMaximum: Int64
  var excursionMaximum: Int64
  /// Metres per second, these three.
  var reach: Double
  var plausibleSpeed: Double
  var passSpeedMaximum: Double
  /// Metres.
  var accuracyMaximum: Double
  var model: Accuracy

  /// How a fix that tells no accuracy is judged; metres.
  struct Accuracy: Sendable {
    var standard: Double
    var perHDOP: Double
  }

  init(_ handheld: Handheld) {
    interval = handheld.model.interval.value
    legMaximum = handheld.legMaximum.value
    excursionMaximum = handheld.excursionMaximum.value
    reach = handheld.reach.value
    plausibleSpeed = handheld.plausibleSpeed.value
    passSpeedMaximum = handheld.travel.passSpeedMaximum.value
    accuracyMaximum = handheld.model.accuracyMaximum.value
    model = Accuracy(
      standard: handheld.model.accuracy.value, perHDOP: handheld.model.hdopError.value)
  }

  /// Of a fix: metres, 95 %.
  func accuracy(of fix: Fix) -> Double {
    if let told = fix.accuracy { return told.value }
    if let hdop = fix.hdop { return model.perHDOP * hdop }
    return model.standard
  }

  /// The fastest that attends under a duty, metres per second.
  func passSpeed(_ duty: Duty) -> Double { duty.passSpeedMaximum?.value ?? passSpeedMaximum }
}
