import Coverage
import Foundation
import Geodesy
import Patrol
import Store
import Testing

@testable import Web

/// In the scene nobody goes to the park, which is the south's: a gap opens there at minute 45, and closes at 120.
@Suite(.timeLimit(.minutes(10))) struct `Webhooks` {
  private func scene() throws -> (Scene, Switchboard) {
    let scene = try Scene(minutes: 40)
    return (scene, Switchboard(scene.path, at: 40))
  }

  @Test func `tell what happens from then on, each once and in order`() async throws {
    let (scene, board) = try scene()
    try board.add("a")
    try await board.run { desk in
      await board.look(desk, at: 41)
      #expect(board.told() == [])
      try scene.live(from: 40, to: 50)
      await board.look(desk, at: 50)
      await board.look(desk, at: 50)
      #expect(board.told() == ["a:gap.opened"])
      try scene.live(from: 50, to: 125)
      await board.look(desk, at: 125)
      #expect(board.told() == ["a:gap.opened", "a:gap.closed"])
    }
    // Nor by the next daemon.
    try await board.run { await board.look($0, at: 126) }
    #expect(board.told().count == 2)
    let standing = try board.standing("a")
    #expect(standing.hook.delivered == 2 && standing.waiting == 0 && standing.hook.failed == 0)
  }

  @Test func `say where and when, and never where anybody is`() async throws {
    let (scene, board) = try scene()
    try board.add("a")
    try scene.live(from: 40, to: 50)
    try await board.run { await board.look($0, at: 50) }
    let sent = try #require(board.sent.first)
    let all = try #require(
      try JSONSerialization.jsonObject(with: Data(sent.body.utf8)) as? [String: Any])
    #expect(Set(all.keys) == ["id", "type", "timestamp", "data"])
    #expect(all["id"] as? String == sent.id && all["type"] as? String == "gap.opened")
    let data = try #require(all["data"] as? [String: Any])
    let texts = data.compactMapValues { $0 as? String }
    #expect(
      Set(data.keys) == [
        "revision", "n", "gap", "verdict", "cause", "open", "began_at", "ended_at", "flagged_at",
        "handhelds", "brigade", "place", "place_name", "duty", "group", "group_name", "squadron",
        "squadron_name", "window_began_at",
      ])
    #expect(
      texts.filter {
        ["place", "place_name", "duty", "group", "squadron", "brigade"].contains($0.key)
      }
        == [
          "place": "park", "place_name": "Park", "duty": "parks", "group": "s1",
          "squadron": "south", "brigade": "<b>Brigade</b>",
        ])
    #expect(
      texts["window_began_at"] == "2026-11-20T12:00:00Z"
        && texts["began_at"] == "2026-11-20T12:00:00Z")
    #expect(texts["verdict"] == "missed" && texts["cause"] == "away" && data["ended_at"] is NSNull)
    #expect(data["handhelds"] as? [String] == ["b"])
  }

  @Test func `go to whose squadron it is`() async throws {
    let (scene, board) = try scene()
    try board.add("north", squadron: "north")
    try board.add("south", squadron: "south")
    try scene.live(from: 40, to: 50)
    try await board.run { await board.look($0, at: 50) }
    #expect(board.told() == ["south:gap.opened"])
  }

  @Test func `go out again under the same id where a daemon ended meanwhile`() async throws {
    let (scene, board) = try scene()
    try board.add("a")
    try scene.live(from: 40, to: 50)
    board.hang("a")
    try await board.run { desk in
      board.set(50)
      await desk.look()
      while board.sent.isEmpty { await Task.yield() }
    }
    #expect(try board.standing("a").waiting == 1)
    board.mend("a")
    try await board.run { await board.look($0, at: 51) }
    #expect(board.told() == ["a:gap.opened", "a:gap.opened"])
    #expect(Set(board.sent.map(\.id)).count == 1)
    #expect(try board.standing("a").waiting == 0)
  }

  @Test func `are queued once, though a daemon ends before it knows`() throws {
    let (scene, board) = try scene()
    let hook = try board.add("a")
    let message = HookMessage(
      hook: hook, id: "msg_1", kind: .opened, subject: "G", body: "{}")
    let store = try Store(at: scene.path, for: .amend)
    for _ in 0..<2 {
      try store.write { try $0.queue([message], cursors: [hook: 7], at: Scene.minute(50)) }
    }
    #expect(try board.standing("a").waiting == 1)
    #expect(try board.standing("a").hook.cursor >= 7)
    // All of it, or nothing.
    struct Crash: Error {}
    let cursor = try board.standing("a").hook.cursor
    #expect(throws: StoreError.self) {
      try store.write {
        var other = message
        other.id = "msg_2"
        try $0.queue([other], cursors: [hook: cursor + 1], at: Scene.minute(50))
        throw Crash()
      }
    }
    #expect(try board.standing("a").waiting == 1)
    #expect(try board.standing("a").hook.cursor == cursor)
  }

  @Test func `are tried again after a while, and hold back what follows of that gap`() async throws
  {
    let (scene, board) = try scene()
    try board.add("a")
    board.answer("a", .status(500), .silence("connect timeout"), .status(204))
    try scene.live(from: 40, to: 50)
    try await board.run { desk in
      await board.look(desk, at: 50)
      #expect(try board.standing("a").hook.failure == "status 500")
      try scene.live(from: 50, to: 125)
      // 5 s after the first failure, 10 s after the second.
      for seconds in [0.0, 4, 5, 6, 14, 15, 16] { await board.look(desk, at: 50 + seconds / 60) }
    }
    #expect(board.told() == ["a:gap.opened", "a:gap.opened", "a:gap.opened", "a:gap.closed"])
    let seconds = board.sent.map { (($0.minute - 50) * 60).rounded() }
    #expect(seconds == [0, 5, 15, 15])
    #expect(Set(board.sent.prefix(3).map(\.id)).count == 1)
    let hook = try board.standing("a").hook
    #expect(hook.failing == nil && hook.failed == 2 && hook.delivered == 2)
  }

  @Test func `are given up after a day, and it shows`() async throws {
    let (scene, board) = try scene()
    try board.add("a")
    board.answer("a", .status(503))
    try scene.live(from: 40, to: 50)
    try await board.run { desk in
      await board.look(desk, at: 50)
      await board.look(desk, at: 50 + 24 * 60 - 20)
      let waiting = try board.standing("a").waiting
      #expect(waiting == 1)
      await board.look(desk, at: 50 + 24 * 60 - 0.1)
    }
    let standing = try board.standing("a")
    #expect(standing.waiting == 0 && standing.hook.givenUp == 1 && standing.hook.failed == 3)
    #expect(standing.hook.failing != nil && standing.hook.failure == "status 503")
    let log = try Queries(Store(at: scene.path, for: .read)).hookLog("a", limit: 10)
    let row = try #require(log.rows.first)
    #expect(log.rows.count == 1 && row.contains(.text("given_up")) && row.contains(.integer(503)))
  }

  @Test func `end with 410, for that address alone`() async throws {
    let (scene, board) = try scene()
    try board.add("a")
    try board.add("b")
    board.answer("a", .status(410))
    try scene.live(from: 40, to: 50)
    try await board.run { desk in
      await board.look(desk, at: 50)
      try scene.live(from: 50, to: 125)
      await board.look(desk, at: 125)
    }
    #expect(board.told(of: "a") == ["a:gap.opened"])
    #expect(board.told(of: "b") == ["b:gap.opened", "b:gap.closed"])
    let gone = try board.standing("a")
    #expect(gone.hook.gone == Scene.minute(50) && gone.waiting == 0 && gone.hook.givenUp == 2)
  }

  @Test func `are not held up by an address that hangs`() async throws {
    let (scene, board) = try scene()
    try board.add("slow")
    try board.add("quick")
    board.hang("slow")
    try scene.live(from: 40, to: 50)
    try await board.run { desk in
      board.set(50)
      await desk.look()
      while try board.standing("quick").hook.delivered < 1 { await Task.yield() }
      try scene.live(from: 50, to: 125)
      board.set(125)
      await desk.look()
      while try board.standing("quick").hook.delivered < 2 { await Task.yield() }
    }
    #expect(board.told(of: "slow") == ["slow:gap.opened"])
    #expect(try board.standing("slow").waiting == 2)
  }

  @Test func `come one by one to an address that fails`() async throws {
    let (scene, board) = try scene()
    let hook = try board.add("a")
    let messages = (0..<10).map {
      HookMessage(hook: hook, id: "msg_\($0)", kind: .opened, subject: "\($0)", body: "{}")
    }
    let store = try Store(at: scene.path, for: .amend)
    try store.write { try $0.queue(messages, cursors: [:], at: Scene.minute(50)) }
    board.answer("a", .silence("connection refused"))
    try await board.run { desk in
      await board.look(desk, at: 50)
      #expect(board.sent.count == 4)
      for _ in 0..<3 { await board.look(desk, at: 50 + 1.0 / 60) }
      // What was not tried yet comes first.
      #expect(board.sent.map(\.id) == (0..<5).map { "msg_\($0)" })
      board.answer("a", .status(200))
      await board.look(desk, at: 50 + 2.0 / 60)
      #expect(board.sent.count == 10)
    }
  }

  @Test(arguments: [false, true])
  func `go to the next address unless somebody acknowledges`(_ isSeen: Bool) async throws {
    let (scene, board) = try scene()
    let first = try board.add("first")
    let second = try board.add("second", of: first, after: 5)
    try board.add("third", of: second, after: 3)
    // Whether the first one takes it is not the question.
    board.answer("first", .status(500))
    try scene.live(from: 40, to: 50)
    try await board.run { desk in
      await board.look(desk, at: 50)
      await board.look(desk, at: 54.9)
      #expect(board.told(of: "second") == [])
      if isSeen {
        let store = try Store(at: scene.path, for: .amend)
        let gap = try #require(try Queries(store).gaps(Filter()).first { $0.gap.isOpen }).gap
        #expect(gap.owed.place == "park")
        try store.write {
          try $0.acknowledge(gap.id, by: "Li", note: "on my way", at: Scene.minute(54.9))
        }
      }
      for minute in [55.1, 56, 58, 58.2, 60] { await board.look(desk, at: minute) }
      try scene.live(from: 50, to: 125)
      await board.look(desk, at: 125)
    }
    let told = ["gap.unacknowledged", "gap.closed"]
    for name in ["second", "third"] {
      #expect(board.told(of: name) == (isSeen ? [] : told.map { "\(name):\($0)" }))
    }
    guard !isSeen else { return }
    let sent = board.sent.filter { $0.kind == "gap.unacknowledged" }
    #expect(sent.map(\.minute) == [55.1, 58.2])
    #expect(sent[0].body.contains(#""told": "first""#) && sent[0].body.contains(#""after_s": 300"#))
  }

  @Test func `are refused where nothing would come of them`() throws {
    let (scene, board) = try scene()
    let id = try board.add("a", events: [.closed])
    #expect(throws: StoreError.hook(.exists("a"))) { try board.add("a") }
    #expect(throws: StoreError.hook(.tellsNothing("a"))) { try board.add("b", of: id) }
    let first = try board.add("first")
    try board.add("second", of: first)
    let store = try Store(at: scene.path, for: .amend)
    func remove(_ name: String) throws {
      try store.write { try $0.removeHook(name, by: "test", at: Scene.minute(41)) }
    }
    #expect(throws: StoreError.hook(.isFollowed("first", by: "second"))) { try remove("first") }
    #expect(throws: StoreError.hook(.noHook("z"))) { try remove("z") }
    try remove("second")
    try remove("first")
    #expect(try Queries(store).hooks().map(\.name) == ["a"])
  }

  @Test func `wait in an outbox that does not grow for ever`() throws {
    let (scene, board) = try scene()
    let hook = try board.add("a")
    let maximum = Transaction.hookOutboxMaximum
    let messages = (0..<maximum + 3).map {
      HookMessage(hook: hook, id: "msg_\($0)", kind: .opened, subject: "\($0)", body: "{}")
    }
    let store = try Store(at: scene.path, for: .amend)
    try store.write { try $0.queue(messages, cursors: [:], at: Scene.minute(50)) }
    let standing = try board.standing("a")
    #expect(standing.waiting == maximum && standing.hook.givenUp == 3)
    let due = try Queries(store).dueDeliveries(
      of: standing.hook, at: Scene.minute(50), but: [], limit: 1)
    #expect(due.map(\.message.id) == ["msg_3"])
  }
}

@Suite struct `Patience with an address` {
  @Test(arguments: [
    (1, 5), (2, 10), (3, 20), (4, 40), (7, 320), (8, 640), (9, 900), (10, 900), (1000, 900),
  ])
  func `doubles up to a quarter of an hour`(_ failures: Int, _ seconds: Int) {
    let usual = Milliseconds.seconds(seconds)
    #expect(HookPatience.wait(after: failures, random: 0.5) == usual)
    #expect(HookPatience.wait(after: failures, random: 0) == usual * 4 / 5)
    #expect(HookPatience.wait(after: failures, random: 1) == usual * 6 / 5)
  }

  @Test(arguments: [
    (200, "delivered"), (204, "delivered"), (299, "delivered"), (199, "again"), (301, "again"),
    (302, "again"), (400, "again"), (404, "again"), (410, "gone"), (429, "again"), (500, "again"),
  ])
  func `depends on what it answers`(_ status: Int, _ then: String) {
    let delivery = HookDelivery(
      number: 1,
      message: HookMessage(hook: 1, id: "m", kind: .opened, subject: "g", body: "{}"),
      queued: Scene.start, state: .waiting, attempts: 0)
    let outcome = HookPatience.outcome(
      .status(status), of: delivery, at: Scene.start, random: 0.5)
    switch outcome {
    case .delivered(let told): #expect(then == "delivered" && told == status)
    case .gone: #expect(then == "gone")
    case .failed(let told, _, let next):
      #expect(then == "again" && told == status && next == Scene.start + .seconds(5))
    }
  }
}
