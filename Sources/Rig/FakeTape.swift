internal import Geodesy
internal import NIOCore

/// What one endpoint of a fake gpsd has to say, as a row of numbered positions that fall due one after the other.
enum FakeTape: Sendable {
  /// A position is a moment: a report of every device.
  case fleet(FleetTape)
  /// A position is a line.
  case recording(RecordedTape)

  /// One report, without CR LF.
  struct Line: Sendable {
    var bytes: [UInt8]
    /// By number; nil where the line is of no device.
    var device: Int?
    /// Nil where it is no report with a time.
    var time: Instant?
  }

  /// In full, by number.
  var devices: [String] {
    switch self {
    case .fleet(let tape): tape.devices
    case .recording(let tape): tape.devices
    }
  }

  /// The lines of a position, in the order in which they leave.
  func lines(at position: Int) -> [Line] {
    switch self {
    case .fleet(let tape): tape.lines(at: position)
    case .recording(let tape): [tape.lines[position].line]
    }
  }

  /// All lines of a run of positions with CR LF; where a run is longer than one, each device's together.
  func write(_ run: Range<Int>, to buffer: inout ByteBuffer) {
    switch self {
    case .fleet(let tape): tape.write(run, to: &buffer)
    case .recording(let tape):
      for position in run {
        buffer.writeBytes(tape.lines[position].line.bytes)
        buffer.writeBytes("\r\n".utf8)
      }
    }
  }

  /// A device's time at a position; nil where it has none there.
  func time(of device: Int, at position: Int) -> Instant? {
    switch self {
    case .fleet(let tape): return tape.time(at: position)
    case .recording(let tape):
      let line = tape.lines[position].line
      return line.device == device ? line.time : nil
    }
  }
}

/// The generated reports of one endpoint.
struct FleetTape: Sendable {
  let devices: [String]
  /// Of position 0.
  let start: Instant
  let interval: Milliseconds
  /// From a report's time until it leaves.
  let delay: Milliseconds
  private let walks: [FakeWalk]
  private let templates: [ReportTemplate]

  init(_ fleet: FakeFleet, endpoint: Int, start: Instant) {
    devices = fleet.deviceNames
    self.start = start
    interval = fleet.interval
    delay = fleet.delay(of: endpoint)
    walks = devices.indices.map { FakeWalk(seed: fleet.seed, endpoint: endpoint, device: $0) }
    templates = zip(devices, walks).map { ReportTemplate(device: $0, speed: $1.speed) }
  }

  func time(at position: Int) -> Instant { start + interval * Int64(position) }

  /// One past the last position that is due.
  func due(at clock: Instant) -> Int {
    let since = (clock - start - delay).value
    return Int((Double(since) / Double(interval.value)).rounded(.down)) + 1
  }

  func write(_ run: Range<Int>, to buffer: inout ByteBuffer) {
    for (walk, template) in zip(walks, templates) {
      for position in run {
        let time = time(at: position)
        template.write(walk.place(at: time), time: TimeDigits(time), to: &buffer)
      }
    }
  }

  func lines(at position: Int) -> [FakeTape.Line] {
    let time = time(at: position)
    return devices.indices.map { n in
      var buffer = ByteBuffer()
      templates[n].write(walks[n].place(at: time), time: TimeDigits(time), to: &buffer)
      return FakeTape.Line(
        bytes: Array(buffer.readableBytesView.dropLast(2)), device: n, time: time)
    }
  }
}
