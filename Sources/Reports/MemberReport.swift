public import Assessment
public import Coverage
public import Geodesy
public import Patrol
public import Store

/// All that decides about one member in some days: what was owed while the member served, what came of it, with which
/// handhelds, and what follows for the pay. It is what a person takes to an appeal. Values in; `html`, `csv`, `json` out.
///
/// Its figures are those of a period's report of the same days.
public struct MemberReport: Sendable {
  /// A duty's window in which the member served.
  public struct Service: Hashable, Sendable {
    public var window: DutyWindow
    /// When, and with what, within the window.
    public var spans: [Carried]
    /// What the member's own handhelds attended meanwhile at the duty's places: stays and passes that count.
    public var attendances: Int
    /// And what attended nothing: too short, or too fast.
    public var inVain: Int
  }

  public struct Carried: Hashable, Sendable {
    public var handheld: Handheld.ID
    public var span: Range<Instant>
  }

  /// A gap in one of those windows.
  public struct ServedGap: Hashable, Sendable {
    public var record: GapRecord
    /// How much of it lies in the member's own time.
    public var own: Milliseconds
  }

  /// A spell of the member's time on duty.
  public struct Spell: Hashable, Sendable {
    public var day: CivilDate
    public var handheld: Handheld.ID
    public var model: DeviceModel.ID
    public var spell: DutySpell
  }

  /// A stay or a pass of the member's own handheld, in the member's time, at a place that was owed then.
  public struct Attendance: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
      case stay(Stay)
      case pass(Pass)
    }

    public var handheld: Handheld.ID
    public var place: Place.ID
    public var span: ClosedRange<Instant>
    public var kind: Kind
    public var counts: Bool
  }

  public let server: MemberFigures.Server
  public let days: Range<CivilDate>
  public let span: Range<Instant>
  /// The one in force at the end.
  public let plan: Plan
  public let planDigest: String
  public let figures: MemberFigures
  /// Members with a rank.
  public let ranked: Int
  public let services: [Service]
  public let gaps: [ServedGap]
  public let spells: [Spell]
  public let attendances: [Attendance]
  /// Of those gaps, whatever became of them.
  public let excuses: [Excuse]
  /// Of the member's handhelds with others, in the member's time.
  public let pairings: [PairingRecord]
  /// Our own, in the member's time: of the daemon, and of the gpsds of the member's handhelds.
  public let outages: [Outage]
  /// Who was shown, over HTTP, where the member's handhelds were in the member's time.
  public let looks: [LookRecord]
  public let untold: [CivilDate]
  public let judgedUntil: Instant
  public let drawnUp: Instant

  /// Why there is none.
  public enum Refusal: Error, Hashable {
    /// Nobody of that name, and no handheld, is known; with those that are.
    case unknown(String, known: [String])
    /// A handheld that was only ever carried by members that the roster names.
    case carried(Handheld.ID, by: [String])
    /// Was not on duty in these days.
    case idle(String)
  }

  /// - Parameters:
  ///   - name: a member's, as the roster has it, or a handheld's id.
  ///   - days: operational days.
  ///   - plans: the store's, by the moment from which each is in force; not empty.
  public init(
    of name: String, on days: Range<CivilDate>,
    plans: [(began: Instant, digest: String, plan: Plan)], queries: Queries, at now: Instant
  ) throws {
    let server = try Self.server(name, plans)
    let dates = (days.lowerBound.daysSince1970..<days.upperBound.daysSince1970).map {
      PlannedDay(CivilDate(daysSince1970: $0), among: plans)
    }
    let last = dates[dates.count - 1]
    let span = dates[0].span.lowerBound..<max(dates[0].span.upperBound, last.span.upperBound)
    let judged = try queries.clock() ?? .distantPast
    func version(_ at: Instant) -> Plan { (plans.last { $0.began <= at } ?? plans[0]).plan }

    var tally = EquipmentTally()
    var (spells, untold) = ([Spell](), [CivilDate]())
    for day in dates where day.span.lowerBound < judged {
      tally.begin(day.date, by: day.plan)
      untold += try queries.forEachSpell(on: [day], until: judged) { day, handheld, spell in
        tally.take(handheld, spell)
        guard !spell.span.isEmpty, tally.servers(of: handheld, in: spell.span).contains(server)
        else { return }
        spells.append(
          Spell(
            day: day.date, handheld: handheld,
            model: day.plan.handheld(handheld)?.model.id ?? "", spell: spell))
      }
    }
    let windows = try queries.dutyWindows(opening: span, plan: version)
    let heard = try queries.heard(in: span)
    let all = MemberFigures.all(
      in: windows, heard: heard, times: tally.result().members, rules: last.plan.assessment,
      plan: version)
    guard let figures = all.first(where: { $0.server == server }) else {
      throw Self.refusal(server, dates)
    }
    self.figures = figures
    ranked = all.count { $0.assessed.rank != nil }
    (self.server, self.days, self.span) = (server, days, span)
    (plan, planDigest) = (last.plan, last.digest)
    (judgedUntil, drawnUp) = (judged, now)
    self.untold = untold
    self.spells = spells.sorted {
      ($0.spell.span.lowerBound, $0.handheld) < ($1.spell.span.lowerBound, $1.handheld)
    }

    var found = MemberEvidence(queries: queries, version: version)
    for window in windows {
      let own = MemberFigures.services(in: window, heard: heard, by: version(window.began))[server]
      guard let own else { continue }
      try found.take(window, own.map { Carried(handheld: $0.handheld, span: $0.span) })
    }
    (services, attendances) = (found.services, found.attendances)
    gaps = try found.gaps(opening: span)
    let ids = Set(gaps.map(\.record.gap.id))
    excuses = try queries.excuses().filter { ids.contains($0.gap) }
    let times = self.spells.map { Carried(handheld: $0.handheld, span: $0.spell.span) }
    pairings = try found.pairings(in: span, meeting: times)
    looks = try queries.looks(at: Set(times.map(\.handheld.text)).sorted(), showing: span).filter {
      look in
      times.contains {
        $0.handheld.text == look.handheld && $0.span.lowerBound <= look.shown.upperBound
          && $0.span.upperBound > look.shown.lowerBound
      }
    }
    outages = try queries.outages(meeting: span).filter { outage in
      let outageSpan = outage.began..<max(outage.began, outage.ended ?? judged)
      return times.contains {
        (outage.handheld == nil || outage.handheld == $0.handheld) && $0.span.overlaps(outageSpan)
      }
    }
  }

  private static func server(
    _ name: String, _ plans: [(began: Instant, digest: String, plan: Plan)]
  ) throws -> MemberFigures.Server {
    let members = Set(plans.flatMap { $0.plan.roster.rows.map(\.member) }).filter { !$0.isEmpty }
    if members.contains(name) { return .member(name) }
    let handhelds = Set(plans.flatMap { $0.plan.handhelds.map(\.id.text) })
    if handhelds.contains(name) { return .handheld(Handheld.ID(name)) }
    throw Refusal.unknown(name, known: members.sorted() + handhelds.sorted())
  }

  private static func refusal(_ server: MemberFigures.Server, _ days: [PlannedDay]) -> Refusal {
    guard case .handheld(let id) = server else { return .idle(server.text) }
    let bearers = Set(
      days.flatMap { $0.plan.rosterRows(on: $0.date) }.filter { $0.handheld == id }.map(\.member))
    return bearers.isEmpty ? .idle(id.text) : .carried(id, by: bearers.sorted())
  }

  public var zone: ZoneText {
    let zone = plan.zone
    return { zone.text($0) }
  }

  /// Every window was judged to its end, and the time in which a backlog may still come has passed.
  public var isFinal: Bool {
    services.allSatisfy(\.window.isFinal)
      && judgedUntil >= span.upperBound + PeriodReport.backlog
  }
}
