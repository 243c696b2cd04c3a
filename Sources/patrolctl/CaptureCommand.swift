import ArgumentParser
import Foundation
import Geodesy
import Patrol
import PlanFiles
import Qualification
import Recordings
import Rig

struct CaptureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Makes a model's simulated capture, and works out what is to be found in it.",
    discussion: """
      Writes the capture that expected.yaml names, by the settings under `simulated`, and the line `expect:` anew. Equal \
      settings and seed give equal bytes.
      """)

  @Argument(help: "The model's folder.") var folder: String

  func run() throws {
    let read = try ModelFolder.read(folder)
    guard let made = read.simulated else {
      throw Failure.wrongQuestion(
        "\(folder)/expected.yaml: has no `simulated`; a recorded capture is not made again")
    }
    let text = CaptureMaker(read.model, as: made, at: read.mark)
      .text(read.capture.hasSuffix(".nmea") ? .nmea : .gpsdJSON)
    let path = "\(read.path)/\(read.capture)"
    try Output.write(Data(text.utf8), to: path)
    let found = try Recording.read(path: path, as: Handheld.ID(read.model.id.text)).qualified(
      serial: read.model.id.text, model: read.model,
      reference: Reference(mark: read.mark, deviation: 0))
    let file = "\(read.path)/expected.yaml"
    let told = String(
      decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
    let kept = told.split(separator: "\n").filter { !$0.hasPrefix("expect:") }
    let lines = kept + [ModelExamination.expectation(found)[...]]
    try Output.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: file)
    try Output.line("\(path): \(text.utf8.count) bytes")
  }
}
