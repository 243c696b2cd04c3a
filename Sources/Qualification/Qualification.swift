public import Geodesy
public import Patrol

/// What one handheld was found to be in one session.
public struct Qualification: Hashable, Sendable {
  public let serial: String
  public let model: DeviceModel
  public let truth: Reference.Kind
  public let began: Instant?
  public let times: ReportTimes
  /// Of fixes for which the truth is known, in order of time.
  public let errors: [ErrorSample]
  /// Nil with too few errors to tell how they hang together.
  public let wandering: GaussMarkovFit?
  public let accuracy: CircularError?
  /// Nil where none was asked for.
  public let alignment: TimeAlignment?
  public let claims: [Claim]
  /// From what was found, not from what is claimed.
  public let proves: Detectability.Least?

  /// Errors of which the truth is worse known than this are left out, metres.
  public static let truthMaximum = 5.0

  /// - Parameters:
  ///   - observations: in the order of receipt, dates mended as the model says.
  ///   - wrongDates: reports whose dates were wrong, and not in the way that the model says.
  public init(
    serial: String, model: DeviceModel, observations: [Observation], reference: Reference,
    alignment: TimeAlignment? = nil, wrongDates: Int = 0
  ) {
    self.serial = serial
    self.model = model
    truth = reference.kind
    self.alignment = alignment
    times = ReportTimes(observations, nominal: model.interval)
    let shifted =
      alignment.map { reference.shifted(by: Milliseconds(seconds: $0.lag.value)) } ?? reference
    let fixes = Self.inOrder(observations)
    began = fixes.first?.time
    errors = fixes.compactMap { fix in
      guard let truth = shifted.place(at: fix.time), truth.deviation <= Self.truthMaximum,
        let first = fixes.first
      else { return nil }
      return ErrorSample(
        seconds: (fix.time - first.time).seconds,
        error: LocalPlane(origin: truth.position).point(fix.position),
        truthDeviation: truth.deviation)
    }
    let wandering = GaussMarkovFit(errors)
    self.wandering = wandering
    let accuracy = Self.accuracy(errors, wandering)
    self.accuracy = accuracy
    claims = Self.claims(
      model, times, accuracy, wandering, told: Self.withinTold(fixes, shifted),
      wrongDates: wrongDates)
    proves = Self.least(model, times, accuracy)
  }

  private static func accuracy(_ errors: [ErrorSample], _ wandering: GaussMarkovFit?)
    -> CircularError?
  {
    wandering.flatMap { CircularError(errors, effective: $0.effective) }
  }

  private static func least(
    _ model: DeviceModel, _ times: ReportTimes, _ accuracy: CircularError?
  ) -> Detectability.Least? {
    guard let accuracy, let interval = times.interval else { return nil }
    return Detectability(
      interval: Milliseconds(seconds: interval.value + (times.jitter ?? 0)),
      accuracy: Metres(accuracy.most.value), accuracyMaximum: model.accuracyMaximum
    ).least
  }

  public enum Outcome: String, Hashable, Sendable {
    case passed, failed
    /// Nothing fails, and accuracy could not be told.
    case undecided
  }

  public var outcome: Outcome {
    if claims.contains(where: { $0.verdict == .fails }) { return .failed }
    let accuracy = claims.first { $0.kind == .accuracy }
    return accuracy?.verdict == .holds ? .passed : .undecided
  }

  /// Fixes by GNSS time, each time once.
  public static func inOrder(_ observations: [Observation]) -> [Fix] {
    var seen: Set<Instant> = []
    return observations.compactMap(\.fix).filter { seen.insert($0.time).inserted }
      .sorted { $0.time < $1.time }
  }

  /// Errors against the accuracy that their own fixes tell.
  private static func withinTold(_ fixes: [Fix], _ reference: Reference) -> (Int, of: Int) {
    var (within, all) = (0, 0)
    for fix in fixes {
      guard let told = fix.accuracy, let truth = reference.place(at: fix.time),
        truth.deviation <= truthMaximum
      else { continue }
      all += 1
      if truth.position.distance(to: fix.position) <= told { within += 1 }
    }
    return (within, all)
  }

  private static func claims(
    _ model: DeviceModel, _ times: ReportTimes, _ accuracy: CircularError?,
    _ wandering: GaussMarkovFit?, told: (Int, of: Int), wrongDates: Int
  ) -> [Claim] {
    var claims: [Claim] = []
    if let accuracy { claims.append(.atMost(.accuracy, model.accuracy.value, accuracy.most)) }
    if let interval = times.interval {
      // A tenth and a tenth of a second: clocks of mobile networks and of applications.
      let allowed = model.interval.seconds * 1.1 + 0.1
      var claim = Claim.atMost(.interval, allowed, interval)
      claim.claimed = model.interval.seconds
      claims.append(claim)
    }
    // Without a report before it nothing is known of when it was switched on.
    if let first = times.firstFix, first.value > 0 {
      claims.append(.atMost(.timeToFirstFix, model.timeToFirstFix.seconds, first))
    }
    let wrong = Double(wrongDates)
    claims.append(.atMost(.dates, 0, Estimate(wrong, low: wrong, high: wrong)))
    if told.of > 0, let accuracy {
      let share = Double(told.0) / Double(told.of)
      let found = Estimate(share: share, of: max(1, accuracy.effective))
      let due = model.quirks.contains(.claims68) ? 0.68 : 0.95
      claims.append(
        Claim(
          kind: .toldAccuracy, claimed: due, found: found,
          verdict: share >= due ? .holds : found.high >= due ? .undecided : .differs))
    }
    if let wandering {
      let tau = model.noise.tau.seconds
      claims.append(
        Claim(
          kind: .correlation, claimed: tau, found: wandering.tau,
          verdict: wandering.tau.contains(tau) ? .holds : .differs))
    }
    return claims
  }
}
