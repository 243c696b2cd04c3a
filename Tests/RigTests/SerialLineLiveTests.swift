import Foundation
import Geodesy
import Patrol
import Testing

@testable import Rig

@Suite struct `A serial line` {
  /// The other end of a pair of terminals, read as it comes.
  private final class Reader: Sendable {
    let port: Int32
    let path: String

    init() throws {
      port = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK)
      var (number, unlocked) = (UInt32(0), Int32(0))
      // TIOCSPTLCK and TIOCGPTN.
      try #require(
        port >= 0 && ioctl(port, 0x4004_5431, &unlocked) == 0
          && ioctl(port, 0x8004_5430, &number) == 0)
      path = "/dev/pts/\(number)"
    }

    deinit { close(port) }

    /// So many bytes, and when each of them was there; fewer where they take longer than that.
    func read(_ count: Int, within limit: Duration) async throws -> [(byte: UInt8, at: Duration)] {
      var all: [(byte: UInt8, at: Duration)] = []
      let began = ContinuousClock.now
      var buffer = [UInt8](repeating: 0, count: 4096)
      while all.count < count, ContinuousClock.now - began < limit {
        let n = Glibc.read(port, &buffer, buffer.count)
        let at = ContinuousClock.now - began
        if n > 0 { all += buffer[..<n].map { ($0, at) } }
        try await Task.sleep(for: .milliseconds(2))
      }
      return all
    }
  }

  @Test(arguments: [4800, 9600])
  func `gives a reader its bytes at its rate, whatever they are and no faster`(rate: Int)
    async throws
  {
    let reader = try Reader()
    // Line feeds, and what a terminal that is not raw would swallow or turn.
    let texts = [
      String(repeating: "$GNRMC,100503.00,A\r\n", count: 12),
      "\u{03}\u{04}\u{11}\u{13}\u{7f}\r\n" + String(repeating: "x", count: rate / 40),
    ]
    let bytes = texts.joined().utf8.count
    let line = SerialLine(path: reader.path, rate: rate)
    #expect(line.bytesPerSecond == rate / 10)
    let (stream, continuation) = AsyncStream.makeStream(of: String.self)
    for text in texts { continuation.yield(text) }
    continuation.finish()
    async let sent: Void = line.send(stream)
    let read = try await reader.read(bytes, within: .seconds(10))
    try await sent
    #expect(read.map(\.byte) == Array(texts.joined().utf8))
    // Never ahead of the rate, but for what is written in one go; the first byte starts the clock.
    let first = try #require(read.first).at
    let slice = rate / 10 / 100 + 1
    for (k, byte) in read.enumerated() where k > slice {
      let least = Double(k - slice) / Double(rate / 10) - 0.01
      #expect((byte.at - first) / .seconds(1) > least, "byte \(k)")
    }
    // And not much slower, also beside neighbours.
    #expect((read.last!.at - first) / .seconds(1) < Double(bytes) / Double(rate / 10) * 2 + 1)
  }

  @Test func `that is none, or gone, is told by its path`() async throws {
    func failure(_ path: String) async -> String {
      let (stream, continuation) = AsyncStream.makeStream(of: String.self)
      continuation.finish()
      do throws(RigError) {
        try await SerialLine(path: path, rate: 9600).send(stream)
        return "none"
      } catch { return "\(error)" }
    }
    #expect(await failure("/dev/no-such-tty").contains("/dev/no-such-tty: cannot be used"))
    #expect(await failure("/dev/null").contains("/dev/null: cannot be used"))
  }

  @Test(
    arguments: [
      ("/dev/ttyUSB0", SerialLine(path: "/dev/ttyUSB0", rate: 9600)),
      ("/dev/ttyS1@4800", SerialLine(path: "/dev/ttyS1", rate: 4800)),
      ("/dev/ttyS1@4801", nil), ("/dev/ttyS1@", nil), ("@9600", nil), ("", nil), ("a@1@2", nil),
    ] as [(String, SerialLine?)])
  func `is written as its path and rate`(text: String, line: SerialLine?) {
    #expect(SerialLine(text) == line)
  }

  @Test func `that carries less than comes ends the run`() async throws {
    let reader = try Reader()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rig-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    var scenario = try SmallTown.scenario("  - {handheld: w-1, start: bank}")
    scenario.span = scenario.span.lowerBound..<(scenario.span.lowerBound + .minutes(10))
    scenario.walkers[0].on = scenario.span
    let start = scenario.span.lowerBound
    let feed = LiveFeed(
      scenario, seed: 1,
      clock: RigClock(start: start, rate: 20, startsAt: RigTime.now()),
      doors: ["w-1": .udp(port: 9)], lines: ["w-1": SerialLine(path: reader.path, rate: 4800)])
    await #expect {
      try await feed.run { _, _ in }
    } throws: {
      "\($0)".contains("carries 480 bytes a second, and w-1 tells more")
    }
  }
}
