/// A track laid down as bytes, to be gone back to: a fraction of its size, and one piece of memory.
struct PackedTrack: Sendable {
  private var bytes: [UInt8]
  /// How many legs it still holds.
  private(set) var legs: Int
  /// What is to be dropped of it once it is taken up.
  private var dropped: (legs: Int, passesUntil: Int64) = (0, Int64.min)

  /// Of a track, which stays as it is: handed over as `inout` to lay it down where it lies, without a copy.
  init(_ track: inout Track) {
    var packing = Packing(reserving: 4096)
    track.pack(&packing)
    // No more room than it needs.
    bytes = packing.bytes.withUnsafeBytes(Array.init)
    legs = track.legs.count
  }

  /// As it was, less what was dropped.
  var track: Track {
    var packing = Packing(taking: bytes)
    var track = Track(span: Span(0, 0), shiftStarts: [])
    track.pack(&packing)
    assert(packing.isExhausted, "a track's bytes are not whole")
    track.drop(legs: dropped.legs, passesUntil: dropped.passesUntil)
    return track
  }

  /// Lets go of all its legs, and of the passes decided up to a moment.
  mutating func dropLegs(passesUntil: Int64) {
    dropped = (dropped.legs + legs, passesUntil)
    legs = 0
  }
}
