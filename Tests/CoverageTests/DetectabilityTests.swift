import Geodesy
import Patrol
import Qualification
import Testing

@testable import Coverage

/// Visits of exactly one length to one point, walked to and back from, and what the engine proves of them.
struct Visits {
  var interval: Int
  /// 95 %, told and true.
  var accuracy: Double
  /// Seconds.
  var stay: Int
  var radius = 30.0
  /// Seconds; nil: as long as the stay.
  var lasting: Double?

  static let count = 36
  static let cycle = 480

  /// Into the disc along its radius and out again: within the edge for `length` seconds.
  private func distance(at second: Double, length: Double) -> Double {
    let pace = Detectability.pace.value
    let deep = min(radius, pace * length / 2)
    let walk = deep / pace
    if second < 0 { return min(radius - pace * second, radius + 200) }
    if second < walk { return radius - pace * second }
    if second <= length - walk { return radius - deep }
    return min(radius - deep + pace * (second - (length - walk)), radius + 200)
  }

  /// The share of visits that are proven.
  func proven(seed: UInt64) throws -> Double {
    let places = [Beat.point("post", 0, 0, radius: Metres(radius))]
    var duty = Beat.duty(places.map(\.id), every: 60)
    duty.stay = .seconds(stay)
    let plan = try Beat.plan(places, [duty], interval: interval)
    let ground = Ground(plan)
    let bearer = Bearer(plan.handhelds[0])
    let crossing = Detectability.crossing(.point(radius: Metres(radius)))!.seconds
    let length = lasting ?? (stay > 0 ? Double(stay) : crossing)
    var random = SplitMix(seed)
    let sigma = accuracy / CircularError.deviations(0.95)
    var (ex, ey) = (sigma * random.normal(), sigma * random.normal())
    let keep = Elementary.exp(-Double(interval) / ReceiverError.correlation)
    let kick = sigma * (1 - keep * keep).squareRoot()
    var stays = Stays()
    var (before, t): (TrackFix?, Double) = (nil, 0)
    // Where in an interval a visit begins is spread evenly over the visits.
    func began(_ v: Int) -> Double {
      Double(200 + v * (Self.cycle + Int(length)))
        + Double(interval) * Double(v) / Double(Self.count)
        + Double(v * 7 % max(1, interval))
    }
    let end = began(Self.count)
    while t < end {
      ex = ex * keep + kick * random.normal()
      ey = ey * keep + kick * random.normal()
      let v = (0..<Self.count).last { began($0) - 240 <= t } ?? 0
      let (x, next) = (
        distance(at: t - began(v), length: length), distance(at: t + 0.5 - began(v), length: length)
      )
      let fix = TrackFix(
        time: Beat.start.milliseconds + Int64(t * 1000), position: Beat.at(x + ex, ey),
        accuracy: accuracy, speed: abs(next - x) * 2,
        track: next == x ? nil : next > x ? 90 : 270)
      if accuracy <= bearer.accuracyMaximum {
        let speed = before.map { b in
          if let u = b.speed, let w = fix.speed { return (u + w) / 2 }
          return b.position.distance(to: fix.position).value / (Double(fix.time - b.time) / 1000)
        }
        stays.step(fix, legSpeed: speed, of: bearer, on: ground) { _ in }
        before = fix
      }
      t += Double(interval)
    }
    if let before { stays.close(at: before.time, of: bearer, on: ground) { _ in } }
    let proven = (0..<Self.count).count { v in
      let (a, b) = (began(v) - 60 - Double(interval), began(v) + length + 60 + Double(interval))
      return stays.ended.contains { run in
        let at = Double(run.run.arrived - Beat.start.milliseconds) / 1000
        return a <= at && at <= b
          && run.run.worth(stay: Int64(stay) * 1000, passSpeed: bearer.passSpeedMaximum) == .attends
      }
    }
    return Double(proven) / Double(Self.count)
  }
}

@Suite struct `What a handheld can prove` {
  static let intervals = [1, 5, 10, 15, 20, 30, 45, 60, 90, 120]

  /// Every stay of a grid, against the engine: visits to a point of 30 m that last exactly as long as is asked.
  @Test(arguments: [5.0, 15, 29])
  func `is what the engine proves of visits just so long`(accuracy: Double) throws {
    var (differences, count) = (0.0, 0)
    for interval in Self.intervals {
      let detects = Detectability(
        interval: .seconds(interval), accuracy: Metres(accuracy), accuracyMaximum: 50)
      for stay in [0, 30, 45, 60, 90, 120, 180, 300] {
        let predicted = detects.stay(.seconds(stay), within: .point(radius: 30))
        let share = try Visits(interval: interval, accuracy: accuracy, stay: stay).proven(seed: 3)
        // Of so few visits a share is known to within this: three standard deviations of the binomial.
        let doubt = 3 * (0.2 * 0.8 / Double(Visits.count)).squareRoot()
        switch predicted {
        case .cannot:
          #expect(share <= Detectability.luck + doubt, "every \(interval) s, stay \(stay) s")
        case .can(let likely):
          #expect(share > max(0, likely - 0.1 - doubt), "every \(interval) s, stay \(stay) s")
        }
        differences += abs(share - predicted.share)
        count += 1
      }
    }
    #expect(differences / Double(count) < 0.1)
  }

  @Test(arguments: Self.intervals)
  func `is nothing where fixes are worse than prove presence`(interval: Int) throws {
    for accuracy in [31.0, 45, 55] {
      let detects = Detectability(
        interval: .seconds(interval), accuracy: Metres(accuracy), accuracyMaximum: 50)
      for stay in [0, 60, 300] {
        #expect(
          detects.stay(.seconds(stay), within: .point(radius: 30))
            == .cannot(.accuracy(30), share: 0))
        #expect(
          try Visits(interval: interval, accuracy: accuracy, stay: stay).proven(seed: 3) == 0)
      }
      // A wider place is proven by a worse receiver, up to what is refused altogether.
      let wide = Visits(interval: interval, accuracy: accuracy, stay: 300, radius: 60)
      let finding = detects.stay(.seconds(300), within: .point(radius: 60))
      if accuracy > 50 {
        #expect(finding == .cannot(.accuracy(50), share: 0))
        #expect(try wide.proven(seed: 3) == 0)
      } else if interval <= 20 {
        #expect(finding.share > 0.2)
        #expect(try wide.proven(seed: 3) > 0.2)
      }
    }
  }

  /// The visit that is said to be long enough is.
  @Test(arguments: [20, 30, 45, 60, 90])
  func `is proven of visits as long as is said to be needed`(interval: Int) throws {
    let detects = Detectability(
      interval: .seconds(interval), accuracy: 5, accuracyMaximum: 50)
    for stay in [60, 180, 300] {
      let needed = try #require(detects.needed(for: .seconds(stay), within: .point(radius: 30)))
      let visits = Visits(interval: interval, accuracy: 5, stay: stay, lasting: needed.seconds)
      #expect(try visits.proven(seed: 5) >= 0.75, "stay \(stay) s of \(needed.seconds) s")
    }
  }

  @Test func `is at least two reports, its accuracy, and a stay with a report either way`() {
    let radio = Detectability(interval: .seconds(60), accuracy: 9.3, accuracyMaximum: 50)
    #expect(radio.least == .init(stay: .minutes(2), radius: 10, every: .minutes(4)))
    #expect(radio.unseenAtEnds(of: 1000) == 10)
    #expect(!radio.tells(passesEvery: .minutes(2)) && radio.tells(passesEvery: .minutes(3)))
  }
}

@Suite struct `What a handheld can prove of a line` {
  /// Walked from one side of it to its far end and back, for some phases of reporting: metres at the far end that nobody
  /// was seen to pass, the most of them.
  private func unseen(every interval: Int, hasSpeed: Bool = true) throws -> Double {
    let plan = try Beat.plan(
      [Beat.line("line", [(0, 0), (600, 0)])], [Beat.duty(["line"], every: 120)],
      interval: interval)
    var most = 0.0
    for phase in 0..<6 {
      let stroll = Stroll(knots: [
        (minute: -4, x: -420, y: 0), (minute: 5, x: 336, y: 0), (minute: 8.142_857, x: 600, y: 0),
        (minute: 20.285_714, x: -420, y: 0),
      ])
      let fixes = stroll.told(
        until: 20, from: -4, every: Double(interval),
        phase: Double(interval) * Double(phase) / 6, hasSpeed: hasSpeed)
      let told = fixes.map {
        Observation(handheld: "a", receivedAt: $0.time, report: .fix($0))
      }
      let attended = Set(
        run(plan, told).attendance.values.flatMap { $0 }.filter { !$0.proven.isEmpty }.map(\.cell))
      let cells = Ground(plan).places[0].cells
      // All but the end is seen.
      let last = try #require(attended.max())
      #expect(attended.count >= last - 1)
      most = max(most, 600 - cells[last].to)
    }
    return most
  }

  @Test(arguments: [1, 10, 15, 30, 60, 90], [true, false])
  func `is all but what lies between two reports at a turning place`(
    interval: Int, hasSpeed: Bool
  ) throws {
    let detects = Detectability(
      interval: .seconds(interval), accuracy: 5, accuracyMaximum: 50, tellsSpeed: hasSpeed)
    let most = detects.unseenAtEnds(of: 600).value
    let found = try unseen(every: interval, hasSpeed: hasSpeed)
    // To a cell, as the middle of each is to be passed.
    #expect(found <= most + 10)
    if !hasSpeed { #expect(found >= most - 10) }
  }

  /// To and fro without a stop, so that every cell is passed as often as is asked, and no oftener at its ends.
  @Test(arguments: [2, 3, 4, 5], [1, 10, 30, 45, 60, 90, 120, 180])
  func `is as many passes as reports tell apart`(every: Int, interval: Int) throws {
    let length = 42.0 * Double(every)
    let plan = try Beat.plan(
      [Beat.line("line", [(0, 0), (length, 0)])], [Beat.duty(["line"], every: every)],
      interval: interval)
    let half = Double(every) / 2
    let knots: [(minute: Double, x: Double, y: Double)] = (0..<140).map { k in
      (-5 + Double(k) * half, k % 2 == 0 ? 0 : length, 0)
    }
    let fixes = Stroll(knots: knots).told(until: 124, from: -4.5, every: Double(interval))
    let told = fixes.map { Observation(handheld: "a", receivedAt: $0.time, report: .fix($0)) }
    let standing = run(plan, told).standings.values.first
    let covered = try #require(standing?.shares).covered
    let detects = Detectability(interval: .seconds(interval), accuracy: 5, accuracyMaximum: 50)
    if detects.tells(passesEvery: .minutes(every)) {
      // All but a cell at either end.
      let ends = 2 * detects.unseenAtEnds(of: Metres(length)).value / length
      // Of barely more than two reports some passes go unseen: what comes between is told from speeds alone.
      let isAmple = .minutes(every) > detects.interval * 3
      #expect(covered > (isAmple ? 0.95 : 0.8) - ends)
    } else {
      #expect(covered < 0.9)
    }
  }
}
