public import Coverage
public import Geodesy
internal import Patrol

/// Detected gaps against true ones.
public struct Score: Sendable {
  /// A gap that was open for a time and then withdrawn.
  public struct Withdrawn: Hashable, Sendable {
    public var owed: Owed
    public var verdict: Verdict
    public var cause: Cause
    /// At its widest.
    public var began: Instant
    public var ended: Instant

    public init(owed: Owed, verdict: Verdict, cause: Cause, began: Instant, ended: Instant) {
      self.owed = owed
      self.verdict = verdict
      self.cause = cause
      self.began = began
      self.ended = ended
    }
  }

  /// A true gap beside what was found of it.
  public struct Row: Hashable, Sendable {
    public var truth: TrueGap?
    public var found: Gap?
    /// For one that is live only: that it was seen, and withdrawn. Nil where that is not known.
    public var wasWithdrawn: Bool?

    /// Verdict and cause are right.
    public var isRight: Bool {
      guard let truth else { return false }
      if truth.isLiveOnly { return wasWithdrawn ?? true }
      return found?.cause == truth.cause
    }
  }

  /// By window and beginning; those found and not true come last.
  public let rows: [Row]
  /// Planted faults that no true gap comes of: the scenario is not what it says.
  public let unrealised: [String]
  /// Matched, of those found.
  public let precision: Double
  /// Matched, of those that are true.
  public let recall: Double
  /// The largest error of a matched gap's beginning or end.
  public let worstBoundary: Milliseconds
  /// The largest error of a matched gap's ends on a line; nil without one.
  public let worstStretch: Metres?
  /// Of truly missed time, by cell weight, the share found as missed.
  public let missedShare: Double

  let zone: Zone

  /// At least this share of truly missed time is to be called missed.
  public static let missedShareMinimum = 0.95

  /// - Parameters:
  ///   - found: the gaps as they stood in the end.
  ///   - withdrawn: those that were opened and withdrawn; nil where that is not known, and then not judged.
  public init(_ scenario: Scenario, truth: Truth, found: [Gap], withdrawn: [Withdrawn]?) {
    zone = scenario.plan.zone
    let pairs = Self.match(truth.finalGaps, found)
    var rows = truth.finalGaps.enumerated().map { t, gap in
      Row(truth: gap, found: pairs[t].map { found[$0] }, wasWithdrawn: nil)
    }
    rows += truth.liveOnly.map { gap in
      let seen = withdrawn?.contains {
        $0.owed == gap.owed && $0.verdict == gap.verdict && $0.cause == gap.cause
          && $0.began < gap.ended && gap.began < $0.ended
      }
      return Row(truth: gap, found: nil, wasWithdrawn: seen)
    }
    let used = Set(pairs.values)
    rows += found.indices.filter { !used.contains($0) }.map { Row(truth: nil, found: found[$0]) }
    self.rows = rows
    let known = Set(truth.gaps.compactMap(\.fault))
    unrealised = scenario.faults.map(\.name).filter { !known.contains($0) }
    precision = found.isEmpty ? 1 : Double(pairs.count) / Double(found.count)
    recall =
      truth.finalGaps.isEmpty ? 1 : Double(pairs.count) / Double(truth.finalGaps.count)
    let matched = pairs.map { (truth.finalGaps[$0.key], found[$0.value]) }
    worstBoundary = Milliseconds(
      matched.map {
        max(abs(($0.0.began - $0.1.began).value), abs(($0.0.ended - $0.1.ended).value))
      }.max() ?? 0)
    worstStretch = matched.compactMap { t, f in
      guard let a = t.stretch, let b = f.stretch else { return nil }
      return Metres(max(abs((a.from - b.from).value), abs((a.to - b.to).value)))
    }.max()
    missedShare = Self.missedShare(truth.finalGaps, found)
  }

  /// All planted faults right in verdict and cause, no other gap, truly missed time called missed.
  public var passes: Bool {
    unrealised.isEmpty && rows.allSatisfy(\.isRight)
      && missedShare >= Self.missedShareMinimum
  }

  /// One to one, by what is owed and the verdict, the largest overlap first: true to found.
  private static func match(_ truth: [TrueGap], _ found: [Gap]) -> [Int: Int] {
    var overlaps: [(t: Int, f: Int, extent: Double)] = []
    for (t, a) in truth.enumerated() {
      for (f, b) in found.enumerated() where a.owed == b.owed && a.verdict == b.verdict {
        let common = RegionOverlap.seconds(a.region, b.region)
        if common > 0 { overlaps.append((t, f, common)) }
      }
    }
    var pairs: [Int: Int] = [:]
    var used: Set<Int> = []
    for o in overlaps.sorted(by: { ($1.extent, $0.t, $0.f) < ($0.extent, $1.t, $1.f) })
    where pairs[o.t] == nil && used.insert(o.f).inserted {
      pairs[o.t] = o.f
    }
    return pairs
  }

  private static func missedShare(_ truth: [TrueGap], _ found: [Gap]) -> Double {
    var (total, called) = (0.0, 0.0)
    for gap in truth where gap.verdict == .missed {
      // Cell weight × time, as shares have it, so that a long line weighs no more than a bank.
      let weight = 1 / Double(gap.cellCount)
      total += RegionOverlap.seconds(gap.region, gap.region) * weight
      for other in found where other.owed == gap.owed && other.verdict == .missed {
        called += RegionOverlap.seconds(gap.region, other.region) * weight
      }
    }
    return total == 0 ? 1 : called / total
  }
}

enum RegionOverlap {
  /// Cell-seconds that two regions have in common; the pieces of one cell are disjoint in each.
  static func seconds(_ a: Region, _ b: Region) -> Double {
    let byCell = Dictionary(grouping: b.pieces, by: \.cell)
    var sum = 0.0
    for p in a.pieces {
      for q in byCell[p.cell] ?? [] {
        sum += max(0, (min(p.ended, q.ended) - max(p.began, q.began)).seconds)
      }
    }
    return sum
  }
}
