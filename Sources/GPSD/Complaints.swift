internal import Geodesy

/// Lets one complaint a minute through, with the number of those held back since.
struct Complaints: Hashable, Sendable {
  static let interval = Milliseconds.seconds(60)

  private var toldAt: Milliseconds?
  private var heldBack = 0

  /// What to tell now; nil where it is held back. `now` is monotonic.
  mutating func note(_ text: String, at now: Milliseconds) -> String? {
    if let toldAt, now - toldAt < Self.interval {
      heldBack += 1
      return nil
    }
    defer { (toldAt, heldBack) = (now, 0) }
    return heldBack == 0 ? text : "\(text) (and \(heldBack) complaints since the last one told)"
  }
}
