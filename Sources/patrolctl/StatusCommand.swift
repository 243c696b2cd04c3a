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
      print("running, process \(state.process), since \(zone(state.started))")
    case .running:
      print(
        "not running: the last sign of life was \(age.value / 1000) s ago, at \(zone(at)), from process \(state.process)"
      )
    case .stopped: print("stopped at \(zone(at)), everything stored")
    }
    print("clock        \(zone(clock))")
    print(
      "plan         \(state.plan)\(state.planTrouble == nil ? "" : " (on disk there is a broken one)")"
    )
    if let trouble = state.planTrouble {
      print(trouble.split(separator: "\n").map { "             \($0)" }.joined(separator: "\n"))
    }
    print(
      "observations \(state.stored) stored, \(state.offDuty) off duty, \(state.held) held back, \(state.dropped) dropped"
    )
    print("gaps         \(state.openGaps) open")
    for link in state.links {
      let since = link.since.map { " since \(zone($0))" } ?? ""
      print(
        "gpsd         \(link.endpoint): \(link.isReachable ? "connected" : "not reachable")\(since), \(link.detail); \(link.fixes) fixes, \(link.withoutFix) without, \(link.malformed) malformed (\(link.handhelds.joined(separator: ", ")))"
      )
    }
    if isLate || state.phase == .stopped || state.held > 0 { throw ExitCode(1) }
  }
}
