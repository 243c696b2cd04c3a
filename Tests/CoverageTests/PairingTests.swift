import Geodesy
import Patrol
import Testing

@testable import Coverage

@Suite struct `Two handhelds` {
  /// A column a minute of the truth. m: they move as one; s: they stand together; a: b is 300 m aside;
  /// c: it is 90 m behind on the same street; .: b is silent. Under it, where they are found carried together.
  @Test(arguments: [
    ("mmmmmmmmm", "---------"),
    ("mmmmmmmmmmm", "==========="),
    ("aaaaammmmmmmmmmmmaaaaa", "-----============-----"),
    ("ssssssssssssssssssssssss", "------------------------"),
    // Standing neither ends nor prolongs it; nor does it count.
    ("mmmmmmsssssssssssssssssmmmmm", "============================"),
    ("mmmmmmmmsssssssssssssssssss", "---------------------------"),
    ("sssmmmmmmmmmmmmssss", "---============----"),
    // Parted, and met again: each for itself.
    ("mmmmmmaaammmmmm", "---------------"),
    ("mmmmmmmmmmmaaammmmmmmmmmmm", "===========---============"),
    ("mmmmmmmsssaasssmmmmmmmm", "-----------------------"),
    // Behind each other.
    ("cccccccccccccccc", "----------------"),
    // Silences.
    ("mmmmmm.....mmmmmm", "================="),
    ("mmmmmm............mmmmmm", "------------------------"),
    ("mmmmmmmmmmmm............", "============------------"),
  ])
  func `are carried together while they move as one`(truth: String, found: String) {
    var (x, knots) = (0.0, (a: [(Double, Double, Double)](), b: [(Double, Double, Double)]()))
    var fixes: (a: [Fix], b: [Fix]) = ([], [])
    for (m, letter) in truth.enumerated() {
      let end = "sa".contains(letter) && letter == "s" ? x : x + 80
      let (dx, dy) = letter == "c" ? (-90.0, 0.0) : letter == "a" ? (0.0, 300.0) : (0.0, 2.0)
      let (from, to) = (Double(m), Double(m + 1))
      knots = ([(from, x, 0), (to, end, 0)], [(from, x + dx, dy), (to, end + dx, dy)])
      fixes.a += Stroll(knots: knots.a).told(until: to, from: from)
      if letter != "." { fixes.b += Stroll(knots: knots.b).told(until: to, from: from) }
      x = end
    }
    let pairings = Company(fixes.a, fixes.b).pairings()
    let picture = truth.indices.enumerated().map { m, _ in
      let middle = Beat.minute(Double(m) + 0.5)
      return pairings.contains { $0.began <= middle && middle <= $0.ended } ? "=" : "-"
    }.joined()
    #expect(picture == found)
    let moving = pairings.reduce(0) { $0 + $1.moving.seconds / 60 }
    let owed = zip(truth, found).filter { $0 == ("m", "=") }.count
    #expect(abs(moving - Double(owed)) <= 0.75 * Double(max(1, pairings.count)))
  }

  /// In one pocket, in streets: each errs by itself, by 5 m an axis, and claims 5 m as receivers do.
  @Test(arguments: [1.0, 5, 15, 30, 60], 1...3 as ClosedRange<UInt64>)
  func `in one pocket are found at any interval and phase`(interval: Double, seed: UInt64) throws {
    let walk = Stroll.round(from: 2, until: 32)
    let a = walk.told(until: 40, every: interval, sigma: 5, doppler: 0.15, seed: 2 * seed)
    let b = walk.told(
      until: 40, every: interval, phase: interval / 2, sigma: 5, doppler: 0.15, seed: 2 * seed + 1)
    let pairings = Company(a, b, interval: Int(interval)).pairings()
    let one = try #require(pairings.first)
    #expect(pairings.count == 1)
    #expect(abs((one.began - Beat.minute(2)).seconds) <= 120)
    #expect(abs((one.ended - Beat.minute(32)).seconds) <= 120)
    #expect((23...31).contains(one.moving.seconds / 60))
    #expect((0.8...1.1).contains(one.way.value / (one.moving.seconds * 75 / 60)))
    #expect(one.medianDistance < one.jointAccuracy && one.medianDistance <= one.maximumDistance)
    #expect(one.share >= 0.75)
  }

  @Test func `that report differently are found all the same`() {
    let walk = Stroll.round(from: 0, until: 30)
    let pairings = Company([
      ("a", 1, walk.told(until: 30, sigma: 3, seed: 5)),
      ("b", 30, walk.told(until: 30, every: 30, phase: 17, sigma: 3, seed: 6)),
      ("c", 60, walk.moved(minutes: 5).told(until: 35, every: 60, phase: 31, sigma: 3, seed: 7)),
    ]).pairings()
    #expect(pairings.map { [$0.first, $0.second] } == [["a", "b"]])
  }

  /// What must never be taken for one person with two handhelds.
  @Test(arguments: [1.0, 15, 60], 1...2 as ClosedRange<UInt64>)
  func `that go their own ways are not`(interval: Double, seed: UInt64) {
    let walk = Stroll.round(from: 0, until: 60)
    // A line of to and fro within 20 m, as at a guard point, each in his own time.
    func pacing(_ step: Double) -> Stroll {
      var knots: [(minute: Double, x: Double, y: Double)] = []
      for k in 0...Int(60 / step) {
        let (x, y): (Double, Double) = (k % 2 == 0 ? -10 : 10, k % 4 < 2 ? 5 : -5)
        knots.append((Double(k) * step, x, y))
      }
      return Stroll(knots: knots)
    }
    let others: [(String, Stroll, Stroll)] = [
      ("minutes apart", walk, walk.moved(minutes: 2)),
      ("across an avenue", walk, walk.moved(y: 40)),
      (
        "past each other", Stroll(knots: [(0, 0, 0), (60, 4500, 0)]),
        Stroll(knots: [(0, 4500, 0), (60, 0, 0)])
      ),
      ("one standing", walk, Stroll(knots: [(0, 200, 0)])),
      ("at one guard point", pacing(0.3), pacing(0.41)),
      (
        "the other way round", walk, Stroll(knots: walk.knots.map { ($0.minute, 400 - $0.x, $0.y) })
      ),
    ]
    for (name, one, other) in others {
      let a = one.told(until: 60, every: interval, sigma: 4, doppler: 0.15, seed: 2 * seed)
      let b = other.told(
        until: 60, every: interval, phase: interval / 3, sigma: 4, doppler: 0.15,
        seed: 2 * seed + 1)
      #expect(Company(a, b, interval: Int(interval)).pairings() == [], "\(name)")
    }
  }

  @Test func `of which one tells no speed are compared where its positions show it moving`() {
    let walk = Stroll.round(from: 0, until: 40)
    let mute = walk.told(until: 40, every: 30, hasSpeed: false)
    #expect(
      Company(walk.told(until: 40, every: 30, phase: 9), mute, interval: 30).pairings().count == 1)
  }

  @Test func `too vague to compare tell nothing`() {
    let walk = Stroll.round(from: 0, until: 30)
    #expect(Company(walk.told(until: 30), walk.told(until: 30, claims: 31)).pairings() == [])
    #expect(Company(walk.told(until: 30), walk.told(until: 30, claims: 29)).pairings().count == 1)
  }
}

@Suite struct `A mark between two fixes` {
  let bearer = Bearer(
    Handheld(
      id: "a", source: Source(host: "localhost"), travel: .foot,
      model: DeviceModel(id: "generic", interval: .seconds(60))))

  func mark(_ seconds: Int, of walk: Stroll, every interval: Double) throws -> PairingMark {
    let fixes = walk.told(until: 20, every: interval)
    let at = Beat.start + .seconds(seconds)
    let next = try #require(fixes.firstIndex { $0.time >= at })
    return try #require(
      PairingMark(0, at: at.milliseconds, from: fixes[next - 1], to: fixes[next], bearer))
  }

  @Test func `lies on a straight way, at its speed`() throws {
    let walk = Stroll(knots: [(0, 0, 0), (20, 1560, 0)])
    for interval in [1.0, 15, 60] {
      let mark = try mark(130, of: walk, every: interval)
      #expect(mark.position.distance(to: Beat.at(169, 0)).value < 0.05)
      #expect(abs(mark.speed - 1.3) < 0.01 && mark.isMoving)
      #expect((mark.velocity == nil) == (interval > 15))
    }
  }

  /// Round a corner in the middle of a minute's silence it lies off the way, and within what it says of itself.
  @Test func `says how vague it is`() throws {
    let walk = Stroll(knots: [(0, 0, 0), (1.5, 117, 0), (3, 117, 117)])
    let vague = try mark(90, of: walk, every: 60)
    let off = vague.position.distance(to: Beat.at(117, 0)).value
    #expect(off > 5 && off < vague.accuracy && vague.accuracy < 20)
    let sharp = try mark(90, of: walk, every: 1)
    #expect(sharp.position.distance(to: Beat.at(117, 0)).value < 0.5)
    #expect(abs(sharp.accuracy - Pairing.accuracyMinimum) < 0.1)
  }
}
