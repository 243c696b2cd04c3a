import GPSD
import Geodesy
import Testing

/// Timelines of one link.
@Suite("Session") struct SessionTests {
  static let watch = Message.watch(.init(enable: true, json: true))

  /// Runs `events`, ticking at each deadline on the way, and writes down what happened:
  /// `c` connect, `W` WATCH sent, `D` DEVICES sent, `^` up, `v` down, `x` close.
  static func timeline(_ events: [(Double, Session.Event)], until end: Double) -> String {
    var session = Session()
    var random = SplitMix(seed: 1)
    var line = ""
    func note(_ actions: [Session.Action], at time: Milliseconds) {
      for action in actions {
        let mark =
          switch action {
          case .connect: "c"
          case .send(Session.watchRequest): "W"
          case .send: "D"
          case .up: "^"
          case .down: "v"
          case .close: "x"
          }
        line += "\(mark)\(time.value / 1000) "
      }
    }
    var rest = events[...]
    while true {
      let next = rest.first.map { Milliseconds(seconds: $0.0) } ?? Milliseconds(seconds: end)
      if let deadline = session.deadline, deadline < next {
        note(session.handle(.tick, at: deadline, using: &random), at: deadline)
        if session.deadline == deadline {
          line += "stuck"
          break
        }
      } else if let event = rest.popFirst() {
        note(session.handle(event.1, at: next, using: &random), at: next)
      } else {
        break
      }
    }
    return line.split(separator: " ").joined(separator: " ")
  }

  @Test("a good session asks for the devices every 2 s")
  func good() {
    let events: [(Double, Session.Event)] = [
      (0, .start), (0, .connected), (0, .message(.version(.init(release: "3.22")))),
      (0, .message(Self.watch)), (3, .heard), (6, .heard),
    ]
    #expect(Self.timeline(events, until: 9) == "c0 W0 ^0 D0 D2 D4 D6 D8")
  }

  @Test("10 s of silence end it, and it is told once while it fails to come back")
  func silence() {
    let events: [(Double, Session.Event)] = [
      (0, .start), (0, .connected), (0, .message(Self.watch)), (2.5, .heard),
      (14, .lost(reason: "refused")), (17, .lost(reason: "refused")),
    ]
    #expect(Self.timeline(events, until: 17.1) == "c0 W0 ^0 D0 D2 D4 D6 D8 D10 D12 v12 x12 c12 c14")
  }

  @Test("no WATCH within 5 s is a loss; reports alone do not make a session")
  func unanswered() {
    let events: [(Double, Session.Event)] = [
      (0, .start), (1, .connected), (1, .message(.version(.init(release: "3.22")))), (3, .heard),
    ]
    #expect(Self.timeline(events, until: 6.2) == "c0 W1 v6 x6")
  }

  @Test("a connection that never comes is given up")
  func unconnected() {
    #expect(Self.timeline([(0, .start)], until: 17) == "c0 v15 x15 c15")
  }

  @Test("a WATCH that does not enable is a loss")
  func disabled() {
    let events: [(Double, Session.Event)] = [
      (0, .start), (1, .connected), (1, .message(.watch(.init(enable: false, json: true)))),
    ]
    #expect(Self.timeline(events, until: 1.1) == "c0 W1 v1 x1")
  }

  @Test("up, down, up, each told once")
  func flapping() {
    let events: [(Double, Session.Event)] = [
      (0, .start), (0, .lost(reason: "refused")), (1, .lost(reason: "refused")),
      (3, .connected), (3, .message(Self.watch)), (4, .lost(reason: "closed")),
      (9, .connected), (9, .message(Self.watch)),
    ]
    #expect(Self.timeline(events, until: 10) == "c0 v0 c0 c1 W3 ^3 D3 v4 c5 W9 ^9 D9")
  }

  @Test("the wait doubles from 0.5 s to 30 s, half of it by chance, and a good session resets it")
  func backoff() throws {
    var session = Session()
    var random = SplitMix(seed: 3)
    var now = Milliseconds.zero
    func wait() throws -> Double {
      _ = session.handle(.lost(reason: "refused"), at: now, using: &random)
      let deadline = try #require(session.deadline)
      defer { now = deadline }
      let seconds = (deadline - now).seconds
      #expect(session.handle(.tick, at: deadline - Milliseconds(1), using: &random) == [])
      #expect(session.handle(.tick, at: deadline, using: &random) == [.connect])
      return seconds
    }
    _ = session.handle(.start, at: now, using: &random)
    for whole in [0.5, 1, 2, 4, 8, 16, 30, 30, 30] {
      let seconds = try wait()
      #expect(seconds >= whole / 2 && seconds <= whole)
    }
    for (lasting, whole) in [(Milliseconds.seconds(9), 30.0), (.seconds(10), 0.5)] {
      _ = session.handle(.connected, at: now, using: &random)
      _ = session.handle(.message(Self.watch), at: now, using: &random)
      now = now + lasting
      let seconds = try wait()
      #expect(seconds >= whole / 2 && seconds <= whole, "after \(lasting.seconds) s")
    }
  }

  @Test("what comes in a state that does not expect it changes nothing")
  func unexpected() {
    var session = Session()
    var random = SplitMix(seed: 3)
    let all: [Session.Event] = [
      .connected, .heard, .message(Self.watch), .message(.error("x")), .lost(reason: ""), .tick,
    ]
    for event in all { #expect(session.handle(event, at: .zero, using: &random) == []) }
    #expect(session.standing == .untold)
    #expect(session.deadline == nil)
  }
}
