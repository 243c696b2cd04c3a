import ArgumentParser
import Coverage
import Foundation
import Geodesy
import Patrol
import Reports
import Store

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells why a gap exists: fixes, what the matcher weighed, stays, prisms, revisions.",
    discussion: """
      As text; as a picture (svg: a map, and the course of time along the line or at the place); or with all of it for \
      programs (json).
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, svg, json }

  @Argument(help: "The gap's id.") var gap: String
  @OptionGroup var store: StoreOption
  @Option(help: "text, svg or json.") var format: Format = .text
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Writes here instead of to the terminal.", valueName: "file"))
  var output: String?

  func run() throws {
    let context = try StoreContext(store)
    let account = try context.account(of: gap)
    let answer: String
    switch format {
    case .text: answer = try Explanation.whole(account, context)
    case .svg, .json:
      try Explanation.requireFixes(of: account)
      answer = format == .svg ? GapPicture(account).svg() : account.json
    }
    try Output.write(answer, to: output)
  }
}

extension StoreContext {
  /// What a gap follows from, withdrawn ones included.
  func account(of id: String) throws -> GapAccount {
    guard let (gap, withdrawn) = try queries.gap(Gap.ID(id)) else { throw ExcuseError.noGap(id) }
    guard let version = plan(at: gap.owed.windowBegan) else {
      throw Failure.outside("the plan this gap was judged by is not in the store")
    }
    do {
      return try GapAccount(
        of: gap, withdrawn: withdrawn, plan: version.plan, planDigest: version.digest,
        queries: queries)
    } catch let error as GapAccount.Failure {
      throw Failure.outside("\(error)")
    }
  }
}

extension GapAccount {
  /// Nil where nothing was purged.
  var missing: String? {
    let purged = withoutFixes
    guard !purged.isEmpty else { return nil }
    return
      "the positions of \(purged.map(\.text).joined(separator: ", ")) in this shift are no longer in the store"
  }
}

/// A gap put into words, part by part; every part ends with a line break.
struct Explanation {
  /// Throws where it cannot be shown what a gap follows from.
  static func requireFixes(of account: GapAccount) throws {
    guard let missing = account.missing else { return }
    throw Failure.outside("\(missing): what the gap follows from cannot be shown any more")
  }

  /// All parts.
  static func whole(_ account: GapAccount, _ context: StoreContext) throws -> String {
    let text = Explanation(gap: account.gap, plan: account.plan, context: context)
    let why =
      account.missing.map { "\nWhat each handheld did\n  \($0): it cannot be told any more\n" }
      ?? reasons(account)
    return text.head(account.withdrawn) + text.settings(account.planDigest) + why
      + (try text.reports() + text.conclusions() + text.attendance() + text.history())
  }

  let gap: Gap
  let plan: Plan
  let context: StoreContext

  private func local(_ instant: Instant) -> String { plan.zone.text(instant) }
  private var duty: Duty? { plan.duty(gap.owed.duty) }
  private var window: Window? {
    duty.map { plan.window(of: $0, on: plan.operationalDay(of: gap.owed.windowBegan)) }
  }

  func head(_ withdrawn: Instant?) -> String {
    var text = "Gap \(gap.id): \(gap.verdict.rawValue), \(gap.cause.rawValue)"
    if let withdrawn {
      text += " (withdrawn at \(local(withdrawn)))"
    } else if gap.isOpen {
      text += " (open)"
    }
    let place = plan.place(gap.owed.place)
    text += "\n  place      \(gap.owed.place)\(place.map { ", \($0.name)" } ?? "")"
    if let stretch = gap.stretch {
      text += ", from \(metres(stretch.from)) to \(metres(stretch.to)) m along it"
    }
    if !gap.cells.isEmpty { text += ", \(gap.cells.count) of its squares" }
    text +=
      "\n  time       \(local(gap.began)) to \(gap.isOpen ? "now" : local(gap.ended)), \(Explanation.length(gap.ended - gap.began))"
    text += "\n  verdict    "
    text +=
      gap.verdict == .missed
      ? "nobody can have met the duty there in time"
      : "nobody was seen there in time, and nothing rules it out"
    let unit =
      gap.stretch != nil ? "metre-seconds" : gap.cells.isEmpty ? "seconds" : "square-metre-seconds"
    for (cause, extent) in gap.evidence.sorted(by: { $0.value > $1.value }) {
      text +=
        "\n  evidence   \(cause.rawValue): \(Int(extent.rounded())) \(unit) of \(Int(gap.extent.rounded()))"
    }
    text +=
      "\n  handhelds  \(gap.handhelds.isEmpty ? "none that counted" : gap.handhelds.map(\.text).joined(separator: ", "))\n"
    return text
  }

  func settings(_ digest: String) -> String {
    guard let duty, let window else { return "" }
    var text = "\nWhat was owed (plan \(digest))\n"
    let group = plan.group(duty.group)?.name ?? duty.group.text
    text +=
      "  duty       \(duty.id) of \(group): every \(Explanation.length(duty.every)), staying \(Explanation.length(duty.stay))"
    if duty.atOnce > 1 { text += ", \(duty.atOnce) at once" }
    text += "\n  window     \(local(window.began)) to \(local(window.ended))\n"
    switch plan.place(gap.owed.place)?.geometry {
    case .point(_, let radius): text += "  place      within \(metres(radius)) m\n"
    case .line(let line, let corridor):
      text +=
        "  place      \(metres(line.length)) m long, within \(metres(corridor)) m on either side\n"
    case .area(_, let cell):
      text += "  place      \(cell.map { "by squares of \(metres($0)) m" } ?? "as a whole")\n"
    default: break
    }
    for id in plan.group(duty.group)?.handhelds ?? [] {
      guard let handheld = plan.handheld(id) else { continue }
      text +=
        "  handheld   \(id): \(handheld.travel.rawValue), reaches \(handheld.reach.value) m/s, reports every \(Explanation.length(handheld.model.interval)), accuracy up to \(metres(handheld.model.accuracyMaximum)) m is usable\n"
    }
    return text
  }

  /// Why nobody attended, handheld by handheld.
  static func reasons(_ account: GapAccount) -> String {
    var text =
      "\nWhat each handheld did from \(account.plan.zone.text(account.deciding.lowerBound)) to "
      + "\(account.plan.zone.text(account.deciding.upperBound)) (times below at \(account.offsetText))\n"
    for reasons in account.reasons() {
      text += "  \(reasons.handheld)\n" + reasons.lines.map { "    \($0)\n" }.joined()
    }
    if account.served.isEmpty { text += "  none was allotted to this duty\n" }
    return text
  }

  /// What the handhelds told in the time that decides: from one interval before the gap to its end.
  func reports() throws -> String {
    guard let duty else { return "" }
    let span = max(gap.owed.windowBegan, gap.began - duty.every)..<gap.ended
    let ids = (plan.group(duty.group)?.handhelds ?? []).map(\.text)
    let tally = try context.queries.gateTally(of: ids, in: span)
    var text = "\nReports from \(local(span.lowerBound)) to \(local(span.upperBound))\n"
    for id in ids {
      guard let gates = tally[id] else {
        text += "  \(id): none\n"
        continue
      }
      let parts = gates.sorted { $0.value > $1.value }.map { "\($0.value) \($0.key ?? "usable")" }
      text += "  \(id): \(parts.joined(separator: ", "))\n"
    }
    var filter = Filter()
    (filter.from, filter.to) = (span.lowerBound, span.upperBound)
    for row in try context.queries.outages(filter).rows {
      let words = row.map { $0.plain(context.zone) }
      text +=
        "  outage \(words[0]) \(words[1]): \(words[2]) to \(words[3].isEmpty ? "now" : words[3])\n"
    }
    return text
  }

  /// Stays and passes at the place in the window.
  func conclusions() throws -> String {
    guard let window else { return "" }
    var filter = Filter()
    (filter.from, filter.to, filter.places) = (window.began, window.ended, [gap.owed.place.text])
    let stays = try context.queries.stays(filter)
    let passes = try context.queries.passes(filter)
    var text = "\nSeen at the place in the window\n"
    for listing in [stays, passes] where !listing.rows.isEmpty {
      text += listing.table(zone: context.zone).split(separator: "\n").map { "  \($0)\n" }.joined()
    }
    if stays.rows.isEmpty, passes.rows.isEmpty { text += "  nobody\n" }
    return text
  }

  /// Proven and possible attendance of the cells of the gap: what the prisms leave open.
  func attendance() throws -> String {
    var filter = Filter()
    (filter.duties, filter.places) = ([gap.owed.duty.text], [gap.owed.place.text])
    let cells = Set(gap.region.pieces.map { Int64($0.cell) })
    let rows = try context.queries.attendance(filter).rows.filter { row in
      guard row[1] == .time(gap.owed.windowBegan), case .integer(let cell) = row[3] else {
        return false
      }
      return cells.contains(cell)
    }
    var text = "\nAttendance (proven: seen there; possible: the prisms between fixes allow it)\n"
    // Of a line's many cells those at the ends and in the middle tell enough.
    let sorted = cells.sorted()
    let shown = Set(
      [sorted.first, sorted.isEmpty ? nil : sorted[sorted.count / 2], sorted.last].compactMap { $0 }
    )
    var lines = 0
    for row in rows {
      guard case .integer(let cell) = row[3], shown.contains(cell) else { continue }
      let words = row.map { $0.plain(context.zone) }
      let stretch = words[4].isEmpty ? "" : " (\(words[4])–\(words[5]) m)"
      text += "  cell \(words[3])\(stretch): \(words[6]) \(words[7]) to \(words[8])\n"
      lines += 1
    }
    if lines == 0 { text += "  none\n" }
    return text
  }

  func history() throws -> String {
    var text = "\nRevisions\n"
    for revision in try context.queries.revisions(of: gap.id) {
      let after = revision.after
      text +=
        "  \(revision.number)  \(local(revision.at))  \(revision.kind.rawValue): \(after.verdict.rawValue), \(after.cause.rawValue), \(local(after.began)) to \(after.isOpen ? "now" : local(after.ended))\n"
    }
    return text
  }

  private func metres(_ m: Metres) -> String { String(Int(m.value.rounded())) }

  static func length(_ d: Milliseconds) -> String {
    let s = (d.value + 500) / 1000
    if s >= 3600 { return "\(s / 3600) h \(s / 60 % 60) min" }
    return s >= 60 ? (s % 60 == 0 ? "\(s / 60) min" : "\(s / 60) min \(s % 60) s") : "\(s) s"
  }
}
