internal import Geodesy
internal import Glibc
internal import Patrol

/// Courses at guard points that are harder to tell apart than those of `guardPoints`.
extension CourseBuilder {
  /// Five guard points of 15 to 40 m, two of them 40 m apart with 15 m each. A tour goes to each: a stay of 1.3 to 2.5 S
  /// anywhere within 0.8 of the radius; a stay too short; a long stand 10 to 20 m outside; past it 15 to 35 m outside;
  /// straight through; or not at all.
  mutating func besidePoints() {
    stay = Int(uniform(2, 8)) * 30
    let s = Double(stay)
    var at = [PlanePoint(x: 0, y: 0), off(PlanePoint(x: 0, y: 0), 40, uniform(0, 360))]
    var radii = [15.0, 15.0]
    for i in 0..<3 {
      let from = at[i == 0 ? 0 : at.count - 1]
      at.append(off(from, uniform(200, 300), uniform(-50, 50)))
      radii.append(uniform(15, 40))
    }
    for (i, p) in at.enumerated() { point(Place.ID("point-\(i)"), p, radius: radii[i]) }
    handheld("a", at: at[0] + PlanePoint(x: -80, y: -60))
    var isUp = true
    while !isDone {
      for i in isUp ? Array(at.indices) : at.indices.reversed() {
        let (p, r, side) = (at[i], radii[i], uniform(0, 360))
        switch uniform(0, 1) {
        case ..<0.4:
          through([off(p, uniform(0, 0.8) * r, side)])
          stand(s * uniform(1.3, 2.5))
        case ..<0.55:
          through([off(p, uniform(0, 0.8) * r, side)])
          stand(s * uniform(0.1, 0.6))
        case ..<0.75:
          through([off(p, r + uniform(10, 20), side)])
          stand(s * uniform(1.1, 2))
        case ..<0.85:
          let far = r + uniform(15, 35)
          through([off(p, far, side - 60), off(p, far, side), off(p, far, side + 60)])
        case ..<0.95: through([off(p, r + 60, side), off(p, r + 60, side + 180)])
        default: break
        }
      }
      isUp.toggle()
    }
  }

  /// Four guard points of 15 to 30 m where no stay is asked for. A tour goes to each: past it within half of its radius;
  /// past it 15 to 35 m outside; a stand within; a stand 15 to 30 m outside; or not at all.
  mutating func passBys() {
    var at = [PlanePoint(x: 0, y: 0)]
    for i in 1..<4 { at.append(off(at[i - 1], uniform(200, 300), uniform(-50, 50))) }
    let radii = at.map { _ in uniform(15, 30) }
    for (i, p) in at.enumerated() { point(Place.ID("point-\(i)"), p, radius: radii[i]) }
    handheld("a", at: at[0] + PlanePoint(x: -80, y: -60))
    var isUp = true
    while !isDone {
      for i in isUp ? Array(at.indices) : at.indices.reversed() {
        let (p, r, side) = (at[i], radii[i], uniform(0, 360))
        switch uniform(0, 1) {
        case ..<0.4:
          let aside = off(p, uniform(0, 0.5) * r, side)
          through([off(aside, r + 60, side + 90), off(aside, r + 60, side - 90)])
        case ..<0.6:
          let aside = off(p, r + uniform(15, 35), side)
          through([off(aside, r + 60, side + 90), off(aside, r + 60, side - 90)])
        case ..<0.7:
          through([off(p, uniform(0, 0.8) * r, side)])
          stand(uniform(20, 240))
        case ..<0.85:
          through([off(p, r + uniform(15, 30), side)])
          stand(uniform(20, 240))
        default: break
        }
      }
      if chance(0.4) {
        through([at[isUp ? at.count - 1 : 0] + PlanePoint(x: 0, y: 160)])
        stand(uniform(5, 25) * 60)
      }
      isUp.toggle()
    }
  }

  /// The point `far` metres off, in a direction of the course's own frame.
  private func off(_ p: PlanePoint, _ far: Double, _ degrees: Double) -> PlanePoint {
    p + PlanePoint(x: cos(degrees * .pi / 180), y: sin(degrees * .pi / 180)) * far
  }
}
