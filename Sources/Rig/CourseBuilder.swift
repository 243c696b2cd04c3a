internal import Geodesy
internal import Glibc
internal import Patrol

/// Puts a course together: places first, then move by move what each bearer does. Points are given in a frame of the
/// course's own, which is turned by an angle drawn from the seed.
struct CourseBuilder {
  let kind: Course.Kind
  let seed: UInt64
  var random: SplitMix64
  let plane: LocalPlane
  /// How long the walks are to be, at least, in seconds.
  let target: Double
  /// E, in minutes.
  let every: Int
  /// Nominal reporting interval, seconds.
  let interval: Int
  /// The bearer's usual speed on foot, metres a second.
  let pace: Double
  /// S, in seconds, of guard points.
  var stay = 0
  private let turned: (cos: Double, sin: Double)
  private(set) var places: [Place] = []
  private var owed: [Place.ID] = []
  private(set) var tracks: [Place.ID: CourseTrack] = [:]
  var coincidences: [Coincidence] = []
  var tunnels: [(line: Place.ID, stretch: ClosedRange<Double>)] = []
  private(set) var walks: [TrueWalk] = []

  init(_ kind: Course.Kind, seed: UInt64, interval: Int) {
    self.kind = kind
    self.seed = seed
    self.interval = interval
    random = SplitMix64(seed, "course/\(kind.rawValue)")
    plane = LocalPlane(origin: Coordinate(latitude: 28.68, longitude: 115.89)!)
    let angle = Double.random(in: 0..<2 * .pi, using: &random)
    turned = (cos(angle), sin(angle))
    target = Double.random(in: 5400...8400, using: &random)
    every = [30, 30, 40, 60].randomElement(using: &random)!
    pace = Double.random(in: 1.1...1.6, using: &random)
  }

  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    Double.random(in: low...high, using: &random)
  }
  mutating func chance(_ p: Double) -> Bool { Double.random(in: 0..<1, using: &random) < p }

  private func world(_ p: PlanePoint) -> PlanePoint {
    PlanePoint(x: p.x * turned.cos - p.y * turned.sin, y: p.x * turned.sin + p.y * turned.cos)
  }
  private func own(_ p: PlanePoint) -> PlanePoint {
    PlanePoint(x: p.x * turned.cos + p.y * turned.sin, y: p.y * turned.cos - p.x * turned.sin)
  }

  // MARK: places

  mutating func line(_ id: Place.ID, _ points: [PlanePoint]) {
    let line = add(id, points)
    owed.append(id)
    places.append(
      Place(
        id: id, name: id.text, geometry: .line(line, corridor: Place.standardCorridor)))
  }

  mutating func street(_ id: Place.ID, _ points: [PlanePoint]) {
    let line = add(id, points)
    places.append(Place(id: id, name: id.text, geometry: .street(line)))
  }

  mutating func point(_ id: Place.ID, _ at: PlanePoint, radius: Double) {
    owed.append(id)
    places.append(
      Place(
        id: id, name: id.text,
        geometry: .point(centre: plane.coordinate(world(at))!, radius: Metres(radius))))
  }

  private mutating func add(_ id: Place.ID, _ points: [PlanePoint]) -> Polyline {
    let line = Polyline(points.map { plane.coordinate(world($0))! })!
    tracks[id] = CourseTrack(line, in: plane)
    return line
  }

  func length(_ id: Place.ID) -> Double { tracks[id]!.length }

  /// A place beside a line, in the course's own frame.
  func beside(_ id: Place.ID, _ chainage: Double, _ aside: Double = 0) -> PlanePoint {
    own(tracks[id]!.point(chainage, aside: aside))
  }

  // MARK: moves

  /// Those that follow are of this handheld.
  mutating func handheld(_ id: Handheld.ID, _ travel: Travel = .foot, at start: PlanePoint) {
    let handheld = Handheld(
      id: id, source: Source(host: "localhost", port: 20_000 + walks.count), travel: travel,
      model: DeviceModel(id: "generic", interval: .seconds(interval)))
    walks.append(
      TrueWalk(handheld: handheld, knots: [TrueWalk.Knot(time: 0, point: world(start))]))
  }

  var now: Double { walks[walks.count - 1].knots.last?.time ?? 0 }
  var isDone: Bool { now >= target }

  /// Along a place from one chainage to another, `aside` metres to its left all the way (drawn within 1.5 m where not
  /// given); to its beginning in a straight line.
  mutating func along(
    _ id: Place.ID, _ from: Double, _ to: Double, speed: Double? = nil, aside: Double? = nil
  ) {
    let track = tracks[id]!
    let aside = aside ?? uniform(-1.5, 1.5)
    let speed = speed ?? stride()
    go(world: track.point(from, aside: aside), speed)
    let began = now
    for s in track.stops(from: from, to: to).dropFirst() {
      append(track.point(s, aside: aside), at: began + abs(s - from) / speed)
    }
    let w = walks.count - 1
    let limit = walks[w].handheld.travel.passSpeedMaximum.value
    record(
      TruePass(
        place: id, began: began, ended: now, from: from, to: to, isDriveBy: speed > limit))
    for tunnel in tunnels where tunnel.line == id {
      let low = max(min(from, to), tunnel.stretch.lowerBound)
      let high = min(max(from, to), tunnel.stretch.upperBound)
      guard low < high else { continue }
      let times = [low, high].map { began + abs($0 - from) / speed }
      walks[w].dark.append(min(times[0], times[1])...max(times[0], times[1]))
    }
  }

  /// Through open ground, or along streets that owe nothing.
  mutating func through(_ points: [PlanePoint], speed: Double? = nil) {
    let speed = speed ?? stride()
    for p in points { go(world: world(p), speed) }
  }

  /// Stands where he is; on a line at a chainage where that is given.
  mutating func stand(_ seconds: Double, on spot: (line: Place.ID, chainage: Double)? = nil) {
    let began = now
    append(walks[walks.count - 1].knots.last!.point, at: began + seconds)
    guard let spot else { return }
    record(
      TruePass(
        place: spot.line, began: began, ended: now, from: spot.chainage, to: spot.chainage))
  }

  /// The speed of one stretch on foot: the bearer's own, more or less.
  mutating func stride() -> Double { min(1.7, max(1.0, pace * uniform(0.92, 1.08))) }

  private mutating func record(_ pass: TruePass) {
    let w = walks.count - 1
    walks[w].passes.append(pass)
    walks[w].passes += coincidences.compactMap { $0.mirrored(pass) }
  }

  private mutating func go(world target: PlanePoint, _ speed: Double) {
    let far = walks[walks.count - 1].knots.last!.point.distance(to: target)
    if far > 0.01 { append(target, at: now + far / speed) }
  }

  private mutating func append(_ point: PlanePoint, at time: Double) {
    guard time > now else { return }
    walks[walks.count - 1].knots.append(TrueWalk.Knot(time: time, point: point))
  }

  // MARK: the whole

  /// The window opens at 18:00 and closes, to the second, when the first of the walks is over.
  func course() -> Course {
    let ended = walks.map { $0.knots.last?.time ?? 0 }.min() ?? 0
    let from = TimeOfDay("18:00")!
    let to = TimeOfDay(seconds: from.seconds + Int(ended.rounded(.down)))!
    let group = Group(id: "group", name: "Group", handhelds: walks.map(\.handheld.id))
    let duty = Duty(
      id: "duty", group: "group", places: owed, from: from, to: to, every: .minutes(every),
      stay: .seconds(stay))
    do {
      let plan = try Plan(
        brigade: Brigade(
          id: "brigade", name: "Brigade",
          squadrons: [Squadron(id: "squadron", name: "Squadron", groups: [group])]),
        zone: Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600),
        dayStarts: TimeOfDay("06:00")!, places: places, handhelds: walks.map(\.handheld),
        duties: [duty], isRig: true)
      let day = plan.operationalDay(of: Instant(rfc3339: "2026-11-20T18:00:00+08:00")!)
      return Course(
        kind: kind, seed: seed, plan: plan, window: plan.window(of: duty, on: day),
        plane: plane, walks: walks)
    } catch {
      // Built here from checked parts: a fault is a mistake in a course.
      preconditionFailure("\(kind.rawValue) \(seed): \(error)")
    }
  }
}
