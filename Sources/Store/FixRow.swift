internal import Coverage
internal import GRDB
internal import GRDBSQLite
internal import Geodesy
internal import Patrol

/// An observation as the columns of a table of fixes (`FixTable`): plain values, to be bound to a statement or handed out as a
/// row in memory.
struct FixRow {
  private var row, handheld, at: Int64
  private var delay: Int64
  /// Without a fix none of those from here on.
  private var off: Int64?
  private var latitude, longitude: Int64
  private var mode: Int64
  private var status: Int64?
  private var accuracy, hdop, speed, track: Number
  private var gate: Gate?

  /// How many columns there are, the row's number included.
  static let count: Int32 = 14

  /// As small as SQLite stores it: a whole number of parts where it is one, else as it is.
  private enum Number {
    case null
    case integer(Int64)
    case real(Double)

    init(_ value: Double?, in parts: Double) {
      guard let value else {
        self = .null
        return
      }
      let scaled = (value * parts).rounded()
      self = abs(scaled) < 1e15 && scaled / parts == value ? .integer(Int64(scaled)) : .real(value)
    }
  }

  init(_ observation: Observation, row: Int64, handheld: Int64, gate: Gate?) {
    (self.row, self.handheld, self.gate) = (row, handheld, gate)
    at = observation.orderTime.milliseconds
    delay = observation.receivedAt.milliseconds &- at
    switch observation.report {
    case .fix(let fix):
      off = fix.time.milliseconds &- at
      latitude = Int64(fix.position.latitudeE7)
      longitude = Int64(fix.position.longitudeE7)
      mode = Int64(fix.mode)
      status = fix.status.map(Int64.init)
      accuracy = Number(fix.accuracy?.value, in: 1e3)
      hdop = Number(fix.hdop, in: 1e3)
      speed = Number(fix.speed?.value, in: 1e3)
      track = Number(fix.track, in: 1e4)
    case .noFix(let mode):
      (off, latitude, longitude, self.mode, status) = (nil, 0, 0, Int64(mode), nil)
      (accuracy, hdop, speed, track) = (.null, .null, .null, .null)
    }
  }

  /// Where the values of columns go.
  protocol Sink {
    func put(_ value: Int64, _ column: Int32)
    func put(_ value: Double, _ column: Int32)
    func put(_ value: String, _ column: Int32)
    func putNull(_ column: Int32)
  }

  /// From 0 on, in the order of `FixTable.columns` after the row's number.
  @inline(__always)
  func put(column: Int32, to sink: some Sink) {
    switch column {
    case 0: sink.put(row, column)
    case 1: sink.put(handheld, column)
    case 2: sink.put(at, column)
    case 3: sink.put(delay, column)
    case 4: put(off, column, sink)
    case 5: put(off == nil ? nil : latitude, column, sink)
    case 6: put(off == nil ? nil : longitude, column, sink)
    case 7: sink.put(mode, column)
    case 8: put(status, column, sink)
    case 9: put(accuracy, column, sink)
    case 10: put(hdop, column, sink)
    case 11: put(speed, column, sink)
    case 12: put(track, column, sink)
    default:
      if let gate { sink.put(gate.rawValue, column) } else { sink.putNull(column) }
    }
  }

  @inline(__always)
  private func put(_ value: Int64?, _ column: Int32, _ sink: some Sink) {
    if let value { sink.put(value, column) } else { sink.putNull(column) }
  }

  @inline(__always)
  private func put(_ number: Number, _ column: Int32, _ sink: some Sink) {
    switch number {
    case .null: sink.putNull(column)
    case .integer(let value): sink.put(value, column)
    case .real(let value): sink.put(value, column)
    }
  }

  /// Binds all of it to a statement that is `FixTable.insert(into:)`: three times the rate of arguments through GRDB
  /// (measured).
  func bind(to statement: SQLiteStatement) {
    for column in 0..<Self.count { put(column: column, to: Binding(statement: statement)) }
  }

  private struct Binding: Sink {
    let statement: SQLiteStatement
    func put(_ value: Int64, _ column: Int32) { sqlite3_bind_int64(statement, column + 1, value) }
    func put(_ value: Double, _ column: Int32) { sqlite3_bind_double(statement, column + 1, value) }
    func put(_ value: String, _ column: Int32) {
      sqlite3_bind_text(statement, column + 1, value, -1, FixTable.transient)
    }
    func putNull(_ column: Int32) { sqlite3_bind_null(statement, column + 1) }
  }
}
