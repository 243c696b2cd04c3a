import Testing

@testable import Coverage

/// The definitions, second by second and cell by cell, with nothing clever in them.
private struct Oracle {
  let q: Question
  enum Mark { case covered, unproven, missed, pending }

  /// In seconds; all of a question's times are whole seconds.
  func isFresh(_ presence: Presence, _ t: Int64) -> Bool {
    let meeting = presence.spans.filter { $0.end >= q.opens && $0.start < q.closes }
    guard let first = meeting.map(\.start).min() else { return false }
    if t < first { return first <= min(q.opens + q.every, q.closes) }
    return meeting.contains { $0.start <= t && t < $0.end + q.every }
  }

  func mark(_ cell: Int, _ t: Int64) -> Mark {
    if isFresh(q.proven[cell], t) { return .covered }
    let attended = q.proven[cell].spans.contains { $0.end >= q.opens && $0.start < q.closes }
    if !attended && q.now < min(q.opens + q.every, q.closes) { return .pending }
    return isFresh(q.possible[cell], t) ? .unproven : .missed
  }

  func neighbours(_ a: Int) -> [Int] {
    let n = q.cells.count
    switch q.topology {
    case .single: return []
    case .chain(let isClosed):
      return [a - 1, a + 1].compactMap {
        isClosed && n > 2 ? ($0 + n) % n : (0..<n).contains($0) ? $0 : nil
      }
    case .grid(let next):
      return next[a] + (0..<n).filter { next[$0].contains(a) }
    }
  }

  /// Regions as sets of (cell, second), by flooding.
  func regions(_ marks: [[Mark]]) -> Set<Set<[Int64]>> {
    let step: Int64 = 1000
    let seconds = marks[0].count
    var kept = marks.map { $0.map { $0 == .missed || $0 == .unproven } }
    if case .chain = q.topology, q.cells.count > 1 {
      for s in 0..<seconds {
        var seen = Set<Int>()
        for c in q.cells.indices where kept[c][s] && !seen.contains(c) {
          var run = [c]
          var i = 0
          while i < run.count {
            for o in neighbours(run[i]) where kept[o][s] && !run.contains(o) { run.append(o) }
            i += 1
          }
          seen.formUnion(run)
          let length = run.reduce(0) { $0 + q.cells[$1].weight }
          if length < q.runMinimum && run.count < q.cells.count {
            // Taken out after the moment is measured: `seen` keeps the rest of the run from being measured anew.
            for r in run { short.insert([Int64(r), Int64(s)]) }
          }
        }
      }
      for x in short { kept[Int(x[0])][Int(x[1])] = false }
    }
    var done = Set<[Int64]>()
    var regions = Set<Set<[Int64]>>()
    for c in q.cells.indices {
      for s in 0..<seconds where kept[c][s] && !done.contains([Int64(c), Int64(s)]) {
        var region: Set<[Int64]> = [[Int64(c), Int64(s)]]
        var front = [(c, s)]
        while let (a, t) = front.popLast() {
          let around = [(a, t - 1), (a, t + 1)] + neighbours(a).map { ($0, t) }
          for (b, u) in around
          where (0..<seconds).contains(u) && kept[b][u] && marks[b][u] == marks[c][s]
            && region.insert([Int64(b), Int64(u)]).inserted
          {
            front.append((b, u))
          }
        }
        done.formUnion(region)
        let times = region.map { $0[1] }
        let lasts = (times.max()! - times.min()! + 1) * step
        let isOpen = q.opens + (times.max()! + 1) * step == q.now && q.now < q.closes
        // An open unproven region counts if it is bound to last.
        let bound = region.filter { $0[1] == times.max()! }.map { x in
          var t = q.now
          while t < q.closes, isFresh(q.possible[Int(x[0])], t) { t += step }
          return t
        }.max()!
        let isBound =
          marks[c][s] == .missed
          || bound - (q.opens + times.min()! * step) >= q.durationMinimum
        if lasts >= q.durationMinimum || (isOpen && isBound) { regions.insert(region) }
      }
    }
    return regions
  }

  private let shortBox = Box()
  private var short: Set<[Int64]> {
    get { shortBox.value }
    nonmutating set { shortBox.value = newValue }
  }
  private final class Box { var value: Set<[Int64]> = [] }

  init(_ q: Question) { self.q = q }
}

@Suite struct `Judgements` {
  static func presence(_ random: inout SplitMix, _ count: Int, _ longest: Int64) -> Presence {
    Presence(
      unsorted: (0..<count).map { _ in
        let start = Int64.random(in: -120..<660, using: &random) * 1000
        let isMoment = Bool.random(using: &random)
        return Span(
          start, start + (isMoment ? 0 : Int64.random(in: 0...longest, using: &random) * 1000))
      })
  }

  static func question(_ seed: UInt64, _ topology: Topology, _ cells: Int) -> Question {
    var random = SplitMix(seed)
    let closes = Int64.random(in: 300...600, using: &random) * 1000
    let every = Int64.random(in: 30...700, using: &random) * 1000
    let isLive = Bool.random(using: &random)
    let weight = Double.random(in: 4...10, using: &random)
    var proven: [Presence] = []
    var possible: [Presence] = []
    for _ in 0..<cells {
      let t = presence(&random, Int.random(in: 0...3, using: &random), 90)
      proven.append(t)
      possible.append(t.union(presence(&random, Int.random(in: 0...2, using: &random), 120)))
    }
    return Question(
      opens: 0, closes: closes, every: every,
      now: isLive ? Int64.random(in: 1..<(closes / 1000), using: &random) * 1000 : closes + 60_000,
      cells: (0..<cells).map {
        Cell(weight: weight, from: Double($0) * weight, to: Double($0 + 1) * weight)
      },
      topology: topology, proven: proven, possible: possible)
  }

  static let shapes: [(String, Topology, Int)] = [
    ("a point", .single, 1), ("a line", .chain(isClosed: false), 9),
    ("a loop", .chain(isClosed: true), 8),
    ("a short line", .chain(isClosed: false), 2),
    ("a line of one cell", .chain(isClosed: false), 1),
    ("a gridded area", .grid([[1, 3], [2, 4], [5], [4], [5], []]), 6),
  ]

  @Test(arguments: shapes)
  func `agree with the definitions second by second`(shape: (String, Topology, Int)) {
    for seed in 0..<60 as Range<UInt64> {
      let q = Self.question(seed, shape.1, shape.2)
      let j = Judgement(q)
      let oracle = Oracle(q)
      let seconds = min(q.now, q.closes) / 1000
      var marks: [[Oracle.Mark]] = []
      for c in q.cells.indices {
        var row: [Oracle.Mark] = []
        for s in 0..<seconds {
          let t = s * 1000
          let mark = oracle.mark(c, t)
          row.append(mark)
          let ours: [(Oracle.Mark, Bool)] = [
            (.covered, j.covered[c].contains(t)), (.unproven, j.unproven[c].contains(t)),
            (.missed, j.missed[c].contains(t)), (.pending, j.pending[c].contains(t)),
          ]
          #expect(ours.filter(\.1).map(\.0) == [mark], "seed \(seed), cell \(c), second \(s)")
        }
        marks.append(row)
        for set in [j.covered[c], j.unproven[c], j.missed[c], j.pending[c]] {
          set.checkInvariants()
        }
      }
      let found = Set(
        j.regions(q).map { region in
          Set(
            region.pieces.flatMap { p in
              (p.span.start / 1000..<p.span.end / 1000).map { [Int64(p.cell), $0] }
            })
        })
      #expect(found == oracle.regions(marks), "seed \(seed), \(shape.0)")
    }
  }

  @Test func `sum to one, and a duty nobody performs is covered nowhere`() throws {
    for seed in 0..<300 as Range<UInt64> {
      let q = Self.question(seed, .chain(isClosed: false), 7)
      let excused = (0..<7).map { _ in IntervalSet(Span(50_000, 130_000)) }
      guard let s = Judgement(q).shares(weights: q.cells.map(\.weight), excused: excused) else {
        continue
      }
      #expect(abs(s.covered + s.unproven + s.missed + s.excused - 1) < 1e-12)
    }
    for every in [60_000, 900_000] as [Int64] {
      let q = Question(
        opens: 0, closes: 600_000, every: every, now: 700_000,
        cells: [Cell(weight: 1, from: 0, to: 0)], topology: .single, proven: [Presence()],
        possible: [Presence()])
      let s = try #require(Judgement(q).shares(weights: [1]))
      #expect(s == Shares(covered: 0, missed: 1, unproven: 0, excused: 0))
    }
  }
}

@Suite struct `Interval sets` {
  @Test func `agree with sets of moments`() {
    var random = SplitMix(7)
    for _ in 0..<500 {
      func set() -> (IntervalSet, Set<Int64>) {
        let spans = (0..<Int.random(in: 0...5, using: &random)).map { _ in
          let a = Int64.random(in: 0..<60, using: &random)
          return Span(a, a + Int64.random(in: 0...15, using: &random))
        }
        return (IntervalSet(unsorted: spans), Set(spans.flatMap { $0.start..<$0.end }))
      }
      let ((a, sa), (b, sb)) = (set(), set())
      func moments(_ s: IntervalSet) -> Set<Int64> {
        s.checkInvariants()
        return Set(s.spans.flatMap { $0.start..<$0.end })
      }
      #expect(moments(a.union(b)) == sa.union(sb))
      #expect(moments(a.intersection(b)) == sa.intersection(sb))
      #expect(moments(a.subtracting(b)) == sa.subtracting(sb))
      #expect(a.length == Int64(sa.count))
    }
  }

  @Test(arguments: [1, 2, 3])
  func `count presence as heads are counted`(n: Int) {
    var random = SplitMix(11)
    for _ in 0..<300 {
      let all = (0..<4).map { _ in Judgements.presence(&random, 3, 200) }
      let together = Presence.atLeast(n, of: all)
      together.checkInvariants()
      for t in stride(from: Int64(-120_000), to: 900_000, by: 7_000) {
        let heads = all.filter { $0.spans.contains { $0.start <= t && t <= $0.end } }.count
        #expect(together.spans.contains { $0.start <= t && t <= $0.end } == (heads >= n))
      }
    }
  }
}
