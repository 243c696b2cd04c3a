internal import Patrol

/// What of an engine's accounts and tours has to be looked at when: so that the passing of a second costs what falls due
/// in it, not all there is. Follows from the engine's state; made anew where windows are added or let go.
struct Schedule: Sendable {
  /// A place's window, by position.
  struct Reference: Hashable, Sendable {
    var window: Int32
    var place: Int32
  }

  /// Moments at which verdicts may change; and at which news is to be judged. Some are out of date: the account knows.
  var due = MomentHeap()
  var news = MomentHeap()
  /// By handheld: the windows it serves and its positions among their assignments.
  var serving: [[Serving]] = []
  /// Handhelds with something new that the accounts have not heard of, in so many shares, and those of them with which it
  /// cannot wait.
  var touched = Array(repeating: [Int32](), count: shares)
  var urgent: [Int32] = []
  /// By handheld: 1 where it is on the first list, 2 where it is on the second.
  var mark: [UInt8] = []
  /// Windows that open before `plannedUntil` and are not open yet, last first: the plan is asked once a day.
  var upcoming: [Window] = []
  var plannedUntil = Int64.min
  var gatheredAt: Int64 = 0
  /// The first end of a tour that is not closed.
  var nextTourEnd = Int64.max
  /// When the first window or tour may be let go.
  var nextLetGo = Int64.max

  /// So many shares of the handhelds are gathered one after the other: all of them at once are a second's work.
  static let shares = 20

  /// Of how many milliseconds' round each share has its moment; those whose moment came since the last look, which was
  /// `gatheredAt`.
  func shares(dueAt now: Int64, ofEvery round: Int64) -> [Int] {
    let apart = round / Int64(Self.shares)
    let (before, after) = (gatheredAt / apart, now / apart)
    guard after - before < Self.shares else { return Array(0..<Self.shares) }
    return before < after ? (before + 1...after).map { Int($0 % Int64(Self.shares)) } : []
  }

  mutating func note(_ h: Int, isUrgent: Bool) {
    if mark[h] == 0 {
      mark[h] = 1
      touched[h % Self.shares].append(Int32(h))
    }
    if isUrgent, mark[h] & 2 == 0 {
      mark[h] |= 2
      urgent.append(Int32(h))
    }
  }

  struct Serving: Hashable, Sendable {
    var window: Int32
    var assigned: Int32
  }
}

/// Moments with what they are of, soonest first: a binary heap. O(log n) in and out.
struct MomentHeap: Sendable {
  struct Moment: Sendable {
    var at: Int64
    var what: Schedule.Reference
  }

  private var moments: [Moment] = []

  var first: Moment? { moments.first }

  mutating func insert(_ at: Int64, _ what: Schedule.Reference) {
    moments.append(Moment(at: at, what: what))
    var i = moments.count - 1
    while i > 0 {
      let up = (i - 1) / 2
      guard moments[i].at < moments[up].at else { break }
      moments.swapAt(i, up)
      i = up
    }
  }

  mutating func popFirst() -> Moment? {
    guard let first = moments.first, let last = moments.popLast() else { return nil }
    guard !moments.isEmpty else { return first }
    moments[0] = last
    var i = 0
    while true {
      let left = 2 * i + 1
      guard left < moments.count else { break }
      let right = left + 1
      let least = right < moments.count && moments[right].at < moments[left].at ? right : left
      guard moments[least].at < moments[i].at else { break }
      moments.swapAt(i, least)
      i = least
    }
    return first
  }
}
