internal import Coverage
internal import Geodesy
public import Patrol

/// One gap as one drawing that stands for itself: what it is, a map of where everybody was, the course of time, and what
/// the signs mean. Readable without colours; nothing in it is fetched or run.
public struct GapPicture {
  let account: GapAccount
  private let texts: Texts
  static let width = 1100.0
  static let margin = 24.0

  public init(_ account: GapAccount, in language: Language) {
    (self.account, texts) = (account, Texts(language))
  }

  /// An SVG document.
  public func svg() -> String {
    var body = SVG()
    var y = Self.margin + 4
    for (n, line) in head.enumerated() {
      let size = n == 0 ? 20.0 : 13.0
      y += size
      body.label(
        Self.fitted(line, size: size, width: Self.width - 2 * Self.margin), x: Self.margin, y: y,
        [("font-size", SVG.number(size)), ("font-weight", n == 0 ? "bold" : "normal")])
      y += n == 0 ? 10 : 5
    }
    y += 12
    var legend = GapLegend(texts)
    let map = GapMap(account, texts)
    y = put(map.draw(&legend), map.wholeHeight, at: y, into: &body)
    if account.isOnLine {
      let chart = GapLineChart(account, texts)
      y = put(chart.draw(&legend), GapLineChart.height, at: y, into: &body)
    } else {
      let chart = GapTimeline(account, texts)
      y = put(chart.draw(&legend), chart.height, at: y, into: &body)
    }
    let (signs, height) = legend.draw()
    y = put(signs, height, at: y, into: &body)
    return document(body, height: y)
  }

  private func put(_ part: SVG, _ height: Double, at y: Double, into body: inout SVG) -> Double {
    body.open("g", [("transform", "translate(\(SVG.number(Self.margin)) \(SVG.number(y)))")])
    body.add(part)
    body.close("g")
    return y + height + 22
  }

  private func document(_ body: SVG, height: Double) -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <svg xmlns="http://www.w3.org/2000/svg" role="img" width="\(Decimal.text(Self.width, 0))" \
    height="\(Decimal.text(height, 0))" viewBox="0 0 \(SVG.number(Self.width)) \(SVG.number(height))" \
    font-family="sans-serif" font-size="12" fill="#111">
    <title>\(SVG.escaped(head[0]))</title>
    <defs>
    <pattern id="prism" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
    <path d="M0 0V7" stroke="#444" stroke-width="1.4"/></pattern>
    <pattern id="missed" width="5" height="5" patternUnits="userSpaceOnUse">\
    <rect width="5" height="5" fill="\(SVG.missed)" fill-opacity="0.2"/>\
    <circle cx="2.5" cy="2.5" r="0.9" fill="\(SVG.missed)"/></pattern>
    <pattern id="unproven" width="5" height="5" patternUnits="userSpaceOnUse">\
    <rect width="5" height="5" fill="\(SVG.unproven)" fill-opacity="0.3"/></pattern>
    </defs>
    <rect width="100%" height="100%" fill="#fff"/>
    \(body.text)
    </svg>

    """
  }

  /// The first line names it.
  private var head: [String] {
    let words = GapWords(account: account, texts: texts)
    func line(_ label: String, _ parts: String...) -> String {
      label + texts[.colon] + texts.clauses(parts)
    }
    let (gap, duty) = (account.gap, account.duty)
    return [
      words.head, line(texts[.whereLabel], texts.place(account)),
      line(texts[.whenLabel], words.time),
      line(texts[.owedLabel], texts(.owedOf, duty.id.text, texts.asked(duty)), words.group),
      line(
        texts[.window], words.span(account.window.span),
        texts(.planVersion, account.planDigest)),
      texts.meaning(gap.verdict),
    ]
  }

  /// Cut to about a width in pixels.
  static func fitted(_ text: String, size: Double, width: Double) -> String {
    guard textWidth(text, size: size) > width else { return text }
    var left = width
    var kept = ""
    for character in text {
      left -= textWidth(String(character), size: size)
      if left < size { return kept + "…" }
      kept.append(character)
    }
    return kept
  }

  /// About the width of a text in pixels: ideographs are square, most others a little over half as wide.
  static func textWidth(_ text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + advance($1) } * size
  }

  private static func advance(_ c: Unicode.Scalar) -> Double {
    switch c {
    case " ", ".", ",", ":", ";", "·", "'", "!", "|", "(", ")", "-", "–", "f", "i", "j", "l", "r",
      "t", "I":
      0.42
    case "m", "w", "M", "W", "@", "%", "…": 0.95
    case _ where c.value > 0x2E80: 1
    // Those that stand above what they follow.
    case "\u{300}"..."\u{36F}": 0
    default: 0.62
    }
  }

  /// Handhelds are told apart by these, and by their names beside what they did.
  static let colours = ["#0b4f9c", "#8a4b00", "#5b2a86", "#00695c", "#7a1040", "#3d4f00"]
  static func colour(_ n: Int) -> String { colours[n % colours.count] }
}
