import Foundation
import Geodesy
import Patrol
import PlanFiles
import Testing

/// A folder of its own for one test.
private struct Folder {
  let path: String

  init(_ files: [String: [UInt8]]) throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("plan-\(UUID())").path
    for (name, bytes) in files {
      let url = URL(fileURLWithPath: "\(path)/\(name)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
  }

  static func withPlan(_ more: [String: [UInt8]] = [:]) throws -> Folder {
    let plan = WestGatePlan.bundle.files.mapValues { Array($0.utf8) }
    return try Folder(plan.merging(more) { _, new in new })
  }

  func remove() throws { try FileManager.default.removeItem(atPath: path) }

  func lines(_ devices: [String] = ["devices"], at name: String = "") -> [String] {
    do {
      let loaded = try LoadedPlan(at: path + name, devices: devices.map { "\(path)/\($0)" })
      return loaded.warnings.map(\.description)
    } catch {
      return error.all.map { $0.description.replacing(path, with: "FOLDER") }
    }
  }
}

@Test func `A folder and the plan file in it are the same plan, and so is its bundle`() throws {
  let folder = try Folder.withPlan()
  defer { #expect(throws: Never.self) { try folder.remove() } }
  let devices = ["\(folder.path)/nowhere", "\(folder.path)/devices/models"]
  let loaded = try LoadedPlan(at: folder.path, devices: devices)
  #expect(try LoadedPlan(at: folder.path + "/plan.yaml", devices: devices).plan == loaded.plan)
  #expect(try LoadedPlan(bundle: loaded.bundle).plan == loaded.plan)
  #expect(
    loaded.bundle.files.keys.sorted() == [
      "devices/models/generic/model.yaml", "devices/models/slow/model.yaml", "places.geojson",
      "plan.yaml",
      "roster.csv", "zone/Asia/Shanghai",
    ])
}

@Test func `The first device folder that has a model gives it`() throws {
  let folder = try Folder.withPlan(["mine/slow/model.yaml": Array("accuracy_m: 7".utf8)])
  defer { #expect(throws: Never.self) { try folder.remove() } }
  let devices = ["\(folder.path)/mine", "\(folder.path)/devices"]
  let plan = try LoadedPlan(at: folder.path, devices: devices).plan
  #expect(plan.handheld("h-3")?.model.accuracy == 7)
  #expect(plan.handheld("h-1")?.model.id == "generic")
}

@Test func `A model is looked for where it was said to be`() throws {
  let folder = try Folder.withPlan()
  defer { #expect(throws: Never.self) { try folder.remove() } }
  let yaml = WestGatePlan.yaml.replacing("model: slow", with: "model: slwo")
  try Data(yaml.utf8).write(to: URL(fileURLWithPath: folder.path + "/plan.yaml"))
  #expect(
    folder.lines() == [
      "plan.yaml:26: handheld h-3: model: found \"slwo\", which no device folder has (looked in FOLDER/devices); "
        + "expected a folder with model.yaml; did you mean \"slow\"?"
    ])
  #expect(folder.lines([]).count == 3)
}

@Test func `What cannot be read is said`() throws {
  let folder = try Folder.withPlan(["folder.geojson/x": []])
  defer { #expect(throws: Never.self) { try folder.remove() } }
  #expect(
    folder.lines(at: "/none.yaml").first
      == "FOLDER/none.yaml: found no such file or folder; expected a plan's folder, or its plan.yaml"
  )
  #expect(
    folder.lines(at: "/nowhere/at/all") == [
      "FOLDER/nowhere/at/all: found no such file or folder; expected a plan's folder, or its plan.yaml"
    ])
  let yaml = WestGatePlan.yaml.replacing("places: places.geojson", with: "places: folder.geojson")
  try Data(yaml.utf8).write(to: URL(fileURLWithPath: folder.path + "/plan.yaml"))
  #expect(folder.lines() == ["folder.geojson: not a regular file"])
}

/// 王 and 赵伟 in GBK.
private let gbkRoster: [UInt8] =
  Array("day,shift,group,member,handheld\r\n2026-11-23,evening,harbour-1,".utf8) + [0xcd, 0xf5]
  + Array(",h-1\r\n2026-11-23,evening,harbour-1,".utf8) + [0xd5, 0xd4, 0xce, 0xb0]
  + Array(",h-2\r\n".utf8)

@Test func `A roster in GBK is read, with a warning`() throws {
  let folder = try Folder.withPlan(["roster.csv": gbkRoster])
  defer { #expect(throws: Never.self) { try folder.remove() } }
  let loaded = try LoadedPlan(at: folder.path, devices: ["\(folder.path)/devices"])
  #expect(loaded.plan.roster.rows.map(\.member) == ["王", "赵伟"])
  #expect(
    loaded.warnings.map(\.description) == [
      "roster.csv:2: warning: not UTF-8; read as GBK (save it as \"CSV UTF-8\" to be sure)"
    ])
  #expect(try LoadedPlan(bundle: loaded.bundle).plan == loaded.plan)
}

@Test(
  arguments: [
    (
      "roster.csv", [0xff, 0xfe, 0x64, 0x00],
      "roster.csv:1: found UTF-16; expected UTF-8 (save it as UTF-8)"
    ),
    (
      "roster.csv", [0x64, 0x0a, 0xff, 0xff],
      "roster.csv:2: found bytes that are neither UTF-8 nor GBK; expected UTF-8"
    ),
    (
      "places.geojson", [0x7b, 0x0a, 0x0a, 0xcd, 0xf5],
      "places.geojson:3: found bytes that are not UTF-8; expected UTF-8 (save it as UTF-8)"
    ),
    (
      "devices/models/slow/model.yaml", [0xcd],
      "devices/models/slow/model.yaml:1: found bytes that are not UTF-8; expected UTF-8 (save it as UTF-8)"
    ),
  ] as [(String, [UInt8], String)])
func `Bytes that are no text are told`(file: String, bytes: [UInt8], expected: String) throws {
  let folder = try Folder.withPlan([file: bytes])
  defer { #expect(throws: Never.self) { try folder.remove() } }
  #expect(folder.lines() == [expected])
}

@Test func `The generic model in this repository is what a model is without any key`() throws {
  let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let model = try String(
    contentsOf: repository.appendingPathComponent("devices/models/generic/model.yaml"),
    encoding: .utf8)
  var bundle = WestGatePlan.bundle
  bundle.files["devices/models/generic/model.yaml"] = model
  let read = try #require(try LoadedPlan(bundle: bundle).plan.handheld("h-1")?.model)
  #expect(read == DeviceModel(id: "generic", receiver: read.receiver))
  for key in [
    "interval_s", "accuracy_m", "accuracy_max_m", "hdop_error_m", "time_to_first_fix_s", "noise",
  ] {
    #expect(model.contains("\(key):"))
  }
}

@Test func `A model that is not there is one error, that names its folder`() throws {
  let folder = try Folder(["models/model.txt": []])
  defer { #expect(throws: Never.self) { try folder.remove() } }
  func lines(_ name: String) -> [String] {
    do throws(PlanProblems) {
      _ = try ModelFolder(at: folder.path + name)
      return []
    } catch {
      return error.all.map { $0.description.replacing(folder.path, with: "FOLDER") }
    }
  }
  for name in ["/models/none", "/models/model.txt"] {
    #expect(
      lines(name) == [
        "FOLDER\(name): found no such folder; expected a model's, with its model.yaml"
      ])
  }
  #expect(lines("/models").count == 3)
}
