import Coverage
import Foundation
import Geodesy
import Patrol
import Testing

@testable import Reports

@Suite struct `A catalogue of texts` {
  /// `{1}`, `{2}` … in their order.
  static func values(_ text: String) -> [String] {
    text.matches(of: #/\{[^}]*\}/#).map { String($0.output) }.sorted()
  }

  /// Texts in every language, of the same values as the English one.
  static func expectAlike(_ english: String, _ text: (Language) -> String) {
    let expected = values(Texts.forms(english)[0])
    #expect(expected == (0..<expected.count).map { "{\($0 + 1)}" })
    for language in Language.allCases {
      let forms = Texts.forms(text(language))
      #expect(forms.count == 1 || language == .english && forms.count == 2)
      for form in forms {
        #expect(!form.trimmingCharacters(in: .whitespaces).isEmpty)
        #expect(values(form) == expected)
      }
    }
  }

  /// Each text in its own language's letters and marks, but for some names.
  static func expectOwn(_ chinese: String, _ english: String, but names: [String]) {
    let words = Set(chinese.matches(of: #/[A-Za-z]+/#).map { String($0.output) })
    #expect(words.isSubset(of: names))
    #expect(!chinese.contains { ",;:()?!".contains($0) })
    #expect(!english.unicodeScalars.contains { $0.value > 0x2E80 })
  }

  @Test(arguments: Texts.Key.allCases)
  func `says something in every language, of the same values`(key: Texts.Key) {
    Self.expectAlike(Texts.english(key)) { Texts($0)[key] }
  }

  @Test(arguments: Texts.GapKey.allCases)
  func `says something of a gap in every language, of the same values`(key: Texts.GapKey) {
    Self.expectAlike(Texts.english(key)) { Texts($0)[key] }
  }

  @Test(arguments: Texts.QualificationKey.allCases)
  func `says something of a qualification in every language, of the same values`(
    key: Texts.QualificationKey
  ) {
    Self.expectAlike(Texts.english(key)) { Texts($0)[key] }
    Self.expectOwn(Texts.chinese(key), Texts.english(key), but: ["patrold", "CEP"])
  }

  @Test(arguments: Texts.GapKey.allCases)
  func `is in its own language only of a gap, too`(key: Texts.GapKey) {
    Self.expectOwn(Texts.chinese(key), Texts.english(key), but: ["patrold", "GPX", "SHA"])
  }

  @Test(arguments: Texts.Key.allCases)
  func `is in its own language only`(key: Texts.Key) {
    Self.expectOwn(
      Texts.chinese(key), Texts.english(key),
      but: ["patrold", "gpsd"] + (key == .waitExplained ? ["h", "E"] : []))
  }

  @Test func `has one word for one thing: no two verdicts or causes are called the same`() {
    for language in Language.allCases {
      let texts = Texts(language)
      let causes = Cause.allCases
      let names =
        [texts[.covered], texts[.missed], texts[.unproven], texts[.excused]]
        + causes.map(texts.cause) + causes.map(texts.explained)
      #expect(Set(names).count == names.count)
    }
  }

  @Test(arguments: [
    ShiftTemplate.text, PeriodTemplate.text, EvidenceTemplate.text, SealPage.template,
    ShelfPage.template,
  ])
  func `is asked by templates for what it has, and they say nothing themselves`(template: String) {
    let names = template.matches(of: #/\{\{text\.([^}]*)\}\}/#).map { String($0.1) }
    #expect(!names.isEmpty && names.allSatisfy { Texts.Key(rawValue: $0) != nil }, "\(names)")
    let ofGaps = template.matches(of: #/\{\{gap\.([^}]*)\}\}/#).map { String($0.1) }
    #expect(ofGaps.allSatisfy { Texts.GapKey(rawValue: $0) != nil }, "\(ofGaps)")
    let said =
      template
      .replacing(#/<style>(.|\n)*?</style>/#, with: "").replacing(#/<code>[^<]*</code>/#, with: "")
      .replacing(#/\{\{\{?[^}]*\}\}\}?/#, with: "").replacing(#/<[^>]*>/#, with: "")
    #expect(said.firstMatch(of: #/\p{L}/#) == nil, "\(said)")
  }

  @Test func `has no text that nothing says`() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/Reports")
    let catalogues = [
      "TextKeys.swift", "TextsEnglish.swift", "TextsChinese.swift", "GapTextKeys.swift",
      "GapTextsEnglish.swift", "GapTextsChinese.swift",
    ]
    var code = ""
    for name in try FileManager.default.contentsOfDirectory(atPath: sources.path)
    where !catalogues.contains(name) {
      code += try String(contentsOf: sources.appendingPathComponent(name), encoding: .utf8)
    }
    let names = Set(code.matches(of: #/\.([a-z][A-Za-z]*)/#).map { String($0.1) })
    let keys = Texts.Key.allCases.map(\.rawValue) + Texts.GapKey.allCases.map(\.rawValue)
    let unsaid = keys.filter { !names.contains($0) }
    #expect(Set(keys).count == keys.count)
    #expect(unsaid == [])
  }

  @Test func `is filled in one pass, whatever people are called`() {
    let texts = Texts(.english)
    #expect(texts(.title, "{2} {1", "}|") == "{2} {1, }|")
    #expect(texts(.squares, count: 1) == "1 square" && texts(.squares, count: 0) == "0 squares")
    #expect(Texts(.chinese)(.squares, count: 1) == "1 个网格")
  }

  @Test(
    arguments: [
      (0, "0 s", "0 秒"), (45, "45 s", "45 秒"), (60, "1 min", "1 分钟"),
      (750, "12 min 30 s", "12 分 30 秒"), (3600, "1 h", "1 小时"),
      (3900, "1 h 05 min", "1 小时 05 分"), (7199, "1 h 59 min", "1 小时 59 分"),
    ])
  func `puts lengths of time`(seconds: Int, english: String, chinese: String) {
    #expect(Texts(.english).duration(.seconds(seconds)) == english)
    #expect(Texts(.chinese).duration(.seconds(seconds)) == chinese)
  }

  @Test(
    arguments: [
      (0, "0.0 %", "0.0%"), (0.0001, "< 0.1 %", "< 0.1%"), (0.9771, "97.7 %", "97.7%"),
      (0.9999, "> 99.9 %", "> 99.9%"), (1, "100.0 %", "100.0%"),
    ] as [(Double, String, String)])
  func `puts shares`(share: Double, english: String, chinese: String) {
    #expect(Texts(.english).percent(share) == english)
    #expect(Texts(.chinese).percent(share) == chinese)
  }

  @Test(
    arguments: [
      ("2026-11-10", "Tuesday, 10 November 2026", "2026年11月10日（星期二）"),
      ("2026-01-04", "Sunday, 4 January 2026", "2026年1月4日（星期日）"),
    ])
  func `puts dates`(day: String, english: String, chinese: String) throws {
    let day = try #require(CivilDate(day))
    #expect(Texts(.english).weekdayAndDate(day) == english)
    #expect(Texts(.chinese).weekdayAndDate(day) == chinese)
  }
}
