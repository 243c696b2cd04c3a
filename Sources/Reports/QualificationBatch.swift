public import Geodesy
internal import Mustache
public import Patrol
public import Qualification
public import Store

/// Several handhelds' qualifications as one table: who passed, who did not, and why.
public struct QualificationBatch: Sendable {
  public let all: [Qualification]
  public let drawnUp: Instant

  public init(_ all: [Qualification], drawnUp: Instant) {
    self.all = all
    self.drawnUp = drawnUp
  }

  public func html(in language: Language) throws -> String {
    let texts = Texts(language)
    let words = QualificationWords(texts: texts)
    let values: [String: Any] = [
      "text": texts.qualificationByName, "language": language.rawValue,
      "title": texts(.batchTitle, count: all.count),
      "rows": all.map { row($0, words) },
      "drawnUp": texts(.drawnUpBy, drawnUp.text(), ProgramIdentity.version),
    ]
    return try MustacheTemplate(string: QualificationTemplate.batch).render(values)
  }

  /// A row each; the reasons in a language.
  public func listing(in language: Language) -> Listing {
    let words = QualificationWords(texts: Texts(language))
    func number(_ x: Double?, _ decimals: Int) -> Listing.Value {
      x.map { .real($0, decimals: decimals) } ?? .none
    }
    let columns = [
      "serial", "model", "outcome", "cep50_m", "cep95_m", "correlation_s", "interval_s",
      "time_to_first_fix_s", "fix_share", "why",
    ]
    let rows: [[Listing.Value]] = all.map { q in
      [
        .text(q.serial), .text(q.model.id.text), .text(q.outcome.rawValue),
        number(q.accuracy?.half.value, 2), number(q.accuracy?.most.value, 2),
        number(q.wandering?.tau.value, 1), number(q.times.interval?.value, 2),
        number(q.times.firstFix?.value, 1), number(q.times.fixShare?.value, 4),
        .text(words.why(q)),
      ]
    }
    return Listing(columns: columns, rows: rows)
  }

  public func json() -> String {
    JSONValue.object([
      ("passed", .count(all.count { $0.outcome == .passed })),
      ("failed", .count(all.count { $0.outcome == .failed })),
      ("undecided", .count(all.count { $0.outcome == .undecided })),
      ("handhelds", .array(all.map { QualificationSheet($0, drawnUp: drawnUp).value })),
    ]).written(depth: 3) + "\n"
  }

  /// As a terminal shows it.
  public func text() -> String {
    let words = QualificationWords(texts: Texts(.english))
    return all.map { q in
      let accuracy = q.accuracy.map {
        "CEP50 \(words.metres($0.half.value)), CEP95 \(words.metres($0.most.value)) (\(words.bounds($0.most, words.metres)))"
      }
      let told = [accuracy ?? "accuracy cannot be told", words.why(q)].filter { !$0.isEmpty }
      return "\(q.serial): \(q.outcome.rawValue): \(told.joined(separator: "; "))\n"
    }.joined()
  }

  private func row(_ q: Qualification, _ words: QualificationWords) -> [String: Any] {
    func text(_ e: Estimate?, _ write: (Double) -> String) -> String {
      e.map { write($0.value) } ?? "–"
    }
    return [
      "serial": q.serial, "model": q.model.id.text, "class": q.outcome.rawValue,
      "outcome": words.outcome(q.outcome).word, "half": text(q.accuracy?.half, words.metres),
      "most": text(q.accuracy?.most, words.metres),
      "interval": text(q.times.interval, words.seconds),
      "firstFix": text(q.times.firstFix, words.seconds),
      "fixShare": text(q.times.fixShare, words.share), "why": words.why(q),
    ]
  }
}
