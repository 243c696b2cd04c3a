import Geodesy
import Patrol
import Testing

@testable import Coverage

/// What one handheld's fixes come to at the targets of a plan, without an engine around.
private struct Post {
  let plan: Plan
  let ground: Ground

  /// One point of 15 m at the origin, unless other places are given.
  init(_ places: [Place]? = nil, interval: Int = 1) throws {
    let places = places ?? [Beat.point("post", 0, 0, radius: 15)]
    plan = try Beat.plan(
      places, [Beat.duty(places.map(\.id), every: 60)], interval: interval)
    ground = Ground(plan)
  }

  func runs(_ walk: Walk) -> [Stays.Ended] {
    let fixes = walk.observations.compactMap { o in
      o.fix.map {
        TrackFix(
          time: o.orderTime.milliseconds, position: $0.position, accuracy: $0.accuracy!.value,
          speed: $0.speed?.value, track: $0.track)
      }
    }
    return runs(fixes)
  }

  func runs(_ fixes: [TrackFix]) -> [Stays.Ended] {
    let handheld = plan.handhelds[0]
    var stays = Stays()
    var before: TrackFix?
    for fix in fixes {
      let speed = before.map { b in
        if let u = b.speed, let v = fix.speed { return (u + v) / 2 }
        return b.position.distance(to: fix.position).value / (Double(fix.time - b.time) / 1000)
      }
      stays.step(fix, legSpeed: speed, of: Bearer(handheld), on: ground) { _ in }
      before = fix
    }
    stays.close(at: before!.time, of: Bearer(handheld), on: ground) { _ in }
    return stays.ended
  }
}

/// A walk on one axis, told as a string: one column ten seconds, at the place its letter stands for. Positions are
/// straight between the middles of columns; `.` is silence.
private func timeline(
  _ text: String, interval: Int = 1, at places: [Character: Double], accuracy: Double = 5,
  isDoppler: Bool = true, error: (Int) -> Double = { _ in 0 }
) -> [TrackFix] {
  let columns = Array(text)
  var fixes: [TrackFix] = []
  var xs = columns.map { places[$0] }
  // Silence goes on where it began.
  for i in xs.indices where xs[i] == nil { xs[i] = i > 0 ? xs[i - 1] : 0 }
  for second in stride(from: 0, to: (columns.count - 1) * 10, by: interval) {
    let (i, share) = (second / 10, Double(second % 10) / 10)
    guard columns[i] != "." else { continue }
    let (a, b) = (xs[i]!, xs[i + 1]!)
    let speed = abs(b - a) / 10
    fixes.append(
      TrackFix(
        time: Beat.start.milliseconds + Int64(second) * 1000,
        position: Beat.at(a + (b - a) * share + error(second), 0), accuracy: accuracy,
        speed: isDoppler ? speed : nil,
        track: isDoppler && speed > 0 ? (b > a ? 90 : 270) : nil))
  }
  return fixes
}

@Suite struct `Stays at points and in areas` {
  /// `P` at the post; letters from `a` on ever 14 m further off.
  static let posts: [Character: Double] = [
    "P": 0, "a": 14, "b": 28, "c": 42, "d": 56, "e": 70, "f": 84,
  ]

  struct Telling: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var interval = 1
    /// Length in seconds of each.
    var lengths: [Int]
    var testDescription: String { name }
  }

  static let tellings = [
    Telling(name: "one stay", text: "fedcbaPPPPPPPPPPPPPPPabcdef", lengths: [161]),
    Telling(
      name: "an excursion is subtracted", text: "fedcbaPPPPPPPPPPabcbaPPPPPPPPPPabcdef",
      lengths: [222]),
    Telling(
      name: "one too long makes two", text: "fedcbaPPPPPPPPPPabcdedcbaPPPPPPPPPPabcdef",
      lengths: [111, 111]),
    Telling(
      name: "a short silence breaks nothing", text: "fedcbaPPPPPPP.....PPPPPPPabcdef",
      lengths: [201]),
    Telling(
      name: "a long silence makes two", text: "fedcbaPPPPPPP.........PPPPPPPabcdef",
      lengths: [79, 69]),
    Telling(
      name: "standing 13 m outside is none", text: "fedcbbbbbbbbbbbbbbbbbbbbbcdef", lengths: []),
    Telling(name: "walking past at 42 m is none", text: "fedcccccdef", lengths: []),
    Telling(
      name: "a slow reporter", text: "fedcbaPPPPPPPPPPPPPPPabcdef", interval: 30, lengths: [161]),
    Telling(
      name: "a slower one", text: "fedcbaPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPabcdef", interval: 60,
      lengths: [311]),
  ]

  @Test(arguments: tellings)
  func `go from arrival to departure`(_ telling: Telling) throws {
    let post = try Post(interval: telling.interval)
    let runs = post.runs(
      timeline(telling.text, interval: telling.interval, at: Self.posts))
    let lengths = runs.map { Int($0.run.length / 1000) }
    #expect(lengths.count == telling.lengths.count, "\(lengths)")
    // Slow reporters do not see where the edge is crossed.
    let most = max(3, telling.interval * 2 / 3)
    for (said, length) in zip(lengths, telling.lengths) {
      #expect(abs(said - length) <= most, "\(lengths)")
    }
  }

  /// Reflections throw positions tens of metres off, for as long as half a minute. Where little is known of the way a
  /// throw of 60 m may as well have been walked.
  @Test(arguments: [1, 5, 30])
  func `outlast jumps of the receiver, which make none elsewhere`(interval: Int) throws {
    let still = "fedcbaPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPabcdef"
    let post = try Post(interval: interval)
    let far = interval < 30 ? 60.0 : 45
    let jumps = { (second: Int) in (120..<145).contains(second) ? far : 0 }
    let at = post.runs(timeline(still, interval: interval, at: Self.posts, error: jumps))
    #expect(at.count == 1)
    #expect(abs((at.first?.run.length ?? 0) - 311_000) <= 20_000)
    // The same that far aside, where the jump leads to the post.
    let aside = Self.posts.mapValues { $0 - far }
    let beside = post.runs(timeline(still, interval: interval, at: aside, error: jumps))
    #expect(beside.filter { $0.run.length > 60_000 }.isEmpty)
  }

  @Test func `work without Doppler, by the median of a minute`() throws {
    let text = "fedcbaPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPabcdef"
    let runs = try Post().runs(
      timeline(text, at: Self.posts, isDoppler: false) { (120..<135).contains($0) ? 60 : 0 })
    #expect(runs.count == 1)
    #expect(abs((runs.first?.run.length ?? 0) - 311_000) <= 15_000)
  }

  @Test func `are proven by no fix too poor for the place`() throws {
    let text = "fedcbaPPPPPPPPPPPPPPPabcdef"
    let post = try Post()
    #expect(post.runs(timeline(text, at: Self.posts, accuracy: 30)).count == 1)
    #expect(post.runs(timeline(text, at: Self.posts, accuracy: 31)).isEmpty)
    let wide = try Post([Beat.point("post", 0, 0, radius: 40)])
    #expect(wide.runs(timeline(text, at: Self.posts, accuracy: 31)).count == 1)
  }

  @Test func `without a length asked for want two fixes within, at no more than the pass speed`()
    throws
  {
    let post = try Post()
    func worths(_ text: String, interval: Int = 1) -> [StayRun.Worth] {
      post.runs(timeline(text, interval: interval, at: Self.posts)).map {
        $0.run.worth(stay: 0, passSpeed: 3)
      }
    }
    #expect(worths("fedcbaPabcdef") == [.attends])
    // 8.4 m/s: six columns at a time.
    #expect(worths("fPf") == [.driveBy])
    #expect(worths("fedcbbbbcdef") == [])
  }

  /// Two guard points 40 m apart: one has it or the other.
  @Test func `at two points 40 m apart are told apart`() throws {
    let post = try Post([
      Beat.point("west", 0, 0, radius: 15), Beat.point("east", 40, 0, radius: 15),
    ])
    let runs = post.runs(
      timeline(
        "wwwwwwwwwwwwwweeeeeeeeeeeeeeeffff", at: ["w": -3, "e": 43, "f": 200]))
    #expect(runs.map(\.target) == [0, 1])
    #expect(runs[0].run.lastInside < runs[1].run.arrived)
  }

  /// Cells of a grid meet at their edges; standing in one attends one.
  @Test func `in cells of an area are in one at a time`() throws {
    let post = try Post([Beat.area("park", 0...100, 0...50, cell: 50)])
    let runs = post.runs(
      timeline("wwwwwwwwwwwwwweeeeeeeeeeeeeeeffff", at: ["w": 40, "e": 60, "f": 200]))
    #expect(runs.map(\.target) == [0, 1])
    #expect(abs(runs[0].run.lastInside - runs[1].run.arrived) <= 1000)
  }

  /// Wandering by 4 m within 40 s is what urban receivers do.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64], [15.0, 30, 60])
  func `keep in one piece, whatever the radius`(seed: UInt64, radius: Double) throws {
    var walk = Walk(at: 300, 0, from: -5, noise: 5, seed: seed)
    walk.go(to: radius * 0.6, 0)
    walk.stay(until: 20)
    walk.go(to: 300, 0)
    let post = try Post([Beat.point("post", 0, 0, radius: Metres(radius))])
    #expect(post.runs(walk).count == 1)
    var beside = Walk(at: 300, 0, from: -5, noise: 5, seed: seed)
    beside.go(to: radius + 22, 0)
    beside.stay(until: 20)
    beside.go(to: 300, 0)
    #expect(post.runs(beside).isEmpty)
  }

  /// What is said of a moment is said within half a minute of it.
  @Test func `are known half a minute after the fact`() throws {
    let post = try Post()
    let handheld = post.plan.handhelds[0]
    var stays = Stays()
    var known: Int64?
    for fix in timeline("fedcbaPPPPPPPPPPPPPPP", at: Self.posts) {
      stays.step(fix, legSpeed: fix.speed, of: Bearer(handheld), on: post.ground) { _ in }
      if known == nil, stays.run(at: 0) != nil { known = fix.time }
      var foreseen = stays
      foreseen.foresee(of: Bearer(handheld), on: post.ground)
      let x = Beat.plane.point(fix.position).x
      if x < 15 { #expect(foreseen.run(at: 0) != nil, "at \(x) m") }
    }
    let run = try #require(stays.run(at: 0))
    #expect(try #require(known) - run.arrived <= 30_000)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `are the same in whatever order fixes come`(seed: UInt64) throws {
    let plan = try Beat.plan(
      [Beat.point("post", 0, 0, radius: 15)], [Beat.duty(["post"], every: 60, stay: 2)])
    var walk = Walk(at: 200, 0, from: -10, noise: 5, seed: seed)
    for tour in 0..<4 {
      walk.go(to: 4, 0)
      walk.stay(until: Double(tour * 20 + 8))
      if tour == 2 { walk.isSilent = true }
      walk.go(to: 200, 0)
      walk.isSilent = false
      walk.stay(until: Double(tour * 20 + 14))
    }
    let all = walk.observations
    var random = SplitMix(seed)
    let late = all.map { o in
      (o, o.receivedAt.milliseconds + Int64.random(in: 0...240_000, using: &random))
    }
    .sorted { $0.1 < $1.1 }.map(\.0)
    let inOrder = run(plan, all)
    #expect(inOrder.stays.filter { $0.kind == .stay }.count == 4)
    #expect(run(plan, late) == inOrder)
    #expect(run(plan, all.shuffled(using: &random), batch: 300) == inOrder)
    #expect(run(plan, all, batch: 97, restartEvery: 3) == inOrder)
  }
}
