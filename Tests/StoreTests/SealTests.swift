import Coverage
import GRDB
import Geodesy
import Patrol
import Testing

@testable import Store

@Suite struct `A seal` {
  @Test(arguments: [
    (
      "UPDATE fix_kept SET lat_e7 = lat_e7 + 1 WHERE row = (SELECT min(row) FROM fix_kept)",
      "fixes of a"
    ),
    (
      "UPDATE fix_kept SET gate = 'jump' WHERE row = (SELECT max(row) FROM fix_kept)", "fixes of a"
    ),
    ("DELETE FROM fix_kept WHERE row = (SELECT min(row) FROM fix_kept)", "fixes of a"),
    (
      """
      INSERT INTO fix_kept SELECT row + 1000000, handheld, at_ms + 1, delay_ms, off_ms, lat_e7, lon_e7, mode, status,
        accuracy, hdop, speed, track, gate FROM fix_kept ORDER BY row LIMIT 1
      """, "1 fixes were added"
    ),
    ("UPDATE handheld SET id = 'b'", "fixes of b (added), fixes of a (gone)"),
    ("UPDATE gap SET cause = 'away' WHERE id = (SELECT min(id) FROM gap)", "gap "),
    ("UPDATE gap SET region = replace(region, '0', '1')", "gap "),
    ("UPDATE gap SET withdrawn_ms = 1 WHERE id = (SELECT min(id) FROM gap)", "(gone)"),
    ("DELETE FROM gap_revision WHERE row = (SELECT max(row) FROM gap_revision)", "history of gap"),
    ("UPDATE excuse SET reason = 'holiday'", "ALTERED: excuse 1"),
    ("DELETE FROM excuse", "ALTERED: excuse 1 (gone)"),
    ("UPDATE plan_version SET bundle = bundle || ' '", "ALTERED: plan one"),
    (
      """
      INSERT INTO plan_change (day, began_ms, ended_ms, kind, told, reason, by, at_ms)
        SELECT '2026-11-20', began_ms, ended_ms, 'call-off', '{"duty":"banks"}', '', 'Zhao', 0 FROM sealed_day
        WHERE day = '2026-11-20'
      """, "ALTERED: change 1 (added)"
    ),
    ("UPDATE cell SET weight = 2 WHERE place = 'bank'", "ALTERED: cells of bank"),
    (
      "UPDATE attendance SET ended_ms = ended_ms + 1 WHERE place = 'bank' AND kind = 'proven'",
      "ALTERED: attendance for banks at bank"
    ),
    (
      "UPDATE duty_window SET coverage = 1, missed = 0, unproven = 0 WHERE duty = 'banks'",
      "ALTERED: window of banks at bank"
    ),
    ("DELETE FROM stay WHERE arrived_ms = (SELECT min(arrived_ms) FROM stay)", "stays of a"),
    ("UPDATE pass SET speed_mps = 1", "ALTERED: passes of a"),
    (
      "INSERT INTO outage VALUES ('unreachable', 'a', 1795178400000, NULL)",
      "ALTERED: outage: unreachable of a (added)"
    ),
    ("UPDATE seal SET figures = replace(figures, '0', '1')", "it is not what was written"),
    ("UPDATE seal SET who = 'Zhao'", "it is not what was written"),
  ])
  func `finds what was altered by hand, and names it`(sql: String, name: String) throws {
    let sealed = try Sealed()
    try sealed.excuse()
    try sealed.seal()
    #expect(try sealed.findings() == [])
    try sealed.alter(sql)
    let verification = try sealed.verify()
    #expect(!verification.isSound)
    let findings = try sealed.findings()
    #expect(findings.contains { $0.contains(name) }, "\(findings)")
    if name.hasPrefix("ALTERED") { #expect(findings[0].hasPrefix("2026-11-20: ")) }
  }

  @Test func `tells an honest backlog apart, and states it`() throws {
    let sealed = try Sealed()
    let first = try sealed.seal()
    try sealed.deliver()
    #expect(try sealed.verify().isSound)
    let findings = try sealed.findings()
    #expect(
      findings.contains {
        $0.hasPrefix("2026-11-20: changed by later evidence: ") && $0.contains(" fixes received")
      }, "\(findings)")
    #expect(findings.contains { $0.contains("gaps, judged at") })
    let second = try sealed.restate(1)
    #expect(try sealed.findings() == [])
    #expect(second.act == .restatement(of: 1, reason: "backlog", before: first.figures))
    #expect(second.figures != first.figures)
    #expect(second.previous == first.hash.description)
    #expect(throws: StoreError.unsealed(.unchanged(1))) { try sealed.restate(1) }
    #expect(throws: SealError.noSeal(2)) { try sealed.restate(2) }
    try sealed.alter("UPDATE restatement SET reason = 'mistake'")
    #expect(try sealed.findings().contains { $0.contains("restatement 2 of 2026-11: BROKEN") })
  }

  @Test(arguments: [
    "UPDATE fix_kept SET lat_e7 = lat_e7 + 1 WHERE at_ms - 1795176000000 BETWEEN 2400000 AND 2406000",
    "UPDATE duty_window SET coverage = 0.5, missed = 0.5",
    "DELETE FROM sealed_change WHERE evidence = 'fixes'",
    "DELETE FROM sealed_change WHERE evidence = 'windows'",
  ])
  func `finds what was altered after a backlog`(sql: String) throws {
    let sealed = try Sealed()
    try sealed.seal()
    try sealed.deliver()
    let store = try Store(at: sealed.scratch.path, for: .write)
    try store.write { try $0.clusterFixes() }
    #expect(try sealed.verify().isSound)
    try sealed.alter(sql)
    #expect(try !sealed.verify().isSound)
    #expect(throws: StoreError.self) { try sealed.restate(1) }
  }

  @Test func `finds what was altered before a backlog that wrote over it`() throws {
    let sealed = try Sealed()
    try sealed.seal()
    try sealed.alter("UPDATE duty_window SET coverage = 1, missed = 0, unproven = 0")
    try sealed.deliver()
    #expect(try sealed.findings().contains { $0.hasPrefix("2026-11-20: ALTERED: window of") })
  }

  @Test func `knows the gates that the store changed`() throws {
    let sealed = try Sealed()
    try sealed.seal()
    let observation = Night.observations(silent: 30...80)[200]
    let plan = try Night.version("one").plan
    func regate(_ gate: Gate?) throws {
      try Store(at: sealed.scratch.path, for: .write).write {
        try $0.apply([.regated(observation, gate)], under: plan, at: Night.minute(200))
      }
    }
    try regate(.jump)
    try regate(.frozen)
    #expect(try sealed.verify().isSound)
    #expect(
      try sealed.findings() == [
        "2026-11-20: changed by later evidence: the gates of 1 fixes, the last received at 6; restate"
      ])
    try sealed.alter("UPDATE fix_kept SET gate = NULL WHERE gate = 'frozen'")
    #expect(try sealed.findings() == ["2026-11-20: ALTERED: gates of a"])
    try sealed.alter("DELETE FROM sealed_regate WHERE n = 2")
    #expect(try sealed.findings() == ["2026-11-20: ALTERED: gates of a"])
    try sealed.alter("DELETE FROM sealed_regate WHERE n = 1")
    #expect(try sealed.findings() == [])
  }

  @Test func `is known to a daemon that runs on beside it`() throws {
    let (sealed, version) = (try Sealed(), try Night.version("one"))
    var pipeline = try Pipeline(
      store: Store(at: sealed.scratch.path, for: .write), version: version,
      scope: .windows(Night.minute(-60)..<Night.minute(600)), at: Night.minute(200),
      program: "test", load: { _ in version.plan })
    try sealed.seal()
    let late = Night.observations(silent: 30...80, delivered: 300)
      .filter { $0.receivedAt > Night.minute(290) }
    for observation in late { _ = try pipeline.take([observation], until: Night.minute(320)) }
    #expect(try sealed.verify().isSound)
    #expect(
      try sealed.findings().contains { $0.contains("\(late.count) fixes received until 30") })
    try sealed.restate(1)
    #expect(try sealed.findings() == [])
  }

  @Test func `tells an excuse that was approved later`() throws {
    let sealed = try Sealed()
    try sealed.seal()
    try sealed.excuse()
    #expect(try sealed.verify().isSound)
    #expect(try sealed.findings().contains { $0.contains("later evidence: excuses") })
    let restated = try sealed.restate(1)
    #expect(restated.figures.contains("\"excused\":0."))
    #expect(try sealed.findings() == [])
  }

  @Test func `does not mind where fixes lie, nor starts of the daemon`() throws {
    let sealed = try Sealed()
    try sealed.seal()
    let version = try Night.version("one")
    for (minute, program) in [(430.0, "another build"), (440, "another build"), (450, "a third")] {
      var pipeline = try Pipeline(
        store: Store(at: sealed.scratch.path, for: .write), version: version,
        scope: .windows(Night.minute(-60)..<Night.minute(600)), at: Night.minute(minute),
        program: program, load: { _ in version.plan })
      _ = try pipeline.take([], until: Night.minute(minute + 1))
      try pipeline.saveCheckpoint()
      #expect(try sealed.findings() == [])
    }
    try Store(at: sealed.scratch.path, for: .write).write { try $0.clusterFixes() }
    #expect(try sealed.findings() == [])
  }

  @Test func `is the same of the same night`() throws {
    let (one, two) = (try Sealed(), try Sealed())
    try Store(at: two.scratch.path, for: .write).write { try $0.clusterFixes() }
    let (a, b) = (try one.seal(), try two.seal())
    #expect(a.hash == b.hash)
    #expect(a.body == b.body)
  }

  // MARK: the chain

  @Test(arguments: [
    ("DELETE FROM seal WHERE n = 1", "what was between is gone"),
    ("DELETE FROM seal WHERE n = 2", "the audit names a seal that is gone"),
    (
      "UPDATE seal SET n = 9 WHERE n = 1; UPDATE seal SET n = 1 WHERE n = 2; UPDATE seal SET n = 2 WHERE n = 9",
      "it does not follow from the one before"
    ),
    ("UPDATE seal SET previous = '' WHERE n = 2", "it does not follow from the one before"),
    ("DELETE FROM audit", "the audit does not name it"),
  ])
  func `holds the one before`(sql: String, name: String) throws {
    let sealed = try Sealed()
    let first = try sealed.seal()
    let second = try sealed.seal(
      Period(.quarter, containing: CivilDate("2026-11-20")!),
      at: Instant(rfc3339: "2027-01-01T02:00:00Z")!)
    #expect(second.n == 2 && second.previous == first.hash.description)
    #expect(try sealed.findings() == [])
    try sealed.alter(sql)
    #expect(try !sealed.verify().isSound)
    let findings = try sealed.findings()
    #expect(findings.contains { $0.contains(name) }, "\(findings)")
  }

  @Test func `is signed with the brigade's key and no other`() throws {
    let (key, other) = (try #require(SealKey(pem: SealKey().pem)), SealKey())
    let sealed = try Sealed()
    try sealed.seal(key: key)
    #expect(try sealed.findings() == [])
    #expect(try sealed.findings(by: SealPublicKey(pem: key.publicKey.pem)) == [])
    #expect(try sealed.findings(by: other.publicKey)[0].contains("signed with another key"))
    try sealed.deliver()
    try sealed.restate(1)
    #expect(try sealed.verify().isSound)
    #expect(try sealed.findings(by: key.publicKey).contains { $0.contains("it is not signed") })
    try sealed.alter("UPDATE seal SET signature = NULL")
    #expect(try sealed.findings().contains { $0.contains("its signature is not valid") })
    try sealed.alter("UPDATE seal SET public_key = NULL")
    #expect(try sealed.findings().contains { $0.contains("it is not what was written") })
  }

  @Test func `is refused of what is not over, not judged, or sealed`() throws {
    let sealed = try Sealed()
    let due = Instant(rfc3339: "2026-12-01T08:00:00+08:00")!
    #expect(throws: StoreError.unsealed(.notOver("2026-11", until: due))) {
      try sealed.seal(at: due - Milliseconds(1))
    }
    #expect(throws: StoreError.unsealed(.nothingJudged("2026-10"))) {
      try sealed.seal(Sealed.month.previous)
    }
    try sealed.alter("INSERT INTO heartbeat VALUES (1, 0, 0, '{}')")
    #expect(
      throws: StoreError.unsealed(
        .notJudged("2026-11", until: due, judged: Night.minute(200)))
    ) { try sealed.seal() }
    try sealed.alter("DELETE FROM heartbeat; UPDATE duty_window SET final = 0 WHERE duty = 'walk'")
    #expect(
      throws: StoreError.unsealed(
        .notFinal(
          "2026-11", windows: [Owed(duty: "walk", windowBegan: Night.minute(0), place: "street")]))
    ) { try sealed.seal() }
    try sealed.alter("UPDATE duty_window SET final = 1")
    try sealed.seal()
    #expect(throws: StoreError.unsealed(.already("2026-11", 1))) { try sealed.seal() }
  }
}
