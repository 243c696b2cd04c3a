internal import Assessment
internal import Geodesy
internal import Mustache
internal import Patrol
internal import Store

/// What a period's page says of its seal: who closed it and when, and what was stated again, with what it was before.
struct SealPage {
  let report: PeriodReport
  let texts: Texts

  /// For the head of the page; none of what nobody seals: weeks, and what was only supposed.
  var summary: [String] {
    guard report.period.kind != .week, report.supposition.isNone else { return [] }
    guard let seal = report.seals.first, let last = report.seals.last else {
      return [texts[.notSealed]]
    }
    let sealed = texts(.sealedBy, seal.who, local(seal.made), "\(seal.n)")
    let count = report.seals.count - 1
    return count == 0
      ? [sealed] : [sealed, texts(.restatedSince, "\(count)", last.who, local(last.made))]
  }

  /// The section; empty where nothing is sealed.
  func html() throws -> String {
    guard !summary.isEmpty, !report.seals.isEmpty else { return "" }
    return try MustacheTemplate(string: Self.template).render([
      "text": texts.byName, "records": report.seals.map(record), "changes": changes,
    ])
  }

  static let template = """
    <h2>{{text.sealHeading}}</h2>
    <p class="soft">{{text.sealExplained}}</p>
    <table><thead><tr><th class="n">{{text.id}}</th><th>{{text.act}}</th><th>{{text.byWhom}}</th><th>{{text.madeAt}}</th><th>{{text.reasonGiven}}</th>
      <th>{{text.signature}}</th><th>{{text.hash}}</th></tr></thead>
    {{#records}}<tr><td class="n">{{n}}</td><td class="w">{{act}}</td><td class="w">{{who}}</td><td class="w">{{at}}</td><td>{{reason}}</td>
      <td>{{key}}</td><td class="hash"><code>{{hash}}</code></td></tr>
    {{/records}}</table>
    {{#changes}}<p class="change"><b>{{heading}}</b> {{reason}}</p>
    {{#isEmpty}}<p>{{text.nothingRestated}}</p>{{/isEmpty}}
    {{^isEmpty}}<table><thead><tr><th>{{text.ofWhom}}</th><th class="n">{{text.score}}</th><th class="n">{{text.covered}}</th><th class="n">{{text.missed}}</th><th class="n">{{text.unproven}}</th>
      <th class="n">{{text.excused}}</th><th class="n">{{text.rank}}</th><th>{{text.rating}}</th></tr></thead>
    {{#rows}}<tr><td>{{name}}</td><td class="n">{{score}}</td><td class="n">{{coverage}}</td><td class="n">{{missed}}</td><td class="n">{{unproven}}</td>
      <td class="n">{{excused}}</td><td class="n">{{rank}}</td><td class="w">{{rating}}</td></tr>
    {{/rows}}</table>{{/isEmpty}}
    {{/changes}}
    """

  private func record(_ record: SealRecord) -> [String: Any] {
    var (act, reason) = (texts[.sealedAct], "")
    if case .restatement(_, let why, _) = record.act { (act, reason) = (texts[.restatedAct], why) }
    return [
      "n": "\(record.n)", "act": act, "who": record.who, "at": local(record.made),
      "reason": reason, "key": record.publicKey.map { "\($0)" } ?? texts[.notSigned],
      "hash": "\(record.hash)",
    ]
  }

  /// Of each restatement what it changed; at the end what is not stated again yet.
  private var changes: [[String: Any]] {
    var all = report.seals.compactMap { record -> [String: Any]? in
      guard case .restatement(_, let reason, let before) = record.act else { return nil }
      return change(
        texts(.restatementHeading, "\(record.n)"), reason, before, record.figures)
    }
    if let last = report.seals.last, let stated = StatedFigures(last.figures),
      let now = StatedFigures(report.sealed), !stated.changed(in: now).isEmpty
    {
      all.append(change(texts[.sinceSealed], "", last.figures, report.sealed))
    }
    return all
  }

  private func change(
    _ heading: String, _ reason: String, _ before: String, _ after: String
  ) -> [String: Any] {
    var rows: [[String: Any]] = []
    if let before = StatedFigures(before), let after = StatedFigures(after) {
      rows = before.changed(in: after).map { subject in
        let lines = (before.lines[subject], after.lines[subject])
        return [
          "name": name(subject), "score": told(lines, \.score, percent),
          "coverage": told(lines, \.coverage, percent), "missed": told(lines, \.missed, percent),
          "unproven": told(lines, \.unproven, percent),
          "excused": told(lines, \.excused, percent), "rank": told(lines, \.rank) { "\($0)" },
          "rating": told(lines, \.rating, rating),
        ]
      }
    }
    return ["heading": heading, "reason": reason, "isEmpty": rows.isEmpty, "rows": rows]
  }

  /// As it is; where it changed, as it was before too.
  private func told<T: Equatable>(
    _ lines: (before: StatedFigures.Line?, after: StatedFigures.Line?),
    _ figure: (StatedFigures.Line) -> T?, _ text: (T) -> String
  ) -> String {
    let (was, now) = (lines.before.flatMap(figure), lines.after.flatMap(figure))
    let after = now.map(text) ?? "–"
    return was == now ? after : texts(.beforeAndAfter, was.map(text) ?? "–", after)
  }

  private func name(_ subject: StatedFigures.Subject) -> String {
    switch subject {
    case .brigade: texts[.wholeBrigade]
    case .squadron(let id): report.plan.brigade.squadrons.first { $0.id == id }?.name ?? id.text
    case .duty(let id): id.text
    }
  }

  private func rating(_ name: String) -> String {
    Rating(rawValue: name).map(texts.rating) ?? name
  }

  private func percent(_ share: Double) -> String {
    texts(.percent, Decimal.text(share * 100, 2))
  }

  private func local(_ at: Instant) -> String { report.plan.zone.minuteText(at) }
}
