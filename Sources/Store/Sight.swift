internal import GRDB
public import Geodesy
public import Patrol

/// What of a store somebody may see, or asks for: all of it, or what was one squadron's at the time.
///
/// A handheld, a duty or a place may change squadrons with a plan version; each squadron sees it while it had it.
public enum Sight: Hashable, Sendable {
  case all
  /// In order, and apart from each other.
  case only([Era])

  /// A span of time in which one squadron had these.
  public struct Era: Hashable, Sendable {
    public var span: Range<Instant>
    public var handhelds: Set<String>
    public var duties: Set<String>
    /// Those that its duties name.
    public var places: Set<String>
    /// The squadron itself, and its groups.
    public var squadron: Squadron.ID
    public var groups: Set<String>
  }

  /// What a squadron had by each plan version; nothing where no version has it.
  ///
  /// - Parameter plans: by the moment from which each is in force; the first holds before that, too.
  public init(of squadron: Squadron.ID, by plans: [(began: Instant, plan: Plan)]) {
    var eras: [Era] = []
    for (i, version) in plans.enumerated() {
      let from = i == 0 ? Instant.distantPast : version.began
      let to = i + 1 < plans.count ? plans[i + 1].began : .distantFuture
      guard from < to else { continue }
      let groups = Set(
        version.plan.brigade.squadrons.filter { $0.id == squadron }.flatMap { $0.groups.map(\.id) })
      let duties = version.plan.duties.filter { groups.contains($0.group) }
      let era = Era(
        span: from..<to,
        handhelds: Set(
          groups.flatMap { version.plan.group($0)?.handhelds ?? [] }.map(\.text)),
        duties: Set(duties.map(\.id.text)), places: Set(duties.flatMap { $0.places.map(\.text) }),
        squadron: squadron, groups: Set(groups.map(\.text)))
      if let last = eras.last, last.handhelds == era.handhelds, last.duties == era.duties,
        last.places == era.places, last.groups == era.groups
      {
        eras[eras.count - 1].span = last.span.lowerBound..<to
      } else {
        eras.append(era)
      }
    }
    self = .only(eras)
  }

  /// Names of any time; nil where all are seen.
  public func names(_ kind: KeyPath<Era, Set<String>>) -> Set<String>? {
    guard case .only(let eras) = self else { return nil }
    return eras.reduce(into: []) { $0.formUnion($1[keyPath: kind]) }
  }

  public func holds(_ name: String, _ kind: KeyPath<Era, Set<String>>, at moment: Instant) -> Bool {
    guard case .only(let eras) = self else { return true }
    return eras.contains { $0.span.contains(moment) && $0[keyPath: kind].contains(name) }
  }
}

extension Sight {
  /// Whoever sees a duty or a handheld sees what becomes of it; a note is seen by those it is for.
  public func shows(_ change: PlanChange, at moment: Instant) -> Bool {
    func duty(_ id: Duty.ID) -> Bool { holds(id.text, \.duties, at: moment) }
    func handheld(_ id: Handheld.ID) -> Bool { holds(id.text, \.handhelds, at: moment) }
    switch change.what {
    case .swap(let id, insteadOf: let other, _): return handheld(id) || handheld(other)
    case .lend(let id, to: let lent, _, _): return handheld(id) || duty(lent)
    case .post(let posted): return holds(posted.group.text, \.groups, at: moment)
    case .move(let id, _, _), .callOff(let id): return duty(id)
    case .note(_, let squadron):
      guard let squadron, case .only(let eras) = self else { return true }
      return eras.contains { $0.span.contains(moment) && $0.squadron == squadron }
    }
  }

  /// Whoever has all that a change is about may order it: a squadron does not lend itself what another one has, nor speak to
  /// all.
  public func mayOrder(_ change: PlanChange, under plan: Plan, at moment: Instant) -> Bool {
    guard case .only(let eras) = self else { return true }
    func duty(_ id: Duty.ID) -> Bool { holds(id.text, \.duties, at: moment) }
    /// One that no group has may be taken by any.
    func handheld(_ id: Handheld.ID) -> Bool {
      plan.group(of: id) == nil || holds(id.text, \.handhelds, at: moment)
    }
    switch change.what {
    case .swap(let id, insteadOf: let other, _):
      return handheld(id) && holds(other.text, \.handhelds, at: moment)
    case .lend(let id, to: let lent, _, _): return handheld(id) && duty(lent)
    case .post(let posted): return holds(posted.group.text, \.groups, at: moment)
    case .move(let id, _, _), .callOff(let id): return duty(id)
    case .note(_, let squadron):
      return eras.contains { $0.span.contains(moment) && $0.squadron == squadron }
    }
  }
}

extension Condition {
  /// A row whose column names something, at the moment of another column, is seen.
  mutating func add(
    _ sight: Sight, _ column: String, _ kind: KeyPath<Sight.Era, Set<String>>, at moment: String
  ) {
    guard case .only(let eras) = sight else { return }
    guard !eras.isEmpty else { return add("0", []) }
    let clauses = eras.map { _ in
      "(\(moment) >= ? AND \(moment) < ? AND \(column) IN (SELECT value FROM json_each(?)))"
    }
    add(
      "(\(clauses.joined(separator: " OR ")))",
      eras.flatMap { era -> [any DatabaseValueConvertible] in
        [
          era.span.lowerBound.milliseconds, era.span.upperBound.milliseconds,
          StoredJSON.list(era[keyPath: kind].sorted()),
        ]
      })
  }
}
