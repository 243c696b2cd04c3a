internal import Geodesy
internal import Patrol

/// One handheld's span of duty: its track, and as much of its past as makes ordinary lateness cheap.
///
/// In-order observations cost one step each. Their gates are told at once; the steps themselves wait until somebody asks
/// for the track (`catchUp`), so that a handheld's state is fetched once for several. A late one goes back to the state
/// kept before it and steps again over at most two spells (`spell`) of observations; one from before that asks for
/// history.
///
/// What is older than that nothing but history can change: its legs are settled and handed on, so that a tour is no larger
/// at the end of a night than at its beginning, but for its stays and silences.
struct Tour: Sendable {
  /// States are kept this far apart in time, in milliseconds.
  static let spell: Int64 = 45_000

  // What is asked of it with every observation comes first: few cache lines.
  private(set) var span: Span
  /// The order time with which `recent` ends.
  private var latest = Int64.min
  /// The order time of the last observation in `kept`; nil at the beginning.
  private var keptUntil: Int64?
  private var middleSince: Int64?
  /// Stays and passes decided after this are to be told (again).
  var toldUntil: Int64
  private var ended: Ended?
  private var recent: [Heard] = []
  /// How many of `recent` the track has taken; the others wait.
  private var stepped = 0
  private var middle = 0
  /// Observations came that lie before what is kept: the track is wrong until its history is supplied.
  private(set) var awaitsHistory = false
  /// Those of the track, after all of `recent`.
  private var gates = Gates()
  var touched = Touched()

  private(set) var track: Track
  /// The state before `recent`; nil: nothing came before.
  private var kept: PackedTrack?
  /// The state before the younger half of `recent`, which begins at `middle`, at the time `middleSince`; likewise.
  private var middleTrack: PackedTrack?
  /// The order time of the last observation before the younger half.
  private var middleEnded = Int64.min
  /// The latest of the legs that nothing late can change; those of the track follow them.
  private(set) var settled: [MatchedLeg] = []
  /// How many settled legs came before those, and were let go.
  private(set) var settledBefore = 0

  /// Once the span is over: the track with everything under way ended.
  private indirect enum Ended {
    case with(Track)
  }

  /// What its steps need of the world.
  struct Setting {
    let handheld: Handheld.ID
    let bearer: Bearer
    let ground: Ground
    let isRig: Bool
  }

  /// - Parameter shiftStarts: when the shifts in it begin, rising; none: it is one.
  init(span: Span, shiftStarts: [Int64] = []) {
    self.span = span
    track = Track(span: span, shiftStarts: shiftStarts.isEmpty ? [span.start] : shiftStarts)
    toldUntil = span.start - 1
  }

  /// What becomes of an observation.
  enum Outcome {
    case judged(Gate?)
    /// Known already: nothing changes.
    case repeated
    case awaitsHistory
  }

  /// Takes an observation whose order time lies in the span; `decided` is room for legs, empty before and after. Gates of
  /// others that changed go to `regated`.
  mutating func take(
    _ observation: Observation, at: Int64, in setting: Setting, decided: inout [MatchedLeg],
    regated: (Observation, Gate?) -> Void
  ) -> Outcome {
    if isClosed {
      // What its end decided is undone.
      ended = nil
      touched.isAll = true
      toldUntil = min(toldUntil, track.decidedUntil)
    }
    if awaitsHistory || keptUntil.map({ at <= $0 }) ?? false {
      awaitsHistory = true
      return .awaitsHistory
    }
    if at < latest || (at == latest && !isAfterLatest(observation, setting.handheld)) {
      return insert(observation, at: at, in: setting, decided: &decided, regated: regated)
    }
    rotate(before: at, in: setting, decided: &decided)
    let gate = gates.judge(
      observation, at: at, of: setting.bearer, on: setting.ground, simulatedCounts: setting.isRig
    ).gate
    recent.append(Heard(observation, gate: gate))
    latest = at
    return .judged(gate)
  }

  /// Some of what was told is not in the track yet.
  var isBehind: Bool { stepped < recent.count }
  /// So much is not that there is nothing to be gained by waiting on.
  var isFarBehind: Bool { recent.count - stepped >= Self.farBehind }
  private static let farBehind = 10

  /// Takes the steps that wait. To be called before anything is asked of the track.
  mutating func catchUp(in setting: Setting, decided: inout [MatchedLeg]) {
    while stepped < recent.count {
      let next = recent[stepped].observation(of: setting.handheld)
      stepped += 1
      _ = track.step(
        next, at: next.orderTime.milliseconds, of: setting.bearer, on: setting.ground,
        simulatedCounts: setting.isRig, touching: &touched, decided: &decided)
    }
  }

  private func isAfterLatest(_ observation: Observation, _ handheld: Handheld.ID) -> Bool {
    recent.last.map { Observation.precedes($0.observation(of: handheld), observation) } ?? true
  }

  /// A new spell begins with an observation that begins a new moment: what lies before the last spell is let go.
  private mutating func rotate(
    before at: Int64, in setting: Setting, decided: inout [MatchedLeg]
  ) {
    guard let since = middleSince else {
      middleSince = at
      return
    }
    guard at - since >= Self.spell, latest < at else { return }
    catchUp(in: setting, decided: &decided)
    if middle > 0 {
      // Of one handheld and with times that are right, so the first of the younger half tells when the older ended.
      keptUntil = middleEnded
      kept = middleTrack
      recent.removeFirst(middle)
      stepped -= middle
      settle()
    }
    middle = recent.count
    middleEnded = latest
    middleTrack = PackedTrack(&track)
    middleSince = at
  }

  /// What the kept state holds is final, unless history comes.
  private mutating func settle() {
    guard let legs = kept?.legs else { return }
    let told = min(toldUntil, keptUntil ?? Int64.min)
    settled += track.legs.prefix(legs)
    kept?.dropLegs(passesUntil: told)
    track.drop(legs: legs, passesUntil: told)
  }

  private mutating func insert(
    _ observation: Observation, at: Int64, in setting: Setting, decided: inout [MatchedLeg],
    regated: (Observation, Gate?) -> Void
  ) -> Outcome {
    var low = 0
    var high = recent.count
    while low < high {
      let mid = (low + high) / 2
      if Observation.precedes(recent[mid].observation(of: setting.handheld), observation) {
        low = mid + 1
      } else {
        high = mid
      }
    }
    if low < recent.count, recent[low].observation(of: setting.handheld) == observation {
      return .repeated
    }
    // At the boundary it may belong before the younger half: its moment decides.
    let isYounger = low > middle || (low == middle && middleSince.map { at >= $0 } ?? true)
    recent.insert(Heard(observation, gate: nil), at: low)
    if !isYounger { middle += 1 }
    let from = isYounger ? middle : 0
    track =
      (isYounger ? middleTrack : kept)?.track ?? Track(span: span, shiftStarts: track.shiftStarts)
    touched.isAll = true
    // Nothing decided before the state gone back to can change.
    let settledUntil = from > 0 ? middleEnded : keptUntil ?? span.start - 1
    toldUntil = min(toldUntil, settledUntil)
    var gate: Gate?
    for i in from..<recent.count {
      if i == middle { middleTrack = PackedTrack(&track) }
      let next = recent[i].observation(of: setting.handheld)
      let time = next.orderTime.milliseconds
      if i < middle { middleEnded = time }
      let now = track.step(
        next, at: time, of: setting.bearer, on: setting.ground, simulatedCounts: setting.isRig,
        touching: &touched, decided: &decided)
      if i == low {
        gate = now
      } else if now != recent[i].gate {
        regated(next, now)
      }
      recent[i].gate = now
      latest = time
    }
    (gates, stepped) = (track.gates, recent.count)
    return .judged(gate)
  }

  /// Starts anew from all that is known of the span, in any order, with the gates known so far.
  mutating func rebuild(
    from history: [(Observation, Gate?)], in setting: Setting,
    regated: (Observation, Gate?) -> Void
  ) {
    self = Tour(span: span, shiftStarts: track.shiftStarts)
    var decided: [MatchedLeg] = []
    for (observation, gate) in history.sorted(by: { Observation.precedes($0.0, $1.0) }) {
      let at = observation.orderTime.milliseconds
      let outcome = take(
        observation, at: at, in: setting, decided: &decided, regated: regated)
      if case .judged(let now) = outcome, now != gate { regated(observation, now) }
    }
    touched.isAll = true
  }

  /// Ends what is under way; once the span is over. An observation that still comes undoes it.
  mutating func close(in setting: Setting) {
    guard !isClosed else { return }
    var decided: [MatchedLeg] = []
    catchUp(in: setting, decided: &decided)
    var track = self.track
    track.close(on: setting.ground, of: setting.bearer, touching: &touched)
    touched.isAll = true
    ended = .with(track)
  }

  var isClosed: Bool { ended != nil }

  /// Lets go of settled legs, which every open window has taken by now, up to the first that ends at or after a moment:
  /// windows that open then may need it.
  mutating func dropSettled(endedBefore moment: Int64) {
    let count = settled.prefix { $0.ended < moment }.count
    guard count > 0 else { return }
    settledBefore += count
    if count == settled.count {
      settled.removeAll(keepingCapacity: true)
    } else {
      settled.removeFirst(count)
    }
  }

  // MARK: what is asked of it, once it has caught up

  /// The track as it stands: ended, if the span is over.
  var standing: Track {
    assert(!isBehind, "asked before it caught up")
    guard case .with(let closed) = ended else { return track }
    return closed
  }
  func firstReport(inShiftFrom start: Int64) -> Int64? {
    assert(!isBehind, "asked before it caught up")
    return track.firstReport(inShiftFrom: start)
  }
  var lastAnchor: Anchor? {
    assert(!isBehind, "asked before it caught up")
    return track.lastAnchor
  }
  var tail: [MatchedLeg] {
    assert(!isBehind, "asked before it caught up")
    guard case .with(let closed) = ended else { return track.legs }
    return closed.legs
  }
  var stays: Stays {
    assert(!isBehind, "asked before it caught up")
    guard case .with(let closed) = ended else { return track.stays }
    return closed.stays
  }
}

extension Tour: Packable {
  /// Of its recent observations with those alone that wait for their steps: taken up again, it asks for history where
  /// anything comes that is older than what its track knows.
  mutating func pack(_ packing: inout Packing) {
    packing(&span)
    packing(&track)
    packing(&latest)
    var waiting = Array(recent[stepped...])
    packing(&waiting)
    packing(&gates)
    packing(&awaitsHistory)
    var closed: Track?
    if case .with(let track) = ended { closed = track }
    packing(&closed, blank: { Track(span: span, shiftStarts: []) })
    packing(&settled)
    packing(&settledBefore)
    packing(&toldUntil)
    guard packing.isTaking else { return }
    kept = PackedTrack(&track)
    middleTrack = kept
    if track.latestReport > Int64.min { keptUntil = track.latestReport }
    recent = waiting
    ended = closed.map { .with($0) }
    touched.isAll = true
  }
}
