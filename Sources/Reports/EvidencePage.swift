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
  let texts: Texts

  /// One page that fetches nothing; its links lead to the files beside it.
  func html() throws -> String {
    try MustacheTemplate(string: EvidenceTemplate.text).render(page)
  }

  private var gap: Gap { account.gap }
  private var words: GapWords { GapWords(account: account, texts: texts) }

  private var page: [String: Any] {
    let picture = GapPicture(account, in: texts.language).svg()
    // In a page, no declaration may stand before it.
    let drawing = picture.firstRange(of: "<svg").map { String(picture[$0.lowerBound...]) } ?? ""
    return [
      "text": texts.byName, "gap": texts.gapByName, "language": texts.language.rawValue,
      "title": texts(.gapNamed, gap.id.text), "brigade": account.plan.brigade.name,
      "localTimes": texts(.localTimes, account.plan.zone.identifier), "facts": facts,
      "meaning": texts.meaning(gap.verdict), "isWithdrawn": account.withdrawn != nil,
      "withdrawn": account.withdrawn.map { texts(.withdrawnAt, words.local($0)) } ?? "",
      "isOpen": gap.isOpen, "open": texts(.openJudged, words.local(account.judgedUntil)),
      "picture": drawing, "excuses": excuses.map { texts.row($0, words.local) },
      "hasExcuses": !excuses.isEmpty, "revisions": account.revisions.map(revision),
      "explanation": explanation,
      "files": files.map { ["name": $0, "link": Self.link($0), "what": what($0)] },
      "drawnUp": texts(.drawnUpFrom, ProgramIdentity.version, account.planDigest),
    ]
  }

  private var facts: [[String: Any]] {
    let plan = account.plan
    let squadron = plan.squadron(of: account.duty.group)?.name
    let handhelds = Set(account.served.map(\.handheld.id.text)).sorted()
    let why = texts(.namedWithID, texts.explained(gap.cause), texts.cause(gap.cause))
    let lookedAt = texts(
      .lookedAt, words.local(account.deciding.lowerBound), words.local(account.deciding.upperBound))
    let rows = [
      (texts[.whereLabel], texts.place(account)), (texts[.whenLabel], words.time),
      (texts[.verdict], texts.verdict(gap.verdict)), (texts[.whyLabel], why),
      (texts[.owedLabel], texts(.owedOf, account.duty.id.text, texts.asked(account.duty))),
      (texts[.byLabel], squadron.map { texts(.groupOf, words.group, $0) } ?? words.group),
      (texts[.window], words.span(account.window.span)),
      (texts[.lookedAtLabel], lookedAt),
      (texts[.handhelds], handhelds.isEmpty ? texts[.noneAllotted] : texts.names(handhelds)),
      (texts[.planLabel], texts(.planVersion, account.planDigest)),
    ]
    return rows.map { ["name": $0.0, "value": $0.1] }
  }

  private func revision(_ r: GapRevision) -> [String: Any] {
    [
      "n": r.number, "at": words.local(r.at), "what": texts.revision(r.kind),
      "state": words.state(r),
    ]
  }

  private func what(_ name: String) -> String {
    if name == "gap.json" { return texts[.fileForPrograms] }
    if name == EvidenceBundle.sums { return texts[.fileSums] }
    return texts[name.hasSuffix(".gpx") ? .fileTrack : .fileReports]
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
}
