internal import Geodesy
internal import Patrol

/// One handheld's span of duty: its track, and as much of its past as makes ordinary lateness cheap.
///
/// In-order observations cost one step each. A late one goes back to the state kept before it and steps again over
/// at most two spells (`spell`) of observations; one from before that asks for history.
struct Tour: Hashable, Sendable, Codable {
  /// States are kept this far apart in time.
  static let spell: Int64 = 300_000

  let span: Span
  private(set) var track: Track
  /// The state before `recent`, and the time of the last observation in it; nil at the beginning.
  private var kept: Track
  private var keptUntil: Int64?
  /// The state before the younger half of `recent`, which begins at `middle`, at the time `middleSince`.
  private var middleTrack: Track
  private var middle = 0
  private var middleSince: Int64?
  private var recent: [Entry] = []
  /// With everything under way ended; once the span is over.
  private(set) var closed: Track?
  /// Observations came that lie before what is kept: the track is wrong until its history is supplied.
  private(set) var awaitsHistory = false
  /// Stays and passes decided after this are to be told (again).
  var toldUntil: Int64

  struct Entry: Hashable, Sendable, Codable {
    var observation: Observation
    var gate: Gate?
  }

  init(span: Span) {
    self.span = span
    track = Track(span: span)
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

  /// Takes an observation whose order time lies in the span. Gates of others that changed go to `regated`.
  mutating func take(
    _ observation: Observation, of handheld: Handheld, on ground: Ground, isRig: Bool,
    regated: (Observation, Gate?) -> Void
  ) -> Outcome {
    if closed != nil {
      // What its end decided is undone.
      closed = nil
      toldUntil = min(toldUntil, track.decidedUntil)
    }
    let at = observation.orderTime.milliseconds
    if awaitsHistory || keptUntil.map({ at <= $0 }) ?? false {
      awaitsHistory = true
      return .awaitsHistory
    }
    if let last = recent.last?.observation, !Observation.precedes(last, observation) {
      return insert(observation, of: handheld, on: ground, isRig: isRig, regated: regated)
    }
    rotate(before: at)
    let gate = track.step(observation, of: handheld, on: ground, simulatedCounts: isRig)
    recent.append(Entry(observation: observation, gate: gate))
    return .judged(gate)
  }

  /// A new spell begins with an observation that begins a new moment: what lies before the last spell is let go.
  private mutating func rotate(before at: Int64) {
    guard let since = middleSince else {
      middleSince = at
      return
    }
    guard at - since >= Self.spell, let last = recent.last,
      last.observation.orderTime.milliseconds < at
    else { return }
    if middle > 0 {
      keptUntil = recent[middle - 1].observation.orderTime.milliseconds
      kept = middleTrack
      recent.removeFirst(middle)
    }
    middle = recent.count
    middleTrack = track
    middleSince = at
  }

  private mutating func insert(
    _ observation: Observation, of handheld: Handheld, on ground: Ground, isRig: Bool,
    regated: (Observation, Gate?) -> Void
  ) -> Outcome {
    var low = 0
    var high = recent.count
    while low < high {
      let mid = (low + high) / 2
      if Observation.precedes(recent[mid].observation, observation) {
        low = mid + 1
      } else {
        high = mid
      }
    }
    if low < recent.count, recent[low].observation == observation { return .repeated }
    // At the boundary it may belong before the younger half: its moment decides.
    let at = observation.orderTime.milliseconds
    let isYounger = low > middle || (low == middle && middleSince.map { at >= $0 } ?? true)
    recent.insert(Entry(observation: observation, gate: nil), at: low)
    if !isYounger { middle += 1 }
    let from = isYounger ? middle : 0
    track = isYounger ? middleTrack : kept
    track.touched = .all
    // Nothing decided before the state gone back to can change.
    let settled =
      from > 0 ? recent[from - 1].observation.orderTime.milliseconds : keptUntil ?? span.start - 1
    toldUntil = min(toldUntil, settled)
    var gate: Gate?
    for i in from..<recent.count {
      if i == middle { middleTrack = track }
      let now = track.step(recent[i].observation, of: handheld, on: ground, simulatedCounts: isRig)
      if i == low {
        gate = now
      } else if now != recent[i].gate {
        regated(recent[i].observation, now)
      }
      recent[i].gate = now
    }
    return .judged(gate)
  }

  /// Starts anew from all that is known of the span, in any order, with the gates known so far.
  mutating func rebuild(
    from history: [(Observation, Gate?)], of handheld: Handheld, on ground: Ground, isRig: Bool,
    regated: (Observation, Gate?) -> Void
  ) {
    self = Tour(span: span)
    defer { track.touched = .all }
    for (observation, gate) in history.sorted(by: { Observation.precedes($0.0, $1.0) }) {
      let outcome = take(observation, of: handheld, on: ground, isRig: isRig, regated: regated)
      if case .judged(let now) = outcome, now != gate { regated(observation, now) }
    }
  }

  /// Ends what is under way; once the span is over. An observation that still comes undoes it.
  mutating func close(_ handheld: Handheld, on ground: Ground) {
    guard closed == nil else { return }
    var track = self.track
    track.close(handheld, on: ground)
    closed = track
  }

  /// The places that changed since the last call.
  mutating func takeTouched() -> Track.Touched {
    defer { track.touched = .none }
    return track.touched
  }

  /// The track as it stands: ended, if the span is over.
  var standing: Track { closed ?? track }
}
