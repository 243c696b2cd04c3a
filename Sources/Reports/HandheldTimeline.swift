public import Assessment
internal import Coverage
internal import Geodesy
public import Patrol

/// Handhelds on one day, a row for each: when it was on duty, and when it was observed, silent, without a position or
/// rejected; how much of its time was observed, and how far it walked on lines. Above them, our own outages.
public struct HandheldTimeline: Sendable {
  /// Handhelds under a heading.
  public struct Section: Sendable {
    public var title: String
    public var days: [HandheldDay]

    public init(_ title: String, _ days: [HandheldDay]) { (self.title, self.days) = (title, days) }
  }

  let title: String
  let day: ChartDay
  let sections: [Section]
  /// Of the daemon alone: those of gpsds are in their handhelds' rows.
  let outages: [Range<Instant>]
  let time: ChartTime

  private static let left = 112.0
  private static let right = ChartSheet.width - 128
  private static let top = 58.0
  private static let row = 14.0
  private static let bar = 9.0

  /// - Parameters:
  ///   - title: whose handhelds they are.
  ///   - outages: of the daemon and of gpsds.
  public init(_ title: String, on day: ChartDay, sections: [Section], outages: [Outage]) {
    (self.title, self.day, self.sections) = (title, day, sections)
    let spans = sections.flatMap { $0.days.flatMap(\.onDuty) }
    let shown = ChartTime.showing(spans, day: day.span)
    time = ChartTime(shown, zone: day.zone, from: Self.left, to: Self.right)
    let down = outages.filter { $0.kind == .daemonDown }.map {
      $0.began..<max($0.began, $0.ended ?? day.judgedUntil)
    }
    self.outages = IntervalSet(unsorted: down).intersection(IntervalSet(shown)).ranges
  }

  /// - Parameter name: unique on its page; letters, digits and hyphens.
  public func svg(name: String, _ labels: ChartLabels) -> String {
    var sheet = ChartSheet(name)
    sheet.head(
      title, [labels.handheldTimeline, "\(day.date)", "\(labels.localTime) \(time.offsets)"])
    let lines =
      sections.reduce(0) { $0 + $1.days.count + 1 } + (outages.isEmpty ? 0 : 1)
    let bottom = Self.top + Double(max(2, lines)) * Self.row + 6
    sheet.timeAxis(time, top: Self.top, bottom: bottom)
    for (text, x) in [(labels.observed, Self.right + 68), (labels.onLines, Self.right + 126)] {
      sheet.body.text(
        GapPicture.fitted(text, size: 9.5, width: 58), x: x, y: Self.top - 7, size: 9.5,
        anchor: "end", fill: "#444444")
    }
    var y = Self.top + 3
    if !outages.isEmpty {
      ours(y, bottom, &sheet, labels)
      y += Self.row
    }
    for section in sections {
      sheet.body.text(
        GapPicture.fitted(section.title, size: 10, width: ChartSheet.width), x: 0,
        y: y + Self.bar + 0.5, size: 10, weight: .bold, halo: 3)
      y += Self.row
      for handheld in section.days {
        draw(handheld, y, &sheet, labels)
        y += Self.row
      }
    }
    for state in [HandheldDay.State.observed, .silent] {
      sheet.legend.use(.fill(ChartFill(state)), labels.kind(of: state))
    }
    return sheet.finish(
      label: "\(labels.handheldTimeline): \(title), \(day.date)", signsFrom: bottom + 26)
  }

  private func x(_ at: Instant) -> Double { time.position(at) }

  /// Our own outages as a row of their own, with a shade over all that lay in their time.
  private func ours(
    _ y: Double, _ bottom: Double, _ sheet: inout ChartSheet, _ labels: ChartLabels
  ) {
    sheet.body.text("patrold", x: 6, y: y + Self.bar - 1, size: 9.5)
    for span in outages {
      let width = max(0.8, x(span.upperBound) - x(span.lowerBound))
      sheet.body.add(
        "rect",
        [
          ("class", "shade"), ("x", SVG.number(x(span.lowerBound))), ("y", SVG.number(Self.top)),
          ("width", SVG.number(width)), ("height", SVG.number(bottom - Self.top)),
          ("fill", "#37308a"), ("fill-opacity", "0.12"),
        ])
      sheet.box(
        .daemonDown, x: x(span.lowerBound), y: y, width: width, height: Self.bar,
        class: "outage", title: told(labels.daemonDown, span, labels))
    }
    sheet.legend.use(.fill(.daemonDown), labels.daemonDown)
  }

  private func told(_ what: String, _ span: Range<Instant>, _ labels: ChartLabels) -> String {
    [
      what, time.clock(span.lowerBound, span.upperBound),
      labels.duration(span.upperBound - span.lowerBound),
    ].joined(separator: " · ")
  }

  private func draw(
    _ handheld: HandheldDay, _ y: Double, _ sheet: inout ChartSheet, _ labels: ChartLabels
  ) {
    let middle = SVG.number(y + Self.bar / 2)
    sheet.body.text(
      GapPicture.fitted(handheld.handheld.text, size: 9.5, width: Self.left - 12), x: 6,
      y: y + Self.bar - 1, size: 9.5)
    sheet.line("M\(SVG.number(Self.left)) \(middle)H\(SVG.number(Self.right))", "#999999", 1, "1 3")
    sheet.legend.use(.offDuty, labels.offDuty)
    guard !handheld.onDuty.isEmpty else {
      sheet.body.text(
        handheld.reports == 0 ? labels.nothingReceived : labels.offDuty, x: Self.left + 6,
        y: y + Self.bar - 1, size: 9, fill: "#555555", halo: 3)
      return
    }
    for span in handheld.onDuty {
      let rest = max(span.lowerBound, day.judgedUntil)
      if rest < span.upperBound {
        sheet.box(
          .notJudged, x: x(rest), y: y, width: x(span.upperBound) - x(rest), height: Self.bar,
          class: "not-judged", title: labels.notJudgedYet)
        sheet.legend.use(.fill(.notJudged), labels.notJudgedYet)
      }
    }
    for bar in bars(handheld.parts) {
      let title = told("\(handheld.handheld) · \(labels.state(bar.state))", bar.span, labels)
      sheet.box(
        ChartFill(bar.state), x: bar.from, y: y, width: bar.to - bar.from, height: Self.bar,
        class: ChartFill(bar.state).rawValue, title: title)
      sheet.legend.use(.fill(ChartFill(bar.state)), labels.kind(of: bar.state))
    }
    let whole = handheld.timeOnDuty.seconds
    if whole > 0 {
      let share = handheld.time(.observed).seconds / whole
      // What is not all of it must not read so.
      let percent = share < 1 ? min(99, (share * 100).rounded()) : 100
      figure("\(Decimal.text(percent, 0)) %", Self.right + 68, y, &sheet)
    }
    figure("\(Decimal.text(handheld.walked.value / 1000, 1)) km", Self.right + 126, y, &sheet)
  }

  private func figure(_ text: String, _ x: Double, _ y: Double, _ sheet: inout ChartSheet) {
    sheet.body.text(text, x: x, y: y + Self.bar - 1, size: 9.5, anchor: "end")
  }

  private struct Bar {
    var state: HandheldDay.State
    var span: Range<Instant>
    var from: Double
    var to: Double
  }

  /// Observed time as the ground, and on it what was not, each wide enough to be seen; of what lies closer together than
  /// can be told apart, one. So a row is never more than some hundreds.
  private func bars(_ parts: [HandheldDay.Part]) -> [Bar] {
    var bars: [Bar] = []
    for part in parts where part.state == .observed {
      let (from, to) = (x(part.span.lowerBound), x(part.span.upperBound))
      if let last = bars.last, from - last.to < 1 {
        bars[bars.count - 1].to = max(to, last.to)
        bars[bars.count - 1].span = last.span.lowerBound..<part.span.upperBound
      } else {
        bars.append(Bar(state: .observed, span: part.span, from: from, to: max(to, from + 0.5)))
      }
    }
    let ground = bars.count
    for part in parts where part.state != .observed {
      let (from, to) = (x(part.span.lowerBound), x(part.span.upperBound))
      if bars.count > ground, let last = bars.last, from < last.to + 0.5 {
        // The next one that is large enough is drawn beside it.
        guard to - from >= 1 || last.state == part.state else { continue }
        if last.state == part.state {
          bars[bars.count - 1].to = max(to, last.to)
          bars[bars.count - 1].span = last.span.lowerBound..<part.span.upperBound
          continue
        }
      }
      bars.append(Bar(state: part.state, span: part.span, from: from, to: max(to, from + 0.8)))
    }
    return bars
  }
}
