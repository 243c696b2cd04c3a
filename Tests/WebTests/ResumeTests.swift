import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Patrol
import Store
import Testing

@testable import Web

/// Whoever comes back says what they had last. They may say anything.
@Suite(.timeLimit(.minutes(10))) struct `A Last-Event-ID` {
  typealias Event = Events.Event
  private static let types = "?types=gap,gap-revised,stay,pass"

  /// All that is stored, as the brigade sees it.
  private static func all(_ scene: Scene, upTo end: Int64) async throws -> [Event] {
    try await `A listening server`.listening(scene) { port, _ in
      try await Events.events(port, types, after: 0) { $0.last?.id == end }
    }
  }

  private static func isOfSouth(_ event: Event) throws -> Bool {
    let data = try #require(
      try JSONSerialization.jsonObject(with: Data(event.data.utf8)) as? [String: Any])
    let name = data["handheld"] as? String ?? data["duty"] as? String ?? "?"
    return ["b", "gates", "parks"].contains(name)
  }

  /// What the south gets that says so; more happens as soon as it sits.
  private static func resumed(_ scene: Scene, _ said: Int64, from: Double)
    async throws -> [Event]
  {
    let end = try Events.last(scene)
    return try await `A listening server`.listening(scene, as: "south") { port, server in
      async let found = Events.events(port, types, after: said) { $0.last?.id ?? 0 > end }
      try await Events.wait { await server.routes.hub.count > 0 }
      try scene.live(from: from, to: 124)
      server.poke()
      return try await found
    }
  }

  @Test func `of another squadron's event gives one's own after it, and nobody else's`()
    async throws
  {
    let scene = try Scene(minutes: 90)
    let end = try Events.last(scene)
    let all = try await Self.all(scene, upTo: end)
    let (own, others) = (try all.filter(Self.isOfSouth), try all.filter { try !Self.isOfSouth($0) })
    let last = try #require(own.last?.id)
    let forged = try #require(others.last { $0.id ?? 0 < last }?.id)
    let expected = own.filter { $0.id ?? 0 > forged }
    try #require(!expected.isEmpty)
    let found = try await Self.resumed(scene, forged, from: 90)
    #expect(found.filter { $0.id ?? 0 <= end } == expected)
    #expect(try found.allSatisfy(Self.isOfSouth))
  }

  @Test(arguments: [1, 1_000_000_000, Int64.max])
  func `that is not given out yet is reset, and goes on with one's own`(_ beyond: Int64)
    async throws
  {
    let scene = try Scene(minutes: 90)
    let end = try Events.last(scene)
    let said = beyond == .max ? beyond : end + beyond
    let found = try await Self.resumed(scene, said, from: 90)
    #expect(found.first?.type == "reset" && found.first?.id == end)
    #expect(found.first?.data == "{\"first\": 1}")
    #expect(found.count > 1)
    #expect(try found.dropFirst().allSatisfy(Self.isOfSouth))
  }

  @Test(arguments: [
    "-1", "rubbish", "9223372036854775808", "1 OR 1=1", "1.5", "0x10", "１", "1, 2",
  ])
  func `that is none is told as a problem`(_ said: String) async throws {
    let scene = try Scene.firstMinute()
    try await scene.ask(as: "south") { asking in
      let response = try await asking.get("/events", [.init("Last-Event-ID")!: said])
      try `What cannot be answered`.check(response, 400)
      #expect(String(buffer: response.body).contains("expected the id of an event"))
    }
  }
}
