/// Near spellings, for hints.
enum Spelling {
  /// Levenshtein's distance with neighbouring letters swapped counted as one (optimal string alignment).
  /// O(|a|·|b|).
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var before = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var best = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      before = last
      last = row
    }
    return last[b.count]
  }

  /// The first of the nearest, at most `limit` away (and less than half the word), letter case aside. Words that differ
  /// in digits only are other things, not slips: `h-9` is not `h-1`.
  static func nearest(to word: String, among known: some Sequence<String>, limit: Int = 2)
    -> String?
  {
    guard word.utf8.count <= 100 else { return nil }
    let low = word.lowercased()
    var best: (word: String, distance: Int)?
    for candidate in known where abs(candidate.utf8.count - word.utf8.count) <= 4 * limit {
      let candidateLow = candidate.lowercased()
      let distance = distance(low, candidateLow)
      guard distance == 0 || low.filter({ !$0.isNumber }) != candidateLow.filter({ !$0.isNumber })
      else { continue }
      guard distance <= limit, distance == 0 || 2 * distance < max(low.count, candidate.count)
      else {
        continue
      }
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// `; did you mean "stay"?`, or nothing.
  static func hint(_ word: String, among known: some Sequence<String>, limit: Int = 2) -> String {
    nearest(to: word, among: known, limit: limit).map { "; did you mean \(quoted($0))?" } ?? ""
  }
}

/// In quotation marks, on one line, and cut where long: for messages.
func quoted(_ text: some StringProtocol) -> String {
  var out = "\""
  for scalar in text.unicodeScalars.prefix(60) {
    switch scalar {
    case "\n": out += "\\n"
    case "\r": out += "\\r"
    case "\t": out += "\\t"
    default:
      if scalar.properties.generalCategory == .control
        || scalar.properties.generalCategory == .format
      {
        out += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
  }
  return out + (text.unicodeScalars.count > 60 ? "…\"" : "\"")
}
