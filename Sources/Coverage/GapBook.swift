internal import Geodesy
internal import Patrol

/// A gap as one judgement finds it, before it is known which earlier one it is.
struct FoundGap {
  var region: GapRegion
  var evidence: [Cause: Double]
  var isOpen: Bool
}

/// Keeps the identity of one place's gaps through their revisions.
struct GapBook {
  let owed: Owed
  let cells: [Cell]
  let topology: Topology
  let handhelds: [Handheld.ID]

  struct Revised {
    var current: [Gap] = []
    var events: [Event] = []
    /// That an open gap grew was told.
    var tellsGrowth = false
  }

  /// Matches what is found now with what stood before: pairs by largest overlap, one to one; the rest opens anew or is
  /// withdrawn. Where growth is not told, an open gap that only grew stands as it was told last.
  func revise(
    _ before: [Gap], _ found: [FoundGap], at now: Instant, growthIsTold: Bool
  ) -> Revised {
    var overlaps: [(old: Int, new: Int, extent: Double)] = []
    for (o, gap) in before.enumerated() {
      for (n, new) in found.enumerated() {
        let extent = common(gap.region, new.region)
        if extent > 0 { overlaps.append((o, n, extent)) }
      }
    }
    let ordered = overlaps.sorted { a, b in
      let (sameA, sameB) = (
        before[a.old].verdict == found[a.new].region.verdict,
        before[b.old].verdict == found[b.new].region.verdict
      )
      if a.extent != b.extent { return a.extent > b.extent }
      if sameA != sameB { return sameA }
      return (a.old, a.new) < (b.old, b.new)
    }
    var oldOf = [Int?](repeating: nil, count: found.count)
    var isKept = [Bool](repeating: false, count: before.count)
    for pair in ordered where oldOf[pair.new] == nil && !isKept[pair.old] {
      oldOf[pair.new] = pair.old
      isKept[pair.old] = true
    }

    var result = Revised()
    for (o, gap) in before.enumerated() where !isKept[o] {
      var gap = gap
      gap.isOpen = false
      gap.revision += 1
      result.events.append(.gap(gap, .withdrawn))
    }
    var ids = Set(before.map(\.id))
    for (n, new) in found.enumerated() {
      let ancestors = overlaps.filter { $0.new == n }.map(\.old)
      guard let o = oldOf[n] else {
        let gap = opened(new, at: now, taken: &ids)
        result.current.append(gap)
        result.events.append(.gap(gap, ancestors.isEmpty ? .opened : .split))
        continue
      }
      var gap = describe(new, id: before[o].id, flagged: before[o].flagged)
      gap.revision = before[o].revision
      if let revision = revision(
        from: before[o], to: gap, isMerged: ancestors.count > 1,
        isSplit: overlaps.filter { $0.old == o }.count > 1)
      {
        let isGrowth = revision == .extended && before[o].isOpen && gap.isOpen
        if isGrowth, !growthIsTold {
          result.current.append(before[o])
          continue
        }
        if isGrowth { result.tellsGrowth = true }
        gap.revision += 1
        result.events.append(.gap(gap, revision))
      }
      result.current.append(gap)
    }
    return result
  }

  /// What happened to a gap; nil where nothing did but that time passed.
  private func revision(from a: Gap, to b: Gap, isMerged: Bool, isSplit: Bool) -> Revision? {
    if a.verdict != b.verdict { return .rejudged }
    if isMerged { return .merged }
    let before = extent(a.region)
    let kept = common(a.region, b.region)
    let added = extent(b.region) - kept
    if before - kept > 1e-6 * before { return isSplit ? .split : .shortened }
    if a.isOpen, !b.isOpen { return .closed }
    if a.cause != b.cause || a.handhelds != b.handhelds { return .rejudged }
    if a.isOpen { return a.stretch == b.stretch && a.cells == b.cells ? nil : .extended }
    return added > 0 || b.isOpen ? .extended : (a.evidence == b.evidence ? nil : .rejudged)
  }

  private func opened(_ new: FoundGap, at now: Instant, taken: inout Set<Gap.ID>) -> Gap {
    var attempt = 0
    while true {
      let id = identifier(new, attempt)
      if taken.insert(id).inserted {
        return describe(new, id: id, flagged: now)
      }
      attempt += 1
    }
  }

  /// Ten letters and digits of Crockford's base 32 from an FNV-1a hash of what it is a gap of and where it first opened.
  private func identifier(_ new: FoundGap, _ attempt: Int) -> Gap.ID {
    let text =
      "\(owed.duty)|\(owed.place)|\(owed.windowBegan.milliseconds)|\(new.region.began)"
      + "|\(new.region.pieces[0].cell)|\(attempt)"
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    // FNV's high bits mix slowly on short texts.
    hash ^= hash >> 29
    hash = hash &* 0x9e37_79b9_7f4a_7c15
    let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    var id = ""
    for k in 0..<10 { id.append(alphabet[Int((hash >> (5 * UInt64(k) + 14)) & 31)]) }
    return Gap.ID(id)
  }

  private func describe(_ new: FoundGap, id: Gap.ID, flagged: Instant) -> Gap {
    let pieces = new.region.pieces.map {
      Region.Piece(
        cell: $0.cell, began: Instant(milliseconds: $0.span.start),
        ended: Instant(milliseconds: $0.span.end))
    }
    let touched = Set(pieces.map(\.cell)).sorted()
    var gap = Gap(
      id: id, owed: owed, verdict: new.region.verdict,
      cause: Cause.main(of: new.evidence, verdict: new.region.verdict),
      began: Instant(milliseconds: new.region.began),
      ended: Instant(milliseconds: new.region.ended), isOpen: new.isOpen, stretch: nil, cells: [],
      extent: 0, evidence: new.evidence, handhelds: handhelds, region: Region(pieces: pieces),
      flagged: flagged, revision: 1)
    gap.extent = extent(gap.region)
    switch topology {
    case .single: break
    case .chain(let isClosed): gap.stretch = stretch(touched, isClosed)
    case .grid: gap.cells = touched
    }
    return gap
  }

  /// The bounding stretch of rising cell numbers; on a closed loop that of the complement of the longest run left out.
  private func stretch(_ touched: [Int], _ isClosed: Bool) -> Gap.Stretch? {
    guard let first = touched.first, let last = touched.last else { return nil }
    let whole = Gap.Stretch(from: Metres(cells[first].from), to: Metres(cells[last].to))
    guard isClosed, first == 0, last == cells.count - 1, touched.count < cells.count else {
      return whole
    }
    var widest = (length: 0, after: 0)
    for (a, b) in zip(touched, touched.dropFirst()) where b - a > widest.length {
      widest = (b - a, a)
    }
    guard widest.length > 1 else { return whole }
    return Gap.Stretch(
      from: Metres(cells[widest.after + widest.length].from), to: Metres(cells[widest.after].to))
  }

  private func extent(_ region: Region) -> Double {
    region.pieces.reduce(0) { $0 + cells[$1.cell].weight * ($1.ended - $1.began).seconds }
  }

  private func common(_ old: Region, _ new: GapRegion) -> Double {
    common(
      old,
      Region(
        pieces: new.pieces.map {
          Region.Piece(
            cell: $0.cell, began: Instant(milliseconds: $0.span.start),
            ended: Instant(milliseconds: $0.span.end))
        }))
  }

  /// Both are in rising order of cell, then time.
  private func common(_ a: Region, _ b: Region) -> Double {
    var (i, j, sum) = (0, 0, 0.0)
    while i < a.pieces.count, j < b.pieces.count {
      let (p, q) = (a.pieces[i], b.pieces[j])
      if p.cell != q.cell {
        if p.cell < q.cell { i += 1 } else { j += 1 }
        continue
      }
      let overlap = min(p.ended, q.ended) - max(p.began, q.began)
      if overlap.value > 0 { sum += cells[p.cell].weight * overlap.seconds }
      if p.ended < q.ended { i += 1 } else { j += 1 }
    }
    return sum
  }
}
