import Foundation
import Geodesy
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Patrol
import Store
import Testing

@Suite struct `Changes of tonight from the screen` {
  /// Puts a change to a server, as one of a squadron or of the brigade.
  private static func order(_ asking: Asking, _ told: [String: String], _ path: String = "")
    async throws -> (status: Int, detail: String)
  {
    let body = try JSONEncoder().encode(told.merging(["by": "Li Wen"]) { a, _ in a })
    let answer = try await asking.client.execute(
      uri: "/api/changes\(path)", method: .post, headers: [.contentType: "application/json"],
      body: ByteBuffer(bytes: body))
    return (answer.status.code, String(buffer: answer.body))
  }

  private static func status(_ asking: Asking, _ told: [String: String], _ path: String = "")
    async throws -> Int
  {
    try await order(asking, told, path).status
  }

  private static func kinds(_ asking: Asking) async throws -> [String] {
    try await changes(asking).compactMap { $0["kind"] as? String }
  }

  private static func changes(_ asking: Asking) async throws -> [[String: Any]] {
    try await asking.json("/api/changes").object["changes"] as? [[String: Any]] ?? []
  }

  @Test func `are ordered, seen by whom they concern, and withdrawn`() async throws {
    let scene = try Scene(minutes: 60)
    let swap = ["kind": "swap", "handheld": "b", "instead_of": "a", "from": "22:10"]
    let late = [
      "kind": "post", "duty": "fair", "group": "s1", "places": "gate", "from": "22:20",
      "to": "22:50", "every": "15m", "stay": "2m", "reason": "a fair",
    ]
    try await scene.ask { asking in
      #expect(try await Self.status(asking, swap) == 200)
      #expect(try await Self.status(asking, late) == 200)
      let all = try await Self.changes(asking)
      #expect(all.map { $0["kind"] as? String } == ["swap", "post"])
      #expect(all[0]["began_at"] as? String == "2026-11-20T22:10:00+08:00")
      #expect(all[1]["reason"] as? String == "a fair")
      #expect(all[1]["every_s"] as? Int == 900)
      // The duty is one like others, and can be lent to.
      let lend = ["kind": "lend", "handheld": "a", "duty": "fair", "member": "Bo"]
      #expect(try await Self.status(asking, lend) == 200)
      let now = try await asking.json("/api/now")
      #expect((now.object["changes"] as? [[String: Any]])?.count == 3)
      #expect((now.object["duties"] as? [String])?.contains("fair") == true)
    }
    try await scene.ask(as: "south") { asking in
      let kinds = try await Self.kinds(asking)
      #expect(kinds == ["swap", "post", "lend"])
      #expect(try await Self.status(asking, [:], "/1/withdraw") == 403)
      let own = ["kind": "note", "note": "keys at the desk", "squadron": "south"]
      #expect(try await Self.status(asking, own) == 200)
    }
    try await scene.ask(as: "north") { asking in
      // Its own handheld is lent and stood in for; what the south alone has, and its notes, it does not see.
      let kinds = try await Self.kinds(asking)
      #expect(kinds == ["swap", "lend"])
      #expect(try await Self.status(asking, [:], "/4/withdraw") == 404)
    }
    try await scene.ask { asking in
      #expect(try await Self.status(asking, [:], "/1/withdraw") == 204)
      #expect(try await Self.status(asking, [:], "/1/withdraw") == 409)
      let all = try await Self.changes(asking)
      #expect(all[0]["withdrawn_by"] as? String == "Li Wen")
    }
  }

  @Test(arguments: [
    (["kind": "swop"], 400, "expected one of swap, lend, post"),
    (["kind": "swap", "handheld": "b"], 400, "instead_of: missing"),
    (
      ["kind": "swap", "handheld": "b", "instead_of": "a", "duty": "banks"], 400, "duty: not known"
    ),
    (["kind": "swap", "handheld": "z", "instead_of": "a"], 409, "handheld z is not among"),
    (
      ["kind": "swap", "handheld": "b", "instead_of": "a", "from": "9 pm"], 400,
      "a time of day such"
    ),
    (["kind": "lend", "handheld": "b", "duty": "bank"], 409, "duty bank is not among"),
    (["kind": "move", "duty": "banks", "to": "23:30"], 409, "no shift covers"),
    (["kind": "move", "duty": "banks", "to": "22:30"], 409, "was over at"),
    (["kind": "call-off", "duty": "banks"], 409, "has been owed since"),
    (["kind": "call-off", "duty": "banks", "day": "2026-11-19"], 409, "is over"),
    (["kind": "note", "note": "x", "squadron": "east"], 409, "no squadron east"),
    (
      [
        "kind": "post", "duty": "fair", "group": "n1", "places": "bank,mill", "from": "22:20",
        "to": "22:50", "every": "15m",
      ], 409, "place mill"
    ),
    (
      [
        "kind": "post", "duty": "fair", "group": "n1", "places": "bank", "from": "21:00",
        "to": "22:50", "every": "15m",
      ], 409, "is past"
    ),
    (
      [
        "kind": "post", "duty": "fair", "group": "n1", "places": "bank", "from": "22:20",
        "to": "22:50", "every": "soon",
      ], 400, "a duration such as"
    ),
  ])
  func `are refused with what was expected`(
    _ told: [String: String], _ status: Int, _ words: String
  ) async throws {
    let scene = try Scene.evening()
    try await scene.ask { asking in
      let answer = try await Self.order(asking, told)
      #expect(answer.status == status)
      #expect(answer.detail.contains(words), "\(answer.detail)")
    }
  }

  @Test func `are a squadron's own business, or the brigade's`() async throws {
    let scene = try Scene.evening()
    try await scene.ask(as: "north") { asking in
      for told in [
        ["kind": "swap", "handheld": "b", "instead_of": "a"],
        ["kind": "lend", "handheld": "b", "duty": "banks", "from": "20:00", "to": "21:00"],
        ["kind": "note", "note": "to all"],
      ] {
        let status = try await Self.status(asking, told)
        #expect(status == 403, "\(told)")
      }
    }
  }
}
