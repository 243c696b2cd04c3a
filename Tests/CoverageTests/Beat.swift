import Coverage
import Geodesy
import Patrol

/// A small made-up beat in local metres, and handhelds walked over it: what the engine's tests speak in.
struct Beat {
  /// 2026-11-20T20:00:00+08:00, a Friday.
  static let start = Instant(rfc3339: "2026-11-20T12:00:00Z")!
  static let plane = LocalPlane(origin: Coordinate(latitude: 28.68, longitude: 115.89)!)
  static let zone = Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600)

  static func at(_ x: Double, _ y: Double) -> Coordinate {
    plane.coordinate(PlanePoint(x: x, y: y))!
  }
  /// Minutes after 20:00.
  static func minute(_ m: Double) -> Instant { start + Milliseconds(Int64(m * 60_000)) }

  static func point(_ id: Place.ID, _ x: Double, _ y: Double, radius: Metres = 30) -> Place {
    Place(id: id, name: id.text, geometry: .point(centre: at(x, y), radius: radius))
  }
  static func line(_ id: Place.ID, _ points: [(Double, Double)]) -> Place {
    Place(
      id: id, name: id.text, geometry: .line(Polyline(points.map { at($0.0, $0.1) })!, corridor: 25)
    )
  }
  static func street(_ id: Place.ID, _ points: [(Double, Double)]) -> Place {
    Place(id: id, name: id.text, geometry: .street(Polyline(points.map { at($0.0, $0.1) })!))
  }
  static func area(
    _ id: Place.ID, _ x: ClosedRange<Double>, _ y: ClosedRange<Double>, cell: Metres? = nil
  ) -> Place {
    let ring = [
      at(x.lowerBound, y.lowerBound), at(x.upperBound, y.lowerBound),
      at(x.upperBound, y.upperBound),
      at(x.lowerBound, y.upperBound), at(x.lowerBound, y.lowerBound),
    ]
    return Place(id: id, name: id.text, geometry: .area(Surface([[ring]])!, cell: cell))
  }

  /// A duty from 20:00 to 22:00 on the places of a plan.
  static func duty(
    _ id: Duty.ID, _ places: [Place.ID], every: Int, stay: Int = 0, atOnce: Int = 1,
    from: String = "20:00", to: String = "22:00"
  ) -> Duty {
    Duty(
      id: id, group: "g", places: places, from: TimeOfDay(from)!, to: TimeOfDay(to)!,
      every: .minutes(every), stay: .minutes(stay), atOnce: atOnce)
  }

  static func duty(_ places: [Place.ID], every: Int, stay: Int = 0, atOnce: Int = 1) -> Duty {
    duty("duty", places, every: every, stay: stay, atOnce: atOnce)
  }

  static func plan(
    _ places: [Place], _ duties: [Duty], handhelds: [Handheld.ID] = ["a"], interval: Int = 1,
    travel: Travel = .foot, roster: [Roster.Row] = [], groups: [Group]? = nil
  ) throws(PlanFaults) -> Plan {
    try Plan(
      brigade: Brigade(
        id: "b", name: "B",
        squadrons: [
          Squadron(
            id: "s", name: "S",
            groups: groups ?? [Group(id: "g", name: "G", handhelds: handhelds)])
        ]),
      zone: zone, dayStarts: TimeOfDay("06:00")!, places: places,
      shifts: [Shift(id: "evening", from: TimeOfDay("18:00")!, to: TimeOfDay("23:00")!)],
      handhelds: handhelds.enumerated().map {
        Handheld(
          id: $1, source: Source(host: "localhost", port: 3000 + $0), travel: travel,
          model: DeviceModel(id: "generic", interval: .seconds(interval)))
      },
      duties: duties, roster: Roster(rows: roster))
  }
}

/// A walk as it is told: go to, stay, fall silent.
struct Walk {
  private(set) var observations: [Observation] = []
  private let handheld: Handheld.ID
  private let interval: Milliseconds
  private var now: Instant
  private var x: Double
  private var y: Double
  private var random: SplitMix
  /// Standard deviation of each axis, metres; correlated over about 40 s.
  private let noise: Double
  private var bias = (x: 0.0, y: 0.0)
  var isSilent = false
  /// Added to the time of receipt of what follows.
  var delay = Milliseconds.zero

  init(
    _ handheld: Handheld.ID = "a", at x: Double, _ y: Double, from minute: Double = -60,
    interval: Int = 1,
    noise: Double = 0, seed: UInt64 = 1
  ) {
    self.handheld = handheld
    self.interval = .seconds(interval)
    now = Beat.minute(minute)
    (self.x, self.y) = (x, y)
    self.noise = noise
    random = SplitMix(seed)
  }

  mutating func stay(until minute: Double) {
    while now < Beat.minute(minute) { tell(speed: 0) }
  }

  mutating func go(to tx: Double, _ ty: Double, speed: Double = 1.4) {
    let (dx, dy) = (tx - x, ty - y)
    let length = (dx * dx + dy * dy).squareRoot()
    let step = speed * interval.seconds
    let (sx, sy) = (x, y)
    var done = step
    while done < length {
      (x, y) = (sx + dx * done / length, sy + dy * done / length)
      tell(speed: speed)
      done += step
    }
    (x, y) = (tx, ty)
    tell(speed: speed)
  }

  /// Observations without a position until then.
  mutating func lose(until minute: Double) {
    while now < Beat.minute(minute) {
      now = now + interval
      observations.append(Observation(handheld: handheld, receivedAt: now, report: .noFix(mode: 1)))
    }
  }

  private mutating func tell(speed: Double) {
    now = now + interval
    let keep = 1 - interval.seconds / 40
    let kick = noise * (1 - keep * keep).squareRoot()
    bias.x = bias.x * keep + kick * random.normal()
    bias.y = bias.y * keep + kick * random.normal()
    guard !isSilent else { return }
    let fix = Fix(
      time: now, position: Beat.at(x + bias.x, y + bias.y), mode: 3, accuracy: 5,
      speed: MetresPerSecond(speed))
    observations.append(Observation(handheld: handheld, receivedAt: now + delay, report: .fix(fix)))
  }
}

/// What an engine concluded in the end.
struct Conclusions: Equatable {
  var gaps: [String]
  var standings: [Owed: Standing]
  var stays: [Stay]
  var passes: [Pass]
  var attendance: [Owed: [CellAttendance]]
  /// Gap events in order: revision, verdict, cause.
  var history: [String] = []

  static func == (a: Self, b: Self) -> Bool {
    a.gaps == b.gaps && a.standings == b.standings && a.stays == b.stays && a.passes == b.passes
      && a.attendance == b.attendance
  }
}

/// A store that keeps what events say, as simply as can be.
struct Ear {
  var gaps: [Gap.ID: Gap] = [:]
  var standings: [Owed: Standing] = [:]
  var stays: [Stay] = []
  var passes: [Pass] = []
  var attendance: [Owed: [Int: CellAttendance]] = [:]
  var history: [String] = []

  mutating func hear(_ events: [Event]) {
    for event in events {
      switch event {
      case .gap(let gap, let revision):
        gaps[gap.id] = revision == .withdrawn ? nil : gap
        history.append("\(revision.rawValue) \(gap.verdict.rawValue) \(gap.cause.rawValue)")
      case .standing(let s): standings[s.owed] = s
      case .stay(let s): stays.append(s)
      case .pass(let p): passes.append(p)
      case .retracted(let h, let after, let before):
        stays.removeAll { $0.handheld == h && $0.decided > after && $0.decided < before }
        passes.removeAll { $0.handheld == h && $0.decided > after && $0.decided < before }
      case .attendance(let owed, let cells):
        for c in cells {
          attendance[owed, default: [:]][c.cell, default: CellAttendance(cell: c.cell)].take(c)
        }
      case .regated: break
      }
    }
  }

  var conclusions: Conclusions {
    Conclusions(
      gaps: gaps.values.map(Self.text).sorted(), standings: standings,
      stays: stays.sorted {
        ($0.arrived, $0.place, $0.cell, $0.handheld) < ($1.arrived, $1.place, $1.cell, $1.handheld)
      },
      passes: passes.sorted {
        ($0.began, $0.place, $0.handheld, $0.from) < ($1.began, $1.place, $1.handheld, $1.from)
      },
      attendance: attendance.mapValues {
        $0.values.filter { !$0.proven.isEmpty || !$0.possible.isEmpty }.sorted { $0.cell < $1.cell }
      },
      history: history)
  }

  /// `p 20:30-21:00 missed away`, with a stretch on lines.
  static func text(_ gap: Gap) -> String {
    func clock(_ i: Instant) -> String { Beat.zone.timeOfDay(of: i).description }
    let stretch =
      gap.stretch.map { " \(Int($0.from.value.rounded()))-\(Int($0.to.value.rounded()))m" } ?? ""
    return
      "\(gap.owed.place) \(clock(gap.began))-\(clock(gap.ended))\(stretch) \(gap.verdict.rawValue) \(gap.cause.rawValue)"
      + (gap.isOpen ? " open" : "")
  }
}

/// What a store keeps of observations, so that an engine can ask for them again.
struct Shelf {
  private var stored: [(observation: Observation, gate: Gate?)] = []
  private var known: Set<Observation> = []

  mutating func feed(_ part: [Observation], to engine: inout Engine) {
    let outcome = engine.ingest(part)
    for (observation, gate) in zip(part, outcome.gates)
    where gate != .offDuty && known.insert(observation).inserted {
      stored.append((observation, gate))
    }
    for request in outcome.needsHistory {
      engine.supply(
        stored.filter {
          $0.observation.handheld == request.handheld
            && request.span.contains($0.observation.orderTime)
        }, for: request)
    }
  }
}

/// Feeds observations in a given order through an engine, as a daemon would.
func run(
  _ plan: Plan, _ observations: [Observation], outages: [Outage] = [], until minute: Double = 300,
  batch: Int = 50, restartEvery: Int? = nil, tellsAsItGoes: Bool = true
) -> Conclusions {
  let windows = Beat.minute(-300)..<Beat.minute(600)
  var engine = Engine(plan: plan, windows: windows)
  engine.tellsAsItGoes = tellsAsItGoes
  var ear = Ear()
  var shelf = Shelf()
  for outage in outages { engine.record(outage) }
  var batches = 0
  for start in stride(from: 0, to: observations.count, by: batch) {
    let part = Array(observations[start..<min(start + batch, observations.count)])
    shelf.feed(part, to: &engine)
    engine.advance(to: part.map(\.receivedAt).max()!)
    ear.hear(engine.takeEvents())
    batches += 1
    if let restartEvery, batches % restartEvery == 0 {
      engine = engine.takenUpAgain()!
    }
  }
  engine.advance(to: max(engine.now, Beat.minute(minute)))
  ear.hear(engine.takeEvents())
  return ear.conclusions
}

extension Engine {
  /// Kept as a checkpoint and taken up from it; nil where it is not taken up. `spoil` may change the parts on the way.
  func takenUpAgain(spoil: (inout [[UInt8]]) -> Void = { _ in }) -> Engine? {
    var parts: [[UInt8]] = []
    checkpoint { parts.append($0) }
    spoil(&parts)
    var rest = parts[...]
    return Engine(plan: plan, resuming: { rest.popFirst() }, backlog: backlog)
  }
}
