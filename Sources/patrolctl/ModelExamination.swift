import Foundation
import Geodesy
import Patrol
import PlanFiles
import Qualification
import Recordings
import Reports
import Rig

/// A model's folder against itself: whether its capture is what its other files say.
struct ModelExamination {
  let folder: ModelFolder
  /// Nil where the capture cannot be read.
  private(set) var found: Qualification?
  private(set) var problems: [PlanProblem]

  private static let spread = 0.011

  init(_ folder: ModelFolder) {
    self.folder = folder
    problems = folder.warnings
    examine()
  }

  var hasErrors: Bool { problems.contains { $0.severity == .error } }

  /// What is to be found, as `expected.yaml` has it.
  static func expectation(_ q: Qualification) -> String {
    func text(_ x: Double?) -> String { String(format: "%.2f", x ?? 0) }
    return
      "expect: {reports: \(q.times.reports), fixes: \(q.times.fixes), interval_s: \(text(q.times.interval?.value)), "
      + "time_to_first_fix_s: \(text(q.times.firstFix?.value)), cep50_m: \(text(q.accuracy?.half.value)), "
      + "cep95_m: \(text(q.accuracy?.most.value))}"
  }

  func text() -> String {
    let model = folder.model
    var lines = [
      "\(model.id): \(model.receiver)",
      "every \(Self.plain(model.interval.seconds)) s, \(Self.plain(model.accuracy.value)) m (95 %), first fix within \(Self.plain(model.timeToFirstFix.seconds)) s",
    ]
    if let found {
      lines.append(
        "\(folder.capture): \(found.times.reports) reports, \(found.times.fixes) with a position")
      lines.append(
        QualificationBatch([found], drawnUp: SystemClock.now).text().dropLast().description)
    }
    return (lines + problems.map(\.description)).joined(separator: "\n") + "\n"
  }

  private mutating func examine() {
    let path = "\(folder.path)/\(folder.capture)"
    guard let data = FileManager.default.contents(atPath: path) else {
      return error(folder.capture, "missing; expected the capture that expected.yaml names")
    }
    if data.count > ModelFolder.captureMaximum {
      error(
        folder.capture, "found \(data.count) bytes; expected \(ModelFolder.captureMaximum) at most")
    }
    let recording: Recording
    do {
      recording = try Recording.read(path: path, as: Handheld.ID(folder.model.id.text))
    } catch { return self.error(folder.capture, "\(error)") }
    for skipped in recording.skipped.prefix(3) {
      error(folder.capture, line: skipped.line, skipped.reason)
    }
    let q = recording.qualified(
      serial: folder.model.id.text, model: folder.model,
      reference: Reference(mark: folder.mark, deviation: 0))
    found = q
    for claim in q.claims where claim.verdict == .fails {
      error(
        folder.capture,
        "the claim \(claim.kind.rawValue) fails: found \(Self.plain(claim.found.value)), claimed \(Self.plain(claim.claimed))"
      )
    }
    compare(q)
    if folder.capture.hasSuffix(".nmea") { sentences(data) } else { device(data) }
    if let made = folder.simulated {
      let again = CaptureMaker(folder.model, as: made, at: folder.mark)
        .text(folder.capture.hasSuffix(".nmea") ? .nmea : .gpsdJSON)
      if Data(again.utf8) != data {
        error(
          folder.capture,
          "is not what seed \(made.seed) and the settings in expected.yaml make; make it again with `patrolctl rig capture \(folder.path)`"
        )
      }
    }
  }

  private mutating func compare(_ q: Qualification) {
    guard let expected = folder.expected else {
      return error(
        "expected.yaml",
        "expect: missing; expected what is to be found in the capture: \(Self.expectation(q))")
    }
    func check(_ key: String, _ found: Double?, _ told: Double) {
      guard abs((found ?? 0) - told) > Self.spread + abs(told) / 100 else { return }
      error(
        "expected.yaml",
        "expect: \(key): says \(Self.plain(told)), found \(found.map(Self.plain) ?? "none") in \(folder.capture)"
      )
    }
    if q.times.reports != expected.reports || q.times.fixes != expected.fixes {
      error(
        "expected.yaml",
        "expect: says \(expected.reports) reports, \(expected.fixes) with a position; found \(q.times.reports) and \(q.times.fixes) in \(folder.capture)"
      )
    }
    check("interval_s", q.times.interval?.value, expected.interval)
    check("time_to_first_fix_s", q.times.firstFix?.value, expected.timeToFirstFix)
    check("cep50_m", q.accuracy?.half.value, expected.half)
    check("cep95_m", q.accuracy?.most.value, expected.most)
  }

  private mutating func sentences(_ data: Data) {
    let addresses = Set(
      data.split(separator: 0x0a).compactMap { line -> String? in
        let text = String(decoding: line.prefix(6), as: UTF8.self)
        return text.hasPrefix("$") && text.count == 6 ? String(text.dropFirst()) : nil
      })
    let model = folder.model
    for other in addresses.sorted() where !other.hasPrefix(model.talker) {
      error(folder.capture, "found \(other); expected sentences of \(model.talker) (talker)")
    }
    for told in Set(addresses.map { String($0.dropFirst(2)) }).sorted()
    where !model.sentences.contains(told) {
      error(folder.capture, "found \(told), which is not among the model's sentences")
    }
    // What we write ourselves are four; a recording should have them all.
    let written = folder.simulated == nil ? model.sentences : ["RMC", "GGA", "GSA", "GST"]
    for sentence in model.sentences
    where written.contains(sentence) && !addresses.contains(model.talker + sentence) {
      error(folder.capture, "has no \(sentence), which is among the model's sentences")
    }
  }

  private mutating func device(_ data: Data) {
    guard folder.simulated != nil else { return }
    let name = "\"device\":\"\(folder.model.id)\""
    if data.range(of: Data(name.utf8)) == nil {
      error(folder.capture, "names another device; expected \(folder.model.id), as its folder")
    }
  }

  private mutating func error(_ file: String, line: Int? = nil, _ message: String) {
    problems.append(PlanProblem(.error, file: file, line: line, message))
  }

  private static func plain(_ x: Double) -> String {
    let text = String(format: "%.2f", x)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }
}
