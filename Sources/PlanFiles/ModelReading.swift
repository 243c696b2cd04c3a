internal import Geodesy
internal import Patrol
internal import Qualification

/// The keys of model.yaml, which a handheld may override.
enum ModelReading {
  static let keys = [
    "receiver", "interval_s", "accuracy_m", "accuracy_confidence", "accuracy_max_m", "hdop_error_m",
    "time_to_first_fix_s",
    "rollover_weeks", "talker", "sentences", "noise", "speed_max_mps", "speed_accuracy_mps",
    "quirks",
  ]

  /// Keys that are absent leave the model as it is.
  static func read(_ section: inout Section, into model: inout DeviceModel) {
    let length = Form<Double>.positive(atMost: 10_000)
    if let receiver = section.value("receiver", .optional, .text) { model.receiver = receiver }
    if let interval = section.value("interval_s", .optional, .seconds(0.05, through: 3600)) {
      model.interval = interval
    }
    let confidence =
      section.value("accuracy_confidence", .optional, .number(0.3, through: 0.99)) ?? 0.95
    if let x = section.value("accuracy_m", .optional, length) {
      model.accuracy = Metres(x * CircularError.ratio(of: 0.95, to: confidence))
    } else if section.has("accuracy_confidence") {
      section.error("accuracy_confidence", "stands without accuracy_m; expected both or neither")
    }
    if let x = section.value("accuracy_max_m", .optional, length) {
      model.accuracyMaximum = Metres(x)
    }
    if let x = section.value("hdop_error_m", .optional, length) { model.hdopError = Metres(x) }
    if let t = section.value("time_to_first_fix_s", .optional, .seconds(0, through: 3600)) {
      model.timeToFirstFix = t
    }
    if let weeks = section.value("rollover_weeks", .optional, .rolloverWeeks) {
      model.rolloverWeeks = weeks
    }
    if let talker = section.value("talker", .optional, .talker) { model.talker = talker }
    if let sentences = section.values("sentences", .optional, of: "NMEA sentences", .sentence) {
      model.sentences = sentences
    }
    readNoise(&section, into: &model)
    let speed = Form<Double>.positive(atMost: 10_000)
    if let v = section.value("speed_max_mps", .optional, speed) {
      model.speedMaximum = MetresPerSecond(v)
    }
    if let v = section.value("speed_accuracy_mps", .optional, speed) {
      model.speedAccuracy = MetresPerSecond(v)
    }
    if let quirks = section.values("quirks", .optional, of: "quirks", .quirk) {
      model.quirks = Set(quirks)
    }
  }

  static func readNoise(_ section: inout Section, into model: inout DeviceModel) {
    guard section.has("noise") else { return }
    let subject = section.subject.isEmpty ? "noise" : "\(section.subject): noise"
    let length = Form<Double>.number(0, through: 10_000)
    guard
      var noise = section.section(
        "noise", .optional, subject: subject, known: ["sigma_m", "tau_s", "white_m"])
    else { return }
    if let x = noise.value("sigma_m", .optional, length) { model.noise.sigma = Metres(x) }
    if let t = noise.value("tau_s", .optional, .seconds(0.1, through: 86_400)) {
      model.noise.tau = t
    }
    if let x = noise.value("white_m", .optional, length) { model.noise.white = Metres(x) }
  }
}

extension Form where Value == Int {
  fileprivate static var rolloverWeeks: Form {
    Form(expected: "0 or 1024") { $0 == "0" ? 0 : $0 == "1024" ? 1024 : nil }
  }
}

extension Form where Value == String {
  fileprivate static var talker: Form {
    Form(expected: "two capital letters such as GN") { isCapitals($0, 2) ? $0 : nil }
  }

  fileprivate static var sentence: Form {
    Form(expected: "three capital letters such as RMC") { isCapitals($0, 3) ? $0 : nil }
  }

  private static func isCapitals(_ text: String, _ count: Int) -> Bool {
    text.utf8.count == count && text.utf8.allSatisfy { (65...90).contains($0) }
  }
}

extension Form where Value == DeviceModel.Quirk {
  fileprivate static var quirk: Form {
    Form(
      expected: "one of "
        + DeviceModel.Quirk.allCases.map(\.rawValue).joined(separator: ", ")
    ) { DeviceModel.Quirk(rawValue: $0) }
  }
}
