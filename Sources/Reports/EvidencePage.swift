internal import Coverage
internal import Geodesy
internal import Mustache
internal import Patrol
internal import Store

/// A gap as a page for people: what it is in plain words, its picture, its history, and the whole explanation.
struct EvidencePage {
  let account: GapAccount
  let explanation: String
  let excuses: [Excuse]
  /// Names of what lies beside it.
  let files: [String]

  /// One page that fetches nothing; its links lead to the files beside it.
  func html() throws -> String {
    try MustacheTemplate(string: EvidenceTemplate.text).render(page)
  }

  private var gap: Gap { account.gap }

  private var page: [String: Any] {
    let picture = GapPicture(account).svg()
    // In a page, no declaration may stand before it.
    let drawing = picture.firstRange(of: "<svg").map { String(picture[$0.lowerBound...]) } ?? ""
    return [
      "id": gap.id.text, "brigade": account.plan.brigade.name, "facts": facts,
      "meaning": meaning, "isWithdrawn": account.withdrawn != nil,
      "withdrawn": account.withdrawn.map(second) ?? "", "isOpen": gap.isOpen,
      "judged": second(account.judgedUntil), "picture": drawing,
      "excuses": excuses.map(excuse), "hasExcuses": !excuses.isEmpty,
      "revisions": account.revisions.map(revision), "explanation": explanation,
      "files": files.map { ["name": $0, "link": Self.link($0), "what": Self.what($0)] },
      "digest": account.planDigest, "version": ProgramIdentity.version,
      "zone": account.plan.zone.identifier,
    ]
  }

  private var facts: [[String: Any]] {
    let (plan, duty) = (account.plan, account.duty)
    let stretch =
      gap.stretch.map {
        ", from \(Decimal.text($0.from.value, 0)) to \(Decimal.text($0.to.value, 0)) m along it"
      } ?? (gap.cells.isEmpty ? "" : ", \(gap.cells.count) of its squares")
    let group = plan.group(duty.group)
    let squadron = plan.squadron(of: duty.group).map { " of \($0.name)" } ?? ""
    let stay = duty.stay > .zero ? ", staying \(Texts(.english).duration(duty.stay))" : ""
    let together = duty.atOnce > 1 ? ", \(duty.atOnce) at once" : ""
    let span =
      gap.isOpen
      ? "from \(second(gap.began)), still open" : "\(second(gap.began)) to \(second(gap.ended))"
    let handhelds = account.served.map(\.handheld.id.text)
    let rows = [
      ("where", "\(account.place.name) (\(gap.owed.place))\(stretch)"),
      ("when", "\(span), \(Texts(.english).duration(gap.ended - gap.began))"),
      ("verdict", Texts(.english).verdict(gap.verdict)),
      ("why", "\(Texts(.english).explained(gap.cause)) (\(gap.cause.rawValue))"),
      ("owed", "duty \(duty.id), every \(Texts(.english).duration(duty.every))\(stay)\(together)"),
      ("by", "\(group?.name ?? duty.group.text)\(squadron)"),
      ("window", "\(second(account.window.began)) to \(second(account.window.ended))"),
      (
        "looked at",
        "what was reported from \(second(account.deciding.lowerBound)) to \(second(account.deciding.upperBound)): "
          + "an attendance in this time would have counted"
      ),
      ("handhelds", handhelds.isEmpty ? "none allotted" : Self.unique(handhelds)),
      ("plan", "version \(account.planDigest)"),
    ]
    return rows.map { ["name": $0.0, "value": $0.1] }
  }

  private var meaning: String {
    switch gap.verdict {
    case .missed:
      "Missed: by what the handhelds reported, nobody can have met the duty there in time."
    case .unproven:
      "Unproven: nobody was seen to meet the duty there in time, and nothing rules it out. This is no finding against anybody."
    }
  }

  private func excuse(_ e: Excuse) -> [String: Any] {
    let decided = e.decidedBy.map { by in
      ", \(e.state.rawValue) by \(by)" + (e.decided.map { " at \(second($0))" } ?? "")
    }
    return [
      "reason": e.reason, "state": e.state == .asked ? "asked for, not decided" : e.state.rawValue,
      "course": "asked for by \(e.askedBy) at \(second(e.asked))\(decided ?? "")",
    ]
  }

  private func revision(_ r: GapRevision) -> [String: Any] {
    let after = r.after
    let stretch =
      after.stretch.map {
        ", \(Decimal.text($0.from.value, 0)) to \(Decimal.text($0.to.value, 0)) m"
      } ?? ""
    let span =
      after.isOpen
      ? "from \(second(after.began)), still open"
      : "\(second(after.began)) to \(second(after.ended))"
    return [
      "n": r.number, "at": second(r.at), "what": Self.words(r.kind),
      "state":
        "\(Texts(.english).verdict(after.verdict)), \(Texts(.english).explained(after.cause))\(stretch): \(span)",
    ]
  }

  private static func words(_ kind: Revision) -> String {
    switch kind {
    case .opened: "flagged for the first time"
    case .closed: "ended"
    case .extended: "found to be longer"
    case .shortened: "found to be shorter"
    case .split: "found to be several"
    case .merged: "joined with another"
    case .rejudged: "judged anew, on other evidence"
    case .withdrawn: "withdrawn: later evidence disproved it"
    case .excused: "an excuse was approved, or taken back"
    }
  }

  private static func what(_ name: String) -> String {
    if name == "gap.json" { return "what this page says, for programs" }
    return name.hasSuffix(".gpx")
      ? "a handheld's positions, for maps (GPX 1.1); those that prove nothing are waypoints, named by why"
      : "all reports of a handheld, for programs"
  }

  /// A name as an address: all but plain ASCII in per cent.
  private static func link(_ name: String) -> String {
    name.utf8.map { byte in
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || "0123456789-_.".contains(Character(scalar)))
      let digits = String(byte, radix: 16, uppercase: true)
      return isPlain ? String(Character(scalar)) : "%" + (byte < 16 ? "0" : "") + digits
    }.joined()
  }

  private static func unique(_ names: [String]) -> String {
    Set(names).sorted().joined(separator: ", ")
  }

  /// RFC 3339 with a space, to be read.
  private func second(_ at: Instant) -> String {
    account.plan.zone.text(Instant(milliseconds: at.milliseconds / 1000 * 1000))
      .replacing("T", with: " ", maxReplacements: 1)
  }
}
