import Foundation
import Geodesy
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Patrol
import Store
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(10))) struct `Events` {
  struct Event: Hashable {
    var id: Int64?
    var type: String
    var data: String
  }

  /// What comes of a stream until it is enough, or the stream ends.
  static func events(
    _ port: Int, _ query: String = "", after last: Int64? = nil,
    until isEnough: @escaping @Sendable ([Event]) -> Bool
  ) async throws -> [Event] {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    let resume = last.map { "Last-Event-ID: \($0)\r\n" } ?? ""
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(
        ByteBuffer(string: "GET /events\(query) HTTP/1.1\r\nHost: localhost\r\n\(resume)\r\n"))
      var text = ""
      for try await part in inbound {
        text += String(buffer: part)
        let events = Self.parsed(text)
        if isEnough(events) { return events }
      }
      return Self.parsed(text)
    }
  }

  /// Chunks are put together: no frame of these tests holds a line that looks like a chunk's size.
  static func parsed(_ text: String) -> [Event] {
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(of: "") else { return [] }
    let body = lines[(start + 1)...].filter { $0.firstMatch(of: #/^[0-9a-f]{1,6}$/#) == nil }
      .joined()
    return body.components(separatedBy: "\n\n").dropLast().compactMap { frame in
      var event = Event(id: nil, type: "", data: "")
      for line in frame.split(separator: "\n") {
        if line.hasPrefix("event: ") { event.type = String(line.dropFirst(7)) }
        if line.hasPrefix("id: ") { event.id = Int64(line.dropFirst(4)) }
        if line.hasPrefix("data: ") { event.data = String(line.dropFirst(6)) }
      }
      return event.type.isEmpty ? nil : event
    }
  }

  /// Until something holds; a test's time limit ends what never does.
  static func wait(_ condition: () async -> Bool) async throws {
    while await !condition() { try await Task.sleep(for: .milliseconds(20)) }
  }

  static func last(_ scene: Scene) throws -> Int64 {
    try Queries(try Store(at: scene.path, for: .read)).happeningNumbers().last
  }

  @Test func `come in the order of commits, and on from the last one after a restart`() async throws
  {
    let scene = try Scene(minutes: 60)
    let half = try Self.last(scene)
    let all = try await `A listening server`.listening(scene) { port, _ in
      try await Self.events(port, "?types=gap,gap-revised,stay,pass", after: 0) { events in
        events.last?.id == half
      }
    }
    #expect(Set(all.map(\.type)) == ["gap", "stay", "pass"])
    let ids = all.compactMap(\.id)
    #expect(ids.count == all.count && ids == ids.sorted() && Set(ids).count == ids.count)
    // Another daemon goes on, behind another server.
    try scene.live(from: 60, to: 100)
    let end = try Self.last(scene)
    try await `A listening server`.listening(scene) { port, _ in
      let cut = ids[ids.count / 2]
      let rest = try await Self.events(port, "?types=gap,gap-revised,stay,pass", after: cut) {
        $0.last?.id == end
      }
      #expect(rest.prefix { $0.id ?? 0 <= half } == all.filter { $0.id ?? 0 > cut }[...])
      let later = rest.filter { $0.id ?? 0 > half }
      #expect(!later.isEmpty && later.allSatisfy { $0.id != nil })
      // Too late, or from another store.
      let reset = try await Self.events(port, "?types=gap", after: end + 1000) { !$0.isEmpty }
      #expect(reset.first?.type == "reset" && reset.first?.id == end)
    }
  }

  @Test func `come gzipped to who takes that, in pieces that can be read at once`() async throws {
    let scene = try Scene(minutes: 60)
    let end = try Self.last(scene)
    try await `A listening server`.listening(scene) { port, server in
      let enough: @Sendable ([Event]) -> Bool = { events in
        events.contains { $0.id == end } && events.contains { $0.type == "fixes" }
      }
      let plain = try await Self.events(port, after: 0, until: enough)
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
          }
        }
      try await channel.executeThenClose { inbound, outbound in
        let request =
          "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nLast-Event-ID: 0\r\n\r\n"
        try await outbound.write(ByteBuffer(string: request))
        var (all, isStopped) = ([UInt8](), false)
        for try await part in inbound {
          all += part.readableBytesView
          let found = Self.parsed("\r\n\r\n" + (Self.unpacked(all, isOver: false) ?? ""))
          if !isStopped, enough(found) {
            // It ends as gzip does: with a sum of all that was said.
            isStopped = true
            await server.stop()
          }
        }
        let told = try #require(Self.unpacked(all, isOver: true))
        #expect(
          Self.parsed("\r\n\r\n" + told).filter { $0.id != nil } == plain.filter { $0.id != nil })
      }
    }
  }

  /// The text of a chunked response that is gzipped; nil where it is not, or, if it is said to be over, not whole.
  static func unpacked(_ bytes: [UInt8], isOver: Bool) -> String? {
    guard let start = bytes.firstRange(of: Array("\r\n\r\n".utf8)),
      String(decoding: bytes[..<start.lowerBound], as: UTF8.self).lowercased()
        .contains("content-encoding: gzip")
    else { return nil }
    var (rest, body) = (bytes[start.upperBound...], [UInt8]())
    while let line = rest.firstRange(of: [13, 10]),
      let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16),
      size > 0,
      rest.endIndex >= line.upperBound + size
    {
      body += rest[line.upperBound..<line.upperBound + size]
      rest = rest[(line.upperBound + size)...].dropFirst(2)
    }
    return `Compressed answers`.unpacked(
      ByteBuffer(bytes: body), most: 4_000_000, isOver: isOver)
  }

  @Test func `come live, with where handhelds are`() async throws {
    let scene = try Scene(minutes: 30)
    let first = try Self.last(scene)
    try await `A listening server`.listening(scene) { port, server in
      let sits = NIOLockedValueBox(false)
      async let found = Self.events(port) { events in
        let looks = events.count { $0.type == "fixes" }
        if looks > 0 { sits.withLockedValue { $0 = true } }
        return events.contains { $0.type == "stay" } && looks >= 2
      }
      try await Self.wait { sits.withLockedValue { $0 } }
      try scene.live(from: 30, to: 58)
      server.poke()
      let events = try await found
      let numbered = events.compactMap(\.id)
      #expect(numbered.allSatisfy { $0 > first } && numbered == numbered.sorted())
      let positions = events.filter { $0.type == "fixes" }
      #expect(positions.allSatisfy { $0.id == nil })
      #expect(positions.first?.data.contains("\"handheld\": \"a\"") == true)
      #expect(positions.first?.data.contains("\"handheld\": \"b\"") == true)
    }
  }

  @Test func `tell where handhelds are in brief, to who asks for that`() async throws {
    let scene = try Scene(minutes: 30)
    try await `A listening server`.listening(scene) { port, _ in
      let events = try await Self.events(port, "?types=fixes&positions=brief") {
        $0.contains { $0.type == "fixes" }
      }
      let data = try #require(events.first { $0.type == "fixes" }?.data)
      let rows = try #require(
        try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [[Any]])
      #expect(rows.map { $0[0] as? String } == ["a", "b"])
      let at = Scene.at(2000, 0)
      let found = rows[1].compactMap { $0 as? Double }
      try #require(found.count == 3)
      #expect(abs(found[0] - at.latitude) < 1e-6 && abs(found[1] - at.longitude) < 1e-6)
      let end = Double(Scene.minute(30).milliseconds)
      #expect((end - 10_000...end).contains(found[2]))
    }
  }

  @Test(arguments: [
    ("?squadron=south&types=stay,gap,gap-revised,pass", "b gates parks"),
    ("?handheld=a&types=stay", "a"), ("?place=street&types=pass", "a"),
  ])
  func `are chosen by what they are about`(_ query: String, _ names: String) async throws {
    let own = Set(names.split(separator: " ").map(String.init))
    let scene = try Scene(minutes: 90)
    let end = try Self.last(scene)
    try await `A listening server`.listening(scene) { port, server in
      async let found = Self.events(port, query, after: 0) { events in
        (events.last?.id ?? 0) > end
      }
      // Ends by what comes live.
      try await Self.wait { await server.routes.hub.count > 0 }
      try scene.live(from: 90, to: 124)
      let events = try await found
      #expect(events.count >= 2)
      for event in events {
        let data = try #require(
          try JSONSerialization.jsonObject(with: Data(event.data.utf8)) as? [String: Any])
        let name = data["handheld"] as? String ?? data["duty"] as? String ?? "?"
        #expect(own.contains(name), "\(event)")
      }
    }
  }

  @Test func `cut off who does not read, and nobody else`() async throws {
    let isCut = NIOLockedValueBox(false)
    let slow = Subscription { isCut.withLockedValue { $0 = true } }
    let quick = Subscription {}
    let frame = Frame("x", id: nil, data: String(repeating: "x", count: 1 << 20))
    var taken = 0
    while slow.offer(frame) {
      taken += 1
      #expect(quick.offer(frame))
      guard case .frames(let frames) = await quick.next() else { break }
      #expect(frames.count == 1)
      try #require(taken < 100)
    }
    #expect(isCut.withLockedValue { $0 })
    // Eight megabytes, less what goes around the data.
    #expect(taken == (Subscription.bytesMaximum >> 20) - 1)
    // What waited for it is let go of, and no more is taken.
    guard case .over = await slow.next() else {
      Issue.record("it goes on")
      return
    }
    #expect(!slow.offer(frame))
    #expect(quick.offer(frame))
  }

  @Test func `end when whoever waits is gone`() async throws {
    let subscription = Subscription {}
    let waiting = Task { await subscription.next() }
    waiting.cancel()
    guard case .over = await waiting.value else {
      Issue.record("it waits on")
      return
    }
    #expect(!subscription.offer(.heartbeat))
  }
}
