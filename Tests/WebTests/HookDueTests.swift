import Coverage
import Foundation
import Geodesy
import Patrol
import Store
import Testing

@testable import Web

/// Each guard point is due every 45 minutes from minute 0 on.
@Suite(.timeLimit(.minutes(10))) struct `What falls due soon` {
  /// Nobody is heard.
  private func silence(to minute: Double) throws -> (folder: Folder, board: Switchboard) {
    let folder = try Folder()
    let store = try Store(at: folder.path, for: .write)
    var pipeline = try Pipeline(
      store: store, version: Pipeline.Version(plan: Scene.plan, digest: "d", bundle: "d"),
      scope: .live, at: Scene.minute(-10), program: "test", load: { _ in Scene.plan })
    _ = try pipeline.take([], until: Scene.minute(minute))
    return (folder, Switchboard(folder.path, at: minute))
  }

  private final class Folder {
    let name = NSTemporaryDirectory() + "patrol-hooks-" + UUID().uuidString
    var path: String { name + "/s.sqlite" }
    init() throws {
      try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: name) }
  }

  @Test func `is told once, to those who ask for it`() async throws {
    let (folder, board) = try silence(to: 30)
    defer { _ = folder }
    try board.add("all", events: [.dueSoon])
    try board.add("north", events: [.dueSoon], squadron: "north", lead: 5)
    try board.add("gaps")
    try await board.run { desk in
      for minute in stride(from: 30.0, to: 45, by: 0.5) { await board.look(desk, at: minute) }
    }
    // By a daemon that begins anew, too.
    try await board.run { await board.look($0, at: 44.9) }
    #expect(board.told(of: "gaps") == [])
    let all = board.sent.filter { $0.hook == "all" }
    #expect(all.map(\.kind) == ["place.due_soon", "place.due_soon"])
    #expect(all.map(\.minute) == [35, 35])
    #expect(Set(all.map { $0.body.contains(#""place": "bank""#) }) == [true, false])
    let north = board.sent.filter { $0.hook == "north" }
    #expect(north.map(\.minute) == [40])
    let body = try #require(north.first).body
    #expect(
      body.contains(#""due_at": "2026-11-20T12:45:00Z""#) && body.contains(#""attended_at": null"#))
  }

  @Test func `is not told while it is attended`() async throws {
    // One comes to the bank every 27 minutes, the other stands at the gate.
    let scene = try Scene(minutes: 40)
    let board = Switchboard(scene.path, at: 40)
    try board.add("a", events: [.dueSoon])
    try await board.run { desk in
      for minute in stride(from: 40.0, through: 110, by: 5) {
        if minute > 40 { try scene.live(from: minute - 5, to: minute) }
        await board.look(desk, at: minute)
      }
    }
    #expect(board.told() == [])
  }
}
