import Foundation
import Geodesy
import Patrol
import PlanFiles
import Rig
import Store
import Testing

/// Programs beside a gpsd that misbehaves.
@Suite(.serialized, .timeLimit(.minutes(3))) struct `Beside a fake gpsd` {
  /// Runs a fake fleet of four endpoints of two devices that report five times a second.
  func fleet(_ body: (FakeGPSD, FakeFleet) async throws -> Void) async throws {
    let fleet = FakeFleet(
      endpoints: 4, devicesEach: 2, interval: Milliseconds(200),
      backlog: .undelivered(within: .minutes(5)))
    let fake = try await FakeGPSD.start(FakeGPSD.Options(.fleet(fleet)))
    try await body(fake, fleet)
    try await fake.stop()
  }

  @Test func `a daemon stores every fix that was sent, and no other, whatever happened between`()
    async throws
  {
    let folder = try Folder()
    try await fleet { fake, fleet in
      try FakePlan(fleet, host: "127.0.0.1", ports: fake.ports).write(to: folder.path + "/plan")
      let daemon = try Program.start(
        "patrold",
        [
          "--plan", folder.path + "/plan", "--devices", Checkout.devices, "--store",
          folder.path + "/s.sqlite",
        ], output: folder.path + "/log")
      #expect(try await daemon.says("ready: 4 of 4"))
      for cue in [
        "close 0", "half 1", "garbage 2 for 1s", "overlong 2 for 1s", "split 3 for 1s",
        "repeated for 2s", "backstep 0,3 for 2s",
      ] {
        fake.cue(try FakeCue(cue))
        try await Task.sleep(for: .milliseconds(700))
      }
      fake.cue(try FakeCue("close"))
      try await Task.sleep(for: .seconds(3))
      try await fake.quieten()
      try await Task.sleep(for: .seconds(2))
      daemon.send(SIGTERM)
      #expect(daemon.end() == 0)

      let sent = try await fake.sent()
      let store = try Store(at: folder.path + "/s.sqlite", for: .write)
      for device in sent {
        let id = FakePlan.handheld(
          port: device.port, device: Int(String(device.device.last!))!)
        let stored = try store.write {
          try $0.observations(of: Handheld.ID(id), in: .distantPast ..< .distantFuture)
        }
        let times = Set(stored.compactMap { $0.observation.fix?.time.milliseconds })
        #expect(device.count > 1500 && times.count == device.count)
        #expect(times.reduce(0, +) == device.sum)
      }
    }
  }

  @Test func `record keeps what it hears of one device, across a break`() async throws {
    let folder = try Folder()
    try await fleet { fake, _ in
      let file = folder.path + "/r.jsonl"
      let source = "127.0.0.1:\(fake.ports[0]):/dev/ttyUSB1"
      let recorder = try Program.start(
        "patrolctl", ["record", source, "-o", file], output: folder.path + "/said")
      #expect(try await recorder.says("gpsd 3.22 at"))
      fake.cue(try FakeCue("close 0"))
      #expect(try await recorder.says("not reachable at"))
      try await Task.sleep(for: .seconds(3))
      try await fake.quieten()
      try await Task.sleep(for: .milliseconds(500))
      recorder.send(SIGTERM)
      #expect(recorder.end() == 0)
      let sent = try await fake.sent()[1]
      #expect(recorder.said.contains("over 2 connections"))
      #expect(recorder.said.contains("/dev/ttyUSB1: \(sent.count) TPVs, \(sent.count) with a fix"))
      let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\r\n")
      #expect(lines.count == sent.count)

      let again = try Program.run("patrolctl", "record", source, "-o", file)
      #expect(again.status == 2 && again.output.contains("there is such a file"))
      let gone = try Program.run(
        "patrolctl", "record", source, "-o", file, "--append", "--seconds", "0.5")
      #expect(gone.status == 3 && gone.output.contains("never reached"))
    }
  }

  @Test func `doctor names what is wrong, and compares with libgps`() async throws {
    let folder = try Folder()
    try await fleet { fake, fleet in
      try FakePlan(fleet, host: "127.0.0.1", ports: fake.ports).write(to: folder.path + "/plan")
      fake.cue(try FakeCue("refuse 1"))
      fake.cue(try FakeCue("freed 2 devices 0"))
      _ = try await fake.state()
      try await Task.sleep(for: .milliseconds(300))
      let doctor = try Program.run(
        "patrolctl", "doctor", "--plan", folder.path + "/plan", "--devices", Checkout.devices,
        "--store", folder.path + "/s.sqlite")
      #expect(doctor.status == 1)
      let ports = fake.ports
      for expected in [
        "ok       gpsd 127.0.0.1:\(ports[0]): version 3.22, 2 devices",
        "problem  gpsd 127.0.0.1:\(ports[1]): not reachable: connection refused; see that",
        "warning  gpsd 127.0.0.1:\(ports[2]): has no device /dev/ttyUSB0; plug it in",
        "store: \(folder.path)/s.sqlite: not there yet",
      ] {
        #expect(doctor.output.contains(expected))
      }

      let source = "127.0.0.1:\(ports[0])"
      let alike = try Program.run("patrolctl", "doctor", "--gpsd", source, "--seconds", "2")
      #expect(alike.status == 0 && alike.output.contains("\n0 unexplained\n"))
      fake.cue(try FakeCue("garbage 0"))
      let garbled = try Program.run("patrolctl", "doctor", "--gpsd", source, "--seconds", "2")
      #expect(garbled.output.contains("not given to libgps"))
    }
  }

  @Test func `a store that is damaged is told so by the doctor`() throws {
    let folder = try Folder()
    try folder.write("no store", to: "s.sqlite")
    let doctor = try Program.run(
      "patrolctl", "doctor", "--store", folder.path + "/s.sqlite")
    #expect(doctor.status == 1 && doctor.output.contains("problem  store: \(folder.path)/s.sqlite"))
  }
}
