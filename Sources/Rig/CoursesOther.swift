internal import Geodesy
internal import Glibc
internal import Patrol

extension CourseBuilder {
  /// A rider who is slow enough on some stretches (3 to 6 m/s), too fast on others (9 to 11), and pushes at times; a
  /// walker on the first part of the line.
  mutating func driveBy() {
    line("line", road(uniform(1000, 1500), segment: 100...250))
    let total = length("line")
    handheld("rider", .ebike, at: beside("line", 0))
    var at = 0.0
    while !isDone {
      let end = at < total / 2 ? total : 0
      while abs(end - at) > 1, !isDone {
        let step = uniform(200, 600)
        let to = end > at ? min(end, at + step) : max(end, at - step)
        let speed = chance(0.6) ? uniform(9, 11) : chance(0.5) ? uniform(3, 6) : stride()
        along("line", at, to, speed: speed)
        at = to
      }
      rest("line", at: at, minutes: 4...12)
    }
    handheld("walker", at: beside("line", 0))
    let part = total * uniform(0.3, 0.6)
    while !isDone {
      along("line", 0, part)
      along("line", part, 0)
      if chance(0.5) { rest("line", at: 0, minutes: 5...20) }
    }
  }

  /// Three or four guard points 150 to 300 m apart. A tour goes to each: a stay of 1.3 to 2.5 S within 6 m of it, at
  /// times with a short excursion; a stay too short; past it at 30 to 50 m; a pause 40 to 60 m off; or not at all.
  mutating func guardPoints() {
    stay = Int(uniform(2, 5) * 2) * 30
    let s = Double(stay)
    var at = [PlanePoint(x: 0, y: 0)]
    for _ in 1..<Int.random(in: 3...4, using: &random) {
      let way = uniform(-60, 60) * .pi / 180
      at.append(at[at.count - 1] + PlanePoint(x: cos(way), y: sin(way)) * uniform(150, 300))
    }
    for (i, p) in at.enumerated() { point(Place.ID("point-\(i)"), p, radius: 15) }
    handheld("a", at: at[0] + PlanePoint(x: -60, y: -40))
    func off(_ p: PlanePoint, _ far: Double, _ degrees: Double) -> PlanePoint {
      p + PlanePoint(x: cos(degrees * .pi / 180), y: sin(degrees * .pi / 180)) * far
    }
    var isUp = true
    while !isDone {
      for p in isUp ? at : at.reversed() {
        let side = uniform(0, 360)
        switch uniform(0, 1) {
        case ..<0.5:
          through([off(p, uniform(0, 6), side)])
          stand(s * uniform(1.3, 2.5) / 2)
          if chance(0.3) {
            through([off(p, uniform(20, 28), side), off(p, uniform(0, 6), side)])
          }
          stand(s * uniform(1.3, 2.5) / 2)
        case ..<0.65:
          through([off(p, uniform(0, 6), side)])
          stand(s * uniform(0.2, 0.7))
        case ..<0.8:
          let far = uniform(30, 50)
          through([off(p, far, side - 60), off(p, far, side), off(p, far, side + 60)])
        case ..<0.9:
          through([off(p, uniform(40, 60), side)])
          stand(uniform(2, 8) * 60)
        default: break
        }
      }
      isUp.toggle()
    }
  }
}
