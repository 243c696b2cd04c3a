internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// A map of what was owed, each part coloured by the worst that was found there: missed, unproven, or covered.
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
    let kinds: [Place.Kind] = [.street, .area, .line, .point]
    for kind in kinds {
      for place in report.plan.places where place.kind == kind {
        draw(place, isOwed: windows[place.id] != nil, into: &svg)
      }
    }
    var taken: [Box] = []
    for place in report.plan.places where place.kind != .street {
      label(place, beside: &taken, into: &svg)
    }
    scaleBar(into: &svg)
    return svg.whole(
      width: Self.width, height: height, label: texts[.mapLabel], class: "map")
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

  private func draw(_ place: Place, isOwed: Bool, into svg: inout SVG) {
    let worst = worst(place.id)
    let title = title(place)
    func colour(_ cell: Int) -> String { isOwed ? SVG.colour(worst[cell]) : SVG.nothing }
    switch place.geometry {
    case .street(let line): stroke(line.coordinates, SVG.nothing, 1.5, title, into: &svg)
    case .line(let line, _):
      let cells = place.cells
      var from = 0
      while from < cells.count {
        var to = from
        while to + 1 < cells.count, worst[cells[to + 1].cell] == worst[cells[from].cell] { to += 1 }
        if let began = cells[from].stretch?.from, let ended = cells[to].stretch?.to {
          stroke(
            line.coordinates(from: began, to: ended), colour(cells[from].cell), 6, title, into: &svg
          )
        }
        from = to + 1
      }
    case .area(let surface, let side):
      if side != nil {
        for cell in place.cells where !cell.corners.isEmpty {
          fill([cell.corners], colour(cell.cell), 0.45, title, into: &svg)
        }
      }
      for rings in surface.polygons {
        fill(rings, colour(0), side == nil ? 0.35 : 0, title, into: &svg)
      }
    case .point(let centre, let radius):
      let p = screen(centre)
      svg.add(
        "circle",
        [
          ("cx", SVG.number(p.x)), ("cy", SVG.number(p.y)),
          ("r", SVG.number(max(8, radius.value * scale))), ("fill", colour(0)),
          ("stroke", "#fff"), ("stroke-width", "2"),
        ], title: title)
    }
  }

  private func stroke(
    _ line: [Coordinate], _ colour: String, _ width: Double, _ title: String, into svg: inout SVG
  ) {
    let points = line.map(screen).map { "\(SVG.number($0.x)),\(SVG.number($0.y))" }
    svg.add(
      "polyline",
      [
        ("points", points.joined(separator: " ")), ("fill", "none"), ("stroke", colour),
        ("stroke-width", SVG.number(width)), ("stroke-linejoin", "round"),
      ], title: title)
  }

  private func fill(
    _ rings: [[Coordinate]], _ colour: String, _ opacity: Double, _ title: String,
    into svg: inout SVG
  ) {
    let path = rings.map { ring in
      "M"
        + ring.map(screen).map { "\(SVG.number($0.x)) \(SVG.number($0.y))" }.joined(separator: "L")
        + "Z"
    }
    svg.add(
      "path",
      [
        ("d", path.joined()), ("fill", colour), ("fill-opacity", Decimal.text(opacity, 2)),
        ("fill-rule", "evenodd"), ("stroke", opacity == 0.45 ? "#fff" : colour),
        ("stroke-width", opacity == 0.45 ? "0.5" : "2"),
      ], title: title)
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
    // As wide as 12 px letters are; ideographs twice that.
    let width = place.name.unicodeScalars.reduce(0.0) { $0 + ($1.value > 0x2E80 ? 12 : 6.4) }
    let beside = [Box(at.x + 12, at.y - 7, width), Box(at.x - 12 - width, at.y - 7, width)]
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
