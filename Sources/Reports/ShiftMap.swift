internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// A map of what was owed, each part drawn by the worst that was found there: missed, unproven, or covered.
struct ShiftMap {
  private let report: ShiftReport
  private let windows: [Place.ID: [WindowRecord]]
  private let gaps: [Place.ID: [Gap]]
  private let texts: Texts
  private let plane: LocalPlane
  private let low: PlanePoint
  private let scale: Double
  private let height: Double
  private static let width = 900.0
  private static let margin = 40.0
  private static let name = "map"

  /// Nil where the plan has no place.
  init?(_ report: ShiftReport, texts: Texts) {
    let all = report.plan.places.flatMap { place -> [Coordinate] in
      switch place.geometry {
      case .point(let centre, _): [centre]
      case .line(let line, _), .street(let line): line.coordinates
      case .area(let surface, _): surface.polygons.joined().joined().map { $0 }
      }
    }
    guard let first = all.first else { return nil }
    let rough = LocalPlane(origin: first)
    let points = all.map(rough.point)
    let middle = PlanePoint(
      x: (points.map(\.x).min()! + points.map(\.x).max()!) / 2,
      y: (points.map(\.y).min()! + points.map(\.y).max()!) / 2)
    plane = LocalPlane(origin: rough.coordinate(middle) ?? first)
    let placed = all.map(plane.point)
    low = PlanePoint(x: placed.map(\.x).min()!, y: placed.map(\.y).min()!)
    let high = PlanePoint(x: placed.map(\.x).max()!, y: placed.map(\.y).max()!)
    let span = PlanePoint(x: max(high.x - low.x, 200), y: max(high.y - low.y, 200))
    scale = min((Self.width - 2 * Self.margin) / span.x, 640 / span.y)
    height = span.y * scale + 2 * Self.margin
    self.report = report
    windows = Dictionary(grouping: report.windows, by: \.owed.place)
    gaps = Dictionary(grouping: report.gaps.map(\.gap), by: \.owed.place)
    self.texts = texts
  }

  func svg() -> String {
    var svg = SVG()
    MapFinding.define(Self.name, in: &svg)
    var found: Set<MapFinding> = []
    let kinds: [Place.Kind] = [.street, .area, .line, .point]
    for kind in kinds {
      for place in report.plan.places where place.kind == kind {
        svg.open("g")
        svg.open("title")
        svg.add(plain: title(place))
        svg.close("title")
        found.formUnion(draw(place, into: &svg))
        svg.close("g")
      }
    }
    // Names do not lie over guard points.
    var taken = report.plan.places.compactMap { place -> Box? in
      guard case .point(let centre, _) = place.geometry else { return nil }
      let p = screen(centre)
      return Box(p.x - 9, p.y - 7, 18)
    }
    for place in report.plan.places where place.kind != .street {
      label(place, beside: &taken, into: &svg)
    }
    scaleBar(into: &svg)
    let legend = MapLegend(
      findings: MapFinding.allCases.filter(found.contains),
      kinds: Set(report.plan.places.map(\.kind)), texts: texts)
    svg.open("g", [("class", "signs")])
    let signs = legend.draw(
      left: Self.margin, right: Self.width - 10, top: height, chart: Self.name, &svg)
    svg.close("g")
    return svg.whole(
      width: Self.width, height: height + signs + 6, label: texts[.mapLabel], class: "map")
  }

  private func screen(_ c: Coordinate) -> PlanePoint { screen(plane.point(c)) }

  private func screen(_ p: PlanePoint) -> PlanePoint {
    PlanePoint(
      x: Self.margin + (p.x - low.x) * scale, y: height - Self.margin - (p.y - low.y) * scale)
  }

  /// The worst found of each cell.
  private func worst(_ place: Place.ID) -> [Int: Verdict] {
    var worst: [Int: Verdict] = [:]
    for gap in gaps[place] ?? [] {
      for piece in gap.region.pieces where worst[piece.cell] != .missed {
        worst[piece.cell] = gap.verdict
      }
    }
    return worst
  }

  private func title(_ place: Place) -> String {
    let shares = (windows[place.id] ?? []).compactMap { w in
      w.shares.map {
        texts(
          .sharesOfDuty, w.owed.duty.text, texts.percent($0.covered), texts.percent($0.missed),
          texts.percent($0.unproven))
      }
    }
    return ([place.name] + shares).joined(separator: "\n")
  }

  /// Tells what it drew.
  private func draw(_ place: Place, into svg: inout SVG) -> Set<MapFinding> {
    let isJudged = (windows[place.id] ?? []).contains { $0.shares != nil }
    let worst = worst(place.id)
    func finding(_ cell: Int) -> MapFinding { isJudged ? MapFinding(worst[cell]) : .none }
    switch place.geometry {
    case .street(let line):
      svg.add(
        "path",
        [
          ("d", path(line.coordinates)), ("fill", "none"), ("stroke", SVG.nothing),
          ("stroke-width", "1.2"), ("stroke-dasharray", "4 3"),
        ])
      return []
    case .line(let line, _):
      let cells = place.cells
      var from = 0
      while from < cells.count {
        var to = from
        while to + 1 < cells.count, worst[cells[to + 1].cell] == worst[cells[from].cell] { to += 1 }
        if let began = cells[from].stretch?.from, let ended = cells[to].stretch?.to {
          finding(cells[from].cell).line(path(line.coordinates(from: began, to: ended)), &svg)
        }
        from = to + 1
      }
    case .area(let surface, let side):
      let outline = surface.polygons.joined().map { path($0) + "Z" }.joined()
      guard side != nil else {
        finding(0).area(outline, chart: Self.name, &svg)
        break
      }
      let squares = Dictionary(
        grouping: place.cells.filter { !$0.corners.isEmpty }, by: { finding($0.cell) })
      for one in MapFinding.allCases {
        guard let own = squares[one] else { continue }
        let d = own.map { path($0.corners) + "Z" }.joined()
        one.area(d, edge: ("#fff", 0.5), chart: Self.name, &svg)
      }
      svg.add(
        "path",
        [("d", outline), ("fill", "none"), ("stroke", "#555555"), ("stroke-width", "1.2")])
    case .point(let centre, let radius):
      let p = screen(centre)
      finding(0).point(x: p.x, y: p.y, radius: max(8, radius.value * scale), &svg)
    }
    return Set(place.cells.map { finding($0.cell) })
  }

  private func path(_ line: [Coordinate]) -> String {
    "M" + line.map(screen).map { "\(SVG.number($0.x)) \(SVG.number($0.y))" }.joined(separator: "L")
  }

  /// A name beside its place: the first of four sides where it lies over no other name and within the picture.
  private func label(_ place: Place, beside taken: inout [Box], into svg: inout SVG) {
    let at: PlanePoint
    switch place.geometry {
    case .point(let centre, _): at = screen(centre)
    case .line(let line, _), .street(let line):
      at = screen(line.plane.coordinate(line.point(at: line.length.value / 2)) ?? line.plane.origin)
    case .area(let surface, _): at = screen(surface.plane.origin)
    }
    let width = GapPicture.textWidth(place.name, size: 12)
    let aside = max(12, halfWidth(place) + 5)
    let beside = [Box(at.x + aside, at.y - 7, width), Box(at.x - aside - width, at.y - 7, width)]
    let over = [Box(at.x - width / 2, at.y - 25, width), Box(at.x - width / 2, at.y + 12, width)]
    var boxes = beside + over
    // Along a line that runs east and west a name lies better over it.
    if case .line(let line, _) = place.geometry {
      let direction = line.direction(at: line.length.value / 2)
      if abs(direction.x) > abs(direction.y) { boxes = over + beside }
    }
    let free = boxes.first { box in
      box.x > 0 && box.x + box.width < Self.width && !taken.contains { $0.overlaps(box) }
    }
    let box = free ?? boxes[0]
    taken.append(box)
    svg.label(place.name, x: box.x, y: box.y + 11, [("class", "place")])
  }

  /// Of an area's middle from its edge; of other places, nothing.
  private func halfWidth(_ place: Place) -> Double {
    guard case .area(let surface, _) = place.geometry else { return 0 }
    let middle = screen(surface.plane.origin).x
    return surface.polygons.joined().joined().map { abs(screen($0).x - middle) }.max() ?? 0
  }

  private struct Box {
    var x: Double
    var y: Double
    var width: Double

    init(_ x: Double, _ y: Double, _ width: Double) { (self.x, self.y, self.width) = (x, y, width) }

    func overlaps(_ b: Box) -> Bool {
      x < b.x + b.width && b.x < x + width && abs(y - b.y) < 14
    }
  }

  private func scaleBar(into svg: inout SVG) {
    let lengths = [50.0, 100, 200, 500, 1000, 2000, 5000, 10_000]
    let length = lengths.last { $0 * scale < Self.width / 4 } ?? lengths[0]
    let (x, y) = (Self.margin, height - 12)
    svg.add(
      "path",
      [
        ("d", "M\(SVG.number(x)) \(SVG.number(y - 5))v5h\(SVG.number(length * scale))v-5"),
        ("fill", "none"), ("stroke", "#333"),
      ])
    let text =
      length < 1000
      ? texts(.metres, "\(Int(length))") : texts(.kilometres, "\(Int(length / 1000))")
    svg.label(text, x: x + length * scale + 6, y: y)
    svg.label(texts[.north], x: Self.width - Self.margin, y: 20, [("text-anchor", "end")])
  }
}
