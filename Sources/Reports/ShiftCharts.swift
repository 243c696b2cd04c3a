internal import Assessment
internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// What the charts of a shift report are drawn from, and the charts.
public struct ShiftCharts: Sendable {
  /// A chart, ready to be put into a page.
  public struct Drawing: Hashable, Sendable {
    /// What it is of: a line, a group, a squadron.
    public var title: String
    public var svg: String
  }

  private let report: ShiftReport
  private let day: ChartDay

  public init(_ report: ShiftReport) {
    self.report = report
    day = ChartDay(
      report.day, span: report.span, zone: report.plan.zone, judgedUntil: report.judgedUntil)
  }

  /// One for each line on which anything is owed or was walked, in the plan's order.
  public func lines(_ labels: ChartLabels) -> [Drawing] {
    let windows = Dictionary(grouping: report.windows, by: \.owed.place)
    let gaps = Dictionary(grouping: report.gaps, by: \.gap.owed.place)
    let points = report.plan.places.compactMap { place -> Landmark? in
      guard case .point(let centre, _) = place.geometry else { return nil }
      return Landmark(name: place.name, centre: centre)
    }
    let lines = report.plan.places.filter { $0.kind == .line }.enumerated().compactMap {
      n, place -> (n: Int, place: Place, owed: [ChartWindow], passes: [Pass], gaps: [GapRecord])? in
      let owed = windows[place.id] ?? []
      let passes = report.passes[place.id] ?? []
      guard !owed.isEmpty || !passes.isEmpty else { return nil }
      return (
        n, place, owed.map { ChartWindow($0, under: report.plan) }, passes, gaps[place.id] ?? []
      )
    }
    return besideEachOther(lines) { [day] line -> Drawing? in
      let chart = TimeDistanceChart(
        of: line.place, on: day, windows: line.owed, passes: line.passes, gaps: line.gaps,
        stations: Self.stations(at: line.place, among: points))
      return chart.map {
        Drawing(title: line.place.name, svg: $0.svg(name: "line-\(line.n)", labels))
      }
    }.compactMap { $0 }
  }

  /// One for each group that owes anything at points or in areas.
  public func places(_ labels: ChartLabels) -> [Drawing] {
    let gaps = Dictionary(grouping: report.gaps, by: \.gap.owed)
    let windows = Dictionary(grouping: report.windows, by: \.group)
    let charts = groups.enumerated().compactMap { n, group -> (n: Int, chart: PlaceTimeline)? in
      let rows = (windows[group.id] ?? []).compactMap { window -> PlaceTimeline.Row? in
        guard let place = report.plan.place(window.owed.place), place.kind != .line else {
          return nil
        }
        let span = window.owed.windowBegan..<max(window.owed.windowBegan, window.ended)
        let stays = (report.stays[place.id] ?? []).filter {
          $0.arrived < span.upperBound && $0.left >= span.lowerBound
            && serves($0.handheld, window.owed)
        }
        return PlaceTimeline.Row(
          place: place, window: ChartWindow(window, under: report.plan), stays: stays,
          gaps: gaps[window.owed] ?? [], attended: report.attended[window.owed])
      }
      guard !rows.isEmpty else { return nil }
      return (n, PlaceTimeline(group.name, on: day, rows: rows))
    }
    return besideEachOther(charts) { n, chart in
      Drawing(title: chart.title, svg: chart.svg(name: "places-\(n)", labels))
    }
  }

  /// One for each squadron that has handhelds, its groups as sections.
  public func handhelds(_ labels: ChartLabels) -> [Drawing] {
    let days = Dictionary(uniqueKeysWithValues: report.handheldDays.map { ($0.handheld, $0) })
    let charts = report.plan.brigade.squadrons.enumerated().compactMap {
      n, squadron -> (n: Int, chart: HandheldTimeline)? in
      let sections = squadron.groups.map { group in
        HandheldTimeline.Section(group.name, group.handhelds.compactMap { days[$0] })
      }.filter { !$0.days.isEmpty }
      guard !sections.isEmpty else { return nil }
      return (
        n,
        HandheldTimeline(squadron.name, on: day, sections: sections, outages: report.outageSpans)
      )
    }
    return besideEachOther(charts) { n, chart in
      Drawing(title: chart.title, svg: chart.svg(name: "handhelds-\(n)", labels))
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

  private func serves(_ handheld: Handheld.ID, _ owed: Owed) -> Bool {
    report.serving[owed.duty]?.contains(handheld) ?? true
  }
}
