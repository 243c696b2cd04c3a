/// What a handheld's latest steps may have changed, until the engine looks.
struct Touched: Sendable {
  /// Places whose attendance may have changed; a handful.
  private(set) var places: [Int32] = []
  /// Every place it serves: its first report, an unobserved interval, its past told otherwise.
  var isAll = false
  /// Stays or passes were decided.
  var hasNews = false

  var isEmpty: Bool { places.isEmpty && !isAll && !hasNews }

  func holds(_ place: Int) -> Bool { isAll || places.contains(Int32(truncatingIfNeeded: place)) }

  mutating func insert(_ place: Int) {
    let place = Int32(truncatingIfNeeded: place)
    guard !isAll, !places.contains(place) else { return }
    places.append(place)
  }

  /// Keeps its room.
  mutating func clear() {
    places.removeAll(keepingCapacity: true)
    isAll = false
    hasNews = false
  }
}
