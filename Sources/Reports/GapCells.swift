/// What a page tells of a gap in a row, in words.
struct GapCells {
  let id: String
  let place: String
  let duty: String
  let stretch: String
  let began: String
  let ended: String
  let length: String
  let verdict: String
  /// By which the verdict is drawn.
  let `class`: String
  let cause: String
  let explained: String
  /// Nil where there is but one cause.
  let evidence: String?
  /// Each stays whole where the line ends.
  let handhelds: [String]
  let excuses: [Told]

  struct Told {
    let id: String
    let told: String
  }

  /// For a template.
  var values: [String: Any] {
    [
      "id": id, "place": place, "duty": duty, "stretch": stretch, "began": began, "ended": ended,
      "length": length, "verdict": verdict, "class": `class`, "cause": cause,
      "explained": explained, "hasEvidence": evidence != nil, "evidence": evidence ?? "",
      "handhelds": handhelds, "excuses": excuses.map { ["id": $0.id, "told": $0.told] },
    ]
  }

  /// Its row among a shift's gaps, and those of its excuses.
  func row(_ texts: Texts) -> Markup {
    let evidence: Markup =
      evidence.map { #"<br><span class="soft">\#($0)</span>"# } ?? ""
    let handhelds = Markup(joining: handhelds.map { #"<span class="w">\#($0)</span>"# })
    let excuses = Markup(
      joining: excuses.map {
        """
        <tr class="excuse"><td></td><td colspan="7"><b>\(texts[.excuse]) \($0.id)\(texts[.colon])</b> \($0.told)</td></tr>

        """
      })
    return """
      <tr><td>\(place) <span class="w">\(stretch)</span><br><span class="soft">\(duty)</span></td><td>\(began)</td><td>\(ended)</td>
        <td class="n">\(length)</td><td class="v"><span class="dot \(`class`)"></span>\(verdict)</td>
        <td>\(explained) <span class="soft">· \(cause)</span>\(evidence)</td>
        <td>\(handhelds)</td><td><code>\(id)</code></td></tr>
      \(excuses)
      """
  }
}
