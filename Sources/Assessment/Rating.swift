public import Patrol

/// What a score amounts to.
public enum Rating: String, Hashable, Sendable, CaseIterable {
  case failed, passed, advanced
}

/// A vetoing duty below its mark: whatever the average, it cannot be rated advanced, nor its leader excellent.
public struct Veto: Hashable, Sendable {
  public var duty: Duty.ID
  public var score: Double
  public var mark: Double

  public init(duty: Duty.ID, score: Double, mark: Double) {
    (self.duty, self.score, self.mark) = (duty, score, mark)
  }
}

/// A unit's score, and what follows from it by a brigade's rules.
public struct Assessed: Hashable, Sendable {
  public var score: Double?
  /// Nil where nothing is to be scored.
  public var rating: Rating?
  /// In the order of the duties' ids.
  public var vetoes: [Veto]
  public var band: AssessmentRules.Band?
  /// From 1; units with the same score share a rank, and those after them keep the rank that they would have. Nil without a score.
  public var rank: Int?

  /// - Parameter duties: the unit's own, by what was tallied of each.
  public init(_ tally: Tally, duties: [Duty.ID: Tally], by rules: AssessmentRules) {
    score = tally.score
    vetoes = rules.vetoes.compactMap { duty, mark in
      guard let score = duties[duty]?.score, score < mark else { return nil }
      return Veto(duty: duty, score: score, mark: mark)
    }.sorted { $0.duty.text < $1.duty.text }
    guard let score else { return }
    band = rules.bands.first { score >= $0.from }
    if score < rules.passMark {
      rating = .failed
    } else {
      rating = score >= rules.advancedMark && vetoes.isEmpty ? .advanced : .passed
    }
  }

  /// Gives units their ranks among each other: the highest score first.
  public static func rank(_ units: inout [Assessed]) {
    let scores = units.compactMap(\.score)
    for i in units.indices {
      units[i].rank = units[i].score.map { score in 1 + scores.count { $0 > score } }
    }
  }
}

/// A squadron's strength against what its district calls for.
public struct Establishment: Hashable, Sendable {
  /// What is called for, in persons; rounded up.
  public var norm: Int
  public var strength: Int

  public var short: Int { max(0, norm - strength) }

  /// One per 1,000 registered residents and three per 1,000 criminal cases a year. Nil where the plan does not say how many.
  public init?(of squadron: Squadron) {
    guard let strength = squadron.strength, let residents = squadron.residents,
      let cases = squadron.casesPerYear
    else { return nil }
    self.strength = strength
    norm = (residents + 3 * cases + 999) / 1000
  }
}
