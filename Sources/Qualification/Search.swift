/// Searches along one axis.
enum Search {
  /// Where a function of one hollow is least, by golden section (Kiefer 1953), and what it is there.
  static func minimum(
    in range: ClosedRange<Double>, steps: Int, of f: (Double) -> Double
  ) -> (at: Double, value: Double) {
    let golden = 0.618_033_988_749_895
    var (a, b) = (range.lowerBound, range.upperBound)
    var (c, d) = (b - golden * (b - a), a + golden * (b - a))
    var (fc, fd) = (f(c), f(d))
    for _ in 0..<steps {
      if fc < fd {
        (b, d, fd) = (d, c, fc)
        c = b - golden * (b - a)
        fc = f(c)
      } else {
        (a, c, fc) = (c, d, fd)
        d = a + golden * (b - a)
        fd = f(d)
      }
    }
    return fc < fd ? (c, fc) : (d, fd)
  }

  /// Where a function that rises from `start` towards `end` reaches a limit, by bisection; nil where it does not.
  static func crossing(
    from start: Double, to end: Double, limit: Double, of f: (Double) -> Double
  ) -> Double? {
    // In steps at first: far away it may be flat again.
    var (inside, outside) = (start, start)
    var step = (end - start) / 64
    while true {
      let next = inside + step
      outside = (end - start) * (next - end) >= 0 ? end : next
      if f(outside) > limit { break }
      guard outside != end else { return nil }
      inside = outside
      step *= 1.6
    }
    for _ in 0..<8 {
      let middle = (inside + outside) / 2
      if f(middle) > limit { outside = middle } else { inside = middle }
    }
    return (inside + outside) / 2
  }
}
