internal import Foundation
public import Patrol

/// A plan read from its files, without a fault.
///
///     let loaded = try LoadedPlan(at: "/etc/patrold/west-lake", devices: ["/usr/share/patrold/devices"])
///     for warning in loaded.warnings { print(warning) }
public struct LoadedPlan: Sendable {
  public let plan: Plan
  /// What the reader noticed, and what the handhelds cannot prove; warnings and notes, by file and line.
  public let warnings: [PlanProblem]
  /// Reads the same plan again.
  public let bundle: PlanBundle

  /// Reads a plan's folder, or the plan file in it.
  ///
  /// - Parameter devices: folders that hold models as `<model>/model.yaml` or `models/<model>/model.yaml`; the first that
  ///   has a model gives it. Those that do not exist are passed over.
  /// - Throws: every problem of every file.
  public init(at path: String, devices: [String]) throws(PlanProblems) {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw PlanProblems([
        PlanProblem(
          .error, file: path,
          "found no such file or folder; expected a plan's folder, or its plan.yaml")
      ])
    }
    let url = URL(fileURLWithPath: path)
    let folder = isFolder.boolValue ? url : url.deletingLastPathComponent()
    let root = isFolder.boolValue ? "plan.yaml" : url.lastPathComponent
    try self.init(.disk(folder: folder.path, devices: devices), root: root)
  }

  /// Reads a plan that was kept; equal to the one it was kept from, whatever this system's devices and zones are now.
  public init(bundle: PlanBundle) throws(PlanProblems) {
    try self.init(.bundle(bundle), root: bundle.root)
  }

  private init(_ origin: FileOrigin, root: String) throws(PlanProblems) {
    let read = try PlanReading.read(origin, root: root)
    plan = read.plan
    bundle = read.bundle
    for limit in EvidenceLimits.all(of: read.plan) {
      read.log.add(read.map.problem(limit, root: root))
    }
    warnings = read.log.all
  }
}
