import Coverage
import Foundation
import GRDB
import Geodesy
import Patrol
import Store
import Testing

@Suite struct `A store` {
  @Test func `gives back every observation as it was, each once`() throws {
    let scratch = try Scratch()
    let store = try Store(at: scratch.path, for: .write)
    let bare = Fix(time: Night.minute(1), position: Night.at(1, 2), mode: 2)
    let full = Fix(
      time: Night.minute(2), position: Night.at(3, 4), mode: 3, status: 8, accuracy: 4.25,
      hdop: 0.9, speed: 1.5, track: 359.5)
    let observations = [
      Observation(handheld: "a", receivedAt: Night.minute(1), report: .fix(bare)),
      Observation(handheld: "b", receivedAt: Night.minute(3), report: .fix(full)),
      Observation(handheld: "a", receivedAt: Night.minute(0), report: .noFix(mode: 1)),
    ]
    let gates: [Gate?] = [nil, .simulated, .noFix]
    #expect(try store.write { try $0.append(observations, gates: gates) } == [true, true, true])
    #expect(
      try store.write { try $0.append(observations, gates: gates) } == [false, false, false])
    let read = try store.write { try $0.observationsSinceCheckpoint() }
    #expect(read == observations)
    let rows = try Queries(store).fixes(Filter()).rows
    #expect(rows.map { $0[0] } == [.text("a"), .text("a"), .text("b")])
    #expect(rows.map { $0[9] } == [.text("no_fix"), .none, .text("simulated")])
  }

  @Test func `tells how each handheld receives, until another daemon begins`() throws {
    let scratch = try Scratch()
    let store = try Store(at: scratch.path, for: .write)
    let sky = Reception(seen: 12, used: 9, strengthDBHz: 37.46)
    try store.write {
      try $0.tell(["a": Reception(seen: 1, used: 0, strengthDBHz: nil)], at: Night.minute(1))
      try $0.tell(["a": sky], at: Night.minute(2))
      _ = try $0.append(
        ["a", "b"].map {
          Observation(handheld: $0, receivedAt: Night.minute(1), report: .noFix(mode: 1))
        }, gates: [.noFix, .noFix])
    }
    func told() throws -> [[Listing.Value]] {
      let listing = try Queries(Store(at: scratch.path, for: .read)).handhelds(Filter())
      let columns = ["satellites", "satellites_used", "signal_dbhz"]
      let places = try columns.map { try #require(listing.columns.firstIndex(of: $0)) }
      return listing.rows.map { row in places.map { row[$0] } }
    }
    let nothing = [Listing.Value.none, .none, .none]
    #expect(try told() == [[.integer(12), .integer(9), .real(37.46, decimals: 1)], nothing])
    try store.write { try $0.forgetLiveness() }
    #expect(try told() == [nothing, nothing])
  }

  @Test func `stores nothing of people off duty`() throws {
    let scratch = try Scratch()
    let store = try Store(at: scratch.path, for: .write)
    let observation = Observation(
      handheld: "a", receivedAt: Night.minute(1), report: .noFix(mode: 1))
    #expect(try store.write { try $0.append([observation], gates: [.offDuty]) } == [false])
    #expect(try Queries(store).fixes(Filter()).rows.isEmpty)
  }

  @Test func `can be read with any SQLite tool, times as text and degrees`() throws {
    let scratch = try Scratch()
    let store = try Store(at: scratch.path, for: .write)
    let fix = Fix(time: Night.minute(1), position: Night.at(0, 0), mode: 3)
    _ = try store.write {
      try $0.append(
        [Observation(handheld: "a", receivedAt: Night.minute(1), report: .fix(fix))], gates: [nil])
    }
    let db = try DatabaseQueue(path: scratch.path)
    let row = try db.read { try Row.fetchOne($0, sql: "SELECT * FROM fixes")! }
    #expect(row["time"] == "2026-11-20T12:01:00.000Z")
    #expect(row["lat_deg"] == 28.68)
    #expect(try db.read { try Int.fetchOne($0, sql: "PRAGMA application_id") } == 0x7074_726C)
    for view in ["stays", "passes", "gaps", "windows", "outages", "attendances"] {
      #expect(try db.read { try Row.fetchAll($0, sql: "SELECT * FROM \(view)") }.isEmpty)
    }
  }

  @Test func `is refused where it is missing, newer, another's or in use`() throws {
    let scratch = try Scratch()
    func opening(_ path: String, _ access: Store.Access) -> String? {
      do {
        _ = try Store(at: path, for: access)
        return nil
      } catch { return "\(error)".replacing(scratch.folder, with: "") }
    }
    #expect(opening(scratch.path, .read) == "/s.sqlite: no such store")
    #expect(opening("", .write)?.contains("expected a file's name") == true)
    #expect(opening(":memory:", .write)?.contains("expected a file's name") == true)
    try "no database, but long enough to be looked at".write(
      toFile: scratch.folder + "/text", atomically: true, encoding: .utf8)
    #expect(opening(scratch.folder + "/text", .write)?.contains("not a patrold store") == true)
    do {
      let other = try DatabaseQueue(path: scratch.folder + "/other")
      try other.write { try $0.execute(sql: "CREATE TABLE t (x)") }
    }
    #expect(opening(scratch.folder + "/other", .write)?.contains("not a patrold store") == true)
    let store = try Store(at: scratch.path, for: .write)
    #expect(opening(scratch.path, .write)?.contains("writes to it") == true)
    #expect(opening(scratch.path, .read) == nil)
    #expect(opening(scratch.path, .amend) == nil)
    withExtendedLifetime(store) {}
    let newer = try DatabaseQueue(path: scratch.folder + "/newer")
    try newer.write {
      try $0.execute(sql: "PRAGMA application_id = \(0x7074_726C); PRAGMA user_version = 99")
    }
    #expect(opening(scratch.folder + "/newer", .read)?.contains("version 99") == true)
  }
}

@Suite struct `Excuses` {
  let scratch: Scratch
  let store: Store
  let queries: Queries

  init() throws {
    scratch = try Scratch()
    try `A pipeline`().live(scratch.path, Night.observations(silent: 30...80))
    store = try Store(at: scratch.path, for: .amend)
    queries = Queries(store)
  }

  func ask(_ gap: Gap.ID, by name: String) throws -> Int64 {
    try store.write { try $0.ask(excusing: gap, by: name, reason: "repair", at: Night.minute(300)) }
  }

  func decide(_ id: Int64, _ state: Excuse.State, by name: String) throws {
    try store.write { try $0.decide(id, state, by: name, at: Night.minute(310)) }
  }

  @Test func `count once another person approves, until withdrawn`() throws {
    let gap = try queries.gaps(Filter())[0].gap
    let before = try queries.windows(Filter()).first { $0.owed == gap.owed }!
    let id = try ask(gap.id, by: "Li")
    #expect(try queries.windows(Filter()).first { $0.owed == gap.owed } == before)
    #expect(throws: StoreError.refused(.samePerson(" li "))) {
      try decide(id, .approved, by: " li ")
    }
    try decide(id, .approved, by: "Wang")
    let after = try queries.windows(Filter()).first { $0.owed == gap.owed }!
    let shares = try #require(after.shares)
    #expect(shares.excused > 0.1)
    #expect(shares.covered == before.shares?.covered)
    #expect(abs(shares.covered + shares.missed + shares.unproven + shares.excused - 1) < 1e-9)
    #expect(try queries.gaps(Filter())[0].excuses.map(\.decidedBy) == ["Wang"])
    #expect(try queries.revisions(of: gap.id).last?.kind == .excused)
    try decide(id, .withdrawn, by: "Li")
    #expect(try queries.windows(Filter()).first { $0.owed == gap.owed }?.shares == before.shares)
  }

  @Test func `are refused for what is not there or decided`() throws {
    #expect(throws: (any Error).self) { try ask("NOSUCHGAP0", by: "Li") }
    let id = try ask(queries.gaps(Filter())[0].gap.id, by: "Li")
    #expect(throws: (any Error).self) { try ask(queries.gaps(Filter())[0].gap.id, by: "Zhao") }
    try decide(id, .refused, by: "Wang")
    #expect(throws: (any Error).self) { try decide(id, .approved, by: "Wang") }
    #expect(try queries.excuses(.refused).map(\.id) == [id])
  }
}
