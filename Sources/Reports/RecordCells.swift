internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// Gaps and pairings as rows of a page.
struct RecordCells: Sendable {
  let texts: Texts
  let plan: Plan
  let clock: @Sendable (Instant) -> String

  /// - Parameter excuses: the gap's, and others'.
  func gap(_ record: GapRecord, _ excuses: [Excuse]) -> GapCells {
    let gap = record.gap
    let evidence = gap.evidence.sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }
    let whole = evidence.reduce(0) { $0 + $1.value }
    return GapCells(
      id: gap.id.text, place: plan.place(gap.owed.place)?.name ?? gap.owed.place.text,
      duty: gap.owed.duty.text,
      stretch: gap.stretch.map {
        texts(.stretch, Decimal.text($0.from.value, 0), Decimal.text($0.to.value, 0))
      } ?? (gap.cells.isEmpty ? "" : texts(.squares, count: gap.cells.count)),
      began: clock(gap.began), ended: gap.isOpen ? texts[.stillOpen] : clock(gap.ended),
      length: texts.duration(gap.ended - gap.began), verdict: texts.verdict(gap.verdict),
      class: gap.verdict.rawValue, cause: texts.cause(gap.cause),
      explained: texts.explained(gap.cause),
      evidence: evidence.count > 1 && whole > 0
        ? texts.clauses(
          evidence.map {
            "\(texts.cause($0.key)) \(texts.percent($0.value / max(whole, 1e-9)))"
          }) : nil,
      handhelds: gap.handhelds.enumerated().map { n, handheld in
        handheld.text + (n + 1 < gap.handhelds.count ? texts[.betweenNames] : "")
      },
      excuses: excuses.filter { $0.gap == gap.id }.map {
        GapCells.Told(id: "\($0.id)", told: texts.excuse($0, clock))
      })
  }

  func pairing(_ record: PairingRecord) -> [String: Any] {
    let p = record.pairing
    func group(_ id: Handheld.ID) -> String { plan.group(of: id)?.name ?? "" }
    return [
      "first": p.first.text, "second": p.second.text, "firstGroup": group(p.first),
      "secondGroup": group(p.second), "began": clock(p.began), "ended": clock(p.ended),
      "moving": texts.duration(p.moving), "way": Decimal.text(p.way.value, 0),
      "apart": texts(
        .medianAndMost, Decimal.text(p.medianDistance.value, 1),
        Decimal.text(p.maximumDistance.value, 1)),
      "joint": texts.metres(p.jointAccuracy, decimals: 1),
      "places": texts.names(record.places.map { plan.place($0)?.name ?? $0.text }),
    ]
  }
}
