internal import Geodesy
public import Patrol

/// What is commonly done in place of an engine such as this one's, to measure it by.
public enum Baseline: String, Hashable, Sendable, CaseIterable {
  /// A cell is attended by a fix within 25 m of it (`ST_DWithin`), a point by those within its radius.
  case buffer = "25 m buffer"
  /// A fix attends the nearest of all lines and streets within 25 m; between consecutive fixes on the same one the cells
  /// between are attended too.
  case nearestLine = "nearest line"

  static let reach = 25.0
}

extension Course {
  public func said(by baseline: Baseline, from observations: [Observation]) -> Said {
    var said = Said()
    for walk in walks {
      var fixes = observations.filter { $0.handheld == walk.handheld.id }.compactMap(\.fix)
        .map { (at: seconds($0.time), point: plane.point($0.position)) }
      fixes.sort { $0.at < $1.at }
      switch baseline {
      case .buffer:
        said.moments[walk.handheld.id] = buffered(fixes)
      case .nearestLine:
        said.passes[walk.handheld.id] = nearest(fixes, walk.handheld)
      }
      for (place, duty) in owed {
        guard case .point(let centre, let radius) = place.geometry else { continue }
        let at = plane.point(centre)
        var stays: [TrueStay] = []
        for fix in fixes where fix.point.distance(to: at) <= radius.value {
          if let last = stays.last, fix.at - last.left <= walk.handheld.excursionMaximum.seconds {
            stays[stays.count - 1].left = fix.at
            stays[stays.count - 1].length = fix.at - last.arrived
          } else {
            stays.append(TrueStay(arrived: fix.at, left: fix.at, length: 0))
          }
        }
        said.stays[place.id, default: []] += stays.filter { $0.length >= duty.stay.seconds }
      }
    }
    return said
  }

  private func buffered(_ fixes: [(at: Double, point: PlanePoint)]) -> [Place.ID: (
    fine: CellPasses, judged: CellPasses
  )] {
    var result: [Place.ID: (fine: CellPasses, judged: CellPasses)] = [:]
    for (place, _) in owed {
      guard case .line(let line, _) = place.geometry else { continue }
      let track = CourseTrack(line, in: plane)
      let (fine, judged) = (Place.fineCells(line), Place.judgedCells(line))
      func cells(_ count: Int) -> CellPasses {
        CellPasses(length: track.length, isClosed: track.isClosed, count: count)
      }
      var pair = (fine: cells(fine), judged: cells(judged))
      let size = track.length / Double(fine)
      let middles = (0..<fine).map { track.point((Double($0) + 0.5) * size, aside: 0) }
      for fix in fixes {
        var last = -1
        for (i, m) in middles.enumerated() where m.distance(to: fix.point) <= Baseline.reach {
          pair.fine.add(cell: i, at: fix.at)
          let j = min(judged - 1, i * judged / fine)
          if j != last { pair.judged.add(cell: j, at: fix.at) }
          last = j
        }
      }
      result[place.id] = pair
    }
    return result
  }

  private func nearest(
    _ fixes: [(at: Double, point: PlanePoint)], _ handheld: Handheld
  ) -> [TruePass] {
    var lines: [(id: Place.ID, track: CourseTrack)] = []
    // Of equals the first: those that are owed.
    for place in owed.map(\.place) + plan.places.filter({ $0.kind == .street }) {
      switch place.geometry {
      case .line(let line, _), .street(let line):
        lines.append((place.id, CourseTrack(line, in: plane)))
      case .point, .area: continue
      }
    }
    let limit = handheld.travel.passSpeedMaximum.value
    var passes: [TruePass] = []
    var before: (line: Int, chainage: Double, at: Double)?
    for fix in fixes {
      var best: (line: Int, chainage: Double, distance: Double)?
      for (i, line) in lines.enumerated() {
        let near = line.track.nearest(to: fix.point)
        if near.distance < min(Baseline.reach, best?.distance ?? .infinity) {
          best = (i, near.chainage, near.distance)
        }
      }
      guard let best else {
        before = nil
        continue
      }
      let length = lines[best.line].track.length
      if let last = before, last.line == best.line, last.at < fix.at,
        fix.at - last.at <= handheld.legMaximum.seconds
      {
        var to = best.chainage
        if lines[best.line].track.isClosed {
          // The short way round.
          if to - last.chainage > length / 2 { to -= length }
          if last.chainage - to > length / 2 { to += length }
        }
        let speed = abs(to - last.chainage) / (fix.at - last.at)
        passes.append(
          TruePass(
            place: lines[best.line].id, began: last.at, ended: fix.at, from: last.chainage,
            to: to, isDriveBy: speed > limit))
      } else {
        passes.append(
          TruePass(
            place: lines[best.line].id, began: fix.at, ended: fix.at, from: best.chainage,
            to: best.chainage))
      }
      before = (best.line, best.chainage, fix.at)
    }
    return passes
  }
}
