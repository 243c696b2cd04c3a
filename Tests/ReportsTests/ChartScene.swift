import Coverage
import Geodesy
import Patrol

@testable import Reports
@testable import Store

/// Hand-made evidence that charts are drawn from: minutes after 20:00 on an evening in Shanghai.
enum ChartScene {
  static let start = Instant(rfc3339: "2026-11-20T12:00:00Z")!
  static let plane = LocalPlane(origin: Coordinate(latitude: 28.68, longitude: 115.89)!)
  static func minute(_ m: Int) -> Instant { start + .minutes(m) }
  static func minutes(_ from: Int, _ to: Int) -> Range<Instant> { minute(from)..<minute(to) }

  static let shanghai = Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600)
  static func day(_ zone: Zone = shanghai, judged: Int = 10_000) -> ChartDay {
    ChartDay(
      CivilDate("2026-11-20")!, span: minutes(-14 * 60, 10 * 60), zone: zone,
      judgedUntil: minute(judged))
  }

  static func line(_ length: Double) -> Place {
    let ends = [PlanePoint(x: 0, y: 0), PlanePoint(x: length, y: 0)]
    return Place(
      id: "line", name: "Long <Street> & \"Co\"",
      geometry: .line(Polyline(ends.map { plane.coordinate($0)! })!, corridor: 25))
  }

  static func loop(_ side: Double) -> Place {
    let corners = [(0.0, 0.0), (side, 0), (side, side), (0, side), (0, 0)]
    return Place(
      id: "line", name: "Loop",
      geometry: .line(
        Polyline(corners.map { plane.coordinate(PlanePoint(x: $0.0, y: $0.1))! })!, corridor: 25))
  }

  static let bank = Place(
    id: "bank", name: "公园 <b>Bank</b>",
    geometry: .point(centre: plane.coordinate(PlanePoint(x: 0, y: 0))!, radius: 30))

  static let park: Place = {
    let ring = [(0.0, 0.0), (200, 0), (200, 200), (0, 200), (0, 0)].map {
      plane.coordinate(PlanePoint(x: $0.0, y: $0.1))!
    }
    return Place(id: "park", name: "Park", geometry: .area(Surface([[ring]])!, cell: 50))
  }()

  static func window(_ from: Int, _ to: Int, every: Int, duty: Duty.ID = "walk") -> ChartWindow {
    ChartWindow(duty: duty, span: minutes(from, to), every: .minutes(every))
  }

  static func pass(
    _ handheld: Handheld.ID, _ began: Int, _ ended: Int, _ from: Metres, _ to: Metres,
    _ kind: Pass.Kind = .pass
  ) -> Pass {
    Pass(
      handheld: handheld, place: "line", began: minute(began), ended: minute(ended), from: from,
      to: to, speed: 1.3, confidence: 1, kind: kind, decided: minute(ended))
  }

  static func stay(
    _ handheld: Handheld.ID, _ arrived: Int, _ left: Int, _ kind: Stay.Kind = .stay, cell: Int = 0
  ) -> Stay {
    Stay(
      handheld: handheld, place: "bank", cell: cell, arrived: minute(arrived), left: minute(left),
      length: .minutes(left - arrived), kind: kind, decided: minute(left))
  }

  /// Cells × minutes, one cell a row of text and one column a minute from a minute on: `#` belongs to it.
  static func gap(
    _ id: Gap.ID, _ verdict: Verdict, from: Int, firstCell: Int = 0, _ rows: String...,
    excused: Int? = nil
  ) -> GapRecord {
    var pieces: [Region.Piece] = []
    for (c, row) in rows.enumerated() {
      var open: Int?
      for (m, sign) in (row + ".").enumerated() {
        if sign == "#", open == nil { open = m }
        if sign != "#", let began = open {
          pieces.append(
            Region.Piece(
              cell: firstCell + c, began: minute(from + began), ended: minute(from + m)))
          open = nil
        }
      }
    }
    return gap(id, verdict, pieces, excused: excused)
  }

  static func gap(
    _ id: Gap.ID, _ verdict: Verdict, _ pieces: [Region.Piece], excused: Int? = nil
  ) -> GapRecord {
    let began = pieces.map(\.began).min()!
    let gap = Gap(
      id: id, owed: Owed(duty: "walk", windowBegan: start, place: "line"), verdict: verdict,
      cause: verdict == .missed ? .away : .silent, began: began,
      ended: pieces.map(\.ended).max()!, isOpen: false, stretch: nil, cells: [], extent: 1,
      evidence: [:], handhelds: [], region: Region(pieces: pieces), flagged: began, revision: 1)
    let cut = excused.map { minute in
      Region(
        pieces: pieces.compactMap {
          let ended = min($0.ended, self.minute(minute))
          return $0.began < ended
            ? Region.Piece(cell: $0.cell, began: $0.began, ended: ended) : nil
        })
    }
    let excuses = cut.map { region in
      Excuse(
        id: 1, gap: id, owed: gap.owed, region: region, reason: "roadworks", askedBy: "Li",
        asked: began, state: .approved, decidedBy: "Wang", decided: began)
    }
    return GapRecord(gap: gap, excuses: excuses.map { [$0] } ?? [])
  }
}
