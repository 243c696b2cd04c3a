internal import Geodesy
internal import Patrol

/// One handheld's span of duty: its track, and as much of its past as makes ordinary lateness cheap.
///
/// In-order observations cost one step each. A late one goes back to the state kept before it and steps again over
/// at most two spells (`spell`) of observations; one from before that asks for history.
///
/// What is older than that nothing but history can change: its legs are settled and handed on, so that a tour is no larger
/// at the end of a night than at its beginning, but for its stays and silences.
struct Tour: Sendable {
  /// States are kept this far apart in time, in milliseconds.
  static let spell: Int64 = 120_000

  let span: Span
  private(set) var track: Track
  /// Its order time; `recent` ends with it.
  private var latest = Int64.min
  private var middleSince: Int64?
  /// Observations came that lie before what is kept: the track is wrong until its history is supplied.
  private(set) var awaitsHistory = false
  var touched = Touched()
  private var recent: [Heard] = []
  private var middle = 0
  /// The state before `recent`, and the time of the last observation in it; nil at the beginning.
  private var kept: Track
  private var keptUntil: Int64?
  /// The state before the younger half of `recent`, which begins at `middle`, at the time `middleSince`.
  private var middleTrack: Track
  /// With everything under way ended; once the span is over.
  private(set) var closed: Track?
  /// The latest of the legs that nothing late can change; those of the track follow them.
  private(set) var settled: [MatchedLeg] = []
  /// How many settled legs came before those, and were let go.
  private(set) var settledBefore = 0
  /// Stays and passes decided after this are to be told (again).
  var toldUntil: Int64

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
    kept = track
    middleTrack = track
    toldUntil = span.start - 1
  }

  /// What becomes of an observation.
  enum Outcome {
    case judged(Gate?)
    /// Known already: nothing changes.
    case repeated
    case awaitsHistory
  }

  /// Takes an observation whose order time lies in the span; `decided` is room for legs, empty before and after. Gates of others that changed go to `regated`.
  mutating func take(
    _ observation: Observation, at: Int64, in setting: Setting, decided: inout [MatchedLeg],
    regated: (Observation, Gate?) -> Void
  ) -> Outcome {
    if closed != nil {
      // What its end decided is undone.
      closed = nil
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
    rotate(before: at)
    let gate = track.step(
      observation, at: at, of: setting.bearer, on: setting.ground,
      simulatedCounts: setting.isRig, touching: &touched, decided: &decided)
    recent.append(Heard(observation, gate: gate))
    latest = at
    return .judged(gate)
  }

  private func isAfterLatest(_ observation: Observation, _ handheld: Handheld.ID) -> Bool {
    recent.last.map { Observation.precedes($0.observation(of: handheld), observation) } ?? true
  }

  /// A new spell begins with an observation that begins a new moment: what lies before the last spell is let go.
  private mutating func rotate(before at: Int64) {
    guard let since = middleSince else {
      middleSince = at
      return
    }
    guard at - since >= Self.spell, latest < at else { return }
    if middle > 0 {
      // Of one handheld and with times that are right, so the first of the younger half tells when the older ended.
      keptUntil = middleEnded
      kept = middleTrack
      recent.removeFirst(middle)
      settle()
    }
    middle = recent.count
    middleEnded = latest
    middleTrack = track
    middleSince = at
  }

  /// The order time of the last observation before the younger half.
  private var middleEnded = Int64.min

  /// What the kept state holds is final, unless history comes.
  private mutating func settle() {
    let (legs, told) = (kept.legs.count, min(toldUntil, keptUntil ?? Int64.min))
    settled += kept.legs
    kept.drop(legs: legs, passesUntil: told)
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
    track = isYounger ? middleTrack : kept
    touched.isAll = true
    // Nothing decided before the state gone back to can change.
    let settledUntil = from > 0 ? middleEnded : keptUntil ?? span.start - 1
    toldUntil = min(toldUntil, settledUntil)
    var gate: Gate?
    for i in from..<recent.count {
      if i == middle { middleTrack = track }
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
    guard closed == nil else { return }
    var track = self.track
    track.close(on: setting.ground, of: setting.bearer, touching: &touched)
    touched.isAll = true
    closed = track
  }

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

  /// The track as it stands: ended, if the span is over.
  var standing: Track { closed ?? track }
  func firstReport(inShiftFrom start: Int64) -> Int64? { track.firstReport(inShiftFrom: start) }
  var lastAnchor: Anchor? { track.lastAnchor }
  var tail: [MatchedLeg] { closed?.legs ?? track.legs }
  var stays: Stays { closed?.stays ?? track.stays }
}

extension Tour: Codable {
  private enum CodingKeys: CodingKey {
    case span, track, latest, awaitsHistory, settled, settledBefore, toldUntil, closed
  }

  /// Without its recent observations: taken up again, it asks for history where anything comes that is older than what it
  /// knows.
  func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: CodingKeys.self)
    try c.encode(span, forKey: .span)
    try c.encode(track, forKey: .track)
    try c.encode(latest, forKey: .latest)
    try c.encode(awaitsHistory, forKey: .awaitsHistory)
    try c.encodeIfPresent(closed, forKey: .closed)
    try c.encode(settled, forKey: .settled)
    try c.encode(settledBefore, forKey: .settledBefore)
    try c.encode(toldUntil, forKey: .toldUntil)
  }

  init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    span = try c.decode(Span.self, forKey: .span)
    track = try c.decode(Track.self, forKey: .track)
    kept = track
    middleTrack = track
    latest = try c.decode(Int64.self, forKey: .latest)
    if latest > Int64.min { keptUntil = latest }
    awaitsHistory = try c.decode(Bool.self, forKey: .awaitsHistory)
    closed = try c.decodeIfPresent(Track.self, forKey: .closed)
    settled = try c.decode([MatchedLeg].self, forKey: .settled)
    settledBefore = try c.decode(Int.self, forKey: .settledBefore)
    toldUntil = try c.decode(Int64.self, forKey: .toldUntil)
    touched.isAll = true
  }
}
