internal import Coverage
internal import Geodesy
public import Patrol
public import Store

/// A gap put into words: what it is, what was owed, what each handheld did, what was received and seen, and what became
/// of it.
public struct GapExplanation: Sendable {
  /// A heading and what stands under it, each with what it is about where that is not plain.
  private struct Part {
    var heading: String
    var lines: [(label: String, text: String)]
  }

  private let account: GapAccount
  /// Those asked for it, whatever became of them.
  private let excuses: [Excuse]
  /// Gates that the reports of each handheld failed in the deciding time, nil for none; handhelds without any are missing.
  private let tally: [String: [String?: Int]]
  private let outages: [Outage]
  /// At the place in the window, of any handheld.
  private let stays: [Stay]
  private let passes: [Pass]
  private let notes: [GapNote]

  public init(_ account: GapAccount, excuses: [Excuse], queries: Queries) throws(StoreError) {
    (self.account, self.excuses) = (account, excuses)
    let ids = account.plan.group(account.duty.group)?.handhelds ?? []
    tally = try queries.gateTally(of: ids.map(\.text), in: account.deciding)
    outages = try queries.outages(meeting: account.deciding).filter { outage in
      outage.handheld.map(ids.contains) ?? true
    }
    notes = try queries.notes(of: [account.gap.id])[account.gap.id] ?? []
    let place = account.place.id
    stays = try queries.stays(at: place, meeting: account.window.span)
    passes = try queries.passes(along: place, meeting: account.window.span)
  }

  public func text(in language: Language) -> String {
    let words = GapWords(account: account, texts: Texts(language))
    let texts = words.texts
    let parts = [
      settings(words), reasons(words), reports(words), conclusions(words), attendance(words),
      told(words), history(words),
    ]
    let head = Part(heading: words.head, lines: facts(words))
    return ([head] + parts).map { Self.written($0, texts) }.joined(separator: "\n")
  }

  /// What a line is about stands in a column of its own.
  private static func written(_ part: Part, _ texts: Texts) -> String {
    let width = part.lines.map { Self.width($0.label) }.max() ?? 0
    return part.heading + "\n"
      + part.lines.map { line in
        let pad = String(repeating: " ", count: width == 0 ? 0 : width - Self.width(line.label) + 2)
        return "  \(line.label)\(pad)\(line.text)\n"
      }.joined()
  }

  /// Ideographs are twice as wide as letters.
  private static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E80 ? 2 : 1) }
  }

  // MARK: parts

  private var gap: Gap { account.gap }

  private func facts(_ words: GapWords) -> [(label: String, text: String)] {
    let texts = words.texts
    let key: Texts.GapKey =
      gap.stretch != nil
      ? .evidenceMetreSeconds : gap.cells.isEmpty ? .evidenceSeconds : .evidenceSquareMetreSeconds
    func whole(_ x: Double) -> String { Decimal.text(x, 0) }
    let evidence = gap.evidence.sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }
    let handhelds = texts.names(gap.handhelds.map(\.text))
    return [
      (texts[.place], texts.place(account)), (texts[.timeLabel], words.time),
      (texts[.verdict], texts.meaning(gap.verdict)),
    ]
      + evidence.map { cause, extent in
        (texts[.evidenceLabel], texts(key, texts.cause(cause), whole(extent), whole(gap.extent)))
      }
      + [(texts[.handhelds], handhelds.isEmpty ? texts[.noneCounted] : handhelds)]
  }

  private func settings(_ words: GapWords) -> Part {
    let (texts, plan, duty) = (words.texts, account.plan, account.duty)
    func metres(_ m: Metres) -> String { Decimal.text(m.value, 0) }
    let extent: String? =
      switch account.place.geometry {
      case .point(_, let radius): texts(.withinRadius, metres(radius))
      case .line(let line, let corridor):
        texts(.withinCorridor, metres(line.length), metres(corridor))
      case .area(_, let cell): cell.map { texts(.bySquares, metres($0)) } ?? texts[.asAWhole]
      case .street: nil
      }
    var lines = [
      (texts[.duty], texts(.dutyOfGroup, duty.id.text, words.group, texts.asked(duty))),
      (texts[.window], words.span(account.window.span)),
    ]
    if let extent { lines.append((texts[.place], extent)) }
    for id in plan.group(duty.group)?.handhelds ?? [] {
      guard let handheld = plan.handheld(id) else { continue }
      let settings = texts(
        .handheldSettings, id.text, texts.travel(handheld.travel),
        Decimal.text(handheld.reach.value, 1), texts.duration(handheld.model.interval),
        metres(handheld.model.accuracyMaximum))
      lines.append((texts[.handheld], settings))
    }
    return Part(heading: texts(.owedHeading, account.planDigest), lines: lines)
  }

  /// Why nobody attended, handheld by handheld.
  private func reasons(_ words: GapWords) -> Part {
    let texts = words.texts
    let purged = account.withoutFixes
    guard purged.isEmpty else {
      let gone = texts(.positionsGone, texts.names(purged.map(\.text)))
      return Part(heading: texts[.eachDid], lines: [("", gone)])
    }
    let span = account.deciding
    let heading = texts(
      .eachDidHeading, words.local(span.lowerBound), words.local(span.upperBound),
      account.offsetText)
    var lines: [(String, String)] = []
    for reasons in account.reasons(in: texts.language) {
      for (n, line) in reasons.lines.enumerated() {
        lines.append((n == 0 ? reasons.handheld.text : "", line))
      }
    }
    return Part(heading: heading, lines: lines.isEmpty ? [("", texts[.noneAllotted])] : lines)
  }

  /// What the handhelds told in the time that decides.
  private func reports(_ words: GapWords) -> Part {
    let texts = words.texts
    let span = account.deciding
    var lines: [(String, String)] = []
    for id in account.plan.group(account.duty.group)?.handhelds ?? [] {
      let gates = (tally[id.text] ?? [:]).sorted {
        ($0.value, $1.key ?? "") > ($1.value, $0.key ?? "")
      }
      let parts = gates.map { name, count in
        let gate = name.map { Gate(rawValue: $0).map(texts.gate) ?? $0 } ?? texts[.usable]
        return texts(.soMany, "\(count)", gate)
      }
      lines.append((id.text, parts.isEmpty ? texts[.none] : texts.clauses(parts)))
    }
    for outage in outages {
      let what = texts.clauses(
        [texts.outage(outage.kind), outage.handheld?.text].compactMap { $0 })
      let began = words.local(outage.began)
      let span =
        outage.ended.map { texts(.fromTo, began, words.local($0)) } ?? texts(.fromOn, began)
      lines.append(("", texts(.ourOutage, what, span)))
    }
    let heading = texts(
      .reportsHeading, words.local(span.lowerBound), words.local(span.upperBound))
    return Part(heading: heading, lines: lines)
  }

  /// Stays and passes at the place in the window.
  private func conclusions(_ words: GapWords) -> Part {
    let texts = words.texts
    let stood = stays.map { stay in
      let span = texts(.fromTo, words.local(stay.arrived), words.local(stay.left))
      let told = texts(
        .stayTold, stay.handheld.text, span, texts.duration(stay.length), texts.stay(stay.kind))
      return (stay.arrived, told)
    }
    let walked = passes.map { pass in
      let span = texts(.fromTo, words.local(pass.began), words.local(pass.ended))
      let told = texts(
        .passTold, pass.handheld.text, span, Decimal.text(pass.from.value, 0),
        Decimal.text(pass.to.value, 0), Decimal.text(pass.speed.value, 1),
        Decimal.text(pass.confidence, 2), texts.pass(pass.kind))
      return (pass.began, told)
    }
    let lines = (stood + walked).sorted { $0.0 < $1.0 }.map { ("", $0.1) }
    return Part(
      heading: texts[.seenHeading], lines: lines.isEmpty ? [("", texts[.nobody])] : lines)
  }

  /// Proven and possible attendance of cells of the gap: what the prisms leave open.
  private func attendance(_ words: GapWords) -> Part {
    let texts = words.texts
    // Of a line's many cells those at the ends and in the middle tell enough.
    let cells = account.target.cells
    let shown = Set([cells[0], cells[cells.count / 2], cells[cells.count - 1]])
    let places = account.place.cells
    var lines: [(String, String)] = []
    for cell in account.attendance where shown.contains(cell.cell) {
      for (key, spans) in [(Texts.GapKey.proven, cell.proven), (.possible, cell.possible)] {
        for span in spans {
          let time = texts(.fromTo, words.local(span.lowerBound), words.local(span.upperBound))
          let stretch = places.indices.contains(cell.cell) ? places[cell.cell].stretch : nil
          let told =
            stretch.map {
              texts(
                .cellAlongTold, "\(cell.cell)", Decimal.text($0.from.value, 0),
                Decimal.text($0.to.value, 0), texts[key], time)
            } ?? texts(.cellTold, "\(cell.cell)", texts[key], time)
          lines.append(("", told))
        }
      }
    }
    return Part(
      heading: texts[.attendanceHeading], lines: lines.isEmpty ? [("", texts[.none])] : lines)
  }

  private func told(_ words: GapWords) -> Part {
    let texts = words.texts
    let lines = excuses.map { ("\($0.id)", texts.excuse($0, words.local)) }
    return Part(
      heading: texts[.excusesHeading], lines: lines.isEmpty ? [("", texts[.noExcuses])] : lines)
  }

  private func history(_ words: GapWords) -> Part {
    let texts = words.texts
    let lines = account.revisions.map { r in
      ("\(r.number)", texts.clauses([words.local(r.at), texts.revision(r.kind), words.state(r)]))
    }
    let seen = notes.map { note in
      let said = note.note.isEmpty ? [] : [note.note]
      return ("", texts.clauses([words.local(note.at), texts(.seenBy, note.by)] + said))
    }
    return Part(heading: texts[.historyHeading], lines: lines + seen)
  }
}
