internal import Geodesy
internal import NIOCore

/// One gpsd of a fake, but for its sockets: what it answers, what it sends and how that is spoilt. Knows no clock.
struct FakeEndpoint: Sendable {
  let tape: FakeTape
  private(set) var log = SentLog()
  /// What is wrong now, in the order in which it began.
  private(set) var faults: [Active] = []
  /// RFC 3339, as `?DEVICES;` tells it.
  private let activated: String

  struct Active: Hashable, Sendable {
    var fault: FakeFault
    var devices: FakeCue.Chosen
    /// Numbers what began, so that the end of one is not taken for the end of the next.
    var serial: Int
  }

  init(_ tape: FakeTape, activated: Instant) {
    self.tape = tape
    self.activated = activated.text()
  }

  mutating func begin(_ active: Active) {
    faults.removeAll { $0.fault.kind == active.fault.kind && $0.devices == active.devices }
    faults.append(active)
  }

  mutating func end(_ kind: FakeFault.Kind) { faults.removeAll { $0.fault.kind == kind } }

  /// False where it has ended before.
  mutating func end(serial: Int) -> Bool {
    guard let at = faults.firstIndex(where: { $0.serial == serial }) else { return false }
    faults.remove(at: at)
    return true
  }

  func has(_ kind: FakeFault.Kind) -> Bool { faults.contains { $0.fault.kind == kind } }
  mutating func note(_ marks: SentLog.Marks) { log.note(marks) }

  private func isFreed(_ device: Int) -> Bool {
    faults.contains { $0.fault.kind == .freed && $0.devices.contains(device) }
  }
}

// MARK: what it answers

extension FakeEndpoint {
  static let release = "3.22"
  static let version =
    #"{"class":"VERSION","release":"\#(release)","rev":"fake","proto_major":3,"proto_minor":14}"#
    + "\r\n"

  struct Answer: Hashable, Sendable {
    var text: String
    /// Whether reports are wanted from here on; nil where that was not asked.
    var watch: Bool?
  }

  /// To one request, without its semicolon. Nil for what gpsd does not answer.
  func answer(to request: String) -> Answer? {
    guard request.hasPrefix("?") else { return nil }
    let name = request.dropFirst().prefix { $0.isLetter }
    switch name {
    case "WATCH":
      var wanted: Bool?
      if request.contains("=") { wanted = !request.contains(#""enable":false"#) }
      let isOn = (wanted ?? true) && !has(.unwatched)
      let watch =
        #"{"class":"WATCH","enable":\#(isOn),"json":\#(isOn),"nmea":false,"raw":0,"scaled":false,"#
        + #""timing":false,"split24":false,"pps":false}"# + "\r\n"
      return Answer(text: devicesLine + watch, watch: wanted.map { $0 && isOn })
    case "DEVICES": return Answer(text: devicesLine)
    case "VERSION": return Answer(text: Self.version)
    case "POLL", "DEVICE":
      return error("\(name) is not spoken by this fake gpsd")
    default: return error("Unrecognized request '\(request)'")
    }
  }

  private func error(_ text: String) -> Answer {
    let plain = String(text.map { $0 == "\"" || $0 == "\\" ? "'" : $0 })
    return Answer(text: #"{"class":"ERROR","message":"\#(plain)"}"# + "\r\n")
  }

  /// Sub-devices are not told, only what they come through.
  private var devicesLine: String {
    var told: [String] = []
    for (n, name) in tape.devices.enumerated() where !isFreed(n) {
      let path = String(name.prefix { $0 != "#" })
      guard !path.isEmpty, !told.contains(path) else { continue }
      told.append(path)
    }
    let devices = told.map {
      #"{"class":"DEVICE","path":"\#($0)","driver":"u-blox","activated":"\#(activated)","flags":1}"#
    }
    return #"{"class":"DEVICES","devices":[\#(devices.joined(separator: ","))]}"# + "\r\n"
  }
}

// MARK: what it sends

extension FakeEndpoint {
  /// What one write holds, and what is known sent once it is done.
  struct Batch {
    var bytes: ByteBuffer
    var marks: SentLog.Marks
    /// Every byte for itself.
    var isSplit = false
  }

  /// The reports of a run of positions, with what is wrong with them now.
  func batch(_ run: Range<Int>) -> Batch {
    var bytes = ByteBuffer()
    guard !faults.isEmpty else {
      let each = if case .fleet(let tape) = tape { tape.devices.count } else { 1 }
      bytes.reserveCapacity(run.count * each * 224)
      tape.write(run, to: &bytes)
      return Batch(bytes: bytes, marks: .whole(run, reports: run.count * each))
    }
    var plain: [(device: Int, position: Int)] = []
    var altered: [(device: Int?, time: Instant)] = []
    var isDelivered = true
    func put(_ line: [UInt8]) {
      bytes.writeBytes(line)
      bytes.writeBytes("\r\n".utf8)
    }
    if has(.garbage) { bytes.writeBytes(Self.garbage) }
    for position in run {
      for line in tape.lines(at: position) {
        if let device = line.device, isFreed(device) {
          isDelivered = false
          continue
        }
        let (text, isAltered) = spoilt(line)
        for _ in 0..<times(line) { put(text.bytes) }
        guard let device = line.device, line.time != nil else { continue }
        if isAltered {
          if let time = text.time { altered.append((text.device == nil ? nil : device, time)) }
        } else {
          plain.append((device, position))
        }
      }
    }
    for (device, position) in stepsBack(from: run.upperBound - 1) {
      guard let line = tape.lines(at: position).first(where: { $0.device == device }) else {
        continue
      }
      put(line.bytes)
      plain.append((device, position))
    }
    for case .overlong(let count) in faults.map(\.fault) {
      put(Array(repeating: UInt8(ascii: "x"), count: count))
    }
    return Batch(
      bytes: bytes,
      marks: .mixed(run, delivered: isDelivered, plain: plain, altered: altered),
      isSplit: has(.split))
  }

  /// A report up to its middle.
  func halfLine(at position: Int) -> [UInt8] {
    guard let line = tape.lines(at: position).first?.bytes else { return [] }
    return Array(line.prefix(line.count / 2))
  }

  /// Brackets that never close, a quote, no UTF-8, a NUL.
  private static let garbage: [UInt8] =
    Array(#"{"class":"TPV","mode":[[{{"#.utf8) + [0xff, 0xfe, 0x00, 0xc3] + Array("$GP\r\n".utf8)

  private func spoilt(_ line: FakeTape.Line) -> (text: ReportText, isAltered: Bool) {
    var text = ReportText(line.bytes)
    guard let device = line.device else { return (text, false) }
    var isAltered = false
    for active in faults where active.devices.contains(device) {
      switch active.fault {
      case .jump(let by): text.shift(by: by)
      case .anonymous: text.removeDevice()
      case .simulated: text.set("status", to: "8")
      case .nullIsland:
        text.set("lat", to: "0.000000000")
        text.set("lon", to: "0.000000000")
      default: continue
      }
      isAltered = true
    }
    return (text, isAltered)
  }

  private func times(_ line: FakeTape.Line) -> Int {
    var times = 1
    for active in faults {
      guard case .repeated(let n) = active.fault, let device = line.device,
        active.devices.contains(device)
      else { continue }
      times *= n
    }
    return times
  }

  private func stepsBack(from position: Int) -> [(device: Int, position: Int)] {
    var steps: [(device: Int, position: Int)] = []
    for active in faults {
      guard case .backStep(let by) = active.fault else { continue }
      for device in tape.devices.indices
      where active.devices.contains(device) && !isFreed(device) {
        switch tape {
        case .fleet(let tape):
          let back = max(1, Int(by.value / tape.interval.value))
          steps.append((device, position - back))
        case .recording(let tape):
          let wanted = tape.lines[position].offset - by
          let earlier = tape.lines[...position].lastIndex {
            $0.offset <= wanted && $0.line.device == device
          }
          if let earlier { steps.append((device, earlier)) }
        }
      }
    }
    return steps
  }
}
