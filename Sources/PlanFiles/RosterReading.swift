internal import Geodesy
internal import Patrol

/// Reads roster.csv.
struct RosterReading {
  struct Found {
    var row: Roster.Row
    var line: Int
  }

  static let required = ["day", "shift", "group", "member", "handheld"]
  static let columns = required + ["from", "to"]

  private let file: String
  private let log: ProblemLog
  private let columnOf: [String: Int]

  /// The rows that can be read. Nil where the header cannot.
  static func read(_ text: String, file: String, log: ProblemLog) -> [Found]? {
    let csv = CSVRecords(text)
    for fault in csv.faults { log.error(file, fault.line, fault.message) }
    guard let header = csv.records.first else {
      if csv.faults.isEmpty {
        log.error(
          file, nil, "found an empty file; expected a header: \(columns.joined(separator: ","))")
      }
      return nil
    }
    guard let reading = RosterReading(header, file, log) else { return nil }
    return csv.records.dropFirst().compactMap { reading.row($0, width: header.fields.count) }
  }

  private init?(_ header: CSVRecords.Record, _ file: String, _ log: ProblemLog) {
    self.file = file
    self.log = log
    var columnOf: [String: Int] = [:]
    var isSound = true
    func error(_ message: String) {
      isSound = false
      log.error(file, header.line, message)
    }
    if header.fields.count == 1, let other = header.fields[0].first(where: { ";\t，；".contains($0) })
    {
      log.error(
        file, header.line,
        "header: found fields separated by \(quoted(String(other))); expected commas")
      return nil
    }
    for (i, name) in header.fields.enumerated() {
      if !Self.columns.contains(name) {
        let near = Spelling.hint(name, among: Self.columns)
        let hint = near.isEmpty ? "; expected \(Self.columns.joined(separator: ", "))" : near
        error("header: unknown column \(quoted(name))\(hint)")
      } else if columnOf.updateValue(i, forKey: name) != nil {
        error("header: column \(name) stands twice; expected it once")
      }
    }
    for name in Self.required where columnOf[name] == nil {
      error("header: column \(name) is missing; expected \(Self.required.joined(separator: ", "))")
    }
    guard isSound else { return nil }
    self.columnOf = columnOf
  }

  private func row(_ record: CSVRecords.Record, width: Int) -> Found? {
    guard record.fields.count == width else {
      log.error(
        file, record.line,
        "found \(record.fields.count) fields; expected \(width), as the header has")
      return nil
    }
    func value<T>(_ column: String, _ form: Form<T>) -> T? {
      guard let i = columnOf[column] else { return nil }
      let text = record.fields[i]
      if text.isEmpty, !Self.required.contains(column) { return nil }
      if let value = form.read(text) { return value }
      log.error(
        file, record.line,
        "\(column): found \(text.isEmpty ? "nothing" : quoted(text)); expected \(form.expected)")
      isSound = false
      return nil
    }
    var isSound = true
    let day = value("day", .date)
    let shift = value("shift", .id)
    let group = value("group", .id)
    let member = value("member", .text)
    let handheld = value("handheld", .id)
    let from = value("from", .timeOfDay)
    let to = value("to", .timeOfDay)
    guard isSound, let day, let shift, let group, let member, let handheld else { return nil }
    return Found(
      row: Roster.Row(
        day: day, shift: Shift.ID(shift), group: Group.ID(group), member: member,
        handheld: Handheld.ID(handheld), from: from, to: to), line: record.line)
  }
}
