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
    let stretches = try stretches(loaded.plan, observations)
    var sum = Pipeline.Taken()
    for (n, windows) in stretches.enumerated() {
      let part = observations.filter { stretch(of: $0.orderTime, stretches) == n }
      try replay(part, loaded, windows, &progress, into: &sum)
    }
    progress.clear()
    try report(sum, observations.count, stretches, loaded.plan)
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

  /// The windows that the fixes touch, as ranges of their openings, one for each run of days with fixes; or the one range
  /// that was asked for. Times that no fix vouches for (a receiver's clock at a cold start) touch nothing.
  private func stretches(_ plan: Plan, _ observations: [Observation]) throws -> [Range<Instant>] {
    func instant(_ text: String, _ option: String) throws -> Instant {
      if let instant = Instant(rfc3339: text) { return instant }
      if let date = CivilDate(text) { return plan.instant(of: plan.dayStarts, in: date) }
      throw ValidationError(
        "\(option): found \"\(text)\"; expected RFC 3339 with an offset, or a date")
    }
    let times = observations.filter {
      $0.fix.map { f in f.mode > 1 && f.time >= Self.earliest } ?? false
    }
    .map(\.orderTime)
    guard let first = times.min(), let last = times.max() else {
      throw Failure.wrongQuestion("the recordings hold no fix with a time after \(Self.earliest)")
    }
    var days: [CivilDate: ClosedRange<Instant>] = [:]
    for time in times {
      let day = plan.operationalDay(of: time)
      let seen = days[day] ?? time...time
      days[day] = min(seen.lowerBound, time)...max(seen.upperBound, time)
    }
    var touched: [(day: CivilDate, windows: Range<Instant>)] = []
    for (day, seen) in days.sorted(by: { $0.key < $1.key }) {
      let began = plan.instant(of: plan.dayStarts, in: day)
      let ended = plan.instant(of: plan.dayStarts, in: day.adding(days: 1))
      let windows = plan.windows(opening: began..<ended).filter {
        $0.began <= seen.upperBound && $0.ended > seen.lowerBound
      }.map(\.began)
      guard let first = windows.min(), let last = windows.max() else { continue }
      let range = first..<last + Milliseconds(1)
      if let open = touched.last, open.day.adding(days: 1) == day {
        touched[touched.count - 1] = (day, open.windows.lowerBound..<range.upperBound)
      } else {
        touched.append((day, range))
      }
    }
    guard from != nil || to != nil else {
      guard !touched.isEmpty else {
        throw Failure.wrongQuestion(
          "no window of the plan is open between \(plan.zone.text(first)) and \(plan.zone.text(last)), when the recordings were made"
        )
      }
      return touched.map(\.windows)
    }
    let began = try from.map { try instant($0, "--from") } ?? touched.first?.windows.lowerBound
    let ended = try to.map { try instant($0, "--to") } ?? touched.last?.windows.upperBound
    guard let began, let ended, began < ended else {
      throw Failure.wrongQuestion("--from and --to hold no window between them")
    }
    return [began..<ended]
  }

  /// Before this a receiver's clock is not set.
  private static let earliest = Instant(rfc3339: "2020-01-01T00:00:00Z")!

  /// The stretch that an observation is replayed with: the one in whose days it lies, else the first.
  private func stretch(of time: Instant, _ stretches: [Range<Instant>]) -> Int {
    stretches.firstIndex { $0.lowerBound - .hours(30) <= time && time < $0.upperBound + .hours(30) }
      ?? 0
  }

  private func replay(
    _ observations: [Observation], _ loaded: LoadedPlan, _ windows: Range<Instant>,
    _ progress: inout ProgressLine, into sum: inout Pipeline.Taken
  ) throws {
    let plan = loaded.plan
    var pipeline = try Pipeline(
      store: Store(at: store.path(), for: .write),
      version: Pipeline.Version(
        plan: plan, digest: loaded.bundle.digest, bundle: loaded.bundle.text),
      scope: .windows(windows), at: windows.lowerBound, program: ProgramIdentity.build,
      load: StoreContext.plan)
    // Until the last window is final.
    let end =
      (plan.windows(opening: windows).map(\.ended).max() ?? windows.upperBound) + .minutes(2)
    var i = 0
    var turns = 0
    while i < observations.count {
      // What was received before the store was last judged is late, all of it: it is taken together, as each batch of
      // late reports has its handhelds' shifts read again. What a broken clock received after the end is late, too.
      let now = min(observations[i].receivedAt, end)
      let isLate = now <= pipeline.now
      let limit = isLate ? pipeline.now + Milliseconds(1) : now + Self.step
      var next = i
      while next < observations.count, min(observations[next].receivedAt, end) < limit,
        next - i < Self.batchMaximum
      { next += 1 }
      turns += 1
      add(
        try pipeline.take(
          Array(observations[i..<next]), until: min(observations[next - 1].receivedAt, end),
          checkpoint: turns % Self.checkpointEvery == 0), to: &sum)
      i = next
      progress.show(
        "replaying: \(100 * i / observations.count) % (\(plan.zone.text(observations[i - 1].receivedAt)))"
      )
    }
    add(try pipeline.take([], until: end, checkpoint: true), to: &sum)
    _ = try pipeline.findPairings()
  }

  private func add(_ taken: Pipeline.Taken, to sum: inout Pipeline.Taken) {
    sum.stored += taken.stored
    sum.repeated += taken.repeated
    sum.offDuty += taken.offDuty
    sum.gated.merge(taken.gated, uniquingKeysWith: +)
  }

  private func report(
    _ taken: Pipeline.Taken, _ count: Int, _ stretches: [Range<Instant>], _ plan: Plan
  ) throws {
    try Output.line(
      "\(count) reports read: \(taken.stored) stored, \(taken.repeated) known already, \(taken.offDuty) off duty (not kept)"
    )
    if !taken.gated.isEmpty {
      let gates = taken.gated.sorted { $0.key.rawValue < $1.key.rawValue }
        .map { "\($0.value) \($0.key.rawValue)" }
      try Output.line("not usable: \(gates.joined(separator: ", "))")
    }
    for windows in stretches {
      let last = windows.upperBound - Milliseconds(1)
      try Output.line(
        "judged: windows that open from \(plan.zone.text(windows.lowerBound)) to \(plan.zone.text(last))"
      )
    }
  }

  private func warn(_ text: String) {
    Output.complain("patrolctl: \(text)\n")
  }
}
