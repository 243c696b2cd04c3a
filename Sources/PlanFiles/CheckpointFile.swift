internal import Foundation
public import Geodesy
public import Qualification

/// When somebody with a handheld stood on which mark: `time,latitude,longitude[,deviation_m]`, a head first.
///
///     time,latitude,longitude,deviation_m
///     2026-11-28T12:00:00+08:00,28.6788000,115.8921000,0.5
public enum CheckpointFile {
  static let columns = ["time", "latitude", "longitude", "deviation_m"]
  /// Of a mark whose own is not told: taken from a map.
  public static let standardDeviation: Metres = 1

  /// - Throws: every line that cannot be read.
  public static func read(at path: String) throws(PlanProblems) -> Reference {
    let log = ProblemLog()
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PlanProblems([PlanProblem(.error, file: path, "cannot be read; expected a CSV file")])
    }
    guard let text = TextDecoding.text(Array(data), file: path, fallback: .refuse, log: log) else {
      throw PlanProblems(log.all)
    }
    let checkpoints = checkpoints(text, path, log)
    guard !log.hasErrors else { throw PlanProblems(log.all) }
    guard let reference = Reference(checkpoints, isExact: false) else {
      let rises = checkpoints.count < 2
      throw PlanProblems([
        PlanProblem(
          .error, file: path,
          rises
            ? "found \(checkpoints.count) checkpoints; expected two or more"
            : "found times that do not rise; expected each checkpoint after the one before")
      ])
    }
    return reference
  }

  private static func checkpoints(_ text: String, _ path: String, _ log: ProblemLog)
    -> [Reference.Checkpoint]
  {
    let csv = CSVRecords(text)
    for fault in csv.faults { log.error(path, fault.line, fault.message) }
    guard let head = csv.records.first else { return [] }
    let names = head.fields.map { $0.lowercased() }
    for column in columns.dropLast() where !names.contains(column) {
      log.error(
        path, head.line, "has no column \(column); expected \(columns.joined(separator: ","))")
    }
    guard !log.hasErrors else { return [] }
    return csv.records.dropFirst().compactMap { record in
      func field(_ name: String) -> String? {
        names.firstIndex(of: name).flatMap {
          $0 < record.fields.count && !record.fields[$0].isEmpty ? record.fields[$0] : nil
        }
      }
      guard let time = field("time").flatMap({ Instant(rfc3339: $0) }) else {
        log.error(
          path, record.line,
          "time: found \(quoted(field("time") ?? "")); expected RFC 3339 with an offset")
        return nil
      }
      guard let latitude = field("latitude").flatMap(finiteNumber),
        let longitude = field("longitude").flatMap(finiteNumber),
        let position = Coordinate(latitude: latitude, longitude: longitude)
      else {
        log.error(
          path, record.line, "expected latitude within ±90 and longitude within ±180 degrees")
        return nil
      }
      var deviation = standardDeviation
      if let told = field("deviation_m") {
        guard let metres = finiteNumber(told), (0...100).contains(metres) else {
          log.error(
            path, record.line, "deviation_m: found \(quoted(told)); expected 0 to 100 metres")
          return nil
        }
        deviation = Metres(metres)
      }
      return Reference.Checkpoint(time: time, position: position, deviation: deviation)
    }
  }
}
