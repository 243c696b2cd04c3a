internal import Coverage
internal import Geodesy
internal import Patrol

/// What handhelds did, on the map: their positions, the ways that the matcher found or kept, and their passes along the
/// gap's own line in lanes beside it.
extension GapMap {
  func fixes(
    _ served: GapAccount.Served, _ colour: String, _ legend: inout GapLegend, _ svg: inout SVG
  ) {
    let all = account.fixes(of: served)
    let usable = all.filter { $0.gate == nil }
    let kept = GapMarks.thinned(usable, to: Self.fixMaximum)
    let shown = kept.map { screen($0.fix.position) }.filter(isShown)
    if !shown.isEmpty {
      legend.use(.handheld(served.handheld.id.text, colour: colour))
      legend.use(.fix(of: served.handheld.id.text, left: kept.count, all: usable.count))
    }
    GapMarks.dots(shown, colour, &svg)
    let gated = all.filter { $0.gate != nil && $0.gate != .duplicate }
    for (fix, gate) in GapMarks.thinned(gated, to: 200) {
      let p = screen(fix.position)
      guard let gate, isShown(p) else { continue }
      legend.use(.gated(gate))
      GapMarks.gated(gate, p.0, p.1, colour, &svg)
    }
  }

  func ways(
    _ served: GapAccount.Served, _ colour: String, _ legend: inout GapLegend,
    _ labels: inout GapLabels, _ svg: inout SVG
  ) {
    let usable = account.fixes(of: served).filter { $0.gate == nil }.map(\.fix)
    var lastAlong: (Double, Double)?
    for run in GapRun.gather(served.trace.weighings, in: account.deciding) {
      switch run.lead.way {
      case .off where run.isDecided:
        let own = usable.filter { run.began <= $0.time && $0.time <= run.ended }
        let path = GapMarks.thinned(own, to: 300).map(\.position)
        guard path.count > 1, path.map(screen).contains(where: isShown) else { continue }
        legend.use(.off)
        stroke(path, colour, 0.9, [("class", "off")], &svg)
      case .along(let id) where run.isDecided:
        guard id != account.place.id, let path = path(run.lead),
          path.map(screen).contains(where: isShown)
        else { continue }
        legend.use(.otherWay)
        stroke(
          path, colour, 2.6, [("class", "other")],
          title: "\(served.handheld.id): \(account.clock(run.began))–\(account.clock(run.ended))",
          &svg)
        lastAlong = path.map(screen).first(where: isShown) ?? lastAlong
      default:
        for (n, way) in ([run.lead] + run.rivals).enumerated() {
          guard let path = path(way), let p = path.map(screen).first(where: isShown) else {
            continue
          }
          legend.use(n == 0 ? .undecided : .rival)
          stroke(
            path, colour, n == 0 ? 3 : 1.3,
            (n == 0 ? GapMarks.dashed : GapMarks.dotted) + [
              ("class", n == 0 ? "undecided" : "rival")
            ], title: "\(account.name(way.way, texts)): \(Decimal.text(way.weight, 2))", &svg)
          if run.ended - run.began >= .seconds(15) {
            labels.put(Decimal.text(way.weight, 2), by: p.0, p.1, size: 10, into: &svg)
          }
        }
      }
    }
    let at = lastAlong ?? usable.map { screen($0.position) }.first(where: isShown)
    if let at { labels.put(served.handheld.id.text, by: at.0, at.1, size: 12, into: &svg) }
  }

  /// Passes along the gap's own line, each in a lane of its own beside it, with its times.
  func passages(
    _ served: GapAccount.Served, _ colour: String,
    _ lanes: inout [(text: String, path: [(Double, Double)])],
    _ legend: inout GapLegend,
    _ labels: inout GapLabels, _ svg: inout SVG
  ) {
    let passages = GapPassage.gather(
      served.trace.legs, along: account.place.id, in: account.deciding,
      limit: account.passSpeedMaximum(served.handheld))
    for p in passages where p.kind != .undecided && !p.isStanding {
      let account = GapRun.Account(
        way: .along(self.account.place.id), low: p.low, high: p.high, weight: p.confidence)
      guard let path = path(account).map({ $0.map(screen) }), path.contains(where: isShown) else {
        continue
      }
      let aside = Self.beside(
        Self.dense(path), by: laneSide * (13 + 12 * Double(lanes.count % Self.laneCount)))
      legend.use(p.kind == .walked ? .walked : .tooFast)
      svg.add(
        "polyline",
        [
          ("class", p.kind == .walked ? "walked" : "fast"), ("points", GapMarks.points(aside)),
          ("fill", "none"), ("stroke", colour), ("stroke-width", "2.6"),
          ("stroke-linejoin", "round"),
        ] + (p.kind == .walked ? [] : GapMarks.fast))
      let times =
        "\(self.account.clock(p.began).prefix(5))–\(self.account.clock(p.ended).prefix(5))"
      lanes.append(("\(served.handheld.id) \(times)", aside))
    }
  }

  static let laneCount = 6

  /// 1 where lanes lie to the right of the line, -1 where another line or street is there and none to the left.
  var laneSide: Double {
    guard case .stretches(let line, let all) = account.target.shape else { return 1 }
    let others = account.plan.places.compactMap { place -> Polyline? in
      guard place.id != account.place.id else { return nil }
      switch place.geometry {
      case .line(let other, _), .street(let other): return other
      case .point, .area: return nil
      }
    }
    func neighbours(_ side: Double) -> Int {
      all.flatMap { [$0.lowerBound, ($0.lowerBound + $0.upperBound) / 2, $0.upperBound] }
        .filter { s in
          let d = line.direction(at: s)
          let across = PlanePoint(x: d.y, y: -d.x) * (side * Self.sideways)
          guard let c = line.plane.coordinate(line.point(at: s) + across) else { return false }
          return others.contains {
            $0.nearest(to: $0.plane.point(c)).distance < Self.sideways
          }
        }.count
    }
    return neighbours(1) > neighbours(-1) ? -1 : 1
  }

  /// Another way this near to one side stands where lanes would, in metres.
  private static let sideways = 20.0

  /// With points between, so that a part of it is always among them.
  private static func dense(_ path: [(Double, Double)]) -> [(Double, Double)] {
    guard let first = path.first else { return [] }
    return zip(path, path.dropFirst()).reduce(into: [first]) { all, leg in
      let ((ax, ay), (bx, by)) = leg
      let n = max(1, Int(max(abs(bx - ax), abs(by - ay)) / 25))
      for i in 1...n {
        let t = Double(i) / Double(n)
        all.append((ax + (bx - ax) * t, ay + (by - ay) * t))
      }
    }
  }

  /// A path moved to its right, in pixels.
  private static func beside(_ path: [(Double, Double)], by d: Double) -> [(Double, Double)] {
    path.indices.map { i in
      let (a, b) = (path[max(0, i - 1)], path[min(path.count - 1, i + 1)])
      let (dx, dy) = (b.0 - a.0, b.1 - a.1)
      let length = max(0.001, (dx * dx + dy * dy).squareRoot())
      return (path[i].0 - dy / length * d, path[i].1 + dx / length * d)
    }
  }

  /// The way of an account on the map; nil off all lines.
  private func path(_ way: GapRun.Account) -> [Coordinate]? {
    guard case .along(let id) = way.way, let place = account.plan.place(id) else { return nil }
    switch place.geometry {
    case .line(let line, _), .street(let line):
      let length = line.length.value
      // Over the joint of a closed loop chainages run on.
      let pieces = [(way.low, way.high), (way.low + length, length), (0, way.high - length)]
      let all = pieces.enumerated().flatMap { n, piece -> [Coordinate] in
        let (from, to) = (max(0, piece.0), min(length, piece.1))
        guard to > from, n == 0 || (n == 1 ? way.low < 0 : way.high > length) else { return [] }
        return line.coordinates(from: Metres(from), to: Metres(to))
      }
      return all.count > 1 ? all : nil
    case .point, .area: return nil
    }
  }
}
