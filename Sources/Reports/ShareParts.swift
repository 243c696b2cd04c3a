internal import Coverage

/// Shares rounded so that they still sum to 1, to the last digit printed: what is left over goes to those that were cut the
/// most (Hamilton's method of the largest remainder).
struct ShareParts: Hashable {
  var covered: Double
  var missed: Double
  var unproven: Double
  var excused: Double

  init(_ shares: Shares, decimals: Int) {
    var unit = 1.0
    for _ in 0..<decimals { unit *= 10 }
    let exact = [shares.covered, shares.missed, shares.unproven, shares.excused].map {
      max(0, $0) * unit
    }
    // What sums to 1 but for the last bits is not to lose a unit to them.
    var whole = exact.map { ($0 + 1e-6).rounded(.down) }
    var left = Int(unit) - Int(whole.reduce(0, +))
    let order = exact.indices.sorted { (exact[$0] - whole[$0], $1) > (exact[$1] - whole[$1], $0) }
    for i in order where left > 0 {
      whole[i] += 1
      left -= 1
    }
    let parts = whole.map { $0 / unit }
    (covered, missed, unproven, excused) = (parts[0], parts[1], parts[2], parts[3])
  }

  subscript(part: ShareBar.Part) -> Double {
    switch part {
    case .covered: covered
    case .missed: missed
    case .unproven: unproven
    case .excused: excused
    }
  }
}
