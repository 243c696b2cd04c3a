internal import Geodesy
internal import Glibc
internal import Patrol

/// Courses in which something else runs beside or across the line.
extension CourseBuilder {
  /// A mapped street `apart` metres beside the line, cross streets at both ends.
  mutating func parallelStreets(_ apart: Double) {
    let points = road(uniform(600, 1200), segment: 100...250, bend: 12)
    line("line", points)
    street("street", parallel(points, apart))
    let (first, last) = (points[0], points[points.count - 1])
    for (id, end, d) in [
      ("west", first, points[1] - first), ("east", last, last - points[points.count - 2]),
    ] {
      let normal = PlanePoint(x: -d.y, y: d.x) * (1 / d.length)
      street(Place.ID(id), [end + normal * -40, end, end + normal * apart, end + normal * 80])
    }
    handheld("a", at: first)
    var isUp = true
    var onLine = true
    while !isDone {
      let id: Place.ID = onLine ? "line" : "street"
      along(id, isUp ? 0 : length(id), isUp ? length(id) : 0)
      isUp.toggle()
      // Changes over along the cross street, which is what a straight line to the other's end is; keeps to one for
      // about three laps, long enough for the other to lapse.
      if chance(0.35) { onLine.toggle() }
    }
  }

  /// An unmapped lane 25 to 40 m beside the line, from end to end: a few laps on one, then a few on the other.
  mutating func laneBeside() {
    let points = road(uniform(600, 1200), segment: 100...250, bend: 12)
    line("line", points)
    let lane = parallel(points, uniform(25, 40) * (chance(0.5) ? 1 : -1))
    handheld("a", at: points[0])
    var isUp = true
    var onLine = true
    while !isDone {
      if onLine {
        along("line", isUp ? 0 : length("line"), isUp ? length("line") : 0)
      } else {
        through(isUp ? lane : lane.reversed())
      }
      isUp.toggle()
      if chance(0.35) { onLine.toggle() }
    }
  }

  /// Two lines on both sides of one road; crossing over where one is left for the other.
  mutating func dualPavements() {
    let points = road(uniform(600, 1200), segment: 100...250, bend: 12)
    let apart = uniform(10, 16)
    line("north", parallel(points, apart / 2))
    line("south", parallel(points, -apart / 2))
    let until = uniform(0.3, 0.8)
    handheld("a", at: beside("north", 0))
    var isUp = true
    while !isDone {
      let (north, south) = (length("north"), length("south"))
      if isUp {
        along("north", 0, north)
      } else if chance(0.6) {
        // Back on the other side, crossing over where that is to be left.
        along("north", north, until * north)
        along("south", until * south, 0)
      } else {
        along("north", north, 0)
      }
      isUp.toggle()
    }
  }

  /// Three to five lanes of 40 to 120 m off the line, at 70 to 110° to it; every other one mapped.
  mutating func sideLanes() {
    line("line", road(uniform(700, 1300), bend: 15))
    let total = length("line")
    let count = Int.random(in: 3...5, using: &random)
    var lanes: [(chainage: Double, end: PlanePoint, street: Place.ID?)] = []
    for i in 0..<count {
      let chainage = total * (Double(i) + uniform(0.3, 0.8)) / Double(count)
      let side = chance(0.5) ? 1.0 : -1.0
      let depth = uniform(40, 120)
      let lean = tan(uniform(-20, 20) * .pi / 180)
      let foot = beside("line", chainage)
      let normal = beside("line", chainage, side) - foot
      let along = PlanePoint(x: normal.y, y: -normal.x)
      let end = foot + (normal + along * lean) * depth
      var id: Place.ID?
      if i % 2 == 0 {
        id = Place.ID("lane-\(i)")
        street(Place.ID("lane-\(i)"), [foot, end])
      }
      lanes.append((chainage, end, id))
    }
    handheld("a", at: beside("line", 0))
    var isUp = true
    while !isDone {
      var at = isUp ? 0 : total
      for lane in isUp ? lanes : lanes.reversed() where chance(0.6) {
        along("line", at, lane.chainage)
        at = lane.chainage
        if let id = lane.street {
          along(id, 0, length(id))
          along(id, length(id), 0)
        } else {
          through([lane.end, beside("line", at)])
        }
      }
      var end = isUp ? total : 0
      if chance(0.3), abs(end - at) > 200 { end = at + (end - at) * 0.5 }
      along("line", at, end)
      if end != 0, end != total { along("line", end, isUp ? 0 : total) } else { isUp.toggle() }
    }
  }

  /// Lines that come together, run 300 m within 3 m of each other, and part again.
  mutating func sharedStreet() {
    let (before, shared, after) = (uniform(200, 500), 300.0, uniform(200, 500))
    // The shared part from the origin to the east; the ends bend away from it.
    let (start, end) = (PlanePoint(x: 0, y: 0), PlanePoint(x: shared, y: 0))
    func away(_ from: PlanePoint, _ degrees: Double, _ far: Double) -> PlanePoint {
      from + PlanePoint(x: cos(degrees * .pi / 180), y: sin(degrees * .pi / 180)) * far
    }
    let up = [
      away(start, uniform(120, 170), before), start, end, away(end, uniform(10, 60), after),
    ]
    line("first", up)
    let apart = uniform(0, 3)
    let (s2, e2) = (PlanePoint(x: 0, y: -apart), PlanePoint(x: shared, y: -apart))
    let (before2, after2) = (uniform(200, 400), uniform(200, 400))
    line(
      "second",
      [away(s2, uniform(190, 240), before2), s2, e2, away(e2, uniform(-60, -10), after2)])
    let (a, b) = (tracks["first"]!.chainages, tracks["second"]!.chainages)
    coincidences = [
      Coincidence(
        line: "first", from: a[1], to: a[2], other: "second", otherFrom: b[1], otherTo: b[2]),
      Coincidence(
        line: "second", from: b[1], to: b[2], other: "first", otherFrom: a[1], otherTo: a[2]),
    ]
    handheld("a", at: beside("first", 0))
    var isUp = true
    while !isDone {
      let onFirst = chance(0.6)
      let (id, other): (Place.ID, Place.ID) =
        onFirst ? ("first", "second") : ("second", "first")
      let (mine, others) = onFirst ? (a, b) : (b, a)
      let i = isUp ? 2 : 1
      // To the end of the shared part on one; then on along either.
      along(id, isUp ? 0 : mine[3], mine[i])
      if chance(0.5) {
        along(id, mine[i], isUp ? mine[3] : 0)
      } else {
        along(other, others[i], isUp ? others[3] : 0)
      }
      isUp.toggle()
    }
  }

  /// Streets every 80 to 150 m, mapped, those under the line included; corners at times cut by way of the other street.
  mutating func streetGrid() {
    let side = uniform(80, 150)
    let (columns, rows) = (6, 5)
    for c in 0...columns {
      street(
        Place.ID("column-\(c)"),
        (0...rows).map { PlanePoint(x: Double(c) * side, y: Double($0) * side) })
    }
    for r in 0...rows {
      street(
        Place.ID("row-\(r)"),
        (0...columns).map { PlanePoint(x: Double($0) * side, y: Double(r) * side) })
    }
    var nodes = [(c: 0, r: Int.random(in: 0...2, using: &random))]
    while nodes.count < 10 {
      let last = nodes[nodes.count - 1]
      let wasUp = nodes.count > 1 && nodes[nodes.count - 2].r < last.r
      if last.r < rows, chance(wasUp ? 0.3 : 0.6) {
        nodes.append((last.c, last.r + 1))
      } else if last.c < columns {
        nodes.append((last.c + 1, last.r))
      } else {
        break
      }
    }
    func at(_ c: Int, _ r: Int) -> PlanePoint {
      PlanePoint(x: Double(c) * side, y: Double(r) * side)
    }
    line("line", nodes.map { at($0.c, $0.r) })
    let chainages = tracks["line"]!.chainages
    handheld("a", at: beside("line", 0))
    var isUp = true
    while !isDone {
      var i = isUp ? 0 : nodes.count - 1
      var from = i
      let step = isUp ? 1 : -1
      let end = isUp ? nodes.count - 1 : 0
      while i != end {
        let two = i + 2 * step
        let isCorner =
          nodes.indices.contains(two) && nodes[i].c != nodes[two].c && nodes[i].r != nodes[two].r
        guard isCorner, chance(0.5) else {
          i += step
          continue
        }
        if from != i { along("line", chainages[from], chainages[i]) }
        let corner = nodes[i + step]
        // The corner of the block that the line does not touch.
        let other = (
          c: nodes[i].c + nodes[two].c - corner.c, r: nodes[i].r + nodes[two].r - corner.r
        )
        through([at(other.c, other.r), at(nodes[two].c, nodes[two].r)])
        (i, from) = (two, two)
      }
      if from != i { along("line", chainages[from], chainages[i]) }
      isUp.toggle()
    }
  }
}
