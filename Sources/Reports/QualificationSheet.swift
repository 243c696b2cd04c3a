public import Geodesy
internal import Mustache
public import Patrol
public import Qualification
internal import Store

/// One handheld's qualification on paper: a page that fetches nothing, and JSON.
public struct QualificationSheet: Sendable {
  public let qualification: Qualification
  public let drawnUp: Instant

  public init(_ qualification: Qualification, drawnUp: Instant) {
    self.qualification = qualification
    self.drawnUp = drawnUp
  }

  public func html(in language: Language) throws -> String {
    let page = QualificationPage(sheet: self, texts: Texts(language))
    return try MustacheTemplate(string: QualificationTemplate.sheet).render(page.values)
  }

  /// Seconds and metres; what is not known or has no bound is null.
  public func json() -> String { value.written(depth: 2) + "\n" }

  var value: JSONValue {
    let q = qualification
    func estimate(_ e: Estimate?, _ decimals: Int) -> JSONValue {
      guard let e else { return .null }
      return .object([
        ("value", .number(e.value, decimals: decimals)),
        ("low", .number(e.low, decimals: decimals)),
        ("high", .number(e.high, decimals: decimals)),
      ])
    }
    func number(_ x: Double?, _ decimals: Int) -> JSONValue {
      x.map { .number($0, decimals: decimals) } ?? .null
    }
    let latency = q.times.latency.map { l in
      JSONValue.object([
        ("median_s", .number(l.median, decimals: 3)), ("p95_s", .number(l.most, decimals: 3)),
        ("longest_s", .number(l.longest, decimals: 3)),
      ])
    }
    let proves = q.proves.map { p in
      JSONValue.object([
        ("stay_s", .number(p.stay.seconds, decimals: 0)),
        ("radius_m", .number(p.radius.value, decimals: 0)),
        ("every_s", .number(p.every.seconds, decimals: 0)),
      ])
    }
    return .object([
      ("serial", .text(q.serial)), ("model", .text(q.model.id.text)),
      ("outcome", .text(q.outcome.rawValue)), ("truth", .text(q.truth.rawValue)),
      ("began_at", q.began.map { .text($0.text()) } ?? .null),
      ("lasted_s", .number(q.times.span.seconds, decimals: 1)),
      ("reports", .count(q.times.reports)), ("fixes", .count(q.times.fixes)),
      ("repeated", .count(q.times.repeated)), ("held", .count(q.times.held)),
      ("cep50_m", estimate(q.accuracy?.half, 3)), ("cep95_m", estimate(q.accuracy?.most, 3)),
      ("mean_east_m", number(q.accuracy?.east, 3)), ("mean_north_m", number(q.accuracy?.north, 3)),
      ("truth_deviation_m", number(q.accuracy?.truthDeviation, 3)),
      ("correlation_s", estimate(q.wandering?.tau, 2)),
      ("sigma_m", estimate(q.wandering?.sigma, 3)), ("white_m", number(q.wandering?.white, 3)),
      ("independent_samples", number(q.wandering?.effective, 1)),
      ("interval_s", estimate(q.times.interval, 3)), ("jitter_s", number(q.times.jitter, 3)),
      ("fix_share", estimate(q.times.fixShare, 4)),
      ("time_to_first_fix_s", estimate(q.times.firstFix, 1)),
      ("latency", latency ?? .null), ("clock_lag_s", estimate(q.alignment?.lag, 2)),
      (
        "gaps",
        .array(
          q.times.gaps.map {
            .object([
              ("cause", .text($0.cause.rawValue)), ("count", .count($0.count)),
              ("seconds", .number($0.seconds, decimals: 1)),
              ("longest_s", .number($0.longest, decimals: 1)),
            ])
          })
      ),
      (
        "claims",
        .array(
          q.claims.map {
            .object([
              ("claim", .text($0.kind.rawValue)), ("claimed", .number($0.claimed, decimals: 3)),
              ("found", estimate($0.found, 3)), ("verdict", .text($0.verdict.rawValue)),
            ])
          })
      ), ("proves", proves ?? .null),
    ])
  }
}

/// What the sheet's template is filled with.
private struct QualificationPage {
  let sheet: QualificationSheet
  let texts: Texts

  private var q: Qualification { sheet.qualification }
  private var words: QualificationWords { QualificationWords(texts: texts) }

  var values: [String: Any] {
    let outcome = words.outcome(q.outcome)
    let pictures = QualificationPictures(qualification: q, texts: texts)
    let why = q.outcome == .failed ? words.why(q) : ""
    return [
      "text": texts.qualificationByName, "language": texts.language.rawValue,
      "title": texts(.sheetTitle, q.serial), "outcome": outcome.word,
      "outcomeExplained": outcome.explained, "outcomeClass": q.outcome.rawValue,
      "why": why.isEmpty ? [] : [why], "facts": facts, "claims": claims,
      "figures": figures, "hasGaps": !q.times.gaps.isEmpty, "gaps": gaps,
      "proves": q.proves.map { p in
        [
          [
            "stay": texts.duration(p.stay), "radius": texts(.metresValue, "\(Int(p.radius.value))"),
            "every": texts.duration(p.every),
          ]
        ]
      } ?? [],
      "hasPictures": !q.errors.isEmpty, "scatter": pictures.scatter(),
      "histogram": pictures.histogram(), "course": pictures.course(),
      "drawnUp": texts(.drawnUpBy, sheet.drawnUp.text(), ProgramIdentity.version),
    ]
  }

  private var facts: [[String: Any]] {
    var truth = words.truth(q.truth)
    if let deviation = q.accuracy?.truthDeviation, deviation > 0 {
      truth = texts.clauses([truth, texts(.truthDeviation, Decimal.text(deviation, 2))])
    }
    let told: [(Texts.QualificationKey, String)] = [
      (.modelName, q.model.id.text), (.receiver, q.model.receiver),
      (.sessionFrom, q.began?.text() ?? texts[.notTold]),
      (.sessionLasted, texts.duration(q.times.span)), (.truth, truth),
    ]
    return told.map { ["name": texts[$0], "value": $1] }
  }

  private var claims: [[String: Any]] {
    q.claims.map { claim in
      [
        "name": words.claim(claim.kind), "claimed": words.value(claim.claimed, of: claim.kind),
        "found": words.value(claim.found.value, of: claim.kind),
        "bounds": claim.kind == .dates
          ? "–" : words.bounds(claim.found) { words.value($0, of: claim.kind) },
        "verdict": words.verdict(claim.verdict), "class": claim.verdict.rawValue,
      ]
    }
  }

  private var figures: [[String: Any]] {
    let t = q.times
    var rows: [(Texts.QualificationKey, String?, String?)] = []
    func add(_ key: Texts.QualificationKey, _ e: Estimate?, _ text: @escaping (Double) -> String) {
      rows.append((key, e.map { text($0.value) }, e.map { words.bounds($0, text) }))
    }
    add(.half, q.accuracy?.half, words.metres)
    add(.most, q.accuracy?.most, words.metres)
    rows.append(
      (
        .meanError,
        q.accuracy.map {
          texts.names([
            texts(.metresValue, Decimal.text($0.east, 2)),
            texts(.metresValue, Decimal.text($0.north, 2)),
          ])
        }, nil
      ))
    add(.tau, q.wandering?.tau, words.seconds)
    add(.sigma, q.wandering?.sigma, words.metres)
    rows.append((.white, q.wandering.map { words.metres($0.white) }, nil))
    rows.append((.effective, q.wandering.map { Decimal.text($0.effective, 1) }, nil))
    rows.append((.reportsTold, "\(t.reports)", nil))
    rows.append((.repeated, "\(t.repeated)", nil))
    add(.fixShare, t.fixShare, words.share)
    rows.append((.held, "\(t.held)", nil))
    add(.interval, t.interval, words.seconds)
    rows.append((.jitter, t.jitter.map(words.seconds), nil))
    add(.firstFix, t.firstFix, words.seconds)
    rows.append(
      (
        .latency,
        t.latency.map { texts.names([$0.median, $0.most, $0.longest].map(words.seconds)) }, nil
      ))
    if q.alignment != nil { add(.lag, q.alignment?.lag, words.seconds) }
    return rows.map { ["name": texts[$0], "value": $1 ?? texts[.notTold], "bounds": $2 ?? "–"] }
  }

  private var gaps: [[String: Any]] {
    q.times.gaps.map {
      [
        "cause": words.cause($0.cause), "count": "\($0.count)",
        "together": words.seconds($0.seconds), "longest": words.seconds($0.longest),
      ]
    }
  }
}
