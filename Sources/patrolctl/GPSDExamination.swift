import Foundation
import GPSD
import Patrol
import Synchronization

/// What a doctor looks at of gpsds: whether each answers, what version it is, and whether it has the devices that a plan
/// names. All are called at once.
struct GPSDExamination {
  /// By endpoint, the devices that are wanted of it.
  let wanted: [Endpoint: Set<String>]

  /// Of a plan's handhelds.
  init(_ handhelds: [Handheld]) {
    var wanted: [Endpoint: Set<String>] = [:]
    for handheld in handhelds {
      wanted[Endpoint(handheld.source), default: []].formUnion(
        handheld.source.device.map { [$0] } ?? [])
    }
    self.wanted = wanted
  }

  /// Of this host's own gpsd.
  static let local = GPSDExamination(
    [Endpoint(host: "127.0.0.1", port: Source.standardPort): []])

  private init(_ wanted: [Endpoint: Set<String>]) { self.wanted = wanted }

  /// A session's own patience until it gives up its first attempt, and a little.
  private static let patience = Duration.seconds(16)

  private enum Answer: Sendable {
    case none
    case up(version: String, devices: [String]?)
    case down(String)

    var isFinal: Bool {
      switch self {
      case .none: false
      case .up(_, let devices): devices != nil
      case .down: true
      }
    }
  }

  private final class Answers: Sendable {
    let all: Mutex<[Endpoint: Answer]>

    init(_ endpoints: some Collection<Endpoint>) {
      all = Mutex(Dictionary(uniqueKeysWithValues: endpoints.map { ($0, .none) }))
    }

    func take(_ reports: [Tap.Report], of endpoint: Endpoint) {
      all.withLock { all in
        for report in reports {
          switch report {
          case .up(let version, _): all[endpoint] = .up(version: version, devices: nil)
          case .down(let reason, _):
            if case .up? = all[endpoint] { break }
            all[endpoint] = .down(reason)
          case .line(let line):
            for case .devices(let devices) in line.messages {
              if case .up(let version, _)? = all[endpoint] {
                all[endpoint] = .up(version: version, devices: devices.compactMap(\.path))
              }
            }
          case .oversized: break
          }
        }
      }
    }
  }

  func findings() async throws -> [Finding] {
    let answers = Answers(wanted.keys)
    let taps = wanted.keys.map { endpoint in
      Tap(
        endpoint, now: { SystemClock.now }, deliver: { answers.take($0, of: endpoint) })
    }
    for tap in taps { tap.start() }
    let limit = ContinuousClock.now + Self.patience
    while ContinuousClock.now < limit,
      !answers.all.withLock({ $0.values.allSatisfy(\.isFinal) })
    { try await Task.sleep(for: .milliseconds(20)) }
    for tap in taps { await tap.stop() }
    return answers.all.withLock { $0 }.sorted { $0.key < $1.key }.flatMap { findings($0, $1) }
  }

  private func findings(_ endpoint: Endpoint, _ answer: Answer) -> [Finding] {
    let subject = "gpsd \(endpoint)"
    switch answer {
    case .none, .up(_, nil):
      return [
        .problem(
          subject, "no answer in time",
          "see whether its host is well: a frozen one accepts and is silent")
      ]
    case .down(let reason):
      return [
        .problem(
          subject, "not reachable: \(reason)",
          "see that it runs there, listens beyond its own host (gpsd -G), and that no firewall is between"
        )
      ]
    case .up(let version, let devices?):
      var found = [
        Finding.ok(
          subject, "version \(version), \(devices.count) device\(devices.count == 1 ? "" : "s")")
      ]
      // Of sub-devices gpsd tells only what they come through.
      let missing = wanted[endpoint, default: []].filter { device in
        !devices.contains(String(device.prefix { $0 != "#" }))
      }
      if !missing.isEmpty {
        found.append(
          .warning(
            subject, "has no device \(missing.sorted().joined(separator: ", "))",
            "plug it in or add it (gpsdctl add), or mend `source` in the plan"))
      } else if devices.isEmpty {
        found.append(.warning(subject, "has no device at all", "add one (gpsdctl add)"))
      }
      return found
    }
  }
}
