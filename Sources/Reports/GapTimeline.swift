internal import Coverage
internal import Geodesy
internal import Patrol

/// The course of time at a point or an area: how far off each handheld was, and under it a row each of what it attended,
/// what it may have, and when it was not observed.
struct GapTimeline {
  let account: GapAccount
  let texts: Texts
  private static let left = 130.0
  private static let right = 20.0
  private static let top = 40.0
  private static let plotHeight = 250.0
  private static let row = 22.0
  private static var width: Double { GapPicture.width - 2 * GapPicture.margin }
  private let span: Range<Instant>
  /// Distances in metres are shown up to here.
  private let far: Double
  private let rows: [(n: Int, served: GapAccount.Served)]

  var height: Double { Self.top + Self.plotHeight + 14 + Double(rows.count) * Self.row + 24 }

  init(_ account: GapAccount, _ texts: Texts) {
    (self.account, self.texts) = (account, texts)
    let deciding = account.deciding
    let pad = Milliseconds(max(180_000, (deciding.upperBound - deciding.lowerBound).value / 16))
    span = deciding.lowerBound - pad..<deciding.upperBound + pad
    if case .point(_, let radius) = account.target.shape {
      far = max(240, 6 * radius)
    } else {
      far = 300
    }
    rows = account.served.enumerated().filter { $1.counts != nil }.map { ($0, $1) }
  }

  func draw(_ legend: inout GapLegend) -> SVG {
    var svg = SVG()
    var labels = GapLabels(
      from: Self.left, width: Self.width - Self.right, height: Self.top + Self.plotHeight)
    let far: Texts.GapKey =
      radius != nil
      ? .metresFrom : account.gap.cells.isEmpty ? .metresOutside : .metresOutsideSquares
    svg.label(
      texts(.timelineCaption, account.offsetText, texts(far, account.place.name)), x: 0, y: 10,
      [("font-weight", "bold")])
    axes(&svg)
    svg.open("clipPath", [("id", "timeline")])
    svg.add(
      "rect",
      [
        ("x", SVG.number(Self.left)), ("y", SVG.number(Self.top)),
        ("width", SVG.number(Self.width - Self.left - Self.right)),
        ("height", SVG.number(height - Self.top)),
      ])
    svg.close("clipPath")
    svg.open("g", [("class", "timeline"), ("clip-path", "url(#timeline)")])
    gap(&legend, &svg)
    for (n, served) in rows { distances(served, GapPicture.colour(n), &legend, &labels, &svg) }
    for (r, row) in rows.enumerated() { bars(row.served, row.n, r, &legend, &svg) }
    rules(&legend, &labels, &svg)
    if let absence = account.absence(texts) {
      GapMarks.label(
        absence, x: (Self.left + Self.width) / 2, y: Self.top + Self.plotHeight / 2, size: 14,
        anchor: "middle", &svg)
    }
    svg.close("g")
    for (r, row) in rows.enumerated() {
      svg.label(
        GapPicture.fitted(row.served.handheld.id.text, size: 12, width: Self.left - 10),
        x: Self.left - 8, y: barTop(r) + 13,
        [("text-anchor", "end"), ("fill", GapPicture.colour(row.n))])
    }
    svg.add(
      "rect",
      [
        ("x", SVG.number(Self.left)), ("y", SVG.number(Self.top)),
        ("width", SVG.number(Self.width - Self.left - Self.right)),
        ("height", SVG.number(Self.plotHeight)), ("fill", "none"), ("stroke", "#777"),
      ])
    return svg
  }

  /// Of a point; nil at an area.
  private var radius: Double? {
    if case .point(_, let radius) = account.target.shape { radius } else { nil }
  }

  /// What is drawn upwards: the distance to a point's centre, or to an area's edge.
  private func distance(_ c: Coordinate) -> Double {
    if case .point(let centre, _) = account.target.shape { return c.distance(to: centre).value }
    return account.target.distance(from: c)
  }

  private func x(_ at: Instant) -> Double {
    Self.left + Double((at - span.lowerBound).value)
      / Double((span.upperBound - span.lowerBound).value) * (Self.width - Self.left - Self.right)
  }

  private func y(_ metres: Double) -> Double {
    Self.top + Self.plotHeight * (1 - min(metres, far) / far)
  }

  private func barTop(_ row: Int) -> Double {
    Self.top + Self.plotHeight + 14 + Double(row) * Self.row
  }

  private func axes(_ svg: inout SVG) {
    let offset = account.plan.zone.offset(at: span.lowerBound)
    let bottom = Self.top + Self.plotHeight
    for at in GapMarks.ticks(span, offset: offset, atMost: 14) {
      svg.add(
        "path",
        [
          ("d", "M\(SVG.number(x(at))) \(SVG.number(Self.top))V\(SVG.number(bottom))"),
          ("stroke", "#e4e4e4"),
        ])
      svg.label(
        String(account.clock(at).prefix(5)), x: x(at), y: height - 6, [("text-anchor", "middle")])
    }
    let step = GapMarks.step(far, atMost: 6, of: GapMarks.lengths)
    for d in stride(from: 0, through: far - step / 2, by: step) {
      svg.add(
        "path",
        [
          (
            "d",
            "M\(SVG.number(Self.left)) \(SVG.number(y(d)))H\(SVG.number(Self.width - Self.right))"
          ),
          ("stroke", "#e4e4e4"),
        ])
      svg.label(
        texts(.metres, Decimal.text(d, 0)), x: Self.left - 6, y: y(d) + 4, [("text-anchor", "end")])
    }
    svg.label(
      "≥ " + texts(.metres, Decimal.text(far, 0)), x: Self.left - 6, y: Self.top + 5,
      [("text-anchor", "end")])
    if let radius {
      svg.add(
        "rect",
        [
          ("class", "radius"), ("x", SVG.number(Self.left)), ("y", SVG.number(y(radius))),
          ("width", SVG.number(Self.width - Self.left - Self.right)),
          ("height", SVG.number(bottom - y(radius))), ("fill", GapMarks.stretchColour),
          ("fill-opacity", "0.3"),
        ])
      svg.label(
        texts(.radiusIs, Decimal.text(radius, 0)), x: Self.left - 6, y: y(radius) + 4,
        [("text-anchor", "end"), ("font-weight", "bold")])
    }
  }

  private func gap(_ legend: inout GapLegend, _ svg: inout SVG) {
    let gap = account.gap
    legend.use(.gap(gap.verdict))
    svg.add(
      "rect",
      [
        ("class", "gap"), ("x", SVG.number(x(gap.began))), ("y", SVG.number(Self.top)),
        ("width", SVG.number(max(1, x(gap.ended) - x(gap.began)))),
        ("height", SVG.number(barTop(rows.count) - Self.top)),
        ("fill", "url(#\(gap.verdict.rawValue))"), ("stroke", SVG.colour(gap.verdict)),
        ("stroke-width", "1.6"),
      ])
  }

  /// Distances over time, broken where it was not observed.
  private func distances(
    _ served: GapAccount.Served, _ colour: String, _ legend: inout GapLegend,
    _ labels: inout GapLabels, _ svg: inout SVG
  ) {
    let usable = served.trace.observations.compactMap { entry -> Fix? in
      guard entry.gate == nil, let fix = entry.observation.fix, span.contains(fix.time) else {
        return nil
      }
      return fix
    }
    legend.use(.handheld(served.handheld.id.text, colour: colour))
    // Closely where it is near, sparsely where it is far: what decides is near.
    let step = max(1, usable.count / GapMap.fixMaximum)
    let silence = served.handheld.legMaximum
    var d = ""
    var last: Instant?
    var lowest: (Double, Double)?
    for (n, fix) in usable.enumerated() {
      let breaks = last.map { fix.time - $0 > silence } ?? true
      let metres = distance(fix.position)
      last = fix.time
      guard breaks || n % step == 0 || metres < 2 * (radius ?? 30) else { continue }
      let p = (x(fix.time), y(metres))
      d += "\(breaks ? "M" : "L")\(SVG.number(p.0)) \(SVG.number(p.1))"
      if lowest.map({ p.1 > $0.1 }) ?? true { lowest = p }
    }
    guard !d.isEmpty else { return }
    svg.add(
      "path",
      [
        ("class", "distance"), ("d", d), ("fill", "none"), ("stroke", colour),
        ("stroke-width", "1.6"), ("stroke-linejoin", "round"), ("stroke-linecap", "round"),
      ])
    if let lowest {
      labels.put(served.handheld.id.text, by: lowest.0, lowest.1 - 10, into: &svg)
    }
  }

  private func bars(
    _ served: GapAccount.Served, _ n: Int, _ row: Int, _ legend: inout GapLegend, _ svg: inout SVG
  ) {
    let (top, colour) = (barTop(row), GapPicture.colour(n))
    func bar(
      _ name: String, _ from: Instant, _ to: Instant, _ inset: Double, fill: String, edge: String,
      width: Double = 1, title: String
    ) {
      guard to >= span.lowerBound, from < span.upperBound else { return }
      let (a, b) = (x(max(from, span.lowerBound)), x(min(to, span.upperBound)))
      svg.add(
        "rect",
        [
          ("class", name), ("x", SVG.number(a)), ("y", SVG.number(top + inset)),
          ("width", SVG.number(max(2, b - a))), ("height", SVG.number(Self.row - 4 - 2 * inset)),
          ("fill", fill), ("stroke", edge), ("stroke-width", SVG.number(width)),
        ], title: title)
    }
    func times(_ from: Instant, _ to: Instant) -> String {
      "\(account.clock(from))–\(account.clock(to))"
    }
    for silence in served.trace.unobserved where silence.overlaps(span) {
      legend.use(.silent)
      bar(
        "silent", silence.lowerBound, silence.upperBound, 0, fill: "#e3e3e3", edge: "#999",
        title: texts(.notObservedAt, times(silence.lowerBound, silence.upperBound)))
    }
    let cell = account.target.cells[account.target.cells.count / 2]
    for piece in served.trace.possible(at: account.place.id, cell: cell)
    where piece.upperBound >= span.lowerBound && piece.lowerBound < span.upperBound {
      legend.use(.prism)
      bar(
        "prisms", piece.lowerBound, piece.upperBound, 0, fill: "url(#prism)", edge: "#444",
        width: 0.6, title: texts(.canHaveBeenAt, times(piece.lowerBound, piece.upperBound)))
    }
    for stay in account.stays where stay.handheld == served.handheld.id {
      guard stay.cell == 0 || account.target.cells.contains(stay.cell) else { continue }
      let attends =
        stay.kind == .stay && (account.duty.stay.value == 0 || stay.length >= account.duty.stay)
      legend.use(attends ? .stay : .shortStay)
      let length = texts.duration(stay.length)
      bar(
        attends ? "stay" : "short", stay.arrived, stay.left, 2, fill: attends ? colour : "#fff",
        edge: attends ? colour : "#111", width: attends ? 1 : 1.6,
        title: texts.clauses([length, times(stay.arrived, stay.left)]))
      guard stay.left < span.upperBound, stay.arrived >= span.lowerBound else { continue }
      let text = attends ? length : texts(.lengthOf, length, texts.duration(account.duty.stay))
      let after = x(stay.left) + 5
      let fits = after + GapPicture.textWidth(text, size: 11) < Self.width - Self.right
      GapMarks.label(
        text, x: fits ? after : x(stay.arrived) - 5, y: top + 13, anchor: fits ? "start" : "end",
        &svg)
    }
  }

  private func rules(_ legend: inout GapLegend, _ labels: inout GapLabels, _ svg: inout SVG) {
    let window = account.window
    var all = [
      (window.began, texts[.windowOpens], [(String, String)]()),
      (window.ended, texts[.windowEnds], []),
    ]
    // From the opening on it is missed for want of a first attendance by its date.
    let isFirst = account.gap.began <= window.began
    all.append(
      isFirst
        ? (window.began + account.duty.every, texts[.firstDue], GapMarks.due)
        : (account.gap.began, texts[.fallsDue], GapMarks.due))
    for (at, text, dashes) in all where span.contains(at) {
      legend.use(dashes.isEmpty ? .window : .due)
      svg.add(
        "path",
        [
          ("class", "rule"),
          ("d", "M\(SVG.number(x(at))) \(SVG.number(Self.top))V\(SVG.number(barTop(rows.count)))"),
          ("stroke", "#111"), ("stroke-width", "1.4"),
        ] + dashes)
      labels.put("\(text) \(account.clock(at))", by: x(at), Self.top + 10, into: &svg)
    }
  }
}
