internal import Foundation
internal import Geodesy

/// A recording of gpsd's JSON as one endpoint plays it, byte for byte but for what gpsd says of itself (`VERSION`,
/// `DEVICES`, `WATCH`), which the fake says anew.
///
/// Lines come at the distances of their receive times, else of their reports' own; a line with neither comes with the
/// one before.
struct RecordedTape: Sendable {
  struct Entry: Sendable {
    /// From the recording's beginning; never less than the one before.
    var offset: Milliseconds
    var line: FakeTape.Line
  }

  /// How fast it is played.
  enum Pace: Hashable, Sendable {
    case times(Double)
    /// All at once.
    case full
  }

  let lines: [Entry]
  let devices: [String]

  init(path: String) throws(RigError) {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      throw .file(path: path, "cannot be read (\(error.localizedDescription))")
    }
    self.init(data)
    guard !lines.isEmpty else {
      throw .file(path: path, "no line to play; expected gpsd's JSON, a report a line")
    }
  }

  init(_ data: Data) {
    var lines: [Entry] = []
    var devices: [String] = []
    var began: Instant?
    var last = Milliseconds.zero
    for raw in data.split(separator: 0x0a) {
      var text = Array(raw)
      if text.last == 0x0d { text.removeLast() }
      var at: Instant?
      if text.first != UInt8(ascii: "{"), let tab = text.prefix(40).firstIndex(of: 0x09),
        let received = Instant(rfc3339: text[..<tab])
      {
        at = received
        text.removeFirst(tab + 1)
      }
      let report = ReportText(text)
      if let name = report.className, ["VERSION", "DEVICES", "WATCH"].contains(name) { continue }
      guard !text.isEmpty else { continue }
      let isPosition = report.className == "TPV"
      if at == nil, isPosition { at = report.time }
      if let at {
        began = began ?? at
        last = max(last, at - began!)
      }
      var device: Int?
      if isPosition {
        let name = report.device ?? ""
        device = devices.firstIndex(of: name)
        if device == nil {
          device = devices.count
          devices.append(name)
        }
      }
      lines.append(
        Entry(
          offset: last,
          line: FakeTape.Line(bytes: text, device: device, time: isPosition ? report.time : nil)))
    }
    self.lines = lines
    self.devices = devices
  }

  /// One past the last position that is due so long after the tape began.
  func due(after elapsed: Milliseconds, _ pace: Pace) -> Int {
    guard case .times(let rate) = pace else { return lines.count }
    let reached = Milliseconds(Int64(Double(elapsed.value) * rate))
    var (low, high) = (0, lines.count)
    while low < high {
      let middle = (low + high) / 2
      if lines[middle].offset <= reached { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
