import Coverage
import Geodesy
import Patrol
import Store
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(10))) struct `A receiver of webhooks` {
  @Test func `that asks for a rest is told nothing meanwhile, others are`() async throws {
    let scene = try Scene(minutes: 40)
    let board = Switchboard(scene.path, at: 40)
    try board.add("busy")
    try board.add("idle")
    board.answer("busy", .status(503, rest: .minutes(10)), .status(204), .status(204))
    try scene.live(from: 40, to: 50)
    try await board.run { desk in
      await board.look(desk, at: 50)
      try scene.live(from: 50, to: 125)
      await board.look(desk, at: 59.9)
      #expect(board.told(of: "busy") == ["busy:gap.opened"])
      #expect(board.told(of: "idle") == ["idle:gap.opened", "idle:gap.closed"])
      await board.look(desk, at: 60)
      await board.look(desk, at: 60.1)
    }
    #expect(board.told(of: "busy").count == 3)
    let hook = try board.standing("busy").hook
    #expect(hook.delivered == 2 && hook.failed == 1 && hook.failing == nil)
  }

  @Test func `that was gone can be told again, of what happens from then on`() async throws {
    let scene = try Scene(minutes: 40)
    let board = Switchboard(scene.path, at: 40)
    try board.add("a")
    let store = try Store(at: scene.path, for: .amend)
    #expect(throws: StoreError.hook(.isEnabled("a"))) {
      try store.write { try $0.enableHook("a", by: "li", at: Scene.minute(40)) }
    }
    board.answer("a", .status(410), .status(204))
    try scene.live(from: 40, to: 50)
    try await board.run { await board.look($0, at: 50) }
    try store.write { try $0.enableHook("a", by: "li", at: Scene.minute(60)) }
    try await board.run { desk in
      await board.look(desk, at: 60)
      try scene.live(from: 50, to: 125)
      await board.look(desk, at: 125)
    }
    #expect(board.told(of: "a") == ["a:gap.opened", "a:gap.closed"])
    let hook = try board.standing("a").hook
    #expect(hook.gone == nil && hook.failing == nil && hook.delivered == 1 && hook.givenUp == 1)
  }

  @Test(arguments: [
    ("120", 120), ("0", 0), ("99999999999999999999", 3600), ("7200", 3600),
    ("Fri, 20 Nov 2026 12:40:00 GMT", nil), ("soon", nil), ("", nil), ("-5", nil), ("1.5", nil),
  ])
  func `rests as long as it is asked to, an hour at most`(_ text: String, _ seconds: Int?) {
    let rest = HookPatience.rest(retryAfter: text, at: Scene.start)
    let asked = rest.flatMap { HookPatience.rest(.status(503, rest: $0)) }
    if text.hasSuffix("GMT") {
      let until = Instant(rfc3339: "2026-11-20T12:40:00Z")!
      #expect(rest == until - Scene.start)
    } else {
      #expect(asked == seconds.map { .seconds($0) })
    }
    #expect(HookPatience.rest(.status(200, rest: rest)) == nil)
  }
}
