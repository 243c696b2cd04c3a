import ArgumentParser
import Coverage
import Foundation
import Geodesy
import Patrol
import PlanFiles
import Recordings
import Store

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Runs the engine over recordings; again into the same store changes nothing.",
    discussion: """
      Recordings: gpsd JSON (.jsonl; a line may begin with its receive time in RFC 3339 and a TAB), NMEA (.nmea, .log) \
      and GPX. Windows that the fixes touch are judged, or with --from and --to those that open between.
      """)

  @Option(help: ArgumentHelp("The plan's folder, or its plan.yaml.", valueName: "path")) var plan:
    String
  @OptionGroup var store: StoreOption
  @OptionGroup var devices: DevicesOption
  @Option(
    help: ArgumentHelp("Windows that open from here on (RFC 3339, or a date).", valueName: "time"))
  var from: String?
  @Option(help: ArgumentHelp("Windows that open before this.", valueName: "time")) var to: String?
  @Argument(help: ArgumentHelp("Recordings by handheld.", valueName: "HANDHELD=FILE"))
  var recordings: [String]

  /// Of the virtual clock; what a live daemon does every second.
  private static let step = Milliseconds.seconds(10)
  private static let checkpointEvery = 500
  private static let batchMaximum = 100_000

  func run() throws {
    let loaded = try LoadedPlan(at: plan, devices: devices.searchPath)
    let named = try recordings.map { try self.named($0, loaded.plan) }
    guard !named.isEmpty else { throw ValidationError("expected at least one HANDHELD=FILE") }
    var observations: [Observation] = []
    var progress = ProgressLine()
    for (handheld, path) in named {
      progress.show("reading \(path)")
      let recording = try Recording.read(path: path, as: handheld)
      observations += recording.observations
      progress.clear()
      let skipped = recording.skippedCount
      if skipped > 0 {
        warn("\(path): \(skipped) line\(skipped == 1 ? "" : "s") passed over")
        for one in recording.skipped.prefix(5) { warn("\(path):\(one.line): \(one.reason)") }
      }
    }
    observations.sort { ($0.receivedAt, $0.handheld) < ($1.receivedAt, $1.handheld) }
    let windows = try windows(loaded.plan, observations)
    let taken = try replay(observations, loaded, windows, &progress)
    progress.clear()
    report(taken, observations.count, windows, loaded.plan)
  }

  private func named(_ argument: String, _ plan: Plan) throws -> (Handheld.ID, String) {
    guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else {
      throw ValidationError("found \"\(argument)\"; expected HANDHELD=FILE")
    }
    let id = Handheld.ID(String(argument[..<sign]))
    guard plan.handheld(id) != nil else {
      let all = plan.handhelds.map(\.id.text).joined(separator: ", ")
      throw Failure.wrongQuestion(
        "\(argument): the plan has no handheld \(id); expected one of \(all)")
    }
    return (id, String(argument[argument.index(after: sign)...]))
  }

  /// Those that the fixes touch, or that were asked for, as the range of their openings.
  private func windows(_ plan: Plan, _ observations: [Observation]) throws -> Range<Instant> {
    func instant(_ text: String, _ option: String) throws -> Instant {
      if let instant = Instant(rfc3339: text) { return instant }
      if let date = CivilDate(text) { return plan.instant(of: plan.dayStarts, in: date) }
      throw ValidationError(
        "\(option): found \"\(text)\"; expected RFC 3339 with an offset, or a date")
    }
    let times = observations.map(\.orderTime)
    guard let first = times.min(), let last = times.max() else {
      throw Failure.wrongQuestion("the recordings hold no report of any kind")
    }
    let touched = plan.windows(opening: first - .hours(27)..<last + Milliseconds(1))
      .filter { $0.ended > first }
    let began = try from.map { try instant($0, "--from") } ?? touched.map(\.began).min()
    let ended =
      try to.map { try instant($0, "--to") }
      ?? touched.map { $0.began + Milliseconds(1) }.max()
    guard let began, let ended, began < ended else {
      throw Failure.wrongQuestion(
        from == nil && to == nil
          ? "no window of the plan is open between \(plan.zone.text(first)) and \(plan.zone.text(last)), when the recordings were made"
          : "--from and --to hold no time between them")
    }
    return began..<ended
  }

  private func replay(
    _ observations: [Observation], _ loaded: LoadedPlan, _ windows: Range<Instant>,
    _ progress: inout ProgressLine
  ) throws -> Pipeline.Taken {
    let plan = loaded.plan
    var pipeline = try Pipeline(
      store: Store(at: store.path(), for: .write), version: StoreContext.version(loaded),
      scope: .windows(windows), at: windows.lowerBound, program: ProgramIdentity.build,
      load: StoreContext.plan)
    var sum = Pipeline.Taken()
    var i = 0
    var turns = 0
    while i < observations.count {
      // What was received before the store was last judged is late, all of it: it is taken together, as each batch of
      // late reports has its handhelds' shifts read again.
      let isLate = observations[i].receivedAt <= pipeline.now
      let limit = isLate ? pipeline.now + Milliseconds(1) : observations[i].receivedAt + Self.step
      var end = i
      while end < observations.count, observations[end].receivedAt < limit,
        end - i < Self.batchMaximum
      { end += 1 }
      turns += 1
      add(
        try pipeline.take(
          Array(observations[i..<end]), until: observations[end - 1].receivedAt,
          checkpoint: turns % Self.checkpointEvery == 0), to: &sum)
      i = end
      progress.show(
        "replaying: \(100 * i / observations.count) % (\(plan.zone.text(observations[i - 1].receivedAt)))"
      )
    }
    // Until the last window is final.
    let last = plan.windows(opening: windows).map(\.ended).max() ?? windows.upperBound
    let end = max(last, observations[observations.count - 1].receivedAt) + .minutes(2)
    add(try pipeline.take([], until: end, checkpoint: true), to: &sum)
    return sum
  }

  private func add(_ taken: Pipeline.Taken, to sum: inout Pipeline.Taken) {
    sum.stored += taken.stored
    sum.repeated += taken.repeated
    sum.offDuty += taken.offDuty
    sum.gated.merge(taken.gated, uniquingKeysWith: +)
  }

  private func report(
    _ taken: Pipeline.Taken, _ count: Int, _ windows: Range<Instant>, _ plan: Plan
  ) {
    print(
      "\(count) reports read: \(taken.stored) stored, \(taken.repeated) known already, \(taken.offDuty) off duty (not kept)"
    )
    if !taken.gated.isEmpty {
      let gates = taken.gated.sorted { $0.key.rawValue < $1.key.rawValue }
        .map { "\($0.value) \($0.key.rawValue)" }
      print("not usable: \(gates.joined(separator: ", "))")
    }
    print(
      "windows that open from \(plan.zone.text(windows.lowerBound)) to \(plan.zone.text(windows.upperBound)) judged"
    )
  }

  private func warn(_ text: String) {
    FileHandle.standardError.write(Data("patrolctl: \(text)\n".utf8))
  }
}
