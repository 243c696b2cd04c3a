import Coverage
import GRDB
import Geodesy
import Patrol
import Testing

@testable import Store

@Suite struct `Rows of attendance` {
  private typealias Spans = [ClosedRange<Instant>]

  /// Rising spans in a window's minutes.
  private func spans(after minute: Int, using random: inout Xorshift) -> Spans {
    var (spans, at) = (Spans(), minute)
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      let began = at + Int.random(in: 1...20, using: &random)
      at = began + Int.random(in: 0...9, using: &random)
      spans.append(Night.minute(Double(began))...Night.minute(Double(at)))
    }
    return spans
  }

  /// What is said of a few cells or of many, at first or again and in what order, stands as it was said last.
  @Test(arguments: [1, 2, 3, 4])
  func `are what was said last`(seed: UInt64) throws {
    let scratch = try Scratch()
    let store = try Store(at: scratch.path, for: .write)
    var random = Xorshift(state: seed)
    var said: [String: Spans] = [:]
    func key(_ owed: Owed, _ cell: Int, _ kind: String) -> String {
      "\(owed.place) \(cell) \(kind)"
    }
    for _ in 0..<12 {
      var events: [Event] = []
      for place in ["c", "a", "b", "a"] {
        let owed = Owed(duty: "d", windowBegan: Night.minute(0), place: Place.ID(place))
        let cells = (0..<60).shuffled(using: &random).prefix(
          [1, 7, 8, 60].randomElement(using: &random)!)
        let changes = cells.map { cell in
          let since = [0, 40].randomElement(using: &random)!
          let proven = spans(after: since, using: &random)
          let standing = said[key(owed, cell, "proven"), default: []]
          said[key(owed, cell, "proven")] =
            standing.filter { $0.lowerBound < Night.minute(Double(since)) } + proven
          let possible = Bool.random(using: &random) ? spans(after: 0, using: &random) : nil
          if let possible { said[key(owed, cell, "possible")] = possible }
          return AttendanceChange(
            cell: cell, since: Night.minute(Double(since)), proven: proven, possible: possible)
        }
        events.append(.attendance(owed, changes))
      }
      try store.write { try $0.storeAttendance(in: events) }
      var stored: [String: Spans] = [:]
      let rows = try store.write {
        try Row.fetchAll($0.db, sql: "SELECT * FROM attendance ORDER BY began_ms")
      }
      for row in rows {
        let span = Instant(milliseconds: row["began_ms"])...Instant(milliseconds: row["ended_ms"])
        stored[
          "\(row["place"] as String) \(row["cell"] as Int) \(row["kind"] as String)", default: []
        ]
        .append(span)
      }
      #expect(stored == said.filter { !$0.value.isEmpty })
    }
  }
}
