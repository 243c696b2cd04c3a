internal import Patrol

extension Texts {
  /// What each text of a handheld's qualification is about.
  enum QualificationKey: String, CaseIterable {
    case sheetTitle, batchTitle, serial, modelName, receiver, outcome
    case passed, failed, unsettled, passedExplained, failedExplained, unsettledExplained
    case truth, truthMark, truthCheckpoints, truthScenario, truthDeviation, sessionFrom
    case sessionLasted, claimsHeading, claimsExplained, claim, claimed, found
    case bounds, verdictTold, claimAccuracy, claimInterval, claimFirstFix, claimDates
    case claimTold, claimCorrelation, holds, fails, differs, figuresHeading
    case figure, half, most, meanError, sigma, white
    case tau, effective, reportsTold, repeated, fixShare, held
    case interval, jitter, firstFix, latency, lag, notTold
    case noBound, and, gapsHeadingTold, causeTold, count, together
    case longest, causeNoFix, causeSilent, causeLate, noGapsTold, provesHeading
    case provesExplained, askedStay, radius, everyTold, picturesHeading, scatterCaption
    case courseCaption, histogramCaption, lessThanAll, why, drawnUpBy, secondsValue
    case metresValue, percentValue, betweenClaims, sentenceFails
  }

  subscript(key: QualificationKey) -> String {
    switch language {
    case .english: Self.english(key)
    case .chinese: Self.chinese(key)
    }
  }

  func callAsFunction(_ key: QualificationKey, _ values: String...) -> String {
    Self.filled(self[key], values)
  }

  func callAsFunction(_ key: QualificationKey, count: Int) -> String {
    Self.counted(self[key], count)
  }

  /// For templates: by the names of keys.
  var qualificationByName: [String: String] {
    Dictionary(
      uniqueKeysWithValues: QualificationKey.allCases.map { ($0.rawValue, self[$0]) })
  }
}
