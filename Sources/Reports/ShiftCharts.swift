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
    return report.plan.places.filter { $0.kind == .line }.enumerated().compactMap { n, place in
      let owed = windows[place.id] ?? []
      let passes = report.passes[place.id] ?? []
      guard !owed.isEmpty || !passes.isEmpty else { return nil }
      let chart = TimeDistanceChart(
        of: place, on: day, windows: owed.map { ChartWindow($0, under: report.plan) },
        passes: passes, gaps: gaps[place.id] ?? [], stations: stations(at: place))
      return chart.map { Drawing(title: place.name, svg: $0.svg(name: "line-\(n)", labels)) }
    }
  }

  /// One for each group that owes anything at points or in areas.
  public func places(_ labels: ChartLabels) -> [Drawing] {
    let gaps = Dictionary(grouping: report.gaps, by: \.gap.owed)
    return groups.enumerated().compactMap { n, group in
      let rows = report.windows.filter { $0.group == group.id }.compactMap {
        window -> PlaceTimeline.Row? in
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
      let chart = PlaceTimeline(group.name, on: day, rows: rows)
      return Drawing(title: group.name, svg: chart.svg(name: "places-\(n)", labels))
    }
  }

  /// One for each squadron that has handhelds, its groups as sections.
  public func handhelds(_ labels: ChartLabels) -> [Drawing] {
    let days = Dictionary(uniqueKeysWithValues: report.handheldDays.map { ($0.handheld, $0) })
    return report.plan.brigade.squadrons.enumerated().compactMap { n, squadron in
      let sections = squadron.groups.map { group in
        HandheldTimeline.Section(group.name, group.handhelds.compactMap { days[$0] })
      }.filter { !$0.days.isEmpty }
      guard !sections.isEmpty else { return nil }
      let chart = HandheldTimeline(
        squadron.name, on: day, sections: sections, outages: report.outageSpans)
      return Drawing(title: squadron.name, svg: chart.svg(name: "handhelds-\(n)", labels))
    }
  }

  /// Guard points this near to a line, in metres, are what it is known by.
  private static let nearby = 60.0

  private func stations(at place: Place) -> [TimeDistanceChart.Station] {
    guard case .line(let line, _) = place.geometry else { return [] }
    return report.plan.places.compactMap { other in
      guard case .point(let centre, _) = other.geometry else { return nil }
      let (chainage, distance) = line.nearest(to: line.plane.point(centre))
      return distance <= Self.nearby
        ? TimeDistanceChart.Station(other.name, at: Metres(chainage)) : nil
    }
  }

  private var groups: [Group] { report.plan.brigade.squadrons.flatMap(\.groups) }

  private func serves(_ handheld: Handheld.ID, _ owed: Owed) -> Bool {
    report.serving[owed.duty]?.contains(handheld) ?? true
  }
}
