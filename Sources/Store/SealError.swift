public import Coverage
public import Geodesy

/// Why a period cannot be sealed or stated again, or fixes not be let go of.
public enum SealError: Error, Hashable, Sendable, CustomStringConvertible {
  case notOver(String, until: Instant)
  case notJudged(String, until: Instant, judged: Instant)
  case notFinal(String, windows: [Owed])
  case nothingJudged(String)
  case already(String, Int64)
  case noSeal(Int64)
  case unchanged(Int64)
  case altered(Int64, [SealVerification.Finding])
  case purged(Int64, day: String, who: String)
  case restless
  /// Of letting go of fixes.
  case tooRecent(String, until: Instant)
  case unstated(String, Int64)
  /// Of judging its windows anew.
  case gone(String)

  /// In UTC; see `text`.
  public var description: String { text { $0.text() } }

  /// - Parameter zone: writes an instant.
  public func text(_ zone: (Instant) -> String) -> String {
    switch self {
    case .notOver(let what, let until):
      "\(what) cannot be sealed before \(zone(until)): until then backlogs of its last day may come"
    case .notJudged(let what, let until, let judged):
      "\(what) cannot be sealed: the daemon has judged up to \(zone(judged)) only; expected \(zone(until))"
    case .notFinal(let what, let windows):
      "\(what): \(windows.count) windows are not judged to their ends: \(Self.list(windows.map { Self.name($0, zone) }))"
    case .nothingJudged(let what): "\(what): this store has no windows of it"
    case .already(let what, let n):
      "\(what) is sealed already: seal \(n); later evidence is stated with --restate \(n)"
    case .noSeal(let n): "no seal \(n) in this store; `patrolctl seal list` lists them"
    case .unchanged(let n): "seal \(n) states what the store holds; there is nothing to restate"
    case .altered(let n, let findings):
      "seal \(n) cannot be restated over what was altered by other hands: \(Self.list(findings.map { $0.text(zone) }))"
    case .purged(let n, let day, let who):
      "seal \(n) cannot be restated: the fixes of \(day) were purged by \(who)"
    case .restless: "evidence of this period comes in just now; try again when it has"
    case .tooRecent(let day, let until):
      "the fixes of \(day) cannot be purged: patrold may need them until its clock is past \(zone(until))"
    case .unstated(let day, let n):
      "the fixes of \(day) cannot be purged: they are not those of seal \(n); see `patrolctl seal --verify`"
    case .gone(let day):
      "the fixes of \(day) were purged: its windows cannot be judged again in this store"
    }
  }

  private static func name(_ owed: Owed, _ zone: (Instant) -> String) -> String {
    "\(owed.duty) at \(owed.place) from \(zone(owed.windowBegan))"
  }

  private static func list(_ all: [String]) -> String {
    all.prefix(5).joined(separator: ", ") + (all.count > 5 ? " …" : "")
  }
}
