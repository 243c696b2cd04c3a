internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// What addresses are to be told, found in the store: it reads, and changes nothing.
struct HookGathering {
  let queries: Queries
  let book: PlanBook
  let hooks: [Hook]
  /// The real time.
  let now: Instant
  /// The time that people on duty live by.
  let clock: Instant

  struct Found: Sendable {
    var messages: [HookMessage] = []
    /// By address, up to which number what happened was gone through.
    var heads: [Int64: Int64] = [:]
    /// There is more to go through.
    var hasMore = false
  }

  private static let pageSize = 1000
  /// A position that is older is no longer where somebody is.
  private static let presence = Milliseconds.minutes(2)

  /// What happened since it was last looked for.
  ///
  /// - Parameter heads: by address; where it has none, from its cursor on.
  func happened(after heads: [Int64: Int64]) throws -> Found {
    var found = Found()
    for hook in hooks { found.heads[hook.id] = max(hook.cursor, heads[hook.id] ?? 0) }
    guard let first = found.heads.values.min() else { return found }
    let page = try queries.happenings(after: first, limit: Self.pageSize)
    for happening in page.happenings {
      guard case .gap(let revision) = happening.what else { continue }
      for hook in hooks where (found.heads[hook.id] ?? 0) < happening.number {
        guard try takes(hook, revision) else { continue }
        found.messages.append(
          HookPayload(hook: hook, book: book).message(Self.kind(revision).kind, revision))
      }
    }
    for hook in hooks { found.heads[hook.id] = max(found.heads[hook.id] ?? 0, page.upTo) }
    found.hasMore = page.upTo >= first + Int64(Self.pageSize)
    return found
  }

  private static func kind(
    _ revision: GapRevision
  ) -> (kind: HookMessage.Kind, event: HookEvent) {
    switch revision.kind {
    case .closed, .withdrawn: (.closed, .closed)
    case .opened: (.opened, .opened)
    // A piece that was split off is new to whoever hears of it.
    case .split where revision.before == nil: (.opened, .opened)
    default: (.revised, .revised)
    }
  }

  private func takes(_ hook: Hook, _ revision: GapRevision) throws -> Bool {
    guard hook.events.contains(Self.kind(revision).event), isOf(hook, revision.after.owed) else {
      return false
    }
    guard hook.escalation != nil else { return true }
    // What becomes of a gap it was told of.
    return try queries.isTold(hook, of: revision.after.id.text)
  }

  private func isOf(_ hook: Hook, _ owed: Owed) -> Bool {
    hook.squadron == nil || HookPayload(hook: hook, book: book).squadron(owed) == hook.squadron
  }

  /// Gaps that were told to others and that nobody acknowledged in time.
  func unacknowledged() throws -> [HookMessage] {
    var messages: [HookMessage] = []
    for hook in hooks {
      guard let of = hook.escalation?.of, let other = hooks.first(where: { $0.id == of }) else {
        continue
      }
      let payload = HookPayload(hook: hook, book: book)
      for gap in try queries.unacknowledged(for: hook, at: now) where isOf(hook, gap.owed) {
        messages.append(payload.unacknowledged(gap, by: other, at: now))
      }
    }
    return messages
  }

  /// Guard points that fall due soon, at which nobody is: each is told once, until somebody was there.
  func dueSoon() throws -> [HookMessage] {
    let asking = hooks.filter { $0.events.contains(.dueSoon) && $0.escalation == nil }
    guard let lead = asking.map(\.lead).max() else { return [] }
    let plan = book.version(at: clock).plan
    let near = try queries.pointStandings(at: clock, plan: plan).filter { standing in
      standing.due.map { $0 > clock && $0 <= clock + lead } ?? false
    }
    guard !near.isEmpty else { return [] }
    let positions = Dictionary(
      try queries.latestPositions(after: nil).positions.map { ($0.handheld, $0) },
      uniquingKeysWith: { a, _ in a })
    var messages: [HookMessage] = []
    for standing in near {
      guard let due = standing.due, let duty = plan.duty(standing.owed.duty),
        !isSomebodyThere(standing.owed.place, of: duty, plan, positions)
      else { continue }
      for hook in asking where isOf(hook, standing.owed) {
        // Of a duty that is owed more often than that it would be told all the time.
        let lead = min(hook.lead, duty.every / 2)
        guard due <= clock + lead else { continue }
        let told = try queries.toldDue(hook, of: HookPayload.subject(standing.owed))
        // What comes late of a visit that is known moves the moment a little.
        if let told, due <= told + lead { continue }
        messages.append(
          HookPayload(hook: hook, book: book).dueSoon(standing, due: due, at: clock))
      }
    }
    return messages
  }

  private func isSomebodyThere(
    _ id: Place.ID, of duty: Duty, _ plan: Plan, _ positions: [String: LatestPosition]
  ) -> Bool {
    guard case .point(let centre, let radius)? = plan.place(id)?.geometry else { return false }
    return (plan.group(duty.group)?.handhelds ?? []).contains { handheld in
      guard let seen = positions[handheld.text], clock - seen.at <= Self.presence else {
        return false
      }
      return seen.position.distance(to: centre) <= radius
    }
  }
}
