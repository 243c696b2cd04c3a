import ArgumentParser
import Foundation
import GPSD
import Patrol
import Synchronization

/// A live gpsd read by this program's parser and by libgps side by side.
struct DecoderComparison {
  let source: Source
  let seconds: Double

  init(_ source: Source, seconds: Double) {
    self.source = source
    self.seconds = seconds
  }

  private struct Tally {
    var lines = 0
    var equal = 0
    var other = 0
    var withheld: [LibGPSDecoder.Refusal: Int] = [:]
    var known: [LibGPSComparison.Peculiarity: Int] = [:]
    var unexplained = 0
    var oversized = 0
    var connections = 0
    var reason: String?
  }

  private enum Event: Sendable {
    case heard([Tap.Report])
    case end
  }

  /// Longest time that one line may take libgps, which is known to hang for ever on some.
  private static let patience = Duration.seconds(5)

  func run() async throws {
    let (events, continuation) = AsyncStream.makeStream(of: Event.self)
    let requests = Requests(seconds: seconds, input: .ignored)
    let asked = Task { [stream = requests.stream] in
      for await _ in stream { continuation.yield(.end) }
    }
    let tap = Tap(
      Endpoint(source), now: { SystemClock.now }, deliver: { continuation.yield(.heard($0)) })
    tap.start()
    var tally = Tally()
    var parser = MessageParser()
    let decoder = LibGPSDecoder()
    let watchdog = Watchdog(patience: Self.patience)
    loop: for await event in events {
      guard case .heard(let reports) = event else { break }
      for report in reports {
        switch report {
        case .up: tally.connections += 1
        case .down(let reason, _): tally.reason = reason
        case .oversized(let count): tally.oversized += count
        case .line(let line):
          watchdog.begin(line.bytes)
          let compared = LibGPSComparison.of(line.bytes, &parser, decoder)
          watchdog.end()
          guard isWanted(line) else { continue }
          try show(compared, line, &tally)
        }
      }
    }
    asked.cancel()
    await tap.stop()
    withExtendedLifetime(requests) {}
    guard tally.connections > 0 else {
      throw Failure.outside("\(Endpoint(source)): not reachable: \(tally.reason ?? "no answer")")
    }
    try Output.write(summary(tally))
    if tally.unexplained > 0 { throw ExitCode(1) }
  }

  private func isWanted(_ line: Tap.Line) -> Bool {
    guard let device = source.device else { return true }
    // What cannot be read may be anyone's.
    guard line.fault == nil else { return true }
    return line.messages.contains { message in
      switch message {
      case .tpv(let tpv): tpv.device == device
      case .sky(let sky): sky.device == device
      default: false
      }
    }
  }

  private func show(
    _ compared: LibGPSComparison, _ line: Tap.Line, _ tally: inout Tally
  ) throws {
    tally.lines += 1
    var found: [String] = []
    switch compared {
    case .equal: tally.equal += 1
    case .other: tally.other += 1
    case .withheld(let refusal): tally.withheld[refusal, default: 0] += 1
    case .refused(let fault, let known):
      if let known { tally.known[known, default: 0] += 1 } else { tally.unexplained += 1 }
      found.append(
        "we refuse it (\(fault)), libgps does not\(known.map { "; known: \($0.rawValue)" } ?? "")")
    case .different(let all):
      let unexplained = all.filter { $0.known == nil }
      if !unexplained.isEmpty { tally.unexplained += 1 }
      for known in Set(all.compactMap(\.known)) { tally.known[known, default: 0] += 1 }
      found = all.map { "\($0)\($0.known.map { "; known: \($0.rawValue)" } ?? "")" }
    }
    guard !found.isEmpty else { return }
    let text = String(decoding: line.bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
    try Output.line("\(line.receivedAt) \(text)")
    for one in found { try Output.line("    \(one)") }
  }

  private func summary(_ tally: Tally) -> String {
    var text =
      "\(tally.lines) lines: \(tally.equal) read alike, \(tally.other) of classes that are not compared\n"
    for (refusal, count) in tally.withheld.sorted(by: { "\($0.key)" < "\($1.key)" }) {
      text += "\(count) not given to libgps: \(refusal.reason)\n"
    }
    if tally.oversized > 0 { text += "\(tally.oversized) longer than \(LineFramer.limit) bytes\n" }
    for (known, count) in tally.known.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      text += "\(count) known: \(known.rawValue)\n"
    }
    return text + "\(tally.unexplained) unexplained\n"
  }

  /// Ends the program, and names the line, where libgps does not return from it.
  private final class Watchdog: Sendable {
    private let current = Mutex<(line: [UInt8], since: ContinuousClock.Instant)?>(nil)

    init(patience: Duration) {
      Thread.detachNewThread { [weak self] in
        while let self {
          let stuck = self.current.withLock { $0 }
          if let stuck, ContinuousClock.now - stuck.since > patience {
            let text = String(decoding: stuck.line, as: UTF8.self)
            Output.complain("patrolctl: libgps does not return from this line: \(text)\n")
            exit(1)
          }
          Thread.sleep(forTimeInterval: 0.5)
        }
      }
    }

    func begin(_ line: [UInt8]) { current.withLock { $0 = (line, .now) } }
    func end() { current.withLock { $0 = nil } }
  }
}

extension LibGPSDecoder.Refusal {
  var reason: String {
    switch self {
    case .shape: "no {\"class\": in front or no } at the end"
    case .secondClass: "a second \"class\":, on which it may hang for ever"
    case .length: "longer than its buffer of \(LibGPSDecoder.lengthMaximum) bytes"
    case .nul: "a NUL, at which it would stop"
    }
  }
}
