/// Names that Excel takes for sheets: at most 31 UTF-16 units, none of `[]:*?/\` nor control characters, no apostrophe at
/// an end, not empty, not `History` (its own), and no two alike but for case.
enum SheetNames {
  static let lengthMaximum = 31

  /// One legal name for each that is wanted, in their order; those that are legal and new stay as they are.
  static func legal(_ wanted: [String]) -> [String] {
    var taken: Set<String> = ["history"]
    return wanted.map { name in
      let whole = legal(name)
      var result = whole
      var n = 1
      while !taken.insert(result.lowercased()).inserted {
        n += 1
        let mark = " (\(n))"
        result = cut(whole, to: lengthMaximum - mark.utf16.count) + mark
      }
      return result
    }
  }

  private static func legal(_ name: String) -> String {
    let kept = name.unicodeScalars.map { scalar -> Unicode.Scalar in
      "[]:*?/\\".unicodeScalars.contains(scalar) || !CellText.isAllowed(scalar)
        || scalar.value < 0x20 ? "_" : scalar
    }
    var text = cut(String(String.UnicodeScalarView(kept)), to: lengthMaximum)
    while text.hasPrefix("'") { text.removeFirst() }
    while text.hasSuffix("'") { text.removeLast() }
    return text.allSatisfy(\.isWhitespace) ? "Sheet" : text
  }

  private static func cut(_ text: String, to units: Int) -> String {
    var text = text
    while text.utf16.count > units { text.removeLast() }
    return text
  }
}

/// Text as a cell can hold it.
enum CellText {
  /// In UTF-16 units (Excel's).
  static let lengthMaximum = 32_767

  /// XML has no place for these, nor C strings for NUL; other control characters the library escapes.
  static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value != 0 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
  }

  /// What it cannot hold is replaced by U+FFFD; what is too long is cut, and ends in an ellipsis.
  static func held(_ text: String) -> String {
    var scalars = text.unicodeScalars.map { isAllowed($0) ? $0 : "\u{FFFD}" }
    var units = scalars.reduce(0) { $0 + UTF16.width($1) }
    if units > lengthMaximum {
      while units >= lengthMaximum { units -= UTF16.width(scalars.removeLast()) }
      scalars.append("…")
    }
    return escaped(String(String.UnicodeScalarView(scalars)))
  }

  /// `_x000A_` stands for a control character in this format; written out, its underscore is one itself.
  private static func escaped(_ text: String) -> String {
    guard text.contains("_x") else { return text }
    return text.replacing(#/_(?=x[0-9A-Fa-f]{4}_)/#, with: "_x005F_")
  }
}
