import CHeapCount

/// Counts the heap allocations of a piece of work. (The Swift runtime's own pointer `_swift_allocObject` was tried: replacing
/// it breaks `swift_retain` on Linux.)
enum Allocations {
  static func count(of work: () -> Void) -> Int {
    let before = heap_allocations()
    work()
    return heap_allocations() - before
  }
}
