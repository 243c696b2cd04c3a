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
/// Memory: per handheld on duty its track and the last minutes of observations, per open window its attendance; both are
/// let go `backlog` after they ended. Time: a fix costs its step, a moment what falls due in it.
public struct Engine: Sendable {
  public internal(set) var plan: Plan
  /// Windows that open within this range are judged; others are not this engine's.
  public private(set) var windows: Range<Instant>
  /// How long after a window or a span of duty late observations still find it in memory.
  public let backlog: Milliseconds
  /// Attendance on lines that changes no verdict is told every few minutes; else once the window is over, which is less
  /// work: where nobody watches. It all comes to the same.
  public var tellsAsItGoes = true

  var ground: Ground
  var roll: HandheldRoll
  var sorting = BatchSorting()
  var state: State
  /// Follows from the state.
  var schedule = Schedule()
  var events: [Event] = []
  /// Up to where time is being let pass: what is only told now and then is told there, however long it takes.
  var aim = Int64.min
  /// Room for a fix's legs, and for a look at a place's cells.
  var decided: [MatchedLeg] = []
  var scratch: [Int64] = []

  /// Everything that changes; can be kept and taken up again under the same plan (see `checkpoint`).
  struct State: Sendable {
    var now: Int64
    /// Windows that open at or after this are still to come.
    var openedUntil: Int64
    /// Spans of duty by handheld, in the plan's order.
    var tours: [[Tour]]
    var accounts: [WindowAccount]
    var outages: OutageBook
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
    roll = HandheldRoll(plan.handhelds.map(\.id))
    state = State(
      now: windows.lowerBound.milliseconds, openedUntil: windows.lowerBound.milliseconds,
      tours: Array(repeating: [], count: plan.handhelds.count), accounts: [], outages: OutageBook())
    makeSchedule()
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
        let stored = gaps.filter { $0.owed == owed }
        state.accounts[w].places[p].gaps = stored
        if !stored.isEmpty { reconsider(w, p) }
      }
    }
  }

  // MARK: outages

  /// Records an outage, or its end: one that began at the same moment, of the same kind and handheld, is replaced.
  public mutating func record(_ outage: Outage) { record([outage]) }

  /// Records several: where a gpsd of many handhelds is lost, each of them has its own. O(outages known + places concerned).
  public mutating func record(_ outages: [Outage]) {
    guard !outages.isEmpty else { return }
    let new = state.outages.record(outages)
    let concerned: Set<Int>
    if new.contains(where: { $0.handheld == nil }) {
      concerned = Set(state.accounts.indices)
    } else {
      let handhelds = new.compactMap { $0.handheld.flatMap { roll.position(of: $0) } }
      concerned = Set(handhelds.flatMap { schedule.serving[$0].map { Int($0.window) } })
    }
    for w in concerned.sorted() {
      for p in state.accounts[w].places.indices { hear(w, p, isAll: true) }
    }
  }
}
