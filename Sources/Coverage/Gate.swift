/// Why a fix proves nothing; stored with it under this name.
public enum Gate: String, Hashable, Sendable, Codable, CaseIterable {
  /// No mode above 1, position or time.
  case noFix = "no_fix"
  /// Horizontal accuracy above the model's `accuracy_max_m`.
  case poorFix = "poor_fix"
  /// GNSS time more than 5 s ahead of its receive time, or before 2020.
  case clock
  /// Status 8, in a plan that is not a rig's.
  case simulated
  /// Faster from the last usable fix than the handheld can have moved.
  case jump
  /// Identical to the last digit for 60 s while the receiver reports movement.
  case frozen
  /// Within 1 m of 0°, 0°.
  case nullIsland = "null_island"
  /// Another fix of the same handheld and time is better.
  case duplicate
  /// Outside every shift of its handheld: not stored anywhere, only counted.
  case offDuty = "off_duty"
}
