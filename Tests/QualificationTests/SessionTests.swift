import Geodesy
import Patrol
import Qualification
import Testing

/// A session as a string, one column ten seconds: `x` a fix, `-` a report without one, `.` nothing, `k` a fix that is kept
/// and delivered at the end.
private func observations(_ text: String, latency: Double = 0.4) -> [Observation] {
  let start = `A reference`.start
  let end = start + .seconds(10 * text.count)
  let all = text.enumerated().compactMap { i, c -> Observation? in
    let at = start + .seconds(10 * i)
    let fix = Fix(
      time: at, position: `A reference`.at(Double(i % 3), Double(i % 2)), mode: 3, accuracy: 5)
    let received = at + Milliseconds(seconds: latency)
    switch c {
    case "x": return Observation(handheld: "a", receivedAt: received, report: .fix(fix))
    case "k":
      return Observation(
        handheld: "a", receivedAt: end + Milliseconds(Int64(i)), report: .fix(fix))
    case "-": return Observation(handheld: "a", receivedAt: received, report: .noFix(mode: 1))
    default: return nil
    }
  }
  return all.sorted { $0.receivedAt < $1.receivedAt }
}

private func qualified(_ text: String, _ model: DeviceModel, wrongDates: Int = 0) -> Qualification {
  Qualification(
    serial: "s", model: model, observations: observations(text),
    reference: Reference(mark: `A reference`.at(0, 0), deviation: 0), wrongDates: wrongDates)
}

private let tenSeconds = DeviceModel(id: "m", interval: .seconds(10), accuracy: 5)

@Suite struct `A session` {
  struct Told: Sendable, CustomTestStringConvertible {
    var text: String
    /// `cause count seconds`.
    var gaps: [String]
    var testDescription: String { text }
  }

  @Test(arguments: [
    Told(text: "xxxxxxxxxxxxxxx", gaps: []),
    Told(text: "xxxxx---xxxxxxx", gaps: ["no_fix 1 30"]),
    Told(text: "xxxxx...xxxx.xx", gaps: ["silent 2 40"]),
    Told(text: "xxxxx.-.xxxx.xx", gaps: ["no_fix 1 30", "silent 1 10"]),
    Told(text: "xxxxxkkkkkxxxxx", gaps: ["late 1 50"]),
  ])
  func `tells gaps by their cause`(told: Told) {
    let q = qualified(told.text, tenSeconds)
    #expect(
      q.times.gaps.map { "\($0.cause.rawValue) \($0.count) \(Int($0.seconds))" } == told.gaps)
  }

  @Test func `tells when the first fix came, and how it reported`() throws {
    let q = qualified("---xxxxxxxxxxxxxxx", tenSeconds)
    let first = try #require(q.times.firstFix)
    #expect(first.value == 30 && first.low == 20)
    #expect(q.times.interval?.value == 10 && q.times.jitter == 0)
    #expect(q.times.reports == 18 && q.times.fixes == 15)
    #expect(abs(try #require(q.times.latency).median - 0.4) < 1e-9)
  }

  private func verdict(_ kind: Claim.Kind, _ q: Qualification) -> Claim.Verdict? {
    q.claims.first { $0.kind == kind }?.verdict
  }

  @Test func `holds a model to what it claims`() {
    let text = "----" + String(repeating: "x", count: 60)
    let slow = DeviceModel(
      id: "m", interval: .seconds(5), accuracy: 0.2, timeToFirstFix: .seconds(20))
    let q = qualified(text, slow, wrongDates: 2)
    #expect(verdict(.interval, q) == .fails)
    #expect(verdict(.timeToFirstFix, q) == .fails)
    #expect(verdict(.dates, q) == .fails)
    #expect(verdict(.accuracy, q) == .fails)
    #expect(q.outcome == .failed)
    let fair = qualified(
      text, DeviceModel(id: "m", interval: .seconds(10), timeToFirstFix: .seconds(40)))
    #expect(!fair.claims.contains { $0.verdict == .fails })
    #expect(fair.outcome == .passed)
    #expect(fair.proves == .init(stay: .seconds(20), radius: 3, every: .seconds(40)))
  }

  @Test func `of a few reports decides nothing`() {
    let q = qualified("xxxx", tenSeconds)
    #expect(q.accuracy == nil && q.proves == nil && q.outcome == .undecided)
    #expect(qualified("....", tenSeconds).outcome == .undecided)
  }
}
