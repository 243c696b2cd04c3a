import Foundation
import Geodesy
import Patrol

@testable import Coverage

/// Where somebody truly is, minute by minute, and what receivers on him tell.
struct Stroll {
  /// Minutes after `Beat.start`, and metres; in between he moves in a straight line at one speed.
  var knots: [(minute: Double, x: Double, y: Double)]

  /// To and fro along streets 400 m long, turning into the next one at either end, from a minute on.
  static func round(from: Double, until: Double, x: Double = 0, y: Double = 0, pace: Double = 75)
    -> Stroll
  {
    var knots = [(minute: from, x: x, y: y)]
    let corners = [(400.0, 0.0), (400, 150), (0, 150), (0, 0)]
    var k = 0
    while knots[knots.count - 1].minute < until {
      let (last, next) = (knots[knots.count - 1], corners[k % 4])
      let way = max(abs(x + next.0 - last.x), abs(y + next.1 - last.y))
      knots.append((last.minute + way / pace, x + next.0, y + next.1))
      k += 1
    }
    let whole = Stroll(knots: knots)
    let end = whole.at(until)
    return Stroll(knots: knots.dropLast() + [(until, end.x, end.y)])
  }

  func moved(x: Double = 0, y: Double = 0, minutes: Double = 0) -> Stroll {
    Stroll(knots: knots.map { ($0.minute + minutes, $0.x + x, $0.y + y) })
  }

  /// Metres, and metres a second. `start`: no knot before it is later.
  func at(_ minute: Double, from start: Int = 0) -> (
    x: Double, y: Double, vx: Double, vy: Double, next: Int
  ) {
    var next = start
    while next < knots.count, knots[next].minute <= minute { next += 1 }
    guard next > 0, next < knots.count else {
      let end = minute < knots[0].minute ? knots[0] : knots[knots.count - 1]
      return (end.x, end.y, 0, 0, next)
    }
    let (a, b) = (knots[next - 1], knots[next])
    let (u, d) = ((minute - a.minute) / (b.minute - a.minute), (b.minute - a.minute) * 60)
    return (
      a.x + (b.x - a.x) * u, a.y + (b.y - a.y) * u, (b.x - a.x) / d, (b.y - a.y) / d, next
    )
  }

  /// A fix every `interval` seconds from `phase` on. Positions err by `sigma` metres an axis, correlated over 40 s, velocities
  /// by `doppler`; both are `shared` with those of the same seed to this part.
  func told(
    until: Double, from: Double = 0, every interval: Double = 1, phase: Double = 0,
    sigma: Double = 0, doppler: Double = 0, claims: Metres? = 5, seed: UInt64 = 1,
    hasSpeed: Bool = true
  ) -> [Fix] {
    var normal = Normal(seed)
    var (ex, ey) = (sigma * normal.next(), sigma * normal.next())
    var next = 0
    let kept = Elementary.exp(-interval / 40)
    let fresh = sigma * (1 - kept * kept).squareRoot()
    return stride(from: from * 60 + phase, to: until * 60, by: interval).map { s in
      ex = kept * ex + fresh * normal.next()
      ey = kept * ey + fresh * normal.next()
      let p = at(s / 60, from: next)
      next = p.next
      let (vx, vy) = (p.vx + doppler * normal.next(), p.vy + doppler * normal.next())
      let speed = (vx * vx + vy * vy).squareRoot()
      return Fix(
        time: Beat.start + Milliseconds(seconds: s), position: Beat.at(p.x + ex, p.y + ey),
        mode: 3, accuracy: claims, speed: hasSpeed ? MetresPerSecond(speed) : nil,
        track: hasSpeed && speed > 0 ? Self.bearing(vx, vy) : nil)
    }
  }

  /// Degrees clockwise from north.
  private static func bearing(_ x: Double, _ y: Double) -> Double {
    (atan2(x, y) * 180 / .pi + 360).truncatingRemainder(dividingBy: 360)
  }
}

/// Standard normal numbers (Box–Muller).
private struct Normal {
  private var random: SplitMix
  private var spare: Double?

  init(_ seed: UInt64) { random = SplitMix(seed) }

  mutating func next() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    let r = (-2 * log(Double(random.next() >> 11 | 1) * 0x1p-53)).squareRoot()
    let angle = 2 * .pi * Double(random.next() >> 11) * 0x1p-53
    spare = r * sin(angle)
    return r * cos(angle)
  }
}

/// Handhelds' fixes, and what a pass finds in them.
struct Company {
  var handhelds: [Handheld]
  var fixes: [[Fix]]
  static let span = Beat.minute(0)..<Beat.minute(600)

  init(_ told: [(id: Handheld.ID, interval: Int, fixes: [Fix])]) {
    handhelds = told.map {
      Handheld(
        id: $0.id, source: Source(host: "localhost"), travel: .foot,
        model: DeviceModel(id: "generic", interval: .seconds($0.interval)))
    }
    fixes = told.map(\.fixes)
  }

  init(_ a: [Fix], _ b: [Fix], interval: Int = 1) {
    self.init([("a", interval, a), ("b", interval, b)])
  }

  /// Feeds what lies before a moment; fixes are in order of time.
  func feed(_ pass: inout PairingPass, until moment: Instant) {
    for (h, id) in pass.handhelds.enumerated() {
      let own = fixes[handhelds.firstIndex { $0.id == id }!]
      for fix in own[(own.firstIndex { $0.time >= pass.fedUntil } ?? own.endIndex)...] {
        guard fix.time < moment else { break }
        pass.take(fix, of: h)
      }
    }
  }

  /// In one go, or in steps of so many minutes.
  func pairings(steps: [Double] = []) -> [Pairing] {
    var pass = PairingPass(over: Self.span, handhelds: handhelds)
    var told = PairingsTold()
    for moment in steps.map(Beat.minute) + [Self.span.upperBound] {
      feed(&pass, until: moment)
      told.hear(pass.advance(to: moment))
    }
    return told.pairings
  }
}

/// Pairings as they stand after what a pass told.
struct PairingsTold {
  private var standing: [String: Pairing] = [:]

  var pairings: [Pairing] {
    standing.values.sorted { ($0.began, $0.first, $0.second) < ($1.began, $1.first, $1.second) }
  }

  mutating func hear(_ changes: [PairingPass.Change]) {
    for change in changes {
      switch change {
      case .stands(let p): standing["\(p.first) \(p.second) \(p.began.milliseconds)"] = p
      case .void(let first, let second, let began):
        standing["\(first) \(second) \(began.milliseconds)"] = nil
      }
    }
  }
}
