internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// What a gap's page and its explanation both say of it.
struct GapWords {
  let account: GapAccount
  let texts: Texts

  private var gap: Gap { account.gap }

  var head: String {
    let head = texts(
      .gapHead, gap.id.text, texts.verdict(gap.verdict), texts.explained(gap.cause),
      texts.cause(gap.cause))
    return account.withdrawn == nil ? head : texts(.withdrawnSince, head)
  }

  /// From when to when, and how long.
  var time: String {
    let span =
      gap.isOpen
      ? texts(.untilNow, local(gap.began)) : texts(.fromTo, local(gap.began), local(gap.ended))
    return texts.clauses([span, texts.duration(gap.ended - gap.began)])
  }

  var group: String {
    account.plan.group(account.duty.group)?.name ?? account.duty.group.text
  }

  func span(_ span: Range<Instant>) -> String {
    texts(.fromTo, local(span.lowerBound), local(span.upperBound))
  }

  /// As it stood after a revision.
  func state(_ revision: GapRevision) -> String {
    let after = revision.after
    let span =
      after.isOpen
      ? texts(.fromOn, local(after.began)) : texts(.fromTo, local(after.began), local(after.ended))
    let stretch = after.stretch.map {
      texts(.goingFromTo, Decimal.text($0.from.value, 0), Decimal.text($0.to.value, 0))
    }
    let parts = [texts.verdict(after.verdict), texts.explained(after.cause), stretch, span]
    return texts.clauses(parts.compactMap { $0 })
  }

  /// Local, to the second, with its offset; RFC 3339 with a space, to be read.
  func local(_ at: Instant) -> String { account.plan.zone.secondText(at) }
}
