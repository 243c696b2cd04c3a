public import Geodesy
public import Patrol
public import PlanFiles

/// What a handheld of some model would have reported lying on a mark: errors, times and delivery as told. Equal for
/// equal settings and seed.
public struct CaptureMaker: Sendable {
  /// One report, in the order of receipt.
  public struct Report: Hashable, Sendable {
    public var at: Instant
    public var receivedAt: Instant
    /// Nil without a position.
    public var fix: Fix?
  }

  public enum Format: Hashable, Sendable {
    case nmea
    /// gpsd's, each line after its receive time.
    case gpsdJSON
  }

  public let model: DeviceModel
  public let reports: [Report]
  /// Standard deviation of each axis.
  private let deviation: Metres

  static let hdop = 0.9

  public init(_ model: DeviceModel, as made: SimulatedCapture, at mark: Coordinate) {
    var erring = model
    if let noise = made.noise { erring.noise = noise }
    self.model = erring
    let (s, w) = (erring.noise.sigma.value, erring.noise.white.value)
    deviation = Metres((s * s + w * w).squareRoot())
    let plane = LocalPlane(origin: mark)
    var noise = ReceiverNoise(erring, handheld: Handheld.ID(model.id.text), seed: made.seed)
    var random = SplitMix64(made.seed, "\(model.id.text)/capture")
    let told =
      model.quirks.contains(.claims68)
      ? Metres(model.accuracy.value * Self.of68) : model.accuracy
    let half = made.began + made.lasts / 2
    let spell = half..<half + made.backlog
    var reports: [Report] = []
    var (slot, before, kept) = (made.began, Milliseconds.zero, Int64(0))
    var last: Instant?
    while slot < made.began + made.lasts {
      before = Milliseconds(
        seconds: made.intervalJitter.seconds * Double.random(in: -1...1, using: &random))
      let at = slot + before
      slot = slot + model.interval
      let isLost = Double.random(in: 0..<1, using: &random) < made.lost
      let late = Milliseconds(seconds: made.latencyJitter.seconds * random.exponential())
      let error = noise.next(after: last.map { at - $0 } ?? model.interval)
      let speed = MetresPerSecond(abs(noise.speedError()))
      last = at
      guard !isLost else { continue }
      var received = at + made.latency + late
      if spell.contains(at) {
        received = spell.upperBound + made.latency + Milliseconds(kept * 2)
        kept += 1
      }
      let isBlind = at - made.began < made.firstFix
      let fix = Fix(
        time: at, position: plane.coordinate(error)!, mode: 3, accuracy: told, hdop: Self.hdop,
        speed: model.quirks.contains(.noSpeed) ? nil : speed)
      reports.append(Report(at: at, receivedAt: received, fix: isBlind ? nil : fix))
    }
    self.reports = reports.enumerated().sorted {
      ($0.element.receivedAt, $0.offset) < ($1.element.receivedAt, $1.offset)
    }.map(\.element)
  }

  /// A radius of 68 % over one of 95 %, of a circular normal error: √(ln 0.32 / ln 0.05).
  private static let of68 = 0.616_73

  public func observations(of handheld: Handheld.ID) -> [Observation] {
    reports.map { report in
      Observation(
        handheld: handheld, receivedAt: report.receivedAt,
        report: report.fix.map { .fix($0) } ?? .noFix(mode: 1))
    }
  }

  /// A file's text.
  public func text(_ format: Format) -> String {
    switch format {
    case .nmea:
      let writer = NMEAWriter(model)
      return reports.map { report in
        report.fix.map { writer.text($0, deviation: deviation) } ?? writer.void(at: report.at)
      }.joined()
    case .gpsdJSON:
      let device = model.id.text
      return reports.map { report in
        report.receivedAt.text() + "\t"
          + (report.fix.map { GPSDJSONWriter.line($0, device: device) }
            ?? #"{"class":"TPV","device":"\#(device)","mode":1}"#) + "\n"
      }.joined()
    }
  }
}
