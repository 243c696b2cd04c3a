internal import Geodesy
internal import Patrol

extension Course {
  /// - Parameter interval: at which handhelds report, in seconds.
  public init(_ kind: Kind, seed: UInt64, interval: Int) {
    var builder = CourseBuilder(kind, seed: seed, interval: interval)
    switch kind {
    case .thereAndBack: builder.thereAndBack()
    case .leftOut: builder.leftOut()
    case .laneBeside: builder.laneBeside()
    case .parallel15: builder.parallelStreets(15)
    case .parallel20: builder.parallelStreets(20)
    case .parallel30: builder.parallelStreets(30)
    case .dualPavements: builder.dualPavements()
    case .sideLanes: builder.sideLanes()
    case .figureEight: builder.figureEight()
    case .closedLoop: builder.closedLoop()
    case .outAndBack: builder.outAndBack()
    case .sharedStreet: builder.sharedStreet()
    case .uTurns: builder.uTurns()
    case .shortcut: builder.shortcut()
    case .tunnel: builder.tunnel()
    case .driveBy: builder.driveBy()
    case .standing: builder.standing()
    case .streetGrid: builder.streetGrid()
    case .winding: builder.winding()
    case .guardPoints: builder.guardPoints()
    case .besidePoints: builder.besidePoints()
    case .passBys: builder.passBys()
    }
    self = builder.course()
  }
}

extension CourseBuilder {
  /// Up or down a line to its end or, at times, only part of the way; now and then a pause at the turn. Where it got to.
  @discardableResult
  mutating func lap(_ line: Place.ID, from: Double, short: Double = 0.3) -> Double {
    let length = self.length(line)
    let isUp = from < length / 2
    var to = isUp ? length : 0
    if chance(short) { to = isUp ? length * uniform(0.4, 0.9) : length * uniform(0.1, 0.6) }
    along(line, from, to)
    if chance(0.3) { stand(uniform(5, 40), on: (line, to)) }
    return to
  }

  /// Off the line to rest somewhere 80 to 150 m away, and back to where it was left.
  mutating func rest(_ line: Place.ID, at chainage: Double, minutes: ClosedRange<Double>) {
    let aside = uniform(80, 150) * (chance(0.5) ? 1 : -1)
    through([beside(line, chainage, aside)])
    stand(uniform(minutes.lowerBound, minutes.upperBound) * 60)
    through([beside(line, chainage)])
  }

  mutating func thereAndBack() {
    line("line", road(uniform(600, 1500)))
    handheld("a", at: beside("line", 0))
    var at = 0.0
    while !isDone {
      at = lap("line", from: at)
      if chance(0.3) { rest("line", at: at, minutes: 10...30) }
    }
  }

  mutating func leftOut() {
    let total = uniform(700, 1400)
    line("line", road(total, bend: 10))
    let gap = uniform(120, 300)
    let from = uniform(120, total - gap - 120)
    let aside = uniform(40, 100) * (chance(0.5) ? 1 : -1)
    handheld("a", at: beside("line", 0))
    var isUp = true
    while !isDone {
      let (a, b) = isUp ? (from, from + gap) : (from + gap, from)
      let end = isUp ? length("line") : 0
      along("line", length("line") - end, a)
      if chance(0.8) {
        let way = (0...6).map { beside("line", a + (b - a) * Double($0) / 6, aside) }
        through(way)
      } else {
        along("line", a, b)
      }
      along("line", b, end)
      isUp.toggle()
    }
  }

  mutating func uTurns() {
    line("line", road(uniform(600, 1200)))
    let length = self.length("line")
    handheld("a", at: beside("line", 0))
    var at = 0.0
    while !isDone {
      let end = at < length / 2 ? length : 0
      while abs(end - at) > 60, !isDone {
        let step = uniform(100, 450)
        let to = end > at ? min(end, at + step) : max(end, at - step)
        along("line", at, to)
        at = to
        guard at != end, chance(0.6) else { continue }
        let back = uniform(50, 300)
        let turn = end > at ? max(0, at - back) : min(length, at + back)
        along("line", at, turn)
        at = turn
      }
      along("line", at, end)
      at = end
    }
  }

  /// L or U: arms of 200 to 450 m, and a base.
  mutating func shortcut() {
    let (arm, base, last) = (uniform(200, 450), uniform(180, 350), uniform(200, 450))
    let skew = uniform(-30, 30)
    var points = [
      PlanePoint(x: 0, y: arm), PlanePoint(x: 0, y: 0), PlanePoint(x: base, y: skew),
    ]
    let isU = chance(0.6)
    if isU { points.append(PlanePoint(x: base + uniform(-40, 40), y: skew + last)) }
    line("line", points)
    let corners = tracks["line"]!.chainages.dropFirst().dropLast()
    handheld("a", at: beside("line", 0))
    var isUp = true
    while !isDone {
      var at = isUp ? 0 : length("line")
      for corner in isUp ? Array(corners) : corners.reversed() where chance(0.5) {
        let (before, after) = (uniform(60, 85), uniform(60, 85))
        let leave = isUp ? corner - before : corner + before
        let enter = isUp ? corner + after : corner - after
        along("line", at, leave)
        through([beside("line", enter)])
        at = enter
      }
      along("line", at, isUp ? length("line") : 0)
      isUp.toggle()
    }
  }

  mutating func tunnel() {
    let total = uniform(700, 1400)
    line("line", road(total))
    let dark = uniform(60, 120)
    let from = uniform(200, total - 320)
    tunnels = [("line", from...from + dark)]
    handheld("a", at: beside("line", 0))
    var at = 0.0
    while !isDone {
      at = lap("line", from: at)
      if chance(0.25) { rest("line", at: at, minutes: 10...30) }
    }
  }

  mutating func standing() {
    line("line", road(uniform(600, 1000)))
    let length = self.length("line")
    handheld("a", at: beside("line", 0))
    var at = 0.0
    while !isDone {
      let end = at < length / 2 ? length : 0
      for _ in 0..<2 {
        let to = at + (end - at) * uniform(0.25, 0.6)
        along("line", at, to)
        at = to
        let minutes = uniform(3, 12) * 60
        if chance(0.5) {
          stand(minutes, on: ("line", at))
        } else {
          // In a doorway, or across the road: near the line, not on it.
          let aside = uniform(12, 60) * (chance(0.5) ? 1 : -1)
          through([beside("line", at, aside)])
          stand(minutes)
          through([beside("line", at)])
        }
      }
      along("line", at, end)
      at = end
    }
  }

  mutating func winding() {
    line("line", zigzag(uniform(600, 1000), segment: 20...60))
    handheld("a", at: beside("line", 0))
    var at = 0.0
    while !isDone {
      at = lap("line", from: at)
      if chance(0.3) { rest("line", at: at, minutes: 10...30) }
    }
  }
}
