import CMalloc

/// What of the memory let go of goes back to the system.
enum Memory {
  /// Batches are taken on one thread and made on others: with an arena for each, what one frees the other cannot use. To be
  /// called before any thread is started.
  static func keepTogether() {
    _ = mallopt(M_ARENA_MAX, 2)
    // Grown by itself with the largest batch otherwise, and none of them given back.
    _ = mallopt(M_MMAP_THRESHOLD, 1 << 18)
  }

  /// After something large and passing, such as a checkpoint.
  static func giveBack() { _ = malloc_trim(0) }
}
