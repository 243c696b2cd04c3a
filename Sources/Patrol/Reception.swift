/// What of the sky a receiver sees, and how well: what tells a deaf antenna from a blocked view.
public struct Reception: Hashable, Sendable {
  /// Satellites in view, by the receiver's own list.
  public var seen: Int
  /// Those of them that its position is worked out from.
  public var used: Int
  /// Mean carrier-to-noise density of those used, or of all where none is; nil where it tells none. About 45 dB-Hz under
  /// open sky, below 30 where little is left to work with.
  public var strengthDBHz: Double?

  public init(seen: Int, used: Int, strengthDBHz: Double?) {
    self.seen = seen
    self.used = used
    self.strengthDBHz = strengthDBHz
  }
}
