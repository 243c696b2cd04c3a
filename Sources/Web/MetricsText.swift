internal import Coverage
internal import Foundation
internal import Geodesy
internal import Patrol
internal import Reports
internal import Store

/// Metrics as Prometheus reads them (text format 0.0.4).
struct MetricsText {
  private(set) var text = ""

  typealias Labels = [(name: String, value: String)]

  mutating func add(_ name: String, _ type: String, _ help: String, _ value: Double) {
    add(name, type, help, [([], value)])
  }

  mutating func add(
    _ name: String, _ type: String, _ help: String, _ samples: [(labels: Labels, value: Double)]
  ) {
    head(name, type, help)
    for (labels, value) in samples { sample(name, labels, value) }
  }

  /// A histogram.
  ///
  /// - Parameter samples: bounds in seconds; how many lay in each, at last above all; their sum in seconds.
  mutating func add(
    _ name: String, _ help: String,
    _ samples: [(labels: Labels, bounds: [Double], counts: [Int], sum: Double)]
  ) {
    head(name, "histogram", help)
    for (labels, bounds, counts, sum) in samples {
      var below = 0
      for (bound, count) in zip(bounds.map { "\($0)" } + ["+Inf"], counts) {
        below += count
        sample("\(name)_bucket", labels + [("le", bound)], Double(below))
      }
      sample("\(name)_sum", labels, sum)
      sample("\(name)_count", labels, Double(below))
    }
  }

  private mutating func head(_ name: String, _ type: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  private mutating func sample(_ name: String, _ labels: Labels, _ value: Double) {
    func escaped(_ text: String) -> String {
      text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        .replacing("\n", with: "\\n")
    }
    let told = labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
    let number = value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    text += "\(name)\(told.isEmpty ? "" : "{\(told)}") \(number)\n"
  }

  /// What the store tells: the daemon's state as it last told it, its links, handhelds and gaps.
  mutating func tell(_ queries: Queries, _ now: Instant) throws {
    if let beat = try queries.heartbeat(DaemonState.self) { tell(beat.state, now - beat.at) }
    let links = try queries.links()
    add(
      "patrold_links", "gauge", "gpsds by whether they can be reached.",
      [true, false].map { isReachable in
        (
          [("state", isReachable ? "reachable" : "unreachable")],
          Double(links.count { $0.isReachable == isReachable })
        )
      })
    let standings = try queries.standings().values.compactMap(\.first)
    add(
      "patrold_handhelds", "gauge", "Handhelds by how they stand.",
      Liveness.State.allCases.map { state in
        (
          [("state", state.rawValue)],
          Double(standings.count { $0 == .text(state.rawValue) })
        )
      })
    let open = try queries.openGaps()
    add(
      "patrold_gaps_open", "gauge", "Gaps that are open, by verdict.",
      [Verdict.missed, .unproven].map {
        ([("verdict", $0.rawValue)], Double(open[$0.rawValue] ?? 0))
      })
    tell(try queries.hookStandings())
    add(
      "patrold_store_observations_total", "counter", "Observations ever stored, over all starts.",
      Double(try queries.storedCount()))
    add(
      "patrold_store_size_bytes", "gauge", "The store's files.",
      ["", "-wal"].map { suffix in
        ([("file", suffix.isEmpty ? "store" : "log")], Self.size(queries.path + suffix))
      })
  }

  private mutating func tell(_ hooks: [HookStanding]) {
    guard !hooks.isEmpty else { return }
    add(
      "patrold_hook_deliveries_total", "counter",
      "Messages to webhooks by what became of them.",
      hooks.flatMap {
        [
          ([("hook", $0.hook.name), ("outcome", "delivered")], Double($0.hook.delivered)),
          ([("hook", $0.hook.name), ("outcome", "given_up")], Double($0.hook.givenUp)),
        ]
      })
    add(
      "patrold_hook_failures_total", "counter", "Attempts that failed.",
      hooks.map { ([("hook", $0.hook.name)], Double($0.hook.failed)) })
    add(
      "patrold_hook_waiting", "gauge", "Messages in the outbox.",
      hooks.map { ([("hook", $0.hook.name)], Double($0.waiting)) })
    add(
      "patrold_hook_failing", "gauge", "1 where the last attempt failed, or the receiver is gone.",
      hooks.map {
        ([("hook", $0.hook.name)], $0.hook.failing != nil || $0.hook.gone != nil ? 1 : 0)
      })
  }

  private mutating func tell(_ state: DaemonState, _ age: Milliseconds) {
    add(
      "patrold_heartbeat_age_seconds", "gauge", "Since the daemon last committed.",
      max(0, Double(age.value) / 1000))
    add(
      "patrold_start_time_seconds", "gauge", "When the daemon began, since 1970.",
      Double(state.started.milliseconds) / 1000)
    add(
      "patrold_store_refuses", "gauge", "1 where the store refuses what is to be stored.",
      state.storeTrouble == nil ? 0 : 1)
    add(
      "patrold_plan_broken", "gauge", "1 where the plan on disk is not the one in force.",
      state.planTrouble == nil ? 0 : 1)
    add(
      "patrold_observations_total", "counter",
      "Observations since the start, by what became of them.",
      [
        ([("outcome", "stored")], Double(state.stored)),
        ([("outcome", "off_duty")], Double(state.offDuty)),
        ([("outcome", "dropped")], Double(state.dropped)),
      ])
    add(
      "patrold_observations_held", "gauge", "Observations that wait to be stored.",
      Double(state.held))
    if let gates = state.gates {
      add(
        "patrold_fixes_total", "counter",
        "Observations since the start by the gate they failed; usable where none.",
        (["usable"] + Gate.allCases.map(\.rawValue)).map {
          ([("gate", $0)], Double(gates[$0] ?? 0))
        })
    }
    guard let delays = state.commitDelays else { return }
    add(
      "patrold_commit_delay_seconds", "From receipt to commit, backlogs apart.",
      [
        (
          [], DelayHistogram.bounds.map { Double($0) / 1000 }, delays.counts,
          Double(delays.sum ?? 0) / 1000
        )
      ])
  }

  /// 0 where there is no such file.
  private static func size(_ path: String) -> Double {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
  }
}
