import Coverage
import Geodesy
import Patrol
import Testing

@testable import Rig

@Suite struct `A proving course` {
  /// 100 m to the east, walked out at 1 m/s, stood on for 100 s at its end, walked back half way.
  static func straight(_ more: (inout CourseBuilder) -> Void = { _ in }) -> Course {
    var builder = CourseBuilder(.thereAndBack, seed: 1, interval: 1)
    builder.line("line", [PlanePoint(x: 0, y: 0), PlanePoint(x: 100, y: 0)])
    builder.handheld("a", at: builder.beside("line", 0, 1))
    builder.along("line", 0, 100, speed: 1, aside: 1)
    builder.stand(100, on: ("line", 100))
    builder.along("line", 100, 50, speed: 1, aside: 1)
    more(&builder)
    return builder.course()
  }

  static func cells(_ course: Course, _ line: Place.ID = "line", count: Int) -> [[String]] {
    guard case .line(let polyline, _) = course.plan.place(line)?.geometry else { return [] }
    var passes = CellPasses(
      length: polyline.length.value, isClosed: polyline.isClosed, count: count)
    for pass in course.walks[0].passes where pass.place == line && !pass.isDriveBy {
      passes.add(pass.began, pass.ended, from: pass.from, to: pass.to)
    }
    return passes.joined().map {
      $0.map { span in
        let (a, b) = (Int(span.began.rounded()), Int(span.ended.rounded()))
        return a == b ? "\(a)" : "\(a)–\(b)"
      }
    }
  }

  @Test func `knows when each cell was passed, from its moves`() {
    let course = Self.straight()
    #expect(course.duration == 250)
    // Cells of 10 m: out at 5, 15, …; the last one is stood on, and left at 205.
    #expect(
      Self.cells(course, count: 10) == [
        ["5"], ["15"], ["25"], ["35"], ["45"], ["55", "245"], ["65", "235"], ["75", "225"],
        ["85", "215"], ["95–205"],
      ])
  }

  @Test func `attends nothing too fast, nor through open ground`() {
    let course = Self.straight { builder in
      builder.along("line", 50, 0, speed: 4)
      builder.through([builder.beside("line", 0, 40), builder.beside("line", 100, 40)])
    }
    #expect(course.walks[0].passes.last?.isDriveBy == true)
    #expect(Self.cells(course, count: 10)[1] == ["15"])
  }

  @Test func `attends both lines where two coincide`() throws {
    var builder = CourseBuilder(.sharedStreet, seed: 1, interval: 1)
    builder.line("a", [PlanePoint(x: 0, y: 0), PlanePoint(x: 100, y: 0)])
    builder.line("b", [PlanePoint(x: 80, y: 2), PlanePoint(x: 20, y: 2)])
    builder.coincidences = [
      Coincidence(line: "a", from: 20, to: 80, other: "b", otherFrom: 60, otherTo: 0)
    ]
    builder.handheld("a", at: PlanePoint(x: 0, y: 0))
    builder.along("a", 0, 50, speed: 1, aside: 0)
    let pass = try #require(builder.walks[0].passes.last)
    #expect(pass == TruePass(place: "b", began: 20, ended: 50, from: 60, to: 30))
  }

  @Test func `goes on over the joint of a loop`() {
    var builder = CourseBuilder(.closedLoop, seed: 1, interval: 1)
    let corners = [(0, 0), (25, 0), (25, 25), (0, 25), (0, 0)].map {
      PlanePoint(x: Double($0.0), y: Double($0.1))
    }
    builder.line("line", corners)
    builder.handheld("a", at: builder.beside("line", 80))
    builder.along("line", 80, 120, speed: 1, aside: 0)
    let length = builder.length("line")
    #expect(abs(length - 100) < 0.05)
    let course = builder.course()
    #expect(
      Self.cells(course, count: 10) == [["25"], ["35"], [], [], [], [], [], [], ["5"], ["15"]])
    #expect(course.walks[0].knots.count == 3)
  }

  @Test func `takes a stay for the time within the radius, short excursions aside`() {
    func knot(_ t: Double, _ x: Double, _ y: Double = 0) -> TrueWalk.Knot {
      TrueWalk.Knot(time: t, point: PlanePoint(x: x, y: y))
    }
    let handheld = Course(.winding, seed: 1, interval: 1).walks[0].handheld
    // At 1 m/s: past at 9 m of a point of 15 m (a chord of 24 m); then in, out for 20 s, in again, and away.
    let walk = TrueWalk(
      handheld: handheld,
      knots: [
        knot(0, -30, 9), knot(60, 30, 9), knot(200, 30, 0), knot(230, 0, 0), knot(300, 0, 0),
        knot(325, 25, 0), knot(350, 0, 0), knot(400, 0, 0), knot(450, -50, 0),
      ])
    let stays = walk.stays(at: PlanePoint(x: 0, y: 0), radius: 15)
    #expect(
      stays == [
        TrueStay(arrived: 18, left: 42, length: 24),
        TrueStay(arrived: 215, left: 415, length: 180),
      ])
  }

  @Test(arguments: Course.Kind.allCases)
  func `is decided by its seed, within its ranges`(kind: Course.Kind) {
    for seed in [1, 2, 1000] as [UInt64] {
      let course = Course(kind, seed: seed, interval: 5)
      #expect(course.walks.map(\.knots) == Course(kind, seed: seed, interval: 1).walks.map(\.knots))
      #expect((5000...11_000).contains(course.duration), "\(kind) \(seed)")
      for (place, _) in course.owed {
        guard case .line(let line, _) = place.geometry else { continue }
        #expect((450...1510).contains(line.length.value), "\(kind) \(seed)")
      }
      for walk in course.walks {
        for (a, b) in zip(walk.knots, walk.knots.dropFirst()) {
          #expect(a.time < b.time)
          let speed = a.point.distance(to: b.point) / (b.time - a.time)
          let most = walk.handheld.travel == .foot ? 2.2 : 12
          #expect(speed < most, "\(kind) \(seed) at \(a.time)")
        }
      }
      let conditions = Conditions(environment: .urban, delivery: .mobile, seed: seed)
      #expect(course.observations(conditions) == course.observations(conditions))
    }
  }

  /// Where a walker on a line is, by its truth, is where he is.
  @Test(arguments: Course.Kind.allCases)
  func `has him within 3 m of the line where he is said to walk`(kind: Course.Kind) {
    let course = Course(kind, seed: 3, interval: 1)
    let tracks = Dictionary(
      uniqueKeysWithValues: course.plan.places.compactMap { place in
        switch place.geometry {
        case .line(let line, _), .street(let line):
          (place.id, CourseTrack(line, in: course.plane))
        case .point, .area: nil
        }
      })
    for walk in course.walks {
      let steps = walk.seconds(course.duration)
      for pass in walk.passes {
        guard let track = tracks[pass.place] else { continue }
        let first = Int(pass.began.rounded(.up))
        for k in stride(from: first, to: min(course.duration, Int(pass.ended)), by: 7) {
          let s =
            pass.from + (pass.to - pass.from) * (Double(k) - pass.began)
            / (pass.ended - pass.began)
          let off = steps[k].point.distance(to: track.point(s, aside: 0))
          // Bends widen the way outside and narrow it inside: up to twice the distance aside, and the shared 3 m.
          #expect(off < 5.5, "\(kind) \(pass) at \(k)")
        }
      }
    }
  }
}
