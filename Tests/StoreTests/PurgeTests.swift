import Coverage
import GRDB
import Geodesy
import Patrol
import Testing

@testable import Store

@Suite struct `Fixes that are purged` {
  static let until = Night.minute(6 * 24 * 60)

  static func once() throws -> Pipeline.Version {
    try Night.version("one", days: .dates([CivilDate("2026-11-20")!]))
  }

  static func purge(_ sealed: Sealed) throws -> Int {
    try Store(at: sealed.scratch.path, for: .amend).write {
      try $0.purgeFixes(of: Sealed.plannedNight, by: "Chen", at: Sealed.later)
    }
  }

  @Test func `leave the rest of a seal to be verified, and nothing to restate`() throws {
    let sealed = try Sealed(until: Self.until, scope: .live, version: Self.once())
    try sealed.seal()
    let count = try Queries(Store(at: sealed.scratch.path, for: .read)).fixes(Filter()).rows.count
    #expect(try Self.purge(sealed) == count)
    #expect(try Self.purge(sealed) == 0)
    #expect(try Queries(Store(at: sealed.scratch.path, for: .read)).fixes(Filter()).rows.isEmpty)
    let findings = try sealed.findings()
    #expect(findings.count == 1)
    #expect(findings[0].hasPrefix("2026-11-20: purged: \(count) fixes, by Chen at "))
    #expect(try sealed.verify().isSound)

    try sealed.excuse()
    #expect(
      throws: StoreError.unsealed(.purged(1, day: "2026-11-20", who: "Chen"))
    ) { try sealed.restate(1) }
    try sealed.alter("UPDATE gap SET cause = 'away' WHERE id = (SELECT min(id) FROM gap)")
    #expect(try !sealed.verify().isSound)
  }

  @Test func `are judged no more, whatever comes late`() throws {
    let version = try Self.once()
    let sealed = try Sealed(until: Self.until, scope: .live, version: version)
    try sealed.seal()
    _ = try Self.purge(sealed)
    let before = try gapTexts(Store(at: sealed.scratch.path, for: .read))
    func open(_ scope: Pipeline.Scope) throws -> Pipeline {
      try Pipeline(
        store: Store(at: sealed.scratch.path, for: .write), version: version, scope: scope,
        at: Self.until, program: "test", load: { _ in version.plan })
    }
    do {
      var pipeline = try open(.live)
      let late = Night.observations(silent: 30...80, delivered: 6 * 24 * 60)
        .filter { $0.receivedAt > Night.minute(200) }
      #expect(try pipeline.take(late, until: Self.until + .minutes(5)).stored == late.count)
    }
    #expect(try gapTexts(Store(at: sealed.scratch.path, for: .read)) == before)
    #expect(try sealed.verify().isSound)
    #expect(try sealed.findings().contains { $0.contains("changed by later evidence: ") })
    #expect(throws: StoreError.unsealed(.gone("2026-11-20"))) {
      _ = try open(.windows(Night.minute(-60)..<Night.minute(600)))
    }
  }

  @Test func `hide nothing`() throws {
    let sealed = try Sealed(until: Self.until, scope: .live, version: Self.once())
    try sealed.seal()
    try sealed.alter(
      "UPDATE fix_kept SET lat_e7 = lat_e7 + 1 WHERE row = (SELECT min(row) FROM fix_kept)")
    #expect(throws: StoreError.unsealed(.unstated("2026-11-20", 1))) { try Self.purge(sealed) }
    try sealed.alter(
      """
      DELETE FROM fix_kept; DELETE FROM fix_recent_a; DELETE FROM fix_recent_b;
      INSERT INTO purged SELECT day, began_ms, ended_ms, 1, '', 1000000, 1, 'Chen' FROM sealed_day
        WHERE day = '2026-11-20'
      """)
    #expect(
      try sealed.findings().contains { $0.contains("fixes that were purged were not those sealed") }
    )
  }

  @Test func `are kept while they may be needed`() throws {
    let sealed = try Sealed()
    let until = Instant(rfc3339: "2026-11-24T06:00:00+08:00")!
    #expect(throws: StoreError.unsealed(.tooRecent("2026-11-20", until: until))) {
      try Self.purge(sealed)
    }
  }

  @Test func `can be sealed without them`() throws {
    let (one, two) = (
      try Sealed(until: Self.until, scope: .live, version: Self.once()),
      try Sealed(until: Self.until, scope: .live, version: Self.once())
    )
    _ = try Self.purge(two)
    let (a, b) = (try one.seal(), try two.seal())
    #expect(a.body == b.body)
    #expect(try two.verify().isSound)
  }
}
