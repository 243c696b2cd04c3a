import ArgumentParser
import Coverage
import Foundation
import GPSD
import Geodesy
import Patrol
import PlanFiles
import Qualification
import Recordings
import Reports
import Rig
import Store

struct QualifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "qualify",
    abstract: "What real handhelds are worth: a sheet for each, and a table of those that passed.",
    discussion: """
      Each --serial goes with one --capture (gpsd JSON with receive times, NMEA or GPX), or with one --gpsd to record \
      from. Truth is a surveyed mark on which they lay, checkpoints they were carried past (CSV: time,latitude,longitude\
      [,deviation_m]), or the walk of the scenario that drove an RF simulator.
      Exit status: 0 all passed; 1 one failed, or could not be judged; 2 the question is wrong; 3 something outside failed.
      """)

  @Option(help: ArgumentHelp("The model's name, or its folder.", valueName: "name"))
  var model: String
  @Option(help: ArgumentHelp("A handheld's serial number; may be given again.", valueName: "s"))
  var serial: [String]
  @Option(help: ArgumentHelp("What it reported; in the order of serials.", valueName: "file"))
  var capture: [String] = []
  @Option(help: ArgumentHelp("Where to record it, host[:port[:device]].", valueName: "source"))
  var gpsd: [String] = []
  @Option(help: ArgumentHelp("How long to record.", valueName: "n")) var seconds: Double?
  @Option(
    help: ArgumentHelp(
      "A surveyed mark in degrees, and the error of each axis in metres.",
      valueName: "lat,lon[,±m]"))
  var mark: String?
  @Option(help: ArgumentHelp("When it was carried past which mark.", valueName: "file.csv"))
  var checkpoints: String?
  @Option(help: ArgumentHelp("A scenario.yaml, or its folder.", valueName: "folder"))
  var scenario: String?
  @Option(help: ArgumentHelp("Whose walk of the scenario.", valueName: "handheld")) var walker:
    String?
  @Flag(help: "Finds by how much the walk's clock differs from the receiver's.") var align = false
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A folder for SERIAL.html, SERIAL.json and batch.html, .csv, .json.", valueName: "folder"))
  var out: String?
  @Option(help: ArgumentHelp("en or zh-Hans.", valueName: "language")) var language = "en"
  @OptionGroup var devices: DevicesOption

  func validate() throws {
    guard Language(tag: language) != nil else {
      throw ValidationError("--language: found \"\(language)\"; expected en or zh-Hans")
    }
    guard capture.isEmpty != gpsd.isEmpty else {
      throw ValidationError("expected either --capture or --gpsd for each --serial")
    }
    let sources = capture.count + gpsd.count
    guard serial.count == sources else {
      throw ValidationError(
        "found \(serial.count) serials and \(sources) captures or sources; expected one for each")
    }
    guard Set(serial).count == serial.count else {
      throw ValidationError("--serial: found one twice; expected each once")
    }
    for serial in serial
    where serial.isEmpty || serial.contains("/") || serial.hasPrefix(".") || serial == "batch" {
      throw ValidationError(
        "--serial: found \"\(serial)\"; expected what can name a file, other than batch")
    }
    for source in gpsd where Source(source) == nil {
      throw ValidationError(
        "--gpsd: found \"\(source)\"; expected host[:port[:device]], such as 127.0.0.1:2947")
    }
    guard gpsd.isEmpty == (seconds == nil) else {
      throw ValidationError("--gpsd and --seconds go together: how long to record")
    }
    if let seconds, !(seconds > 0 && seconds < 1e7) {
      throw ValidationError("--seconds: found \(seconds); expected more than 0")
    }
    guard [mark, checkpoints, scenario].count(where: { $0 != nil }) == 1 else {
      throw ValidationError("expected one truth: --mark, --checkpoints or --scenario")
    }
    guard (scenario == nil) == (walker == nil) else {
      throw ValidationError("--scenario and --walker go together: whose walk it was")
    }
    if align, mark != nil {
      throw ValidationError("--align: a mark shows no change of pace to go by")
    }
  }

  func run() async throws {
    let model = try knownModel()
    let reference = try truth()
    let language = Language(tag: language)!
    if let out { try Folder.make(out) }
    let captures = gpsd.isEmpty ? capture : try await record()
    let drawnUp = SystemClock.now
    var all: [Qualification] = []
    for (serial, capture) in zip(serial, captures) {
      let found = try qualify(serial, capture, model, reference)
      if let out {
        let sheet = QualificationSheet(found, drawnUp: drawnUp)
        try Output.write(Data(sheet.html(in: language).utf8), to: "\(out)/\(serial).html")
        try Output.write(Data(sheet.json().utf8), to: "\(out)/\(serial).json")
      }
      all.append(found)
    }
    let batch = QualificationBatch(all, drawnUp: drawnUp)
    if let out {
      try Output.write(Data(batch.html(in: language).utf8), to: "\(out)/batch.html")
      try Output.write(
        Data(batch.listing(in: language).csv { $0.text() }.utf8), to: "\(out)/batch.csv")
      try Output.write(Data(batch.json().utf8), to: "\(out)/batch.json")
    }
    try Output.write(batch.text())
    guard all.allSatisfy({ $0.outcome == .passed }) else { throw ExitCode(1) }
  }

  private func knownModel() throws -> DeviceModel {
    let places =
      ModelFolder.isOne(model)
      ? [model]
      : devices.searchPath.flatMap {
        ["\($0)/\(model)", "\($0)/models/\(model)"]
      }
    guard let path = places.first(where: ModelFolder.isOne), !model.isEmpty else {
      throw Failure.wrongQuestion(
        "--model: found \"\(model)\", which no device folder has (\(devices.searchPath.joined(separator: ", "))); "
          + "expected a folder with model.yaml")
    }
    return try ModelFolder.read(path).model
  }

  private func truth() throws -> Reference {
    if let mark { return try Self.mark(mark) }
    if let checkpoints {
      do { return try CheckpointFile.read(at: checkpoints) } catch {
        throw Failure.unusable("checkpoint file", error)
      }
    }
    let read = try Scenario(at: scenario!, devices: devices.searchPath)
    guard let walker = read.walkers.first(where: { $0.handheld.id.text == self.walker }) else {
      throw Failure.wrongQuestion(
        "--walker: found \"\(self.walker!)\"; expected one of "
          + read.walkers.map(\.handheld.id.text).joined(separator: ", "))
    }
    guard let reference = walker.reference(over: read.span) else {
      throw Failure.wrongQuestion("--walker: \(self.walker!) walks nowhere in this scenario")
    }
    return reference
  }

  /// `28.68,115.89` or `28.68,115.89,±0.5`; one metre where its error is not told.
  private static func mark(_ text: String) throws -> Reference {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    let error = parts.count == 3 ? parts[2].drop { "±+".contains($0) } : "1"
    guard (2...3).contains(parts.count), let latitude = Double(parts[0]),
      let longitude = Double(parts[1]), let metres = Double(error), (0...100).contains(metres),
      let mark = Coordinate(latitude: latitude, longitude: longitude)
    else {
      throw Failure.wrongQuestion(
        "--mark: found \"\(text)\"; expected latitude,longitude in degrees, such as 28.68,115.89,±0.5"
      )
    }
    return Reference(mark: mark, deviation: Metres(metres))
  }

  private func qualify(
    _ serial: String, _ capture: String, _ model: DeviceModel, _ reference: Reference
  ) throws -> Qualification {
    let recording = try Recording.read(path: capture, as: Handheld.ID(serial))
    let found = recording.qualified(
      serial: serial, model: model, reference: reference, isAligned: align)
    if align, found.alignment == nil {
      throw Failure.wrongQuestion(
        "\(capture): --align: nothing in its pace resembles the walk's; expected a walk with stops, told at least "
          + "every few seconds, within two minutes of the scenario's clock")
    }
    if found.errors.isEmpty {
      let what = found.times.fixes == 0 ? "no position" : "no position within the time of the truth"
      throw Failure.wrongQuestion("\(capture): holds \(what) (\(found.times.reports) reports)")
    }
    return found
  }
}

extension ModelFolder {
  /// With its errors as a model's.
  static func read(_ path: String) throws -> ModelFolder {
    do { return try ModelFolder(at: path) } catch { throw Failure.unusable("model", error) }
  }
}

enum Folder {
  static func make(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Failure.outside("\(path): cannot be made (\(error.localizedDescription))")
    }
  }
}

extension Recording {
  /// Dates mended as the model says; with `isAligned` the reference's clock is found first.
  func qualified(
    serial: String, model: DeviceModel, reference: Reference, isAligned: Bool = false
  ) -> Qualification {
    let all = observations.map { $0.mended(for: model) }
    let sound = all.filter { !$0.clockIsWrong }
    // A receiver whose dates are all wrong still tells where it was.
    let mended = sound.contains { $0.fix != nil } ? sound : all
    let alignment =
      isAligned ? TimeAlignment(Qualification.inOrder(mended), to: reference) : nil
    return Qualification(
      serial: serial, model: model, observations: mended, reference: reference,
      alignment: alignment, wrongDates: all.count { $0.clockIsWrong })
  }
}
