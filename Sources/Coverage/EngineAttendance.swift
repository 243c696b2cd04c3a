internal import Geodesy

extension Engine {
  /// Attendance of a cell as it was told.
  struct Told: Hashable, Sendable {
    /// Of a line: when what was told and is not settled begins; never, where all of it is.
    var notSettledFrom = Int64.max
    /// Hashes: of what was told as proven, on lines from there on; and as possible beside it.
    var proven: UInt64 = 0
    var possible: UInt64 = 0

    /// 0 for none; else FNV-1a over the moments, and the same in every run.
    static func hash(_ spans: [Span]) -> UInt64 {
      guard !spans.isEmpty else { return 0 }
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for span in spans {
        hash = mix(hash, span.start)
        hash = mix(hash, span.end)
      }
      return max(1, hash)
    }

    private static func mix(_ hash: UInt64, _ moment: Int64) -> UInt64 {
      let mixed = (hash ^ UInt64(bitPattern: moment)) &* 0x100_0000_01b3
      return mixed ^ mixed >> 32
    }
  }

  /// What of the cells' attendance is to be told; `told` is what was told with that.
  ///
  /// Of a line's window while it runs: what is proven and settled, from where it differs from what was told. Once it is over, and of
  /// points and areas: all that is proven, and what is possible beside it; that, while the window runs, only along with what is
  /// proven: it moves with every fix.
  func attendance(
    _ q: Question, _ ledger: inout Ledger, told: inout [Told], isOver: Bool
  ) -> [AttendanceChange] {
    var changes: [AttendanceChange] = []
    for c in q.cells.indices {
      let proven = ledger.untold(in: c, of: q, told: &told[c], isOver: isOver)
      let isPossibleAsked = isOver || (proven != nil && ledger.plainPasses == nil)
      let possible = isPossibleAsked ? ledger.possibleBeside(c, of: q) : nil
      let isPossibleNew = possible.map { Told.hash($0) != told[c].possible } ?? false
      guard proven != nil || isPossibleNew else { continue }
      if let possible { told[c].possible = Told.hash(possible) }
      changes.append(
        AttendanceChange(
          cell: c,
          since: Instant(milliseconds: proven?.since ?? Instant.distantFuture.milliseconds),
          proven: proven.map { Self.ranges($0.spans) } ?? [],
          possible: isPossibleNew ? possible.map(Self.ranges) : nil))
    }
    return changes
  }

  private static func ranges(_ spans: [Span]) -> [ClosedRange<Instant>] {
    spans.map { Instant(milliseconds: $0.start)...Instant(milliseconds: $0.end) }
  }
}

extension Ledger {
  /// The proven attendance of a cell that differs from what was told: all of it from a moment on. Nil where none does.
  fileprivate func untold(in cell: Int, of q: Question, told: inout Engine.Told, isOver: Bool)
    -> (since: Int64, spans: [Span])?
  {
    guard let passes = plainPasses else {
      let spans = q.proven[cell].spans.filter { $0.meets(window) }
      let hash = Engine.Told.hash(spans)
      guard hash != told.proven else { return nil }
      told.proven = hash
      return (Instant.distantPast.milliseconds, spans)
    }
    let before = told
    let latest = isOver ? Array(passes.latestProven(cell)) : []
    guard
      let found = passes.settled.untold(in: cell, from: before.notSettledFrom, with: latest)
    else { return nil }
    told.notSettledFrom = latest.isEmpty ? .max : found.since
    told.proven = latest.isEmpty ? 0 : Engine.Told.hash(found.spans)
    let isSame =
      !passes.settled.isUntold(cell)
      && (told.notSettledFrom, told.proven)
        == (before.notSettledFrom, before.proven)
    return isSame ? nil : found
  }

  /// What is possible beside what is proven: where that leaves open what the verdict is.
  fileprivate mutating func possibleBeside(_ cell: Int, of q: Question) -> [Span] {
    guard q.holding(of: cell) == nil else { return [] }
    let runs = Presence(unsorted: q.proven[cell].spans, joining: q.every)
    return evidence(on: cell).possible.spans.filter { piece in
      piece.meets(window) && !runs.spans.contains { $0.start <= piece.start && piece.end <= $0.end }
    }
  }
}
