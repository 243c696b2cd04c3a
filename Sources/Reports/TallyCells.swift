internal import Assessment
internal import Coverage
internal import Geodesy
internal import Patrol

/// What a tally, and what follows from it, reads like in a row of a page, or in a bar.
struct TallyCells {
  let texts: Texts

  func assessed(_ a: Assessed) -> [String: Any] {
    [
      "score": score(a.score),
      "rating": a.rating.map(texts.rating) ?? "–", "ratingClass": a.rating?.rawValue ?? "",
      "band": a.band.map { texts(.bandIs, $0.name, Decimal.text($0.factor, 2)) } ?? "",
    ]
  }

  func shares(_ tally: Tally) -> [String: Any] {
    var row: [String: Any] = [
      "covered": "–", "missed": "–", "unproven": "–", "excused": "–", "bar": "",
      "made": texts(.ofRequired, "\(tally.made)", "\(tally.required)"),
      "longest": tally.windows > 0 ? texts.duration(tally.longestInterval) : "–",
      "wait": tally.waits.meanExcess.map(wait) ?? "–",
    ]
    if let shares = tally.shares {
      let parts = shares.rounded(decimals: 4)
      row["covered"] = percent(parts.covered)
      row["missed"] = percent(parts.missed)
      row["unproven"] = percent(parts.unproven)
      row["excused"] = percent(parts.excused)
      row["bar"] = bar(shares, width: 150, height: 14)
    }
    return row
  }

  func wait(_ seconds: Double) -> String {
    let whole = seconds.rounded()
    let text = texts.duration(Milliseconds(Int64(abs(whole) * 1000)))
    return whole < 0 ? "−" + text : text
  }

  /// What a page begins with: what it all amounts to, in one bar, and what its parts are called.
  func verdict(_ shares: Shares, score: String) -> [String: Any] {
    let parts = shares.rounded(decimals: 4)
    return [
      "score": score, "bar": bar(shares, width: 900, height: 34),
      "parts": ShareBar.Part.allCases.map { part in
        [
          "name": texts.share(part), "share": percent(part.of(parts)),
          "swatch": ShareBar.swatch(part, name: texts.share),
        ]
      },
    ]
  }

  func bar(_ shares: Shares, width: Double, height: Double) -> String {
    let parts = shares.rounded(decimals: 4)
    func told(_ part: ShareBar.Part) -> String {
      "\(texts.share(part)) \(percent(part.of(parts)))"
    }
    return ShareBar.svg(
      shares, width: width, height: height,
      label: texts.clauses(ShareBar.Part.allCases.map(told)), name: told)
  }

  /// To a hundredth of a per cent: what is compared with marks.
  func percent(_ share: Double) -> String {
    texts(.percent, Decimal.text(share * 100, 2))
  }

  func score(_ score: Double?) -> String { score.map(percent) ?? "–" }
}
