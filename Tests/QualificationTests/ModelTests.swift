import Foundation
import Geodesy
import Patrol
import PlanFiles
import Qualification
import Recordings
import Rig
import Testing

@Suite struct `A model's capture` {
  @Test(arguments: Recovery.models)
  func `is made again byte for byte`(name: String) throws {
    let folder = try Recovery.model(name)
    let made = try #require(folder.simulated)
    let text = CaptureMaker(folder.model, as: made, at: folder.mark)
      .text(folder.capture.hasSuffix(".nmea") ? .nmea : .gpsdJSON)
    let stored = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(folder.capture)"))
    #expect(Data(text.utf8) == stored)
    #expect(stored.count <= ModelFolder.captureMaximum)
  }

  /// Through the reader that a real one goes through.
  @Test(arguments: Recovery.models)
  func `holds what is expected of it`(name: String) throws {
    let folder = try Recovery.model(name)
    let recording = try Recording.read(
      path: "\(folder.path)/\(folder.capture)", as: Handheld.ID(name))
    #expect(recording.skippedCount == 0)
    let q = Qualification(
      serial: name, model: folder.model, observations: recording.observations,
      reference: Reference(mark: folder.mark, deviation: 0))
    let expected = try #require(folder.expected)
    let made = try #require(folder.simulated)
    #expect(q.times.reports == expected.reports && q.times.fixes == expected.fixes)
    let accuracy = try #require(q.accuracy)
    #expect(abs(accuracy.half.value - expected.half) < 0.02)
    #expect(abs(accuracy.most.value - expected.most) < 0.02)
    // What it was made with lies within the stated errors.
    #expect(try #require(q.times.firstFix).contains(made.firstFix.seconds))
    #expect(try #require(q.times.interval).contains(folder.model.interval.seconds))
    #expect(!q.claims.contains { $0.verdict == .fails })
    // The accuracy it claims lies within what the capture can tell.
    #expect(accuracy.most.low <= folder.model.accuracy.value)
    // What the receiver has no time for is not measured.
    #expect((q.times.latency == nil) == (folder.capture.hasSuffix(".nmea")))
  }

  /// The parameters that a session was made with lie within the errors that it states: of every figure, in as many
  /// sessions as an interval of 95 % allows. Sessions of a hundred correlation times, so that there is something to
  /// tell; the stated errors follow from that length alone.
  @Test(arguments: Recovery.models)
  func `gives back what it was made with, within the errors stated`(name: String) throws {
    let folder = try Recovery.model(name)
    let made = try #require(folder.simulated)
    let noise = made.noise ?? folder.model.noise
    let step = folder.model.interval.seconds
    let deviation =
      (noise.sigma.value * noise.sigma.value + noise.white.value * noise.white.value).squareRoot()
    let lasts = Milliseconds(seconds: max(100 * noise.tau.seconds, 300 * step))
    let count = 20
    var hits: [String: Int] = [:]
    func note(_ figure: String, _ estimate: Estimate?, _ truth: Double) {
      if estimate?.contains(truth) == true { hits[figure, default: 0] += 1 }
    }
    var widest = 0.0
    for seed in 1...UInt64(count) {
      let q = Recovery.session(folder, seed: seed, lasts: lasts)
      note("CEP50", q.accuracy?.half, deviation * CircularError.deviations(0.5))
      note("CEP95", q.accuracy?.most, deviation * CircularError.deviations(0.95))
      note("tau", q.wandering?.tau, noise.tau.seconds)
      note("interval", q.times.interval, step)
      // The first report itself may be lost.
      note("first fix", q.times.firstFix, made.firstFix.seconds)
      if let half = q.accuracy?.half { widest = max(widest, half.high / half.low) }
    }
    let fewest = Recovery.fewest(of: count)
    for figure in ["CEP50", "CEP95", "tau", "interval"] {
      #expect(hits[figure, default: 0] >= fewest, "\(figure)")
    }
    #expect(hits["first fix", default: 0] >= fewest)
    // An interval that says nothing would hold everything.
    #expect(widest < 2)
  }
}
