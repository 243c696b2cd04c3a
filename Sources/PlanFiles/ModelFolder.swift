internal import Foundation
public import Geodesy
public import Patrol
internal import Qualification

/// A model's folder: what is claimed of a kind of handheld, why, and a capture with what is expected of it.
///
///     u-blox-m8/model.yaml      what the daemon goes by
///     u-blox-m8/NOTES.md        where each value comes from
///     u-blox-m8/expected.yaml   how the capture was made, and what is to be found in it
///     u-blox-m8/capture.nmea    at most 100 kB
public struct ModelFolder: Sendable {
  /// What is to be found in the capture.
  public struct Expected: Hashable, Sendable {
    public var reports: Int
    public var fixes: Int
    /// Seconds, both.
    public var interval: Double
    public var timeToFirstFix: Double
    /// Metres, both.
    public var half: Double
    public var most: Double

    public init(
      reports: Int, fixes: Int, interval: Double, timeToFirstFix: Double, half: Double, most: Double
    ) {
      self.reports = reports
      self.fixes = fixes
      self.interval = interval
      self.timeToFirstFix = timeToFirstFix
      self.half = half
      self.most = most
    }
  }

  public let path: String
  public let model: DeviceModel
  /// The capture's file, beside the model's.
  public let capture: String
  /// Where the handheld lay.
  public let mark: Coordinate
  /// Nil for a recorded one.
  public let simulated: SimulatedCapture?
  /// Nil where it is still to be worked out.
  public let expected: Expected?
  public let warnings: [PlanProblem]

  public static let captureMaximum = 100_000

  /// Whether a path is a model's folder rather than a plan's.
  public static func isOne(_ path: String) -> Bool {
    let url = URL(fileURLWithPath: path)
    let manager = FileManager.default
    if url.lastPathComponent == "model.yaml" { return true }
    let has = { manager.fileExists(atPath: url.appendingPathComponent($0).path) }
    return has("model.yaml")
      || (!has("plan.yaml") && url.deletingLastPathComponent().lastPathComponent == "models"
        && has("."))
  }

  /// - Throws: everything that is missing or inconsistent in its texts; what the capture holds is the caller's to look at.
  public init(at path: String) throws(PlanProblems) {
    let url = URL(fileURLWithPath: path)
    let folder = url.lastPathComponent == "model.yaml" ? url.deletingLastPathComponent() : url
    let log = ProblemLog()
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder),
      isFolder.boolValue
    else {
      log.error(path, nil, "found no such folder; expected a model's, with its model.yaml")
      throw PlanProblems(log.all)
    }
    for file in ["model.yaml", "expected.yaml", "NOTES.md"] { log.opens(file) }
    var reading = ModelFolderReading(folder: folder, log: log)
    let model = reading.model()
    let told = reading.expectation()
    reading.notes(seed: told?.simulated?.seed)
    if let model, let told, !log.hasErrors { reading.compare(model, told.simulated?.noise) }
    guard let model, let told, !log.hasErrors else { throw PlanProblems(log.all) }
    // As it was asked for, for messages.
    self.path = url.lastPathComponent == "model.yaml" ? folder.relativePath : path
    self.model = model
    (capture, mark, simulated, expected) = (told.capture, told.mark, told.simulated, told.expected)
    warnings = log.all
  }
}

/// Reads the texts of a model's folder; every problem goes to the log.
private struct ModelFolderReading {
  let folder: URL
  let log: ProblemLog

  struct Told {
    var capture: String
    var mark: Coordinate
    var simulated: SimulatedCapture?
    var expected: ModelFolder.Expected?
  }

  /// What a plan may leave out and a model may not.
  private static let required = [
    "receiver", "interval_s", "accuracy_m", "accuracy_confidence", "accuracy_max_m", "hdop_error_m",
    "time_to_first_fix_s", "rollover_weeks", "talker", "sentences", "noise", "speed_max_mps",
    "speed_accuracy_mps", "quirks",
  ]

  mutating func model() -> DeviceModel? {
    guard var top = section("model.yaml", known: ModelReading.keys) else { return nil }
    for key in Self.required where !top.has(key) {
      log.error("model.yaml", nil, "\(key): missing; expected it in every model")
    }
    let name = folder.standardizedFileURL.lastPathComponent
    if Form.modelName.read(name) == nil {
      log.error(
        "model.yaml", nil,
        "found a folder named \(quoted(name)); expected \(Form.modelName.expected)")
    }
    var model = DeviceModel(id: DeviceModel.ID(name))
    ModelReading.read(&top, into: &model)
    return model
  }

  mutating func expectation() -> Told? {
    let file = "expected.yaml"
    guard
      var top = section(file, known: ["capture", "mark", "simulated", "expect"])
    else { return nil }
    let capture = top.value("capture", .required, .text)
    let mark = self.mark(&top)
    if let capture, !capture.hasSuffix(".nmea"), !capture.hasSuffix(".jsonl") {
      top.error("capture", "found \(quoted(capture)); expected the name of a .nmea or .jsonl file")
    }
    let simulated = top.has("simulated") ? self.simulated(&top) : nil
    let expected = top.has("expect") ? expect(&top) : nil
    guard let capture, let mark else { return nil }
    return Told(capture: capture, mark: mark, simulated: simulated, expected: expected)
  }

  private func mark(_ top: inout Section) -> Coordinate? {
    let form = Form<Double>.number(-180, through: 180)
    guard let pair = top.values("mark", .required, of: "latitude and longitude", form) else {
      return nil
    }
    guard pair.count == 2, let mark = Coordinate(latitude: pair[0], longitude: pair[1]) else {
      top.error("mark", "expected [latitude, longitude] in degrees")
      return nil
    }
    return mark
  }

  private func simulated(_ top: inout Section) -> SimulatedCapture? {
    let keys = [
      "seed", "began", "lasts_s", "first_fix_s", "latency_s", "latency_jitter_s",
      "interval_jitter_s", "lost", "backlog_s", "noise",
    ]
    guard
      var made = top.section("simulated", .required, subject: "simulated", known: keys)
    else { return nil }
    let time = Form<Milliseconds>.seconds(0, through: 86_400)
    let seed = made.value("seed", .required, .integer(0...999_999_999))
    let began = made.value("began", .required, .instant)
    let lasts = made.value("lasts_s", .required, .seconds(1, through: 604_800))
    func seconds(_ key: String) -> Milliseconds { made.value(key, .optional, time) ?? .zero }
    let (first, latency, jitter) = (
      seconds("first_fix_s"), seconds("latency_s"), seconds("latency_jitter_s")
    )
    let (interval, backlog) = (seconds("interval_jitter_s"), seconds("backlog_s"))
    let lost = made.value("lost", .optional, .number(0, through: 0.9)) ?? 0
    var noise: DeviceModel.Noise?
    if made.has("noise") {
      var model = DeviceModel(id: "")
      ModelReading.readNoise(&made, into: &model)
      noise = model.noise
    }
    guard let seed, let began, let lasts else { return nil }
    return SimulatedCapture(
      seed: UInt64(seed), began: began, lasts: lasts, firstFix: first, latency: latency,
      latencyJitter: jitter, intervalJitter: interval, lost: lost, backlog: backlog, noise: noise)
  }

  private func expect(_ top: inout Section) -> ModelFolder.Expected? {
    let keys = [
      "reports", "fixes", "interval_s", "time_to_first_fix_s", "cep50_m", "cep95_m",
    ]
    guard var expect = top.section("expect", .required, subject: "expect", known: keys) else {
      return nil
    }
    let count = Form<Int>.integer(0...10_000_000)
    let number = Form<Double>.number(0, through: 1e6)
    let (reports, fixes) = (
      expect.value("reports", .required, count), expect.value("fixes", .required, count)
    )
    let values = ["interval_s", "time_to_first_fix_s", "cep50_m", "cep95_m"].map {
      expect.value($0, .required, number)
    }
    guard let reports, let fixes, let interval = values[0], let first = values[1],
      let half = values[2], let most = values[3]
    else { return nil }
    return ModelFolder.Expected(
      reports: reports, fixes: fixes, interval: interval, timeToFirstFix: first, half: half,
      most: most)
  }

  func notes(seed: UInt64?) {
    guard let text = text("NOTES.md") else { return }
    if text.utf8.count < 200 {
      log.error(
        "NOTES.md", nil, "found \(text.utf8.count) bytes; expected why each value was taken")
    }
    if let seed, !text.contains("seed \(seed)") {
      log.error("NOTES.md", nil, "expected that it names the capture's seed: \"seed \(seed)\"")
    }
  }

  /// What does not fit together.
  func compare(_ model: DeviceModel, _ noise: DeviceModel.Noise?) {
    if model.accuracyMaximum < model.accuracy {
      log.error(
        "model.yaml", nil,
        "accuracy_max_m: found \(metres(model.accuracyMaximum)), below the accuracy of \(metres(model.accuracy)) (95 %); expected more"
      )
    }
    for travel in Travel.allCases where model.speedMaximum < travel.plausibleSpeed {
      log.warning(
        "model.yaml", nil,
        "speed_max_mps: \(plain(model.speedMaximum.value)) is below what is plausible by \(travel.rawValue)"
      )
    }
    let made = noise ?? model.noise
    let (s, w) = (made.sigma.value, made.white.value)
    let radius = (s * s + w * w).squareRoot() * CircularError.deviations(0.95)
    let share = radius / model.accuracy.value
    // Half an accuracy's figures are rounded to a metre.
    if !(0.75...1.1).contains(share) {
      log.error(
        noise == nil ? "model.yaml" : "expected.yaml", nil,
        "noise: comes to \(metres(Metres(radius))) for 95 % of positions; expected about the accuracy, \(metres(model.accuracy))"
      )
    }
  }

  private func section(_ file: String, known: [String]) -> Section? {
    guard let text = text(file), let node = YAMLReading.read(text, file: file, log: log) else {
      return nil
    }
    return Section(node, file: file, subject: "", known: known, log: log)
  }

  private func text(_ file: String) -> String? {
    guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent(file).path)
    else {
      log.error(file, nil, "missing; expected it in the model's folder")
      return nil
    }
    return TextDecoding.text(Array(data), file: file, fallback: .refuse, log: log)
  }
}

extension Form where Value == Instant {
  fileprivate static var instant: Form {
    Form(expected: "a time such as 2026-11-28T04:00:00Z") { Instant(rfc3339: $0) }
  }
}
