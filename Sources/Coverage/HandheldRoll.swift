package import Patrol

/// Finds handhelds by id. Reports tend to come in the same order again and again, so the one that followed the last time is
/// tried before its text is hashed.
package struct HandheldRoll: Sendable {
  package private(set) var ids: [Handheld.ID]
  private var index: [Handheld.ID: Int]
  /// By handheld: which came after it when it was last asked for.
  private var successor: [Int32]
  private var latest = 0

  /// Of equal ids the first counts.
  package init(_ ids: [Handheld.ID] = []) {
    self.ids = ids
    index = Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    successor = ids.indices.map { Int32(($0 + 1) % ids.count) }
  }

  /// One more.
  package mutating func append(_ id: Handheld.ID) {
    if index[id] == nil { index[id] = ids.count }
    ids.append(id)
    successor.append(0)
  }

  /// The position of a handheld, nil of one that is not known. O(1).
  package mutating func position(of id: Handheld.ID) -> Int? {
    if !ids.isEmpty {
      if ids[latest] == id { return latest }
      let guess = Int(successor[latest])
      if ids[guess] == id {
        latest = guess
        return guess
      }
    }
    guard let found = index[id] else { return nil }
    successor[latest] = Int32(found)
    latest = found
    return found
  }
}
