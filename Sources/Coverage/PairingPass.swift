public import Geodesy
public import Patrol

/// Goes once through a span of time, usable fixes in, and finds the handhelds that were carried together.
///
/// A value; what it tells is a function of the fixes alone, not of the steps in which it was taken through them. A copy
/// can be kept and gone on from, where a fix comes late.
///
///     var pass = PairingPass(over: day, handhelds: plan.handhelds)
///     for (h, handheld) in pass.handhelds.enumerated() {
///       for fix in fixes(of: handheld, in: pass.fedUntil..<until) { pass.take(fix, of: h) }
///     }
///     for change in pass.advance(to: until) { … }
///
/// Handhelds are compared at moments 10 s apart, each at its position between the fixes around it, so that neither the
/// intervals at which they report nor when within them matters. Pairings do not reach over the span's ends.
///
/// Time: a fix O(1); a moment O(m log m) for m handhelds that move, and the pairs of them that are near each other.
/// Memory: the last fix of each handheld, the marks of the longest leg, and the pairs that move as one.
public struct PairingPass: Sendable {
  public let span: Range<Instant>
  /// By id: what `take` counts by.
  public let handhelds: [Handheld.ID]
  /// All fixes before this were taken.
  public private(set) var fedUntil: Instant

  /// What `advance` tells: a pairing as it now stands, or that one that was told does not stand any more.
  public enum Change: Hashable, Sendable {
    case stands(Pairing)
    case void(Handheld.ID, Handheld.ID, began: Instant)
  }

  private let bearers: [Bearer]
  private let longestLeg: Int64
  private var last: [Fix?]
  /// Marks by moment, from `judged` on.
  private var marks: [[PairingMark]] = []
  /// The first moment that was not judged yet.
  private var judged: Int64
  private var runs: [PairingRun] = []
  private var search = PairingSearch()
  /// By handheld: its mark of the moment judged, counted from 1; 0 without.
  private var seen: [Int32]

  public init(over span: Range<Instant>, handhelds: [Handheld]) {
    let sorted = handhelds.sorted { $0.id < $1.id }
    self.init(over: span, sorted.map(Bearer.init), sorted.map(\.id))
  }

  private init(over span: Range<Instant>, _ bearers: [Bearer], _ handhelds: [Handheld.ID]) {
    (self.span, self.bearers, self.handhelds) = (span, bearers, handhelds)
    fedUntil = span.lowerBound
    longestLeg = bearers.map(\.legMaximum).max() ?? 0
    last = Array(repeating: nil, count: handhelds.count)
    seen = Array(repeating: 0, count: handhelds.count)
    let start = span.lowerBound.milliseconds
    judged = start + (Pairing.cadence - start % Pairing.cadence) % Pairing.cadence
  }

  /// Over the same span and handhelds, at its beginning.
  public var anew: PairingPass { PairingPass(over: span, bearers, handhelds) }

  /// All that was told of pairings that ended before this is final, if nothing comes late.
  public var judgedUntil: Instant { Instant(milliseconds: judged) }

  /// Those that stand and may go on.
  public var open: [Pairing] { runs.compactMap { $0.pairing(name) } }

  /// The next usable fix of a handheld, in order of time and none before `fedUntil`.
  public mutating func take(_ fix: Fix, of h: Int) {
    let time = fix.time.milliseconds
    guard time < span.upperBound.milliseconds else { return }
    if let before = last[h] {
      let earlier = before.time.milliseconds
      guard earlier < time else { return }
      if time - earlier <= bearers[h].legMaximum {
        // The moments after the one fix and not after the other.
        var moment = max(judged, (earlier / Pairing.cadence + 1) * Pairing.cadence)
        while moment <= time {
          if let mark = PairingMark(Int32(h), at: moment, from: before, to: fix, bearers[h]) {
            let slot = Int((moment - judged) / Pairing.cadence)
            while marks.count <= slot { marks.append([]) }
            marks[slot].append(mark)
          }
          moment += Pairing.cadence
        }
      }
    }
    last[h] = fix
  }

  /// Tells what follows of all fixes before a moment: those of every handheld were taken.
  ///
  /// What happened within the longest leg before it waits for the next call, but at the span's end.
  public mutating func advance(to moment: Instant) -> [Change] {
    fedUntil = max(fedUntil, min(moment, span.upperBound))
    let isWhole = fedUntil >= span.upperBound
    let limit = fedUntil.milliseconds - (isWhole ? 0 : longestLeg)
    var changes: [Change] = []
    var slot = 0
    while judged < limit, slot < marks.count || !runs.isEmpty {
      judge(slot < marks.count ? marks[slot] : [], at: judged, &changes)
      judged += Pairing.cadence
      slot += 1
    }
    marks.removeFirst(min(slot, marks.count))
    if judged < limit {
      judged += (limit - judged + Pairing.cadence - 1) / Pairing.cadence * Pairing.cadence
    }
    let name = name
    for r in runs.indices {
      if let change = runs[r].tell(name) { changes.append(change) }
    }
    return changes
  }

  /// Holds the names alone: with all of this in hand, every run that tells would copy the others.
  private var name: (Int32) -> Handheld.ID {
    { [handhelds] in handhelds[Int($0)] }
  }

  private mutating func judge(_ marks: [PairingMark], at moment: Int64, _ changes: inout [Change]) {
    for (i, mark) in marks.enumerated() { seen[Int(mark.handheld)] = Int32(i + 1) }
    var open = Set<UInt64>()
    var kept = 0
    let name = name
    for r in runs.indices {
      let (i, j) = (Int(seen[Int(runs[r].first)]), Int(seen[Int(runs[r].second)]))
      if i > 0, j > 0 {
        let (a, b) = (marks[i - 1], marks[j - 1])
        runs[r].take(a, b, PairingMeeting(a, b), at: moment)
      }
      if runs[r].isOver(at: moment) {
        if let change = runs[r].tell(name) { changes.append(change) }
      } else {
        open.insert(UInt64(runs[r].first) << 32 | UInt64(runs[r].second))
        if kept != r { runs.swapAt(kept, r) }
        kept += 1
      }
    }
    runs.removeLast(runs.count - kept)
    for mark in marks { seen[Int(mark.handheld)] = 0 }

    let moving = marks.filter(\.isMoving)
    var fresh: [PairingRun] = []
    search.pairs(of: moving) { i, j in
      let isInOrder = moving[i].handheld < moving[j].handheld
      let (a, b) = isInOrder ? (moving[i], moving[j]) : (moving[j], moving[i])
      guard case .together(let distance, let joint) = PairingMeeting(a, b),
        !open.contains(UInt64(a.handheld) << 32 | UInt64(b.handheld))
      else { return }
      fresh.append(PairingRun(a, b, at: moment, distance: distance, joint: joint))
    }
    runs += fresh
  }
}
