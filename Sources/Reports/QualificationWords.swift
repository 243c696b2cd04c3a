internal import Qualification

/// How figures of a qualification are put.
struct QualificationWords {
  let texts: Texts

  func claim(_ kind: Claim.Kind) -> String {
    switch kind {
    case .accuracy: texts[.claimAccuracy]
    case .interval: texts[.claimInterval]
    case .timeToFirstFix: texts[.claimFirstFix]
    case .dates: texts[.claimDates]
    case .toldAccuracy: texts[.claimTold]
    case .correlation: texts[.claimCorrelation]
    }
  }

  func verdict(_ verdict: Claim.Verdict) -> String {
    switch verdict {
    case .holds: texts[.holds]
    case .undecided: texts[.unsettled]
    case .fails: texts[.fails]
    case .differs: texts[.differs]
    }
  }

  func outcome(_ outcome: Qualification.Outcome) -> (word: String, explained: String) {
    switch outcome {
    case .passed: (texts[.passed], texts[.passedExplained])
    case .failed: (texts[.failed], texts[.failedExplained])
    case .undecided: (texts[.unsettled], texts[.unsettledExplained])
    }
  }

  func truth(_ kind: Reference.Kind) -> String {
    switch kind {
    case .mark: texts[.truthMark]
    case .checkpoints: texts[.truthCheckpoints]
    case .scenario: texts[.truthScenario]
    }
  }

  func cause(_ cause: ReportTimes.Cause) -> String {
    switch cause {
    case .noFix: texts[.causeNoFix]
    case .silent: texts[.causeSilent]
    case .late: texts[.causeLate]
    }
  }

  /// In the claim's unit.
  func value(_ x: Double, of kind: Claim.Kind) -> String {
    guard x.isFinite else { return texts[.noBound] }
    return switch kind {
    case .accuracy: metres(x)
    case .interval, .timeToFirstFix, .correlation: seconds(x)
    case .dates: Decimal.text(x, 0)
    case .toldAccuracy: share(x)
    }
  }

  func metres(_ x: Double) -> String { texts(.metresValue, Decimal.text(x, x < 10 ? 2 : 1)) }
  func seconds(_ x: Double) -> String { texts(.secondsValue, Decimal.text(x, x < 100 ? 2 : 0)) }
  func share(_ x: Double) -> String { texts(.percentValue, Decimal.text(x * 100, 1)) }

  func bounds(_ e: Estimate, _ text: (Double) -> String) -> String {
    texts(.and, text(e.low), e.high.isFinite ? text(e.high) : texts[.noBound])
  }

  /// Why a handheld did not pass; empty where it did.
  func why(_ q: Qualification) -> String {
    let told = q.claims.filter { $0.verdict == .fails }.map {
      texts(
        .sentenceFails, claim($0.kind), value($0.found.value, of: $0.kind),
        value($0.claimed, of: $0.kind))
    }
    if told.isEmpty, q.outcome == .undecided { return texts[.unsettledExplained] }
    return told.joined(separator: texts[.betweenClaims])
  }
}
