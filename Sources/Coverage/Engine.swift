public import Geodesy
public import Patrol

/// Observations and the passage of time in, conclusions out.
///
/// A value: it reads no clock, opens no file and logs nothing; equal inputs give equal events. Once all is in, its stays,
/// passes, attendance, gaps and shares are a function of the set of observations and outages, the plan and the windows,
/// not of the order of arrival (`Observation.mended(for:)` is the caller's to apply before anything else).
///
///     var engine = Engine(plan: plan, windows: from..<to)
///     let outcome = engine.ingest(observations)     // gates, to be stored with the fixes
///     engine.advance(to: now)                       // judges what fell due or changed
///     for event in engine.takeEvents() { … }        // to be stored in the same transaction
///
/// Memory: per handheld on duty its track and the last ten minutes of observations, per open window its attendance; both are
/// let go `backlog` after they ended.
public struct Engine: Sendable {
  public let plan: Plan
  /// Windows that open within this range are judged; others are not this engine's.
  public private(set) var windows: Range<Instant>
  /// How long after a window or a span of duty late observations still find it in memory.
  public let backlog: Milliseconds

  let ground: Ground
  let handheldIndex: [Handheld.ID: Int]
  var state: State
  var events: [Event] = []

  /// Everything that changes; can be kept and taken up again under the same plan (see `checkpoint`).
  struct State: Hashable, Sendable, Codable {
    var now: Int64
    /// Windows that open at or after this are still to come.
    var openedUntil: Int64
    /// Spans of duty by handheld, in the plan's order.
    var tours: [[Tour]]
    var accounts: [WindowAccount]
    var outages: [Outage]
  }

  /// One open or recent window.
  struct WindowAccount: Hashable, Sendable, Codable {
    var duty: Duty.ID
    var span: Span
    var assigned: [Assigned]
    var places: [PlaceAccount]

    /// That a handheld serves the duty for a time (`Patrol.Assignment`), by its position in the plan.
    struct Assigned: Hashable, Sendable, Codable {
      var handheld: Int
      var span: Span
      var isRostered: Bool
    }
  }

  /// What is known and was told of one place's window.
  struct PlaceAccount: Hashable, Sendable, Codable {
    /// Its position in the ground.
    var place: Int
    /// Attendance may have changed since it was judged.
    var isDirty = true
    var judgedAt = Instant.distantPast.milliseconds
    /// When its verdicts may next change by the passage of time alone.
    var recheckAt: Int64
    var gaps: [Gap] = []
    /// As it was told, by cell.
    var attendance: [Int: CellAttendance] = [:]
    var standing: Standing?
  }

  /// What became of a batch.
  public struct Outcome: Sendable {
    /// In the order of the batch. Of those that await history, nil until it is supplied.
    public var gates: [Gate?]
    /// Handhelds whose stored observations are needed, from a time on: see `supply`.
    public var needsHistory: [HistoryRequest]
    /// Observations of spans of duty that are no longer in memory: their windows must be judged anew by an engine of
    /// their own.
    public var reopens: [Range<Instant>]
  }

  public struct HistoryRequest: Hashable, Sendable {
    public var handheld: Handheld.ID
    /// All observations whose order time lies in here.
    public var span: Range<Instant>

    public init(handheld: Handheld.ID, span: Range<Instant>) {
      self.handheld = handheld
      self.span = span
    }
  }

  public init(
    plan: Plan, windows: Range<Instant>, backlog: Milliseconds = .hours(2)
  ) {
    self.plan = plan
    self.windows = windows
    self.backlog = backlog
    ground = Ground(plan)
    handheldIndex = Dictionary(
      plan.handhelds.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { a, _ in a })
    state = State(
      now: windows.lowerBound.milliseconds, openedUntil: windows.lowerBound.milliseconds,
      tours: Array(repeating: [], count: plan.handhelds.count), accounts: [], outages: [])
  }

  /// The engine's clock: the latest time it was told.
  public var now: Instant { Instant(milliseconds: state.now) }

  /// Leaves windows that open at or after a moment to the engine of another plan version. Those it has opened stay its.
  public mutating func retire(at moment: Instant) {
    let end = max(windows.lowerBound, min(windows.upperBound, moment))
    windows = windows.lowerBound..<end
  }

  /// What was concluded since the last call, oldest first.
  public mutating func takeEvents() -> [Event] {
    defer { events = [] }
    return events
  }

  // MARK: taking up again

  /// All that an engine knows, to be kept beside the store's last row and taken up by the same version of this program
  /// under the same plan.
  public struct Checkpoint: Sendable, Codable {
    let state: State
    let windows: Range<Instant>
  }

  public var checkpoint: Checkpoint { Checkpoint(state: state, windows: windows) }

  /// Takes up a checkpoint. Nil where it does not fit the plan's handhelds.
  public init?(plan: Plan, resuming checkpoint: Checkpoint, backlog: Milliseconds = .hours(2)) {
    self.init(plan: plan, windows: checkpoint.windows, backlog: backlog)
    guard checkpoint.state.tours.count == plan.handhelds.count,
      checkpoint.state.accounts.allSatisfy({ account in
        plan.duty(account.duty) != nil
          && account.places.allSatisfy { $0.place < ground.places.count }
          && account.assigned.allSatisfy { $0.handheld < plan.handhelds.count }
      })
    else { return nil }
    state = checkpoint.state
  }

  /// Takes up from the store alone: sets the clock and opens its windows without judging them, with the gaps stored for
  /// them. History is to be supplied before the next `advance`; what follows for stored gaps are revisions.
  public mutating func resume(at now: Instant, gaps: [Gap]) {
    state.now = max(state.now, now.milliseconds)
    open(until: state.now)
    for w in state.accounts.indices {
      let account = state.accounts[w]
      for p in account.places.indices {
        let owed = Owed(
          duty: account.duty, windowBegan: Instant(milliseconds: account.span.start),
          place: ground.places[account.places[p].place].id)
        state.accounts[w].places[p].gaps = gaps.filter { $0.owed == owed }
      }
    }
  }

  // MARK: observations

  /// Takes what handhelds told, in any order. Those of handhelds that the plan does not know are `offDuty`.
  public mutating func ingest(_ batch: [Observation]) -> Outcome {
    var outcome = Outcome(gates: [], needsHistory: [], reopens: [])
    for observation in batch {
      outcome.gates.append(ingest(observation, &outcome))
    }
    return outcome
  }

  private mutating func ingest(_ observation: Observation, _ outcome: inout Outcome) -> Gate? {
    guard let h = handheldIndex[observation.handheld] else { return .offDuty }
    let at = observation.orderTime.milliseconds
    let known = state.tours[h].lastIndex { $0.span.start <= at && at < $0.span.end }
    guard
      let span = known.map({ state.tours[h][$0].span.range })
        ?? plan.dutySpan(of: observation.handheld, at: observation.orderTime)
    else { return .offDuty }
    if known == nil, span.upperBound.milliseconds + backlog.value <= state.now {
      if !outcome.reopens.contains(span) { outcome.reopens.append(span) }
      return nil
    }
    let result = take(observation, h, known ?? begin(Span(span), of: h))
    switch result {
    case .judged(let gate): return gate
    case .repeated: return .duplicate
    case .awaitsHistory:
      let request = HistoryRequest(handheld: observation.handheld, span: span)
      if !outcome.needsHistory.contains(request) { outcome.needsHistory.append(request) }
      return nil
    }
  }

  private mutating func take(_ observation: Observation, _ h: Int, _ t: Int) -> Tour.Outcome {
    var changed: [(Observation, Gate?)] = []
    let handheld = plan.handhelds[h]
    let told = state.tours[h][t].toldUntil
    let result = state.tours[h][t].take(
      observation, of: handheld, on: ground, isRig: plan.isRig,
      regated: { changed.append(($0, $1)) })
    for (other, gate) in changed { events.append(.regated(other, gate)) }
    if state.tours[h][t].toldUntil < told { retract(h, t) }
    markDirty(h, t)
    return result
  }

  /// Answers a request of `ingest`: all stored observations of that handheld in that span, those of the batch that
  /// asked included, with the gates stored for them.
  public mutating func supply(
    _ history: [(observation: Observation, gate: Gate?)], for request: HistoryRequest
  ) {
    guard let h = handheldIndex[request.handheld] else { return }
    let span = Span(request.span)
    let t = state.tours[h].firstIndex { $0.span == span } ?? begin(span, of: h)
    var changed: [(Observation, Gate?)] = []
    state.tours[h][t].rebuild(
      from: history.map { ($0.observation, $0.gate) }, of: plan.handhelds[h], on: ground,
      isRig: plan.isRig, regated: { changed.append(($0, $1)) })
    for (other, gate) in changed { events.append(.regated(other, gate)) }
    retract(h, t)
    markDirty(h, t)
  }

  private mutating func begin(_ span: Span, of h: Int) -> Int {
    let t = state.tours[h].firstIndex { $0.span.start >= span.start } ?? state.tours[h].count
    state.tours[h].insert(Tour(span: span), at: t)
    return t
  }

  private mutating func retract(_ h: Int, _ t: Int) {
    let tour = state.tours[h][t]
    events.append(
      .retracted(
        plan.handhelds[h].id, after: Instant(milliseconds: tour.toldUntil),
        before: Instant(milliseconds: tour.span.end + 1)))
  }

  /// The accounts that a tour's latest steps may have changed.
  private mutating func markDirty(_ h: Int, _ t: Int) {
    let touched = state.tours[h][t].takeTouched()
    guard touched != .none else { return }
    let span = state.tours[h][t].span
    for w in state.accounts.indices {
      let account = state.accounts[w]
      guard account.span.start <= span.end, account.span.end >= span.start,
        account.assigned.contains(where: { $0.handheld == h })
      else { continue }
      for p in account.places.indices where touched.holds(account.places[p].place) {
        state.accounts[w].places[p].isDirty = true
      }
    }
  }

  // MARK: outages

  /// Records an outage, or its end: one that began at the same moment, of the same kind and handheld, is replaced.
  public mutating func record(_ outage: Outage) {
    state.outages.removeAll {
      $0.kind == outage.kind && $0.handheld == outage.handheld && $0.began == outage.began
    }
    state.outages.append(outage)
    state.outages.sort {
      ($0.began, $0.kind.rawValue, $0.handheld?.text ?? "")
        < ($1.began, $1.kind.rawValue, $1.handheld?.text ?? "")
    }
    for w in state.accounts.indices {
      for p in state.accounts[w].places.indices { state.accounts[w].places[p].isDirty = true }
    }
  }
}

extension Span {
  var range: Range<Instant> {
    Instant(milliseconds: start)..<Instant(milliseconds: end)
  }
}
