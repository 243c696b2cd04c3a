internal import Geodesy
internal import Patrol

/// The conversation with a gpsd of whose devices a plan's handhelds are some.
struct LinkState: Conversation {
  let endpoint: Endpoint
  private(set) var routes: Routes
  private(set) var session = Session()
  /// Not told or done yet.
  private(set) var reports: [FleetReport] = []
  private(set) var deeds: [Deed] = []
  /// Since they were last taken.
  private(set) var counts = FleetCounts()

  private var parser = MessageParser()
  private var assemblers: [String: ReportAssembler] = [:]
  /// When how a handheld receives was last told.
  private var receptionTold: [Handheld.ID: Milliseconds] = [:]
  private var unassigned: Set<String> = []
  /// Handhelds whose devices gpsd does not list, as told.
  private var gone: Set<Handheld.ID> = []
  private var complaints = Complaints()
  private var random = SystemRandomNumberGenerator()

  /// What a report without a device is told as, where several handhelds could be meant.
  static let unnamed = "(no device named)"
  /// Device names a peer can make this program remember.
  static let deviceLimit = 4096
  /// How a handheld receives is told so often.
  static let receptionEvery = Milliseconds.seconds(30)

  init(endpoint: Endpoint, handhelds: [Handheld]) {
    self.endpoint = endpoint
    routes = Routes(of: handhelds, at: endpoint)
  }

  mutating func handle(_ event: Session.Event, at now: Milliseconds, clock: Instant) {
    for action in session.handle(event, at: now, using: &random) {
      switch action {
      case .connect: deeds.append(.connect)
      case .send(let request): deeds.append(.send(request))
      case .close: deeds.append(.close)
      case .up(let version):
        unassigned.removeAll()
        reports.append(
          .reachable(endpoint, handhelds: routes.handhelds, version: version, at: clock))
      case .down(let reason):
        assemblers.removeAll()
        reports.append(
          .unreachable(endpoint, handhelds: routes.handhelds, reason: reason, at: clock))
      }
    }
  }

  mutating func take(_ line: UnsafeRawBufferPointer, at now: Milliseconds, clock: Instant) {
    counts.lines += 1
    var offset = 0
    do throws(MalformedMessage) {
      var start = offset
      while let message = try parser.next(in: line, from: &offset) {
        take(message, at: now, clock: clock)
        if case .sky(let sky) = message { noteReception(sky, in: line, from: start, at: now) }
        start = offset
      }
    } catch {
      counts.malformed += 1
      complain("unreadable line, \(error)", at: now)
    }
  }

  mutating func noteOversized(_ count: Int, at now: Milliseconds) {
    guard count > 0 else { return }
    counts.oversized += count
    complain("line longer than \(LineFramer.limit) bytes dropped", at: now)
  }

  private mutating func take(_ message: Message, at now: Milliseconds, clock: Instant) {
    switch message {
    case .tpv(let tpv):
      guard let handheld = routes.handheld(of: tpv.device) else {
        counts.unassigned += 1
        let device = tpv.device ?? Self.unnamed
        if unassigned.count < Self.deviceLimit, unassigned.insert(device).inserted {
          reports.append(.unassigned(endpoint, device: device))
        }
        return
      }
      let observation =
        assemblers[tpv.device ?? ""]?.take(tpv, receivedAt: clock)
        ?? ReportAssembler(handheld: handheld).take(tpv, receivedAt: clock)
      if observation.fix == nil { counts.withoutFix += 1 } else { counts.fixes += 1 }
      reports.append(.observation(observation))
    case .sky(let sky):
      guard sky.hdop != nil, let handheld = routes.handheld(of: sky.device) else { return }
      if assemblers.count >= Self.deviceLimit { assemblers.removeAll() }
      assemblers[sky.device ?? "", default: ReportAssembler(handheld: handheld)]
        .note(sky, receivedAt: clock)
    case .version, .watch: handle(.message(message), at: now, clock: clock)
    case .error(let text): complain("gpsd says: \(text)", at: now)
    case .devices(let devices):
      noteListed(Set(devices.filter { $0.activation != .inactive }.compactMap(\.path)))
    case .device, .other: break
    }
  }

  private mutating func noteReception(
    _ sky: Message.SKY, in line: UnsafeRawBufferPointer, from offset: Int, at now: Milliseconds
  ) {
    guard let handheld = routes.handheld(of: sky.device),
      receptionTold[handheld].map({ now - $0 >= Self.receptionEvery }) ?? true,
      let reception = Reception(ofSky: line, from: offset)
    else { return }
    receptionTold[handheld] = now
    reports.append(.reception(handheld, reception))
  }

  /// gpsd frees a device without a word: only its list tells.
  private mutating func noteListed(_ devices: Set<String>) {
    let missing = Set(routes.listed.filter { !devices.contains($0.device) }.map(\.handheld))
    guard missing != gone else { return }
    reports.append(
      .devices(
        endpoint, gone: missing.subtracting(gone).sorted(),
        back: gone.subtracting(missing).sorted()))
    gone = missing
  }

  /// A peer's own words may be as long as a line; the first 200 characters will do.
  private mutating func complain(_ text: String, at now: Milliseconds) {
    if let text = complaints.note(String(text.prefix(200)), at: now) {
      reports.append(.complaint(endpoint, text: text))
    }
  }

  /// Another plan. Handhelds new to this link are told how it stands.
  mutating func route(_ handhelds: [Handheld], clock: Instant) {
    let old = Set(routes.handhelds)
    routes = Routes(of: handhelds, at: endpoint)
    assemblers.removeAll()
    receptionTold.removeAll()
    let new = routes.handhelds.filter { !old.contains($0) }
    guard !new.isEmpty else { return }
    switch session.standing {
    case .untold: break
    case .up(let version):
      reports.append(.reachable(endpoint, handhelds: new, version: version, at: clock))
    case .down(let reason):
      reports.append(.unreachable(endpoint, handhelds: new, reason: reason, at: clock))
    }
  }

  mutating func drain() -> (reports: [FleetReport], deeds: [Deed], counts: FleetCounts) {
    defer { (reports, deeds, counts) = ([], [], FleetCounts()) }
    return (reports, deeds, counts)
  }
}
