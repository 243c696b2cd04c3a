import ArgumentParser
import Coverage
import Foundation
import Geodesy
import Patrol
import PlanFiles
import Recordings
import Reports
import Store
import Synchronization

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

  /// Batches read ahead: about as many as the pipeline judges and writes at once, so that it need not wait for the next.
  private static let depth = 14

  func run() throws {
    let loaded = try LoadedPlan(at: plan, devices: devices.searchPath)
    let named = try recordings.map { try self.named($0, loaded.plan) }
    guard !named.isEmpty else { throw ValidationError("expected at least one HANDHELD=FILE") }
    var progress = ProgressLine()
    let (stretches, unordered) = try stretches(loaded.plan, named, &progress)
    var sum = Pipeline.Taken()
    var count = 0
    for (n, windows) in stretches.enumerated() {
      let merged = try MergedRecordings(named, unordered: unordered)
      let after = try replay(merged, in: n, of: stretches, loaded, windows, &progress, into: &sum)
      count = after.read
      if n == 0 {
        progress.clear()
        warn(of: after.merged.readers)
      }
    }
    progress.clear()
    try report(sum, count, stretches, loaded.plan)
  }

  private func warn(of readers: [RecordingReader]) {
    for reader in readers where reader.skippedCount > 0 {
      let count = reader.skippedCount
      warn("\(reader.path): \(count) line\(count == 1 ? "" : "s") passed over")
      for one in reader.skipped.prefix(5) { warn("\(reader.path):\(one.line): \(one.reason)") }
    }
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

  /// The windows that the fixes touch, and which recordings are not in the order of receipt. The windows come as ranges of
  /// their openings, one for each run of days with fixes; or as the one range that was asked for. Times that no fix vouches for (a receiver's clock at a cold start) touch nothing.
  private func stretches(
    _ plan: Plan, _ named: [(Handheld.ID, String)], _ progress: inout ProgressLine
  ) throws -> (stretches: [Range<Instant>], unordered: Set<Int>) {
    func instant(_ text: String, _ option: String) throws -> Instant {
      if let instant = Instant(rfc3339: text) { return instant }
      if let date = CivilDate(text) { return plan.instant(of: plan.dayStarts, in: date) }
      throw ValidationError(
        "\(option): found \"\(text)\"; expected RFC 3339 with an offset, or a date")
    }
    progress.show("reading \(named.count) recordings")
    let scans = Mutex([Int: Result<RecordingScan, any Error>]())
    DispatchQueue.concurrentPerform(iterations: named.count) { n in
      let scan = Result { try RecordingScan(of: named[n].1, as: named[n].0, plan) }
      scans.withLock { $0[n] = scan }
    }
    progress.clear()
    var days: [CivilDate: ClosedRange<Instant>] = [:]
    var unordered: Set<Int> = []
    for (n, result) in scans.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      let scan = try result.get()
      if scan.isUnordered { unordered.insert(n) }
      days.merge(scan.days) {
        min($0.lowerBound, $1.lowerBound)...max($0.upperBound, $1.upperBound)
      }
    }
    let all = days.values
    guard let first = all.map(\.lowerBound).min(), let last = all.map(\.upperBound).max() else {
      throw Failure.wrongQuestion(
        "the recordings hold no fix with a time after \(RecordingScan.earliest)")
    }
    var touched: [(day: CivilDate, windows: Range<Instant>)] = []
    for (day, seen) in days.sorted(by: { $0.key < $1.key }) {
      let windows = plan.windows(opening: plan.span(of: day)).filter {
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
      return (touched.map(\.windows), unordered)
    }
    let began = try from.map { try instant($0, "--from") } ?? touched.first?.windows.lowerBound
    let ended = try to.map { try instant($0, "--to") } ?? touched.last?.windows.upperBound
    guard let began, let ended, began < ended else {
      throw Failure.wrongQuestion("--from and --to hold no window between them")
    }
    return ([began..<ended], unordered)
  }

  /// The stretch that an observation is replayed with: the one in whose days it lies, else the first.
  private static func stretch(of time: Instant, _ stretches: [Range<Instant>]) -> Int {
    stretches.firstIndex { $0.lowerBound - .hours(30) <= time && time < $0.upperBound + .hours(30) }
      ?? 0
  }

  /// Takes the observations of one stretch, while the next are read on another thread; returns the batches at their end.
  private func replay(
    _ merged: MergedRecordings, in n: Int, of stretches: [Range<Instant>],
    _ loaded: LoadedPlan, _ windows: Range<Instant>, _ progress: inout ProgressLine,
    into sum: inout Pipeline.Taken
  ) throws -> ReplayBatches {
    let plan = loaded.plan
    let store = try Store(at: store.path(), for: .write, durability: .whole)
    try store.keepLogApart()
    var pipeline = try Pipeline(
      store: store,
      version: Pipeline.Version(
        plan: plan, digest: loaded.bundle.digest, bundle: loaded.bundle.text),
      scope: .windows(windows), at: windows.lowerBound, program: ProgramIdentity.build,
      load: StoreContext.plan)
    // Until the last window is final, and nothing late is waited for any more.
    let end =
      (plan.windows(opening: windows).map(\.ended).max() ?? windows.upperBound)
      + PeriodReport.backlog + .minutes(2)
    let batches = Mutex(
      ReplayBatches(merged, judged: pipeline.now, end: end) {
        stretches.count == 1 || Self.stretch(of: $0, stretches) == n
      })
    let ahead = Ahead(Self.depth) { batches.withLock { $0.next() } }
    defer { ahead.stop() }
    while let batch = ahead.next() {
      sum.add(try pipeline.takeAhead(batch.taken))
      sum.events = []
      progress.show("replaying: \(batch.read) reports, \(plan.zone.text(batch.taken.until))")
    }
    sum.add(try pipeline.takeAhead(Pipeline.Batch([], until: end)))
    sum.add(try pipeline.saveCheckpoint())
    _ = try pipeline.findPairings()
    try pipeline.sumDays()
    return batches.withLock { $0 }
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
