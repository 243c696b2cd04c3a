internal import Coverage
internal import Geodesy
internal import Patrol
internal import Reports
internal import Rights
internal import Store

/// What an address is told, as JSON: `id`, `type`, `timestamp` and `data`, as Standard Webhooks recommends. Times are RFC 3339
/// in UTC. It says where and when somebody was due and which handhelds serve there; never where anybody is.
struct HookPayload {
  let hook: Hook
  let book: PlanBook

  private func message(
    _ kind: HookMessage.Kind, _ parts: [String], subject: String, due: Instant? = nil,
    at moment: Instant, _ data: [(String, JSONValue)]
  ) -> HookMessage {
    let id = hook.secret.deliveryID([kind.rawValue] + parts)
    let body = JSONValue.object([
      ("id", .text(id)), ("type", .text(kind.rawValue)), ("timestamp", time(moment)),
      ("data", .object(data)),
    ])
    return HookMessage(
      hook: hook.id, id: id, kind: kind, subject: subject, due: due, body: body.written(depth: 0))
  }

  private func time(_ at: Instant) -> JSONValue { .text(at.text()) }

  /// Whose duty it is at a window, in the plan in force then.
  func squadron(_ owed: Owed) -> Squadron.ID? {
    let plan = book.version(at: owed.windowBegan).plan
    return plan.duty(owed.duty).flatMap { plan.squadron(of: $0.group) }?.id
  }

  private func owed(_ owed: Owed) -> [(String, JSONValue)] {
    let plan = book.version(at: owed.windowBegan).plan
    let group = plan.duty(owed.duty).flatMap { plan.group($0.group) }
    let squadron = group.flatMap { plan.squadron(of: $0.id) }
    func text(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }
    return [
      ("brigade", .text(plan.brigade.name)), ("place", .text(owed.place.text)),
      ("place_name", text(plan.place(owed.place)?.name)), ("duty", .text(owed.duty.text)),
      ("group", text(group?.id.text)), ("group_name", text(group?.name)),
      ("squadron", text(squadron?.id.text)), ("squadron_name", text(squadron?.name)),
      ("window_began_at", time(owed.windowBegan)),
    ]
  }

  private func gap(_ gap: Gap) -> [(String, JSONValue)] {
    let stretch: [(String, JSONValue)] =
      gap.stretch.map {
        [
          ("from_m", .number($0.from.value, decimals: 1)),
          ("to_m", .number($0.to.value, decimals: 1)),
        ]
      } ?? []
    return [
      ("gap", .text(gap.id.text)), ("verdict", .text(gap.verdict.rawValue)),
      ("cause", .text(gap.cause.rawValue)), ("open", .flag(gap.isOpen)),
      ("began_at", time(gap.began)), ("ended_at", gap.isOpen ? .null : time(gap.ended)),
      ("flagged_at", time(gap.flagged)),
      ("handhelds", .array(gap.handhelds.map { .text($0.text) })),
    ] + stretch + owed(gap.owed)
  }

  /// - Parameter kind: opened, revised or closed.
  func message(_ kind: HookMessage.Kind, _ revision: GapRevision) -> HookMessage {
    let id = revision.after.id.text
    return message(
      kind, [id, "\(revision.number)"], subject: id, at: revision.at,
      [("revision", .text(revision.kind.rawValue)), ("n", .count(revision.number))]
        + gap(revision.after))
  }

  /// - Parameter other: the address that was told of it, and that nobody answered.
  func unacknowledged(_ gap: Gap, by other: Hook, at now: Instant) -> HookMessage {
    message(
      .unacknowledged, [gap.id.text], subject: gap.id.text, at: now,
      [
        ("told", .text(other.name)),
        ("after_s", .number(hook.escalation?.after.seconds ?? 0, decimals: 0)),
      ] + self.gap(gap))
  }

  static func subject(_ owed: Owed) -> String {
    "\(owed.duty)/\(owed.place)/\(owed.windowBegan.text())"
  }

  func dueSoon(_ standing: PointStanding, due: Instant, at now: Instant) -> HookMessage {
    let plan = book.version(at: standing.owed.windowBegan).plan
    let group = plan.duty(standing.owed.duty).flatMap { plan.group($0.group) }
    let subject = Self.subject(standing.owed)
    return message(
      .dueSoon, [subject, due.text()], subject: subject, due: due, at: now,
      [
        ("due_at", time(due)), ("attended_at", standing.attended.map(time) ?? .null),
        ("handhelds", .array((group?.handhelds ?? []).map { .text($0.text) })),
      ] + owed(standing.owed))
  }
}
