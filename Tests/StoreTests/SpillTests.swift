import Foundation
import GRDB
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
}
