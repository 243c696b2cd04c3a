import Foundation
import GRDB
import Geodesy
import Patrol
import Store
import Testing

@Suite struct `A spill` {
  @Test func `knows whose an observation is, though the disk was full when it came first`() throws {
    let scratch = try Scratch()
    let observations = ["a", "b"].map {
      Observation(handheld: $0, receivedAt: Night.minute(1), report: .noFix(mode: 1))
    }
    let other = try DatabaseQueue(path: scratch.path)
    do {
      let spill = try Spill(at: scratch.path)
      try other.write {
        try $0.execute(
          sql: """
            CREATE TRIGGER full BEFORE INSERT ON waiting
            BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
            """)
      }
      #expect(throws: StoreError.self) { try spill.put([observations[0]]) }
      #expect(spill.isEmpty)
      try other.write { try $0.execute(sql: "DROP TRIGGER full") }
      try spill.put([observations[1]])
      try spill.put([observations[0]])
    }
    let spill = try Spill(at: scratch.path)
    #expect(spill.count == 2)
    #expect(try spill.first(atMost: 10).observations == [observations[1], observations[0]])
  }

  @Test func `tells that what waits cannot be read, rather than that nothing waits`() throws {
    let scratch = try Scratch()
    let spill = try Spill(at: scratch.path)
    try spill.put(
      (0..<5_000).map {
        Observation(
          handheld: "a", receivedAt: Night.minute(1) + Milliseconds(Int64($0)),
          report: .noFix(mode: 1))
      })
    // Another's change, so that nothing is read from memory; then the disk goes bad beyond the first pages.
    let other = try DatabaseQueue(path: scratch.path)
    try other.writeWithoutTransaction {
      try $0.execute(sql: "CREATE TABLE other (x)")
      try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    try other.close()
    let file = try FileHandle(forWritingTo: URL(filePath: scratch.path))
    let size = try file.seekToEnd()
    try file.seek(toOffset: 32_768)
    try file.write(contentsOf: Data(repeating: 0xFF, count: Int(size) - 32_768))
    try file.close()
    #expect(throws: StoreError.self) { try spill.first(atMost: 10_000) }
    #expect(spill.count == 5_000)
  }
}
