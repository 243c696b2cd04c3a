import Geodesy
import Patrol
import Testing

@testable import Coverage

@Suite struct `Pairings` {
  /// An evening of some handhelds that meet, walk on together, stand about and part, with intervals of 1 to 60 s, silences
  /// and errors.
  static func evening(_ seed: UInt64, handhelds count: Int = 7) -> Company {
    var random = SplitMix(seed)
    let walks = (0..<3).map { k in
      Stroll.round(
        from: Double.random(in: 0...20, using: &random),
        until: Double.random(in: 40...150, using: &random), x: Double(k) * 60, y: Double(k) * 30,
        pace: Double.random(in: 40...100, using: &random))
    }
    return Company(
      (0..<count).map { h in
        var fixes: [Fix] = []
        let interval = [1.0, 3, 5, 10, 15, 30, 60][Int.random(in: 0..<7, using: &random)]
        var minute = 0.0
        while minute < 150 {
          let end = minute + Double.random(in: 5...50, using: &random)
          let walk = walks[Int.random(in: 0..<3, using: &random)]
          if Int.random(in: 0..<6, using: &random) > 0 {
            fixes += walk.told(
              until: end, from: minute, every: interval,
              phase: Double.random(in: 0..<interval, using: &random),
              sigma: [0, 3, 6][Int.random(in: 0..<3, using: &random)], doppler: 0.15,
              claims: [nil, 4, 20, 28][Int.random(in: 0..<4, using: &random)],
              seed: random.next(), hasSpeed: Int.random(in: 0..<8, using: &random) > 0)
          }
          minute = end
        }
        return (Handheld.ID("h\(h)"), Int(interval), fixes)
      })
  }

  /// Every pair at every moment, from the definition.
  static func bruteForce(_ company: Company) -> [Pairing] {
    var all: [Pairing] = []
    let grid = stride(from: 0, to: 160 * 60_000, by: 10_000).map {
      Company.span.lowerBound.milliseconds + Int64($0)
    }
    let marks = company.handhelds.indices.map { h in
      let own = company.fixes[h]
      var next = 0
      return grid.map { moment -> PairingMark? in
        while next < own.count, own[next].time.milliseconds < moment { next += 1 }
        guard next > 0, next < own.count,
          own[next].time - own[next - 1].time <= company.handhelds[h].legMaximum
        else { return nil }
        return PairingMark(
          Int32(h), at: moment, from: own[next - 1], to: own[next], Bearer(company.handhelds[h]))
      }
    }
    for i in company.handhelds.indices {
      for j in (i + 1)..<company.handhelds.count {
        all += pairings(company, i, j, grid, marks[i], marks[j])
      }
    }
    return all.sorted { ($0.began, $0.first, $0.second) < ($1.began, $1.first, $1.second) }
  }

  private static func pairings(
    _ company: Company, _ i: Int, _ j: Int, _ grid: [Int64], _ a: [PairingMark?],
    _ b: [PairingMark?]
  ) -> [Pairing] {
    let meetings = grid.indices.map { k in
      a[k].flatMap { a in b[k].map { PairingMeeting(a, $0) } }
    }
    func isTogether(_ k: Int) -> Bool {
      if case .together = meetings[k] { true } else { false }
    }
    func isApart(_ k: Int) -> Bool {
      if case .apart = meetings[k] { true } else { false }
    }
    // Joined to the moment before where nothing between them parts them.
    var runs: [[Int]] = []
    for k in grid.indices.filter(isTogether) {
      guard let last = runs.last?.last else {
        runs.append([k])
        continue
      }
      var (parted, near, parting) = (false, last, Int?.none)
      for m in last..<k {
        if isApart(m) {
          parting = parting ?? m
        } else if meetings[m] != nil {
          (near, parting) = (m, nil)
        }
        if let parting, m - parting >= 6 { parted = true }
        if m - near > 60 { parted = true }
      }
      if parted { runs.append([k]) } else { runs[runs.count - 1].append(k) }
    }
    return runs.compactMap { run in
      var (distances, joints, apart, way) = ([Double](), [Double](), [Double](), 0.0)
      for k in run[0]...run[run.count - 1] {
        switch meetings[k] {
        case .together(let distance, let joint):
          distances.append(distance)
          joints.append(joint)
          way += (a[k]!.speed + b[k]!.speed) / 2 * 10
        case .apart(let distance, isMoving: true): apart.append(distance)
        default: break
        }
      }
      let positions = run.map { a[$0]!.position }
      let (south, north) = (
        positions.map(\.latitudeE7).min()!, positions.map(\.latitudeE7).max()!
      )
      let (west, east) = (
        positions.map(\.longitudeE7).min()!, positions.map(\.longitudeE7).max()!
      )
      let extent = Coordinate(latitudeE7: south, longitudeE7: west)!
        .distance(to: Coordinate(latitudeE7: north, longitudeE7: east)!)
      let share = Double(run.count) / Double(run.count + apart.count)
      guard run.count >= 60, share >= 0.75, extent >= 100 else { return nil }
      func median(_ x: [Double]) -> Metres {
        Metres(x.map { ($0 * 10).rounded() / 10 }.sorted()[x.count / 2])
      }
      return Pairing(
        first: company.handhelds[i].id, second: company.handhelds[j].id,
        began: Instant(milliseconds: grid[run[0]]),
        ended: Instant(milliseconds: grid[run[run.count - 1]]),
        moving: .seconds(10 * run.count), way: Metres(way), medianDistance: median(distances),
        maximumDistance: Metres((distances + apart).max()!), jointAccuracy: median(joints),
        share: share)
    }
  }

  @Test(arguments: 0..<16 as Range<UInt64>)
  func `are those of every pair compared at every moment`(seed: UInt64) {
    let evening = Self.evening(seed)
    #expect(evening.pairings() == Self.bruteForce(evening))
  }

  @Test func `of these evenings are many`() {
    let counts = (0..<16 as Range<UInt64>).map { Self.evening($0).pairings().count }
    #expect(counts.filter { $0 > 0 }.count >= 10 && counts.reduce(0, +) >= 20, "\(counts)")
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `do not depend on the steps, the order of handhelds, or repetitions`(seed: UInt64) {
    var evening = Self.evening(seed)
    let whole = evening.pairings()
    var random = SplitMix(seed &* 77)
    for most in [1.0, 40] {
      var steps = [0.0]
      while steps[steps.count - 1] < 160 {
        steps.append(steps[steps.count - 1] + Double.random(in: 0.01...most, using: &random))
      }
      #expect(evening.pairings(steps: steps) == whole)
    }
    evening.handhelds.reverse()
    evening.fixes.reverse()
    evening.fixes = evening.fixes.map { $0.flatMap { Array(repeating: $0, count: 2) } }
    #expect(evening.pairings() == whole)
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `are found again by a pass put back to a copy`(seed: UInt64) {
    let evening = Self.evening(seed)
    var random = SplitMix(seed &* 31)
    let late = Beat.minute(Double.random(in: 20...120, using: &random))
    // What a handheld saw in half an hour comes late.
    var before = evening
    let h = Int.random(in: 0..<7, using: &random)
    before.fixes[h].removeAll { $0.time >= late && $0.time < late + .minutes(30) }
    var pass = PairingPass(over: Company.span, handhelds: evening.handhelds)
    var told = PairingsTold()
    before.feed(&pass, until: late)
    told.hear(pass.advance(to: late))
    let copy = pass
    before.feed(&pass, until: Beat.minute(140))
    told.hear(pass.advance(to: Beat.minute(140)))

    var again = PairingsTold()
    again.hear(told.pairings.filter { $0.ended < copy.judgedUntil }.map { .stands($0) })
    again.hear(copy.open.map { .stands($0) })
    pass = copy
    evening.feed(&pass, until: Company.span.upperBound)
    again.hear(pass.advance(to: Company.span.upperBound))
    #expect(again.pairings == evening.pairings())
  }
}

@Suite struct `The search for near marks` {
  @Test(arguments: [0.0, 28.68, -33.9, 59.9, 78.2], 1...3 as ClosedRange<UInt64>)
  func `finds each two within their joint accuracy, once`(latitude: Double, seed: UInt64) throws {
    var random = SplitMix(seed)
    let plane = LocalPlane(origin: try #require(Coordinate(latitude: latitude, longitude: 12)))
    let marks = try (0..<300).map { h in
      let p = PlanePoint(
        x: Double.random(in: -400...400, using: &random),
        y: Double.random(in: -400...400, using: &random))
      let position = try #require(plane.coordinate(p))
      let fix = { (s: Int) in
        Fix(time: Beat.start + .seconds(s), position: position, mode: 3, accuracy: 30, speed: 0)
      }
      let bearer = Bearer(
        Handheld(
          id: "a", source: Source(host: "h"), travel: .foot, model: DeviceModel(id: "generic")))
      return try #require(
        PairingMark(
          Int32(h), at: (Beat.start + .seconds(1)).milliseconds, from: fix(0), to: fix(1), bearer))
    }
    var found: [[Int]] = []
    var search = PairingSearch()
    search.pairs(of: marks) { found.append([$0, $1]) }
    #expect(Set(found).count == found.count)
    for i in marks.indices {
      for j in (i + 1)..<marks.count
      where marks[i].position.distance(to: marks[j].position).value <= 42.5 {
        #expect(found.contains([i, j]))
      }
    }
    #expect(found.count < 300 * 299 / 8)
  }
}
