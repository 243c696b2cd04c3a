/// What a handheld's latest steps may have changed, until the engine looks. In place: it is looked at with every fix.
struct Touched: Sendable {
  /// Places whose attendance may have changed; -1 for none.
  private var places = SIMD8<Int32>(repeating: -1)
  private var count = 0
  /// Every place it serves: its first report, an unobserved interval, its past told otherwise; or more than a few.
  var isAll = false
  /// The first of the legs among them began; it concerns no window that was over by then.
  private(set) var legsFrom = Int64.max
  /// Stays or passes were decided.
  var hasNews = false

  var isEmpty: Bool { count == 0 && !isAll && !hasNews }
  var isUrgent: Bool { isAll || hasNews }

  func holds(_ place: Int) -> Bool {
    isAll || any(places .== SIMD8(repeating: Int32(truncatingIfNeeded: place)))
  }

  /// A leg along a line was decided.
  mutating func insert(line place: Int, from began: Int64) {
    legsFrom = min(legsFrom, began)
    insert(place)
  }

  mutating func insert(_ place: Int) {
    guard !holds(place) else { return }
    guard count < places.scalarCount else {
      isAll = true
      return
    }
    places[count] = Int32(truncatingIfNeeded: place)
    count += 1
  }
}
