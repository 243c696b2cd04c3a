/// How fast one went between two reports that lie far apart in time: from the speeds told in them and the way between them.
///
/// Where the speeds differ, and the way is one that they make up, it went at the first until a moment that follows from
/// the way, and at the second from then on. Where the way is longer or shorter than both make it, a part in between was
/// faster or slower: up to a peak, or down to a trough, as of one that changes evenly up to the middle and evenly back.
struct Pace {
  /// In metres a second: told at the beginning and at the end, and the least and the most told in between.
  var first: Double
  var last: Double
  var told: ClosedRange<Double>
  /// Metres gone, and by how much they may be wrong: two standard deviations.
  var way: Double
  var doubt: Double
  /// Seconds it took.
  var duration: Double

  /// A piece of it, in parts of 1 of its time and of its way.
  struct Stretch: Equatable {
    var time: ClosedRange<Double>
    var way: ClosedRange<Double>
    /// What it was gone at, at least and at most, metres a second.
    var speeds: ClosedRange<Double>
  }

  /// Speeds that lie no further apart are one, unsteadily gone, in metres a second.
  private static let unsteadiness = 2.0
  /// Getting from one speed to another takes this long before and after, in seconds.
  private static let change = 2.0

  /// All that it can have gone at on the way.
  var speeds: ClosedRange<Double> {
    let (slowest, fastest) = (min(told.lowerBound, first, last), max(told.upperBound, first, last))
    let turn = (first + last) / 2
    let (least, most) = (max(0, way - doubt), way + doubt)
    let trough = most < slowest * duration ? max(0, 2 * most / duration - turn) : slowest
    let peak = least > fastest * duration ? 2 * least / duration - turn : fastest
    return min(slowest, trough)...max(fastest, peak)
  }

  /// In order, together the whole of it: one where no change can be told.
  var stretches: [Stretch] {
    let (slow, fast) = (min(first, last), max(first, last))
    guard fast - slow > Self.unsteadiness, way > slow * duration - doubt,
      way < fast * duration + doubt
    else { return [Stretch(time: 0...1, way: 0...1, speeds: speeds)] }
    let atFast = min(max((way - slow * duration) / (fast - slow), 0), duration)
    let moment = first > last ? atFast : duration - atFast
    let whole = first * moment + last * (duration - moment)
    func gone(_ t: Double) -> Double {
      (t < moment ? first * t : first * moment + last * (t - moment)) / whole
    }
    let margin = doubt / (2 * (fast - slow)) + Self.change
    let (from, until) = (max(0, moment - margin), min(duration, moment + margin))
    let cuts = [0, from, until, duration]
    let each = [first...first, speeds, last...last]
    return (0..<3).filter { cuts[$0] < cuts[$0 + 1] }.map { i in
      Stretch(
        time: cuts[i] / duration...cuts[i + 1] / duration,
        way: gone(cuts[i])...min(1, gone(cuts[i + 1])), speeds: each[i])
    }
  }
}
