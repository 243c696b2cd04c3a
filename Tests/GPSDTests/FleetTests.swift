import GPSD
import Geodesy
import NIOCore
import NIOPosix
import Patrol
import Testing

@Suite("Fleet", .timeLimit(.minutes(1))) struct FleetTests {
  static let clock = Instant(milliseconds: 1_795_431_900_000)

  @Test("a flood in order, its bad lines counted, and the end of it told")
  func flood() async throws {
    let count = 5000
    var answer = ByteBuffer(string: #"{"class":"WATCH","enable":true,"json":true}"# + "\r\n")
    for number in 0..<count {
      let time = (Self.clock + .seconds(number)).text()
      answer.writeString(
        #"{"class":"TPV","device":"/dev/a","mode":3,"time":"\#(time)","lat":22.25,"lon":114.125}"#
          + "\r\n")
    }
    answer.writeString("x\r\n")
    answer.writeString(String(repeating: "y", count: 100_000) + "\r\n")
    answer.writeString(#"{"class":"TPV","device":"/dev/b","mode":1}"# + "\r\n")
    let server = try await StandIn.listen(answer: answer)
    let port = try #require(server.localAddress?.port)
    let told = Told()
    let endpoint = Endpoint(host: "127.0.0.1", port: port)
    let fleet = Fleet(
      handhelds: [LiveTests.handheld("h1", port, "/dev/a")], now: { Self.clock },
      group: MultiThreadedEventLoopGroup.singleton, deliver: told.add)
    fleet.start()
    fleet.start()  // a second time does nothing
    while !told.all.contains(where: \.isUnreachable) {
      try await Task.sleep(for: .milliseconds(20))
    }
    await fleet.stop()
    try await server.close()

    let reports = told.all
    let end = try #require(reports.firstIndex { $0.isUnreachable })
    #expect(
      reports.first
        == .reachable(endpoint, handhelds: ["h1"], version: "0.1", at: Self.clock))
    #expect(
      reports[end]
        == .unreachable(endpoint, handhelds: ["h1"], reason: "closed by gpsd", at: Self.clock))
    let times = reports[..<end].compactMap { report -> Instant? in
      if case .observation(let seen) = report { seen.fix?.time } else { nil }
    }
    #expect(times == (0..<count).map { Self.clock + .seconds($0) })
    let complaints = reports[..<end].count { if case .complaint = $0 { true } else { false } }
    #expect(complaints == 1)
    #expect(reports[..<end].contains(.unassigned(endpoint, device: "/dev/b")))
    let counts = try #require(fleet.counts()[endpoint])
    #expect(counts.fixes >= count)  // more where it connected again before it was stopped
    #expect(counts.malformed >= 1 && counts.oversized >= 1 && counts.unassigned >= 1)
  }
}
