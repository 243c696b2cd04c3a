import GPSD
import Geodesy
import NIOPosix
import Patrol
import Testing

@Suite("A real gpsd", .enabled(if: LiveGPSD.isInstalled), .timeLimit(.minutes(1)))
struct LiveTests {
  static let model = DeviceModel(id: "generic")
  static let clock = Instant(milliseconds: 1_795_431_900_000)

  static func handheld(_ id: Handheld.ID, _ port: Int, _ device: String? = nil) -> Handheld {
    Handheld(
      id: id, source: Source(host: "127.0.0.1", port: port, device: device), travel: .foot,
      model: model)
  }

  @Test("positions, a gpsd that dies and one that comes back")
  func life() async throws {
    let gpsd = try LiveGPSD()
    let device = "udp://127.0.0.1:\(gpsd.udpPort)#handheld-17"
    let told = Told()
    let fleet = Fleet(
      handhelds: [Self.handheld("h17", gpsd.port, device)], now: { Self.clock },
      group: MultiThreadedEventLoopGroup.singleton, deliver: told.add)
    let endpoint = Endpoint(host: "127.0.0.1", port: gpsd.port)

    // not there yet
    fleet.start()
    #expect(try await told.wait { $0.isUnreachable })

    // there
    let first = try gpsd.start()
    #expect(
      try await told.wait {
        if case .reachable(endpoint, handhelds: ["h17"], let version, at: Self.clock) = $0 {
          !version.isEmpty && version != "unknown"
        } else {
          false
        }
      })
    let tpv =
      #"{"class":"TPV","device":"handheld-17","mode":3,"time":"2026-11-23T11:05:00.000Z","lat":22.25,"lon":114.125,"eph":4.5}"#
    #expect(
      try await told.wait(
        doing: { gpsd.feed(tpv) },
        for: {
          guard case .observation(let seen) = $0, let fix = seen.fix else { return false }
          return seen.handheld == "h17" && fix.accuracy == 4.5 && fix.time == Self.clock
            && fix.position == Coordinate(latitude: 22.25, longitude: 114.125)
        }))

    // NMEA on the same port is a device of its own, which nobody names
    let rmc = "$GPRMC,110501.00,A,2215.0000,N,11407.5000,E,0.5,90.0,231126,,,A*"
    let sum = rmc.utf8.dropFirst().dropLast().reduce(0, ^)
    let nmea = rmc + String(sum, radix: 16, uppercase: true)
    #expect(
      try await told.wait(
        doing: { gpsd.feed(nmea) },
        for: {
          $0 == .unassigned(endpoint, device: "udp://127.0.0.1:\(gpsd.udpPort)")
        }))

    // another plan, in which somebody has every other device
    fleet.replace(handhelds: [
      Self.handheld("h17", gpsd.port, device), Self.handheld("rest", gpsd.port),
    ])
    #expect(
      try await told.wait {
        if case .reachable(endpoint, handhelds: ["rest"], _, _) = $0 { true } else { false }
      })
    #expect(
      try await told.wait(
        doing: { gpsd.feed(nmea) },
        for: {
          if case .observation(let seen) = $0 { seen.handheld == "rest" } else { false }
        }))
    let counts = try #require(fleet.counts()[endpoint])
    #expect(counts.fixes > 0 && counts.unassigned > 0 && counts.lines > counts.fixes)
    #expect(counts.malformed == 0 && counts.oversized == 0)

    // dies, and comes back
    first.end()
    #expect(
      try await told.wait {
        if case .unreachable(endpoint, handhelds: ["h17", "rest"], _, _) = $0 {
          true
        } else {
          false
        }
      })
    let second = try gpsd.start()
    #expect(try await told.wait { $0.isReachable })
    second.end()

    await fleet.stop()
    let end = told.all.count
    gpsd.feed(tpv)
    try await Task.sleep(for: .milliseconds(100))
    #expect(told.all.count == end)
    #expect((fleet.counts()[endpoint]?.lines ?? 0) >= counts.lines)
  }
}
