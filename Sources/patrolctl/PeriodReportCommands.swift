import ArgumentParser
import Geodesy
import Patrol
import Reports
import Store

/// What the reports of weeks, months and quarters are asked with.
struct PeriodOptions: ParsableArguments {
  @OptionGroup var store: StoreOption
  @Option(
    help: ArgumentHelp(
      "A day in the period, or its name (2026-W47, 2026-11, 2026-Q4); without it the last one that is over.",
      valueName: "date"))
  var of: String?
  @OptionGroup var output: ReportOutput
  @Option(
    help: ArgumentHelp(
      "Of csv: squadrons (without it), groups, duties, members, handhelds, models, days, causes, excuses, outages or seals.",
      valueName: "name"))
  var table: String?

  func validate() throws { try output.validate(table: table) }

  func write(_ kind: Period.Kind, supposing supposition: PeriodReport.Supposition) throws {
    let context = try StoreContext(store)
    guard let latest = context.plans.last?.plan, let last = try context.queries.lastWindow() else {
      throw Failure(text: "nothing was judged in this store yet", status: 1)
    }
    let report = try PeriodReport(
      of: period(kind, last: latest.operationalDay(of: last)), plans: context.plans,
      queries: context.queries, supposing: supposition, at: SystemClock.now)
    try output.write(
      html: report.html(in:), json: report.json, workbook: report.workbook,
      table: table ?? "squadrons", of: report.allTables, zone: report.zone)
  }

  private func period(_ kind: Period.Kind, last: CivilDate) throws -> Period {
    guard let of else {
      let current = Period(kind, containing: last)
      return current.days.upperBound == last.adding(days: 1) ? current : current.previous
    }
    return try Period(kind, asked: of)
  }
}

extension Period {
  /// By its name, or by a day in it.
  init(_ kind: Kind, asked text: String) throws {
    if let period = Period(text), period.kind == kind {
      self = period
    } else if let day = CivilDate(text) {
      self.init(kind, containing: day)
    } else {
      let example = Period(kind, containing: CivilDate(daysSince1970: 20_777))
      throw ValidationError(
        "--of: found \"\(text)\"; expected a \(kind.rawValue), such as \(example), or a day in it, such as \(example.days.lowerBound)"
      )
    }
  }
}

extension ReportCommand {
  struct Week: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The week's summary: scores, ranks, vetoes, members, trend.")
    @OptionGroup var options: PeriodOptions
    func run() throws { try options.write(.week, supposing: PeriodReport.Supposition()) }
  }

  struct Month: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The month's joint assessment.")
    @OptionGroup var options: PeriodOptions
    func run() throws { try options.write(.month, supposing: PeriodReport.Supposition()) }
  }

  struct Quarter: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The quarter's assessment.")
    @OptionGroup var options: PeriodOptions
    func run() throws { try options.write(.quarter, supposing: PeriodReport.Supposition()) }
  }
}

/// Re-scores a past period under other marks and weights, and touches nothing.
struct WhatIfCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "what-if",
    abstract: "Draws up a past period as it would be by other weights or marks; nothing is stored.")

  @Argument(help: "week, month or quarter.") var kind: Kind
  @OptionGroup var options: PeriodOptions
  @Option(help: ArgumentHelp("A duty's weight; may be repeated.", valueName: "duty=weight"))
  var weight: [String] = []
  @Option(help: ArgumentHelp("The pass mark, 0 to 1.", valueName: "mark")) var passMark: Double?
  @Option(help: ArgumentHelp("The mark for advanced, 0 to 1.", valueName: "mark"))
  var advancedMark: Double?
  @Option(
    help: ArgumentHelp(
      "A vetoing duty's mark, or none for no veto; may be repeated.", valueName: "duty=mark"))
  var veto: [String] = []

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case week, month, quarter
    var period: Period.Kind {
      switch self {
      case .week: .week
      case .month: .month
      case .quarter: .quarter
      }
    }
  }

  func validate() throws {
    for (mark, name) in [(passMark, "--pass-mark"), (advancedMark, "--advanced-mark")] {
      if let mark, !(0...1).contains(mark) {
        throw ValidationError("\(name): found \(mark); expected a share from 0 to 1")
      }
    }
    if weight.isEmpty, veto.isEmpty, passMark == nil, advancedMark == nil {
      throw ValidationError(
        "nothing is supposed; expected --weight, --pass-mark, --advanced-mark or --veto")
    }
  }

  func run() throws {
    let context = try StoreContext(options.store)
    let duties = Set(context.plans.flatMap { $0.plan.duties.map(\.id) })
    func read(_ text: String, _ option: String, _ expected: String, _ range: ClosedRange<Double>)
      throws -> (Duty.ID, Double?)
    {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      let value = parts.count == 2 ? Double(parts[1]) : nil
      let isNone = option == "--veto" && parts.last == "none"
      guard parts.count == 2, isNone || value.map(range.contains) ?? false else {
        throw ValidationError("\(option): found \"\(text)\"; expected \(expected)")
      }
      let duty = Duty.ID(parts[0])
      guard duties.contains(duty) else {
        let names = duties.map(\.text).sorted().joined(separator: ", ")
        throw ValidationError("\(option): found duty \"\(parts[0])\"; expected one of \(names)")
      }
      return (duty, isNone ? nil : value)
    }
    var supposition = PeriodReport.Supposition()
    for text in weight {
      let (duty, value) = try read(
        text, "--weight", "a duty and a weight from 0 on, such as banks=2", 0...1e6)
      supposition.weights[duty] = value
    }
    if var rules = context.plans.last?.plan.assessment {
      if let passMark { rules.passMark = passMark }
      if let advancedMark { rules.advancedMark = advancedMark }
      guard rules.advancedMark >= rules.passMark else {
        throw ValidationError(
          "--advanced-mark: found \(rules.advancedMark); expected the pass mark, \(rules.passMark), or more"
        )
      }
      for text in veto {
        let (duty, mark) = try read(
          text, "--veto", "a duty and its mark from 0 to 1, such as banks=0.9", 0...1)
        rules.vetoes[duty] = mark
      }
      if rules != context.plans.last?.plan.assessment { supposition.rules = rules }
    }
    try options.write(kind.period, supposing: supposition)
  }
}
