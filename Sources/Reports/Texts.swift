internal import Patrol

/// Everything a report says to people, in one language. Names of columns in CSV and JSON are an interface and stay out.
///
///     let texts = Texts(.chinese)
///     texts[.covered]                         // 覆盖
///     texts(.stretch, "120", "340")           // 120–340 米
///     texts(.squares, count: 1)               // 1 个网格
struct Texts: Sendable {
  let language: Language

  init(_ language: Language) { self.language = language }

  /// A text as the catalogue has it.
  subscript(key: Key) -> String {
    switch language {
    case .english: Self.english(key)
    case .chinese: Self.chinese(key)
    }
  }

  /// One about a single gap.
  subscript(key: GapKey) -> String {
    switch language {
    case .english: Self.english(key)
    case .chinese: Self.chinese(key)
    }
  }

  /// A text with `{1}`, `{2}` … replaced by values in one pass: what a value itself holds stays as it is.
  func callAsFunction(_ key: Key, _ values: String...) -> String { Self.filled(self[key], values) }
  func callAsFunction(_ key: GapKey, _ values: String...) -> String {
    Self.filled(self[key], values)
  }

  /// A text that depends on a number, which is `{1}`.
  func callAsFunction(_ key: Key, count: Int) -> String { Self.counted(self[key], count) }
  func callAsFunction(_ key: GapKey, count: Int) -> String { Self.counted(self[key], count) }

  static func counted(_ text: String, _ count: Int) -> String {
    let forms = forms(text)
    return filled(count == 1 ? forms[0] : forms[forms.count - 1], ["\(count)"])
  }

  /// What is said of one, and of any other number: `{1} square|{1} squares`; one form where a language has no other.
  static func forms(_ text: String) -> [String] {
    text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
  }

  /// For templates: by the names of keys.
  var byName: [String: String] {
    Dictionary(uniqueKeysWithValues: Key.allCases.map { ($0.rawValue, self[$0]) })
  }

  /// Those about a single gap, for its page.
  var gapByName: [String: String] {
    Dictionary(uniqueKeysWithValues: GapKey.allCases.map { ($0.rawValue, self[$0]) })
  }

  static func filled(_ text: String, _ values: [String]) -> String {
    var filled = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      filled += rest[..<open]
      let number = Int(rest[rest.index(after: open)..<close])
      precondition(number.map { (1...values.count).contains($0) } ?? false, "no value for \(text)")
      filled += values[(number ?? 1) - 1]
      rest = rest[rest.index(after: close)...]
    }
    return filled + rest
  }
}
