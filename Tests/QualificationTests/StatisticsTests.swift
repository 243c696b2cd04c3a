import Foundation
import Geodesy
import Patrol
import Qualification
import Rig
import Testing

@Suite struct `Statistics of errors` {
  /// Errors of a known process at given times.
  static func samples(
    sigma: Double, tau: Double, white: Double, at times: [Double], seed: UInt64
  ) -> [ErrorSample] {
    let model = DeviceModel(
      id: "m",
      noise: DeviceModel.Noise(
        sigma: Metres(sigma), tau: Milliseconds(seconds: tau), white: Metres(white)))
    var noise = ReceiverNoise(model, handheld: "h", seed: seed)
    var before = times[0]
    return times.map { t in
      defer { before = t }
      return ErrorSample(seconds: t, error: noise.next(after: Milliseconds(seconds: t - before)))
    }
  }

  /// 1, 1, 7, 2, 1, 30 s apart, and again.
  static func uneven(until end: Double) -> [Double] {
    var (t, times, k) = (0.0, [Double](), 0)
    let steps = [1.0, 1, 7, 2, 1, 30]
    while t < end {
      times.append(t)
      t += steps[k % steps.count]
      k += 1
    }
    return times
  }

  @Test(arguments: [15.0, 40, 120])
  func `find the correlation time from uneven samples`(tau: Double) throws {
    let count = 20
    var hits = 0
    for seed in 1...UInt64(count) {
      let fit = try #require(
        GaussMarkovFit(
          Self.samples(
            sigma: 3, tau: tau, white: 0.5, at: Self.uneven(until: 60 * tau), seed: seed)))
      if fit.tau.contains(tau) { hits += 1 }
      #expect(fit.tau.low > 0.2 * tau && fit.tau.high < 5 * tau)
    }
    #expect(hits >= Recovery.fewest(of: count))
  }

  @Test func `tell white noise from what wanders`() throws {
    let fit = try #require(
      GaussMarkovFit(
        Self.samples(sigma: 2, tau: 60, white: 2, at: (0..<6000).map(Double.init), seed: 4)))
    #expect(abs(fit.white - 2) < 0.1)
    #expect(fit.sigma.contains(2))
  }

  @Test func `count as many independent samples as there are correlation times`() throws {
    // Σρ² over a long span is T·(1 + …)/τ: with ρ = e^(-t/τ), n_eff → T/τ.
    let fit = try #require(
      GaussMarkovFit(
        Self.samples(sigma: 2, tau: 50, white: 0.01, at: (0..<5000).map(Double.init), seed: 9)))
    #expect(abs(fit.effective / (5000 / fit.tau.value) - 1) < 0.05)
  }

  @Test func `say nothing of too few, nor of a handheld that never moved and never erred`() {
    let few = Self.samples(sigma: 1, tau: 9, white: 0, at: [0, 1, 2], seed: 1)
    #expect(GaussMarkovFit(few) == nil)
    let none = (0..<50).map { ErrorSample(seconds: Double($0), error: PlanePoint(x: 0, y: 0)) }
    #expect(GaussMarkovFit(none) == nil)
  }

  @Test func `know the radii of a circular normal error`() {
    #expect(abs(CircularError.deviations(0.5) - 1.1774) < 1e-4)
    #expect(abs(CircularError.deviations(0.95) - 2.4477) < 1e-4)
    #expect(abs(CircularError.ratio(of: 0.95, to: 0.5) - 2.0789) < 1e-4)
  }

  @Test func `do not blame a handheld for what the truth is wrong by`() throws {
    let samples = Self.samples(
      sigma: 2, tau: 1, white: 0, at: (0..<400).map { 10 * Double($0) }, seed: 2)
    let vague = samples.map {
      ErrorSample(seconds: $0.seconds, error: $0.error, truthDeviation: 2)
    }
    let (sure, unsure) = (
      try #require(CircularError(samples, effective: 400)),
      try #require(CircularError(vague, effective: 400))
    )
    #expect(unsure.most.value == sure.most.value && unsure.most.low < sure.most.low / 2)
  }
}

@Suite struct `A reference` {
  static let start = Instant(rfc3339: "2026-11-28T04:00:00Z")!
  static let plane = LocalPlane(origin: Coordinate(latitude: 28.68, longitude: 115.89)!)
  static func at(_ x: Double, _ y: Double) -> Coordinate {
    plane.coordinate(PlanePoint(x: x, y: y))!
  }

  /// There and back with stops: 1.4 m/s, and 2 m/s for a while.
  static let walk: [Reference.Checkpoint] = {
    var (t, x, checkpoints) = (0.0, 0.0, [Reference.Checkpoint]())
    func add() {
      checkpoints.append(
        .init(time: start + Milliseconds(seconds: t), position: at(x, 0)))
    }
    for (seconds, speed) in [
      (40.0, 1.4), (25, 0), (60, 1.4), (15, 2), (30, 0), (50, -1.4), (20, 0), (70, 1.2), (40, 0),
      (60, -1.6),
    ] {
      add()
      t += seconds
      x += seconds * speed
    }
    add()
    return checkpoints
  }()

  /// A receiver on that walk, its clock `lag` seconds ahead, erring slowly.
  static func fixes(_ reference: Reference, lag: Double, hasSpeed: Bool) -> [Fix] {
    let model = DeviceModel(id: "m")
    var noise = ReceiverNoise(model, handheld: "h", seed: 3)
    return (1..<400).compactMap { s in
      let moment = start + .seconds(s)
      guard let place = reference.place(at: moment),
        let before = reference.place(at: moment - .seconds(1)),
        let after = reference.place(at: moment + .seconds(1))
      else { return nil }
      let plane = LocalPlane(origin: place.position)
      let speed = before.position.distance(to: after.position).value / 2
      return Fix(
        time: moment + Milliseconds(seconds: lag),
        position: plane.coordinate(noise.next(after: .seconds(1)))!, mode: 3,
        speed: hasSpeed ? MetresPerSecond(speed + 0.05 * sin(Double(s))) : nil)
    }
  }

  @Test(arguments: [0, 0.37, -7.62, 41.25])
  func `is aligned to a fraction of a second by its changes of pace`(lag: Double) throws {
    let reference = try #require(Reference(Self.walk, isExact: true))
    let found = try #require(
      TimeAlignment(Self.fixes(reference, lag: lag, hasSpeed: true), to: reference))
    #expect(abs(found.lag.value - lag) < 0.2)
    #expect(found.lag.contains(lag))
    #expect(found.correlation > 0.95)
  }

  @Test func `is not aligned where nobody changes pace`() throws {
    let even = try #require(
      Reference(
        [
          .init(time: Self.start, position: Self.at(0, 0)),
          .init(time: Self.start + .seconds(600), position: Self.at(840, 0)),
        ], isExact: true))
    #expect(TimeAlignment(Self.fixes(even, lag: 3, hasSpeed: true), to: even) == nil)
  }

  @Test func `is known best at checkpoints, and not at all beyond them`() throws {
    let reference = try #require(
      Reference(
        [
          .init(time: Self.start, position: Self.at(0, 0), deviation: 0.5),
          .init(time: Self.start + .seconds(60), position: Self.at(84, 0), deviation: 0.5),
        ], isExact: false))
    let (first, middle) = (
      try #require(reference.place(at: Self.start)),
      try #require(reference.place(at: Self.start + .seconds(30)))
    )
    #expect(first.deviation == 0.5)
    // √(0.25/2 + 0.8 · 60 / 4)
    #expect(abs(middle.deviation - (0.125 + 12).squareRoot()) < 1e-9)
    #expect(middle.position.distance(to: Self.at(42, 0)).value < 0.02)
    #expect(reference.place(at: Self.start - .seconds(1)) == nil)
    #expect(Reference([.init(time: Self.start, position: Self.at(0, 0))], isExact: false) == nil)
  }
}
