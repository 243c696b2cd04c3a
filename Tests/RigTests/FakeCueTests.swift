import Geodesy
import Rig
import Testing

@Suite struct `A cue` {
  static let readable: [(String, Int64, FakeCue.Deed, FakeCue.Chosen, FakeCue.Chosen)] = [
    ("close", 0, .begin(.close, lasting: nil), .all, .all),
    ("30s close 0-99", 30_000, .begin(.close, lasting: nil), .numbers([0...99]), .all),
    ("1m refuse all for 20s", 60_000, .begin(.refuse, lasting: .seconds(20)), .all, .all),
    (
      "90s jump 3,7-9 devices 0 by -1024w for 10s", 90_000,
      .begin(.jump(.hours(-1024 * 168)), lasting: .seconds(10)), .numbers([3...3, 7...9]),
      .numbers([0...0])
    ),
    ("overlong 1", 0, .begin(.overlong(bytes: 66_000), lasting: nil), .numbers([1...1]), .all),
    ("overlong bytes 9", 0, .begin(.overlong(bytes: 9), lasting: nil), .all, .all),
    ("repeated devices all times 3", 0, .begin(.repeated(times: 3), lasting: nil), .all, .all),
    ("backstep by 1h30m", 0, .begin(.backStep(.minutes(90)), lasting: nil), .all, .all),
    ("  2h   end hang 4 ", 7_200_000, .end(.hang), .numbers([4...4]), .all),
  ]

  @Test(arguments: readable) func `tells when, what, where`(
    text: String, at: Int64, deed: FakeCue.Deed, endpoints: FakeCue.Chosen, devices: FakeCue.Chosen
  ) throws {
    let cue = try FakeCue(text)
    #expect(cue.at == Milliseconds(at))
    #expect(cue.deed == deed)
    #expect(cue.endpoints == endpoints && cue.devices == devices)
    #expect(cue.description == text)
  }

  static let unreadable: [(String, String)] = [
    ("", "it ends too early; expected end or one of close"),
    ("clsoe", "found \"clsoe\"; expected end or one of close"),
    ("30 close", "found \"30\"; expected a time such as 45s, 1m30s or 2h"),
    ("99999999h close", "found \"99999999h\"; expected a time"),
    ("close 9-3", "found \"9-3\"; expected all, or numbers such as 3,7-9"),
    ("close 3,", "found \"3,\"; expected all, or numbers"),
    ("close devices 3", "found \"devices\"; expected none for close"),
    ("close for 3s", "found \"for\"; expected none: close happens once"),
    ("jump 3", "it ends too early; expected by DURATION"),
    ("jump by 0s", "found \"0s\"; expected a duration"),
    ("backstep by -1s", "expected a duration above 0"),
    ("repeated times 1", "found \"1\"; expected a number from 2 to 1000"),
    ("hang forever", "found \"forever\"; expected for DURATION, or nothing more"),
    ("end half", "found \"half\"; expected a fault that lasts"),
    ("end hang for 3s", "found \"for\"; expected nothing more"),
  ]

  @Test(arguments: unreadable) func `that cannot be read says what was expected`(
    text: String, expected: String
  ) {
    let error = #expect(throws: FakeCue.Unreadable.self) { try FakeCue(text) }
    #expect(error.map { "\($0)" }?.hasPrefix("\"\(text)\": ") == true)
    #expect(error?.reason.contains(expected) == true)
  }

  @Test func `of a file comes with its line`() throws {
    let path = "/tmp/cues-\(UInt64.random(in: 0 ... .max)).yaml"
    defer { TemporaryFile.remove(path) }
    try TemporaryFile.write("faults:\n  - 30s close 0-99\n  - hang for 5s\n", to: path)
    #expect(try FakeCue.read(path: path).map(\.description) == ["30s close 0-99", "hang for 5s"])
    try TemporaryFile.write("faults:\n  - clsoe\n  - {at: 3s}\nfalts: []\n", to: path)
    let error = #expect(throws: RigError.self) { try FakeCue.read(path: path) }
    guard case .scenario(let problems)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(problems.map(\.line) == [4, 2, 3])
    #expect(problems[1].message.hasPrefix("faults: \"clsoe\": found \"clsoe\"; expected end or"))
  }
}
