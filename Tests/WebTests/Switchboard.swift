import Foundation
import Geodesy
import Logging
import NIOCore
import NIOPosix
import Patrol
import Rights
import Store
import Synchronization
import Testing

@testable import Web

/// Receivers of a scene's webhooks that answer as they are told, and a clock that stands until it is set.
final class Switchboard: Sendable {
  struct Sent: Sendable, Equatable {
    var hook: String
    var kind: String
    var id: String
    var minute: Double
    var body: String
  }

  private struct State {
    var now: Instant
    var sent: [Sent] = []
    /// By hook; the last one holds on.
    var answers: [String: [HookAnswer]] = [:]
    var hanging: Set<String> = []
  }

  let path: String
  private let state: Mutex<State>

  init(_ path: String, at minute: Double) {
    self.path = path
    state = Mutex(State(now: Scene.minute(minute)))
  }

  var sent: [Sent] { state.withLock { $0.sent } }

  /// As `hook:kind`, in order.
  func told(of hook: String? = nil) -> [String] {
    sent.filter { hook == nil || $0.hook == hook }.map { "\($0.hook):\($0.kind)" }
  }

  func set(_ minute: Double) { state.withLock { $0.now = Scene.minute(minute) } }
  func answer(_ hook: String, _ answers: HookAnswer...) {
    state.withLock { $0.answers[hook] = answers }
  }
  /// It takes what it is sent, and says nothing, ever.
  func hang(_ hook: String) { _ = state.withLock { $0.hanging.insert(hook) } }
  func mend(_ hook: String) { _ = state.withLock { $0.hanging.remove(hook) } }

  @discardableResult func add(
    _ name: String, events: Set<HookEvent> = [.opened, .revised, .closed],
    squadron: Squadron.ID? = nil, lead: Int = 10, of other: Int64? = nil, after: Int = 5
  ) throws -> Int64 {
    let now = state.withLock { $0.now }
    let hook = Hook(
      name: name, url: "http://localhost/\(name)", secret: HookSecret(), events: events,
      squadron: squadron, lead: .minutes(lead),
      escalation: other.map { Hook.Escalation(of: $0, after: .minutes(after)) }, madeBy: "test",
      made: now)
    return try Store(at: path, for: .amend).write { try $0.add(hook) }
  }

  func standing(_ name: String) throws -> HookStanding {
    let all = try Queries(Store(at: path, for: .read)).hookStandings()
    return try #require(all.first { $0.hook.name == name })
  }

  private func send(_ message: HookMessage, _ hook: Hook, _ now: Instant) async -> HookAnswer {
    let isHanging = state.withLock { state in
      state.sent.append(
        Sent(
          hook: hook.name, kind: message.kind.rawValue, id: message.id,
          minute: (now - Scene.start).seconds / 60, body: message.body))
      return state.hanging.contains(hook.name)
    }
    if isHanging {
      try? await Task.sleep(for: .seconds(3600))
      return .silence("cancelled")
    }
    return state.withLock { state in
      guard let answers = state.answers[hook.name], let first = answers.first else {
        return .status(204)
      }
      if answers.count > 1 { state.answers[hook.name]?.removeFirst() }
      return first
    }
  }

  /// A daemon's time: a desk of its own, stopped in the end whatever is on its way.
  func run(_ body: (HookDesk) async throws -> Void) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let files = group.next()
    let desk = HookDesk(
      HookDesk.Tools(
        reader: Reader(path: path, on: files), registry: Registry(path: path, on: files),
        shelf: PlanShelf(load: { _ in Scene.plan }),
        now: { self.state.withLock { $0.now } }, clock: { self.state.withLock { $0.now } },
        send: { await self.send($0, $1, $2) }, random: { 0.5 },
        log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }), on: group.next())
    do {
      try await body(desk)
      await desk.stop()
    } catch {
      await desk.stop()
      throw error
    }
    try await group.shutdownGracefully()
  }

  /// Looks once, and lets what goes out come to an end.
  func look(_ desk: HookDesk, at minute: Double) async {
    set(minute)
    await desk.look()
    await desk.settle()
  }
}
