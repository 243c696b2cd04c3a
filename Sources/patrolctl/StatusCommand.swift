import ArgumentParser
import Foundation
import Geodesy
import Store

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Tells the daemon's health by its last heartbeat in the store."
  )
  @OptionGroup var store: StoreOption

  /// A daemon beats every second; a busy disk may take some.
  private static let lateAfter = Milliseconds.seconds(15)

  /// The daemon may be another user's, which no signal may reach.
  private func isAlive(_ process: Int32) -> Bool {
    guard let name = FileManager.default.contents(atPath: "/proc/\(process)/comm") else {
      return false
    }
    return String(decoding: name, as: UTF8.self).hasPrefix("patrold")
  }

  func run() throws {
    let context = try StoreContext(store)
    guard let (at, clock, state) = try context.queries.heartbeat(DaemonState.self) else {
      throw Failure(text: "no daemon has ever written to this store", status: 1)
    }
    let zone = context.zone
    let age = SystemClock.now - at
    let isLate = age > Self.lateAfter
    switch state.phase {
    case .running where !isLate:
      try Output.line("running, process \(state.process), since \(zone(state.started))")
    case .running where isAlive(state.process):
      try Output.line(
        "in trouble: process \(state.process) runs, but has stored nothing for \(age.value / 1000) s (since \(zone(at))); its log says why"
      )
    case .running:
      try Output.line(
        "not running: the last sign of life was \(age.value / 1000) s ago, at \(zone(at)), from process \(state.process)"
      )
    case .stopped: try Output.line("stopped at \(zone(at)), everything stored")
    }
    try Output.line("clock        \(zone(clock))")
    try Output.line(
      "plan         \(state.plan)\(state.planTrouble == nil ? "" : " (on disk there is a broken one)")"
    )
    if let trouble = state.planTrouble {
      try Output.line(
        trouble.split(separator: "\n").map { "             \($0)" }.joined(separator: "\n"))
    }
    try Output.line(
      "observations \(state.stored) stored, \(state.offDuty) off duty, \(state.held) held back, \(state.dropped) dropped"
    )
    if let delays = state.commitDelays, let usual = delays.bound(of: 0.5),
      let most = delays.bound(of: 0.99)
    {
      try Output.line(
        "stored       half within \(usual.value) ms of receipt, 99 % within \(most.value) ms, all within \(delays.longest) ms"
      )
    }
    try Output.line("gaps         \(state.openGaps) open")
    for standing in try context.queries.hookStandings() {
      try Output.line(
        "hook         \(standing.hook.name): \(HookCommand.text(standing, zone, now: SystemClock.now))"
      )
    }
    for link in try context.queries.links() {
      let since = link.since.map { " since \(zone($0))" } ?? ""
      try Output.line(
        "gpsd         \(link.endpoint): \(link.isReachable ? "connected" : "not reachable")\(since), \(link.detail); \(link.fixes) fixes, \(link.withoutFix) without, \(link.malformed) malformed (\(link.handhelds.joined(separator: ", ")))"
      )
      if link.unassigned > 0 {
        try Output.line(
          "             \(link.unassigned) reports of no handheld of the plan, from \(link.unassignedDevices.joined(separator: ", "))"
        )
      }
    }
    if isLate || state.phase == .stopped || state.held > 0 { throw ExitCode(1) }
  }
}
