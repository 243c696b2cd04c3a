internal import Coverage
internal import Foundation
internal import Geodesy
internal import Patrol
public import PlanFiles
internal import Yams

extension Scenario {
  /// Reads a rig: its folder, or the scenario's file in it, and the plan in that folder.
  ///
  /// - Parameter devices: folders with device models, as `LoadedPlan` takes them.
  public init(at path: String, devices: [String]) throws(RigError) {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let url = URL(fileURLWithPath: path)
    let folder = isFolder.boolValue ? url : url.deletingLastPathComponent()
    let file = isFolder.boolValue ? url.appendingPathComponent("scenario.yaml") : url
    guard let data = FileManager.default.contents(atPath: file.path) else {
      throw .scenario([
        ScenarioProblem(
          file: file.path, line: nil, "cannot be read; expected a rig's folder or its scenario.yaml"
        )
      ])
    }
    let loaded: LoadedPlan
    do { loaded = try LoadedPlan(at: folder.path, devices: devices) } catch { throw .plan(error) }
    try self.init(
      text: String(decoding: data, as: UTF8.self), file: file.lastPathComponent, plan: loaded)
  }

  /// Reads a scenario's text against a plan.
  public init(text: String, file: String, plan: LoadedPlan) throws(RigError) {
    let log = ScenarioLog(file: file)
    var reading = ScenarioReading(plan: plan.plan, log: log)
    let scenario = reading.read(text)
    guard var scenario, log.all.isEmpty else {
      throw .scenario(log.all.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
    }
    scenario.warnings = plan.warnings
    scenario.bundle = plan.bundle
    self = scenario
  }
}

/// From a scenario's text to a scenario; every problem goes to the log.
struct ScenarioReading {
  let plan: Plan
  let log: ScenarioLog

  mutating func read(_ text: String) -> Scenario? {
    guard let root = compose(text),
      let top = YAMLMap(
        root, "scenario", known: ["name", "seed", "date", "from", "to", "faults", "walkers"],
        log: log)
    else { return nil }
    let name = top.text("name")
    let seed = top.value("seed", "a whole number from 0 on", required: true) { UInt64($0) }
    let day = top.value("date", "a date such as 2026-11-23", required: true) { CivilDate($0) }
    let from = top.timeOfDay("from", required: true)
    let to = top.timeOfDay("to", required: true)
    let faults = top.list("faults", of: "planted faults").enumerated().compactMap { fault($1, $0) }
    let nodes = top.list("walkers", of: "walkers", required: true)
    refuseGrids(top)
    guard let name, let seed, let day, let from, let to else { return nil }
    let span = (plan.instant(of: from, in: day), plan.instant(of: to, in: day, asEnd: true))
    guard span.0 < span.1 else {
      top.fault("to", "found \(to), which is not after \(from); expected a later time of day")
      return nil
    }
    let evening = Evening(day: day, span: span.0..<span.1, plan: plan)
    var walkers: [Handheld.ID: Walker] = [:]
    var isTaken: Set<Handheld.ID> = []
    for (i, node) in nodes.enumerated() {
      let reading = WalkerReading(evening: evening, log: log)
      guard let walker = reading.read(node, number: i + 1) else { continue }
      if !isTaken.insert(walker.handheld.id).inserted {
        log.add(
          node.mark?.line, "walker \(walker.handheld.id): stands twice; expected a handheld once")
      }
      walkers[walker.handheld.id] = walker
    }
    return Scenario(
      name: name, seed: seed, span: evening.span, faults: faults,
      walkers: plan.handhelds.compactMap { walkers[$0.id] }, plan: plan)
  }

  /// The truth takes areas whole.
  private func refuseGrids(_ top: YAMLMap) {
    for duty in plan.duties {
      for id in duty.places {
        if case .area(_, .some)? = plan.place(id)?.geometry {
          top.fault(
            nil, "duty \(duty.id) owes \(id), which has cell_m; expected whole areas on a rig")
        }
      }
    }
  }

  private func compose(_ text: String) -> Node? {
    do {
      if let node = try Yams.compose(yaml: text) { return node }
      log.add(nil, "found an empty file; expected a scenario")
    } catch let error as YamlError {
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        log.add(mark.line, "not YAML: \(problem)")
      case .duplicatedKeysInMapping(let keys, let context):
        log.add(
          context.mark.line, "key \(keys.map { "\($0)" }.joined(separator: ", ")) stands twice")
      default: log.add(nil, "not YAML: \(error)")
      }
    } catch {
      log.add(nil, "not YAML: \(error)")
    }
    return nil
  }

  private func fault(_ node: Node, _ i: Int) -> Scenario.Fault? {
    let keys = ["name", "duty", "place", "verdict", "cause", "live_only"]
    guard let map = YAMLMap(node, "fault \(i + 1)", known: keys, log: log) else { return nil }
    let name = map.text("name")
    let duty = map.value("duty", "the id of a duty of the plan", required: true) {
      plan.duty(Duty.ID($0))
    }
    let place = map.value(
      "place", "the id of a place of that duty", required: true
    ) { text in
      duty.map { $0.places.contains(Place.ID(text)) } ?? true ? Place.ID(text) : nil
    }
    let verdict = map.value("verdict", "missed or unproven", required: true) {
      Verdict(rawValue: $0)
    }
    let causes = Cause.allCases.map(\.rawValue).joined(separator: ", ")
    let cause = map.value("cause", "one of \(causes)", required: true) { Cause(rawValue: $0) }
    let isLiveOnly = map.value("live_only", "true or false") { Bool($0) } ?? false
    guard let name, let duty, let place, let verdict, let cause else { return nil }
    return Scenario.Fault(
      name: name, duty: duty.id, place: place, verdict: verdict, cause: cause,
      isLiveOnly: isLiveOnly)
  }
}

/// The time and the plan that walkers walk in.
struct Evening {
  let day: CivilDate
  let span: Range<Instant>
  let plan: Plan

  func instant(_ time: TimeOfDay) -> Instant { plan.instant(of: time, in: day, asEnd: false) }
}
