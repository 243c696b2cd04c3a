public import ArgumentParser
import Foundation
import Geodesy
public import Rig

struct FakeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fake-gpsd",
    abstract: "A gpsd that plays recordings or a generated fleet, and misbehaves on cue.",
    discussion: """
      Every endpoint is a port of its own, served by this one process. Told on standard output, one JSON object a line: \
      ready, fault, state, sent.

      A cue says when which endpoints begin or end to misbehave:
        [TIME] KIND [ENDPOINTS] [devices NUMBERS] [by DURATION | times N | bytes N] [for DURATION]
        [TIME] end KIND [ENDPOINTS]
      as in "30s close 0-99", "1m refuse all for 20s", "90s jump 3,7-9 devices 0 by -1024w for 10s", "end hang".
      TIME counts from ready in real time. Endpoints and devices are counted from 0. KIND is
        once:    close, reset (unread bytes are lost), half (a report's first half, then the end)
        lasting: refuse (does not listen), full (accepts and ends at once), hang (answers and sends nothing),
                 garbage, overlong (bytes N, else 66000), split (every byte a write), unwatched (WATCH enable:false),
                 anonymous (no device), freed (devices vanish), jump (by DURATION), repeated (times N, else 2),
                 backstep (by DURATION, else 10s), simulated (status 8), nullisland
      Cues are given with --cue, in a --cues file (YAML or JSON, a list under "faults"), or as lines on standard input, \
      which also takes: sent, sent times, state, quit.

      At the end, and when asked, "sent" tells of each device how many distinct times were handed to the kernel and \
      their sum, to be compared with a store:
        SELECT count(DISTINCT time_ms), sum(DISTINCT time_ms) FROM fix WHERE handheld = …
      Times that a fault altered are counted apart. What a connection took with it (reset) counts though it was not read.
      """)

  @Option(
    help: ArgumentHelp(
      "Plays a recording of gpsd's JSON; may be given again.", valueName: "file"))
  var play: [String] = []
  @Option(help: ArgumentHelp("How many gpsds.", valueName: "n")) var endpoints = 1
  @Option(help: ArgumentHelp("Generated devices of each.", valueName: "n")) var devices = 4
  @Option(
    help: ArgumentHelp(
      "tty: /dev/ttyUSB0 …; gateway: udp://0.0.0.0:5931#handheld-0 …", valueName: "kind"))
  var naming: FakeFleet.Naming = .tty
  @Option(help: ArgumentHelp("Between two reports of a device.", valueName: "duration"))
  var interval: Interval = Interval(value: .seconds(1))
  @Option(help: ArgumentHelp("Chooses the walks of a fleet.", valueName: "n")) var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Its clock begins here (RFC 3339), else now.", valueName: "time"))
  var start: String?
  @Option(
    help: ArgumentHelp(
      "Seconds of the fleet's clock, or of a recording, per real second; 0: a recording at once.",
      valueName: "n"))
  var speed = 1.0
  @Option(
    help: ArgumentHelp(
      "A new connection first gets what was stored so long and is not sent yet.",
      valueName: "duration"))
  var backlog: Interval?
  @Flag(help: "Every connection gets the whole backlog, sent before or not.") var redeliver = false
  @Option(help: ArgumentHelp("Where it listens.", valueName: "address")) var host = "127.0.0.1"
  @Option(
    help: ArgumentHelp(
      "The first endpoint's; the others follow. 0: any that are free.", valueName: "port"))
  var port = 21000
  @Option(help: ArgumentHelp("A fault, see above; may be given again.", valueName: "cue"))
  var cue: [String] = []
  @Option(help: ArgumentHelp("A file of them.", valueName: "file")) var cues: String?
  @Option(help: ArgumentHelp("Ends after so many.", valueName: "n")) var seconds: Double?
  @Option(help: ArgumentHelp("Takes what was sent, instead of standard output.", valueName: "file"))
  var sent: String?
  @Flag(help: "What was sent is told with all times, not with sums only.") var times = false
  @Option(
    help: ArgumentHelp("Writes a plan that reads the whole fleet.", valueName: "folder"))
  var writePlan: String?

  func validate() throws {
    func check(_ isRight: Bool, _ text: String) throws {
      if !isRight { throw ValidationError(text) }
    }
    try check(
      (1...20_000).contains(endpoints), "--endpoints: found \(endpoints); expected 1 to 20000")
    try check((1...10_000).contains(devices), "--devices: found \(devices); expected 1 to 10000")
    try check(
      port == 0 || (1...65_536 - endpoints).contains(port),
      "--port: found \(port); expected 0, or 1 to \(65_536 - endpoints), as \(endpoints) endpoints follow each other"
    )
    try check(speed >= 0 && speed <= 10_000, "--speed: found \(speed); expected 0 to 10000")
    try check(speed > 0 || !play.isEmpty, "--speed 0 is for recordings; expected more than 0")
    try check(
      play.isEmpty || (start == nil && backlog == nil && writePlan == nil),
      "--start, --backlog and --write-plan are of generated fleets; a recording has its own times")
    try check(!redeliver || backlog != nil, "--redeliver: expected --backlog too")
    if let start {
      try check(
        Instant(rfc3339: start) != nil,
        "--start: found \"\(start)\"; expected RFC 3339 with an offset")
    }
  }

  func run() async throws {
    let options = try options()
    let fake = try await FakeGPSD.start(options) { event in
      // Whoever listened may be gone; the clients are served on.
      try? Output.line("\(event)")
    }
    if let writePlan, case .fleet(let fleet) = options.content {
      try FakePlan(fleet, host: host, ports: fake.ports).write(to: writePlan)
    }
    try await converse(fake)
    try await fake.quieten()
    let lines = try await fake.sent().map { $0.line(times ? .times : .sums) + "\n" }.joined()
    try Output.write(lines, to: sent)
    try await fake.stop()
  }

  private func options() throws -> FakeGPSD.Options {
    var kept = FakeFleet.Backlog.none
    if let span = backlog?.value { kept = redeliver ? .whole(span) : .undelivered(within: span) }
    let fleet = FakeFleet(
      endpoints: endpoints, devicesEach: devices, naming: naming, interval: interval.value,
      seed: seed, backlog: kept)
    var options = FakeGPSD.Options(
      play.isEmpty
        ? .fleet(fleet)
        : .recordings(play, endpoints: endpoints, rate: speed == 0 ? nil : speed))
    options.host = host
    options.firstPort = port == 0 ? nil : port
    options.start = start.flatMap { Instant(rfc3339: $0) }
    options.rate = play.isEmpty ? speed : 1
    if let cues { options.cues = try FakeCue.read(path: cues) }
    for text in cue {
      do throws(FakeCue.Unreadable) { options.cues.append(try FakeCue(text)) } catch {
        throw Failure.wrongQuestion("--cue: \(error)")
      }
    }
    return options
  }

  /// Takes what is asked until the end: `quit`, a signal, or the time that was given.
  private func converse(_ fake: FakeGPSD) async throws {
    let requests = Requests(seconds: seconds, input: .read)
    defer { withExtendedLifetime(requests) {} }
    for await request in requests.stream {
      switch request {
      case .end: return
      case .line("quit"): return
      case .line("state"): try Output.line("\(FakeEvent.state(await fake.state()))")
      case .line("sent"), .line("sent times"):
        let detail: FakeSent.Detail = request == .line("sent") ? .sums : .times
        try Output.write(await fake.sent().map { $0.line(detail) + "\n" }.joined())
      case .line(let text):
        do throws(FakeCue.Unreadable) { fake.cue(try FakeCue(text)) } catch {
          try Output.line("\(FakeEvent.trouble("\(error), or sent, sent times, state, quit"))")
        }
      }
    }
  }
}

extension FakeCommand {
  /// `1s`, `500ms`, `2h`.
  struct Interval: ExpressibleByArgument, Hashable {
    var value: Milliseconds

    init(value: Milliseconds) { self.value = value }

    init?(argument: String) {
      if argument.hasSuffix("ms"), let n = Int64(argument.dropLast(2)), n > 0 {
        value = Milliseconds(n)
      } else if let duration = FakeCue.duration(argument), duration > .zero {
        value = duration
      } else {
        return nil
      }
    }

    var defaultValueDescription: String { "\(value.value)ms" }
  }
}

extension FakeFleet.Naming: ExpressibleByArgument {}
