/// The positions of a batch by handheld, in the order in which each first appears: a handheld's state is fetched once for
/// all it told. Flat linked lists, kept from batch to batch; O(batch).
struct BatchSorting: Sendable {
  /// Handhelds of the batch.
  private(set) var order: [Int32] = []
  private var first: [Int32] = []
  private var last: [Int32] = []
  private var next: [Int32] = []

  /// - Parameter handhelds: how many there are.
  mutating func begin(batch count: Int, handhelds: Int) {
    if first.count < handhelds {
      first = Array(repeating: -1, count: handhelds)
      last = first
    }
    order.removeAll(keepingCapacity: true)
    next.removeAll(keepingCapacity: true)
    next.reserveCapacity(count)
  }

  /// The next position is this handheld's; nil: nobody's.
  mutating func append(_ handheld: Int?) {
    let position = Int32(next.count)
    next.append(-1)
    guard let handheld else { return }
    if first[handheld] < 0 {
      first[handheld] = position
      order.append(Int32(handheld))
    } else {
      next[Int(last[handheld])] = position
    }
    last[handheld] = position
  }

  /// The first position of a handheld, which is forgotten with that.
  mutating func takeFirst(of handheld: Int) -> Int {
    defer { first[handheld] = -1 }
    return Int(first[handheld])
  }

  /// The position after one, of the same handheld.
  func position(after position: Int) -> Int? {
    let next = next[position]
    return next < 0 ? nil : Int(next)
  }
}
