internal import Assessment
internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// What tallies, and what follows from them, are as columns of a listing.
enum TallyColumns {
  static let assessed = ["rank", "score", "rating", "band", "factor"]
  static let tally = [
    "coverage", "missed", "unproven", "excused", "own_fault", "windows", "required", "attendances",
    "gaps", "longest_interval_s", "mean_excess_wait_s",
  ]

  static func values(_ a: Assessed) -> [Listing.Value] {
    [
      a.rank.map { .integer(Int64($0)) } ?? .none, share(a.score),
      a.rating.map { .text($0.rawValue) } ?? .none, a.band.map { .text($0.name) } ?? .none,
      a.band.map { .real($0.factor, decimals: 2) } ?? .none,
    ]
  }

  static func values(_ t: Tally) -> [Listing.Value] {
    let shares = t.shares?.rounded(decimals: 4)
    return [
      share(shares?.covered), share(shares?.missed), share(shares?.unproven),
      share(shares?.excused), share(t.weight > 0 ? t.ownFault / t.weight : nil),
      .integer(Int64(t.windows)), .integer(Int64(t.required)), .integer(Int64(t.made)),
      .integer(Int64(t.gaps)), .real(t.longestInterval.seconds, decimals: 0),
      t.waits.meanExcess.map { .real($0, decimals: 0) } ?? .none,
    ]
  }

  static func share(_ x: Double?) -> Listing.Value {
    x.map { .real($0, decimals: 4) } ?? .none
  }
}

extension Listing {
  /// A row per excuse.
  init(_ excuses: [Excuse]) {
    self.init(
      columns: [
        "id", "gap", "duty", "place", "window_began_at", "state", "reason", "asked_by", "asked_at",
        "decided_by", "decided_at",
      ],
      rows: excuses.map { e in
        [
          .integer(e.id), .text(e.gap.text), .text(e.owed.duty.text), .text(e.owed.place.text),
          .time(e.owed.windowBegan), .text(e.state.rawValue), .text(e.reason), .text(e.askedBy),
          .time(e.asked), e.decidedBy.map { .text($0) } ?? .none,
          e.decided.map { .time($0) } ?? .none,
        ]
      })
  }
}
