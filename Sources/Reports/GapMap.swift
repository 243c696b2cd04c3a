internal import Coverage
internal import Geodesy
internal import Patrol

/// The map of a gap's picture: what it is of and what lies around it, every fix of the deciding time, and the ways that
/// the matcher found or kept.
struct GapMap {
  let account: GapAccount
  let texts: Texts
  private let plane: LocalPlane
  private let low: PlanePoint
  private let scale: Double
  private let height: Double
  /// With its caption.
  var wholeHeight: Double { height + Self.caption }
  private static let caption = 20.0
  private let outside: Int
  static let width = GapPicture.width - 2 * GapPicture.margin
  /// Of each handheld so many usable fixes are drawn at most.
  static let fixMaximum = 1200
  /// Fixes this near to what the gap is of belong on the map, in metres.
  private static let aroundLine = 250.0
  private static let aroundTarget = 200.0

  init(_ account: GapAccount, _ texts: Texts) {
    (self.account, self.texts) = (account, texts)
    let outline = account.target.outline
    let plane = LocalPlane(origin: outline[outline.count / 2])
    let fixes = account.served.flatMap { account.fixes(of: $0) }.filter { $0.gate == nil }
    let distances = fixes.map { account.target.distance(from: $0.fix.position) }
    // The nearest position is what a reader looks for first, unless it would shrink all else to nothing.
    let nearest = distances.min() ?? 0
    let reach = max(
      account.isOnLine ? Self.aroundLine : Self.aroundTarget, nearest < 1500 ? nearest + 20 : 0)
    let shown = zip(fixes, distances).filter { $1 <= reach }.map { plane.point($0.0.fix.position) }
    let points = outline.map(plane.point) + shown
    var (a, b) = (points[0], points[0])
    for p in points {
      a = PlanePoint(x: min(a.x, p.x), y: min(a.y, p.y))
      b = PlanePoint(x: max(b.x, p.x), y: max(b.y, p.y))
    }
    let pad = max(40, 0.06 * max(b.x - a.x, b.y - a.y))
    var span = PlanePoint(x: max(240, b.x - a.x) + 2 * pad, y: max(120, b.y - a.y) + 2 * pad)
    let middle = (a + b) * 0.5
    let height = min(560, max(300, Self.width * span.y / span.x))
    let scale = min(Self.width / span.x, height / span.y)
    span = PlanePoint(x: Self.width / scale, y: height / scale)
    low = middle - span * 0.5
    let corner = low
    outside =
      fixes.count
      - fixes.filter {
        let p = plane.point($0.fix.position) - corner
        return p.x >= 0 && p.y >= 0 && p.x <= span.x && p.y <= span.y
      }.count
    (self.plane, self.scale, self.height) = (plane, scale, height)
  }

  func draw(_ legend: inout GapLegend) -> SVG {
    var svg = SVG()
    svg.label(
      texts(
        .mapCaption, account.clock(account.deciding.lowerBound),
        account.clock(account.deciding.upperBound), account.offsetText),
      x: 0, y: 10, [("font-weight", "bold")])
    svg.open("g", [("transform", "translate(0 \(SVG.number(Self.caption)))")])
    svg.add(picture(&legend))
    svg.close("g")
    return svg
  }

  private func picture(_ legend: inout GapLegend) -> SVG {
    var svg = SVG()
    var labels = GapLabels(width: Self.width, height: height)
    labels.keep(0, height - 12, 220)
    labels.keep(Self.width - 60, 20, 60)
    svg.open("clipPath", [("id", "map")])
    svg.add("rect", frame)
    svg.close("clipPath")
    svg.open("g", [("class", "map"), ("clip-path", "url(#map)")])
    svg.add("rect", frame + [("fill", "#fbfbf8")])
    for kind in [Place.Kind.area, .street, .line, .point] {
      for place in account.plan.places where place.kind == kind { draw(place, &legend, &svg) }
    }
    target(&legend, &labels, &svg)
    for (n, served) in account.served.enumerated() where served.counts != nil {
      fixes(served, GapPicture.colour(n), &legend, &svg)
    }
    var lanes: [(text: String, path: [(Double, Double)])] = []
    for (n, served) in account.served.enumerated() where served.counts != nil {
      ways(served, GapPicture.colour(n), &legend, &labels, &svg)
      passages(served, GapPicture.colour(n), &lanes, &legend, &labels, &svg)
    }
    for (n, lane) in lanes.enumerated() {
      let shown = lane.path.filter(isShown)
      let at = shown.isEmpty ? lane.path[0] : shown[shown.count * (n % 5 + 1) / 7]
      let (first, last) = (lane.path[0], lane.path[lane.path.count - 1])
      let isSteep = abs(last.1 - first.1) > abs(last.0 - first.0)
      let beyond = 12 * Double(min(lanes.count, Self.laneCount) - n % Self.laneCount)
      labels.put(
        lane.text, by: at.0, at.1, apart: isSteep ? beyond : -4, size: 10,
        side: isSteep ? .beside : .under, into: &svg)
    }
    measures(&labels, &svg)
    let others = account.plan.places.filter { $0.id != account.place.id }
    for place in [account.place] + others { name(place, &labels, &svg) }
    svg.close("g")
    svg.add("rect", frame + [("fill", "none"), ("stroke", "#777")])
    bearings(&svg)
    return svg
  }

  private var frame: [(String, String)] {
    [("width", SVG.number(Self.width)), ("height", SVG.number(height))]
  }

  func screen(_ c: Coordinate) -> (Double, Double) {
    let p = plane.point(c) - low
    return (p.x * scale, height - p.y * scale)
  }

  func isShown(_ p: (Double, Double)) -> Bool {
    p.0 >= 0 && p.0 <= Self.width && p.1 >= 0 && p.1 <= height
  }

  // MARK: places

  private func draw(_ place: Place, _ legend: inout GapLegend, _ svg: inout SVG) {
    switch place.geometry {
    case .street(let line):
      if line.coordinates.map(screen).contains(where: isShown) { legend.use(.street) }
      stroke(line.coordinates, "#9a9a9a", 1.5, [], title: place.name, &svg)
    case .line(let line, _):
      if line.coordinates.map(screen).contains(where: isShown) { legend.use(.line) }
      stroke(
        line.coordinates, place.id == account.place.id ? "#b5b5b5" : "#d6d6d6", 6, [],
        title: place.name, &svg)
    case .area(let surface, _):
      for rings in surface.polygons { fill(rings, "#e9e9e2", "#999", title: place.name, &svg) }
    case .point(let centre, let radius):
      let p = screen(centre)
      svg.add(
        "circle",
        [
          ("cx", SVG.number(p.0)), ("cy", SVG.number(p.1)),
          ("r", SVG.number(max(3, radius.value * scale))), ("fill", "#e9e9e2"), ("stroke", "#999"),
        ], title: place.name)
    }
  }

  private func target(_ legend: inout GapLegend, _ labels: inout GapLabels, _ svg: inout SVG) {
    legend.use(.stretch)
    let colour = GapMarks.stretchColour
    switch account.target.shape {
    case .point(let centre, let radius):
      let p = screen(centre)
      svg.add(
        "circle",
        [
          ("class", "target"), ("cx", SVG.number(p.0)), ("cy", SVG.number(p.1)),
          ("r", SVG.number(radius * scale)), ("fill", colour), ("fill-opacity", "0.35"),
          ("stroke", "#111"), ("stroke-width", "1.6"),
        ])
    case .surface(let surface):
      for rings in surface.polygons {
        fill(rings, colour, "#111", [("class", "target"), ("fill-opacity", "0.35")], &svg)
      }
    case .stretches(let line, let all):
      for stretch in all {
        stroke(
          line.coordinates(from: Metres(stretch.lowerBound), to: Metres(stretch.upperBound)),
          colour, 15,
          [("class", "target"), ("stroke-opacity", "0.45")], &svg)
      }
    }
  }

  /// Chainages along a line, the radius of a point.
  private func measures(_ labels: inout GapLabels, _ svg: inout SVG) {
    switch account.target.shape {
    case .surface: break
    case .point(let centre, let radius):
      let p = screen(centre)
      labels.put(
        texts(.radiusIs, Decimal.text(radius, 0)), by: p.0, p.1, apart: radius * scale + 5,
        side: .over, into: &svg)
    case .stretches(let line, let all):
      let step = GapMarks.step(
        Self.width / scale, atMost: 8, of: GapMarks.lengths)
      for s in stride(from: 0, through: line.length.value, by: step) {
        guard let p = line.plane.coordinate(line.point(at: s)).map(screen), isShown(p) else {
          continue
        }
        let across = line.direction(at: s)
        let (dx, dy) = (-across.y * 6, -across.x * 6)
        svg.add(
          "path",
          [
            (
              "d",
              "M\(SVG.number(p.0 - dx)) \(SVG.number(p.1 - dy))L\(SVG.number(p.0 + dx)) \(SVG.number(p.1 + dy))"
            ), ("stroke", "#555"),
          ])
        labels.put(
          texts(.metres, Decimal.text(s, 0)), by: p.0, p.1, apart: 11, size: 10,
          side: side(across), into: &svg)
      }
      for end in all.flatMap({ [$0.lowerBound, $0.upperBound] }) {
        guard let p = line.plane.coordinate(line.point(at: end)).map(screen), isShown(p) else {
          continue
        }
        let across = line.direction(at: end)
        labels.put(
          texts(.metres, Decimal.text(end, 0)), by: p.0, p.1, apart: 24, size: 12,
          side: side(across), into: &svg)
      }
    }
  }

  /// Where a measure stands by a line that runs this way: across from the lanes.
  private func side(_ along: PlanePoint) -> GapLabels.Side {
    guard abs(along.x) > abs(along.y) else { return .beside }
    return (along.x > 0) == (laneSide > 0) ? .over : .under
  }

  private func name(_ place: Place, _ labels: inout GapLabels, _ svg: inout SVG) {
    let candidates: [Coordinate]
    switch place.geometry {
    case .point(let centre, _): candidates = [centre]
    case .area(let surface, _): candidates = [surface.plane.origin]
    case .line(let line, _), .street(let line):
      candidates = [0.5, 0.3, 0.7, 0.1, 0.9].compactMap {
        line.plane.coordinate(line.point(at: line.length.value * $0))
      }
    }
    guard let p = candidates.map(screen).first(where: isShown) else { return }
    var (apart, side) = (16.0, GapLabels.Side.beside)
    if case .point(_, let radius) = place.geometry {
      (apart, side) = (max(10, radius.value * scale + 5), .under)
    }
    labels.put(
      GapPicture.fitted(place.name, size: 12, width: 260), by: p.0, p.1, apart: apart, size: 12,
      side: side, into: &svg)
  }

  // MARK: strokes

  func stroke(
    _ line: [Coordinate], _ colour: String, _ width: Double, _ more: [(String, String)],
    title: String? = nil, _ svg: inout SVG
  ) {
    svg.add(
      "polyline",
      more + [
        ("points", GapMarks.points(line.map(screen))), ("fill", "none"), ("stroke", colour),
        ("stroke-width", SVG.number(width)), ("stroke-linejoin", "round"),
      ], title: title)
  }

  private func fill(
    _ rings: [[Coordinate]], _ colour: String, _ edge: String, _ more: [(String, String)] = [],
    title: String? = nil, _ svg: inout SVG
  ) {
    let path = rings.map { ring in
      "M"
        + ring.map(screen).map { "\(SVG.number($0.0)) \(SVG.number($0.1))" }.joined(separator: "L")
        + "Z"
    }
    svg.add(
      "path",
      more + [
        ("d", path.joined()), ("fill", colour), ("fill-rule", "evenodd"), ("stroke", edge),
      ], title: title)
  }

  private func bearings(_ svg: inout SVG) {
    let length = GapMarks.lengths.last { $0 * scale < Self.width / 6 } ?? GapMarks.lengths[0]
    let (x, y) = (12.0, height - 12)
    svg.add(
      "path",
      [
        ("class", "scale"),
        ("d", "M\(SVG.number(x)) \(SVG.number(y - 6))v6h\(SVG.number(length * scale))v-6"),
        ("fill", "none"), ("stroke", "#111"), ("stroke-width", "1.6"),
      ])
    GapMarks.label(texts(.metres, Decimal.text(length, 0)), x: x + length * scale + 6, y: y, &svg)
    let n = Self.width - 24
    svg.add(
      "path",
      [
        ("class", "north"), ("d", "M\(SVG.number(n)) 10l6 18l-6-5l-6 5z"), ("fill", "#111"),
        ("stroke", "#fff"),
      ])
    GapMarks.label(texts[.northLetter], x: n, y: 41, size: 12, anchor: "middle", &svg)
    if outside > 0 {
      GapMarks.label(
        texts(.beyondMap, count: outside), x: Self.width - 10, y: height - 12, anchor: "end", &svg)
    }
  }
}
