/// What a model file says of every handheld of its kind, against what this one was found to do.
public struct Claim: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Metres that hold 95 % of positions, at most (`accuracy_m`).
    case accuracy
    /// Seconds between reports, at most (`interval_s`).
    case interval
    /// Seconds, at most (`time_to_first_fix_s`).
    case timeToFirstFix = "time_to_first_fix"
    /// Dates are right, or 1024 weeks early where the model says so (`rollover_weeks`): reports that are not.
    case dates
    /// The share of positions within the accuracy that they tell of themselves: 95 % at least.
    case toldAccuracy = "told_accuracy"
    /// Correlation time of errors, seconds (`noise`: what simulations go by).
    case correlation
  }

  public enum Verdict: String, Hashable, Sendable {
    case holds
    /// The session is too short to tell.
    case undecided
    case fails
    /// It is otherwise, which speaks against no handheld: the model file is to be looked at.
    case differs
  }

  public var kind: Kind
  public var claimed: Double
  public var found: Estimate
  public var verdict: Verdict

  /// What may not be above the claim.
  static func atMost(_ kind: Kind, _ claimed: Double, _ found: Estimate) -> Claim {
    let verdict: Verdict =
      found.value <= claimed ? .holds : found.low <= claimed ? .undecided : .fails
    return Claim(kind: kind, claimed: claimed, found: found, verdict: verdict)
  }
}
