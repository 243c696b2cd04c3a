internal import Assessment
internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// What the charts of a shift report are drawn from, and the charts.
public struct ShiftCharts: Sendable {
  /// A chart that is not drawn yet: each may be on a thread of its own.
  public struct Chart: Sendable {
    /// What it is of: a line, a group, a squadron.
    public let title: String
    /// SVG, ready to be put into a page.
    public let draw: @Sendable (ChartLabels) -> String
  }

  private let report: ShiftReport
  private let day: ChartDay

  public init(_ report: ShiftReport) {
    self.report = report
    day = ChartDay(
      report.day, span: report.span, zone: report.plan.zone, judgedUntil: report.judgedUntil)
  }

  /// One for each line on which anything is owed or was walked, in the plan's order.
  public var lines: [Chart] {
    let windows = Dictionary(grouping: report.windows, by: \.owed.place)
    let gaps = Dictionary(grouping: report.gaps, by: \.gap.owed.place)
    let points = report.plan.places.compactMap { place -> Landmark? in
      guard case .point(let centre, _) = place.geometry else { return nil }
      return Landmark(name: place.name, centre: centre)
    }
    return report.plan.places.filter { $0.kind == .line }.enumerated().compactMap { n, place in
      let (owed, passes) = (windows[place.id] ?? [], report.passes[place.id] ?? [])
      guard !owed.isEmpty || !passes.isEmpty else { return nil }
      return Chart(title: place.name) { [day, plan = report.plan, gaps = gaps[place.id] ?? []] in
        TimeDistanceChart(
          of: place, on: day, windows: owed.map { ChartWindow($0, under: plan) }, passes: passes,
          gaps: gaps, stations: Self.stations(at: place, among: points)
        )?.svg(name: "line-\(n)", $0) ?? ""
      }
    }
  }

  /// One for each group that owes anything at points or in areas.
  public var places: [Chart] {
    let gaps = Dictionary(grouping: report.gaps, by: \.gap.owed)
    let windows = Dictionary(grouping: report.windows, by: \.group)
    return groups.enumerated().compactMap { n, group -> Chart? in
      let rows = (windows[group.id] ?? []).compactMap { window -> PlaceTimeline.Row? in
        guard let place = report.plan.place(window.owed.place), place.kind != .line else {
          return nil
        }
        let span = window.owed.windowBegan..<max(window.owed.windowBegan, window.ended)
        let stays = (report.stays[place.id] ?? []).filter {
          $0.arrived < span.upperBound && $0.left >= span.lowerBound
            && report.serving.has($0, under: window.owed.duty)
        }
        return PlaceTimeline.Row(
          place: place, window: ChartWindow(window, under: report.plan), stays: stays,
          gaps: gaps[window.owed] ?? [], attended: report.attended[window.owed])
      }
      guard !rows.isEmpty else { return nil }
      let chart = PlaceTimeline(group.name, on: day, rows: rows)
      return Chart(title: chart.title) { chart.svg(name: "places-\(n)", $0) }
    }
  }

  /// One for each squadron that has handhelds, its groups as sections.
  public var handhelds: [Chart] {
    let days = Dictionary(uniqueKeysWithValues: report.handheldDays.map { ($0.handheld, $0) })
    return report.plan.brigade.squadrons.enumerated().compactMap { n, squadron -> Chart? in
      let sections = squadron.groups.map { group in
        HandheldTimeline.Section(group.name, group.handhelds.compactMap { days[$0] })
      }.filter { !$0.days.isEmpty }
      guard !sections.isEmpty else { return nil }
      let chart = HandheldTimeline(
        squadron.name, on: day, sections: sections, outages: report.outageSpans)
      return Chart(title: chart.title) { chart.svg(name: "handhelds-\(n)", $0) }
    }
  }

  /// Guard points this near to a line, in metres, are what it is known by.
  private static let nearby = 60.0

  /// A guard point, by its name.
  private struct Landmark {
    var name: String
    var centre: Coordinate
  }

  private static func stations(
    at place: Place, among points: [Landmark]
  ) -> [TimeDistanceChart.Station] {
    guard case .line(let line, _) = place.geometry else { return [] }
    let (xs, ys) = (line.vertices.map(\.x), line.vertices.map(\.y))
    guard let west = xs.min(), let east = xs.max(), let south = ys.min(), let north = ys.max()
    else { return [] }
    return points.compactMap { point in
      let p = line.plane.point(point.centre)
      // Most are far from all of it.
      guard p.x >= west - nearby, p.x <= east + nearby, p.y >= south - nearby,
        p.y <= north + nearby
      else { return nil }
      let (chainage, distance) = line.nearest(to: p)
      return distance <= nearby
        ? TimeDistanceChart.Station(point.name, at: Metres(chainage)) : nil
    }
  }

  private var groups: [Group] { report.plan.brigade.squadrons.flatMap(\.groups) }
}
