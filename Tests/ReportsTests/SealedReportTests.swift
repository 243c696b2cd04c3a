import Foundation
import Geodesy
import Patrol
import Reports
import Store
import Testing

@Suite struct `The report of a period that is sealed` {
  @Test func `says by whom and when, with the hash, and what was changed and why`() throws {
    let month = try SealedMonth.made.get()
    #expect(try month.before.html(in: .english).contains("Not sealed"))

    // The excuse counts, and nobody has stated it yet.
    let changed = month.changed
    let first = try #require(changed.seals.first)
    let html = try changed.html(in: .english)
    #expect(html.contains("Sealed by Li &lt;b&gt; at ") && html.contains("\(first.hash)"))
    #expect(html.contains("differs from what is sealed") && html.contains("not signed"))
    #expect(html.contains("+07:00"), "the zone of that day")

    let restated = month.restated
    #expect(restated.seals.count == 2)
    for (language, words) in [
      (
        Language.english,
        [
          "Stated again since, times: 1, the last by Chen", "what it changed", "<td>Li, 2",
          "<td>Wang, 2",
        ]
      ),
      (.chinese, ["封存后更正 1 次，最近一次由 Chen 于", "改动的数字", "<td>Li，2", "<td>Wang，2"]),
    ] {
      let html = try restated.html(in: language)
      for word in words + ["an excuse was approved", " → "] {
        #expect(html.contains(word), "\(word)")
      }
      #expect(!html.contains("differs from what is sealed"))
      #expect(html.contains("bank &lt;closed&gt; for repairs"))
    }
  }

  @Test func `is what was sealed: the seal is no part of it`() throws {
    let month = try SealedMonth.made.get()
    let (before, after) = (month.before, month.restated)
    #expect(before.seals.isEmpty && !before.sealed.contains("\"seals\""))
    #expect(after.seals[0].figures == before.sealed && after.seals[1].figures == after.sealed)
    #expect(after.json.contains("\"act\": \"restatement\"") && before.sealed != after.sealed)
    #expect(
      try !month.supposed.html(in: .english).contains("Sealed by"), "a supposition is no record")
    #expect(try !month.others[0].html(in: .english).contains("Not sealed"))
  }

  @Test func `is refused in the brigade's own time`() throws {
    let zone = Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600)
    let until = try #require(Instant(rfc3339: "2026-11-30T22:00:00Z"))
    let error = SealError.notJudged("2026-11", until: until, judged: until - .hours(1))
    #expect(
      error.text { zone.text($0) }
        == "2026-11 cannot be sealed: the daemon has judged up to 2026-12-01T05:00:00+08:00 only; expected 2026-12-01T06:00:00+08:00"
    )
  }
}
