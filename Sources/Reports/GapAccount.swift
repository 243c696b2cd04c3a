public import Coverage
public import Geodesy
public import Patrol
public import Store

/// All that one gap follows from, gathered once: what its text, its picture and its JSON are made of.
public struct GapAccount: Sendable {
  /// One allotment of a handheld to the duty.
  public struct Served: Sendable {
    public var handheld: Handheld
    /// When it was allotted; within a span of duty.
    public var allotted: Range<Instant>
    /// By the roster; else it counts from its first report on.
    public var isRostered: Bool
    /// What it told in that span of duty.
    public var trace: Trace
    /// When it counts; nil where nothing was received of it and the roster does not name it.
    public var counts: Range<Instant>?
  }

  public let gap: Gap
  public let withdrawn: Instant?
  public let plan: Plan
  public let planDigest: String
  public let duty: Duty
  public let window: Window
  public let place: Place
  public let target: GapTarget
  /// The time that decides: from one interval before the gap began, at the earliest the window's opening, to its end.
  public let deciding: Range<Instant>
  public let served: [Served]
  public let stays: [Stay]
  public let passes: [Pass]
  public let attendance: [CellAttendance]
  public let outages: Listing
  public let revisions: [GapRevision]
  /// The clock up to which the store was judged.
  public let judgedUntil: Instant

  /// Why a gap cannot be accounted for.
  public enum Failure: Error, Hashable, CustomStringConvertible {
    /// The plan version it was judged by does not have its duty, or its place.
    case notInPlan(String)

    public var description: String {
      switch self {
      case .notInPlan(let what): "\(what) is not in the plan this gap was judged by"
      }
    }
  }

  public init(
    of gap: Gap, withdrawn: Instant?, plan: Plan, planDigest: String, queries: Queries
  ) throws {
    guard let duty = plan.duty(gap.owed.duty) else {
      throw Failure.notInPlan("duty \(gap.owed.duty)")
    }
    guard let place = plan.place(gap.owed.place), let target = GapTarget(of: gap, at: place) else {
      throw Failure.notInPlan("place \(gap.owed.place)")
    }
    let window = plan.window(of: duty, onDayOf: gap.owed.windowBegan)
    let judgedUntil = try queries.clock() ?? gap.ended
    let began = max(window.began, gap.began - duty.every)
    let deciding = began..<max(gap.ended, began + .seconds(1))
    (self.gap, self.withdrawn, self.plan, self.planDigest) = (gap, withdrawn, plan, planDigest)
    (self.duty, self.window, self.place, self.target) = (duty, window, place, target)
    (self.deciding, self.judgedUntil) = (deciding, judgedUntil)

    served = try plan.assignments(in: window).compactMap { assignment in
      guard let handheld = plan.handheld(assignment.handheld) else { return nil }
      let span =
        plan.dutySpan(of: handheld.id, at: assignment.span.lowerBound) ?? assignment.span
      let told = try queries.observations(of: handheld.id, in: span)
      guard
        let trace = Engine.trace(
          of: handheld.id, in: span, from: told, under: plan, until: judgedUntil)
      else { return nil }
      var isRostered = false
      if case .roster = assignment.basis { isRostered = true }
      var counts: Range<Instant>? = assignment.span
      if !isRostered {
        let first = trace.observations.first?.observation.orderTime
        counts = first.flatMap { first in
          first < assignment.span.upperBound
            ? max(first, assignment.span.lowerBound)..<assignment.span.upperBound : nil
        }
      }
      return Served(
        handheld: handheld, allotted: assignment.span, isRostered: isRostered, trace: trace,
        counts: counts)
    }
    let own = Set(served.map(\.handheld.id))
    // A stay that set the date it fell due by ended as the deciding time began.
    let reach = began - .minutes(15)..<max(window.ended, deciding.upperBound)
    stays = try queries.stays(at: place.id, meeting: reach).filter { own.contains($0.handheld) }
    passes = try queries.passes(along: place.id, meeting: reach).filter {
      own.contains($0.handheld)
    }
    attendance = try queries.attendance(of: gap.owed)
    var filter = Filter()
    (filter.from, filter.to) = (deciding.lowerBound, deciding.upperBound)
    filter.handhelds = own.map(\.text).sorted()
    outages = try queries.outages(filter)
    revisions = try queries.revisions(of: gap.id)
  }

  /// Handhelds that the gap says counted, of which not one fix is stored any more: they were purged, and the gap can no
  /// longer be shown from them.
  public var withoutFixes: [Handheld.ID] {
    let seen = Set(stays.map(\.handheld) + passes.map(\.handheld))
    return served.filter { s in
      s.trace.observations.isEmpty
        && (seen.contains(s.handheld.id)
          || (!s.isRostered && gap.handhelds.contains(s.handheld.id)))
    }.map(\.handheld.id)
  }

  /// The fastest at which a pass attends, for one handheld.
  func passSpeedMaximum(_ handheld: Handheld) -> MetresPerSecond {
    duty.passSpeedMaximum ?? handheld.travel.passSpeedMaximum
  }

  var isOnLine: Bool { place.kind == .line }

  /// Its fixes in the deciding time, usable or not, in order.
  func fixes(of served: Served) -> [(fix: Fix, gate: Gate?)] {
    served.trace.observations.compactMap { entry in
      guard let fix = entry.observation.fix, deciding.contains(entry.observation.orderTime) else {
        return nil
      }
      return (fix, entry.gate)
    }
  }

  func name(_ id: Place.ID) -> String { plan.place(id)?.name ?? id.text }

  func name(_ way: Trace.Way, _ texts: Texts) -> String {
    switch way {
    case .along(let id): name(id)
    case .off: texts[.offAllLines]
    }
  }
}
