internal import Coverage
internal import Geodesy
internal import Patrol

/// The course of time along a line: chainage to the right, time downwards. A pass is a slanted stroke; the gap is what no
/// stroke reached in time.
struct GapLineChart {
  let account: GapAccount
  let texts: Texts
  static let height = 520.0
  private static let left = 70.0
  private static let right = 20.0
  private static let top = 34.0
  private static let bottom = 8.0
  private static var width: Double { GapPicture.width - 2 * GapPicture.margin }
  /// Chainages and moments shown.
  private let from: Double
  private let to: Double
  private let span: Range<Instant>

  init(_ account: GapAccount, _ texts: Texts) {
    (self.account, self.texts) = (account, texts)
    var (from, to) = (0.0, 1.0)
    if case .stretches(let line, let all) = account.target.shape {
      let length = line.length.value
      (from, to) = (0, length)
      // Little of a long line would be a sliver: what lies around it is enough.
      if all.count == 1, all[0].upperBound - all[0].lowerBound < 0.15 * length {
        let wide = max(150, 3 * (all[0].upperBound - all[0].lowerBound))
        (from, to) = (max(0, all[0].lowerBound - wide), min(length, all[0].upperBound + wide))
      }
    }
    (self.from, self.to) = (from, max(to, from + 1))
    let deciding = account.deciding
    let pad = Milliseconds(max(120_000, (deciding.upperBound - deciding.lowerBound).value / 20))
    span = deciding.lowerBound - pad..<deciding.upperBound + pad
  }

  func draw(_ legend: inout GapLegend) -> SVG {
    var svg = SVG()
    var labels = GapLabels(from: Self.left, width: Self.width - Self.right, height: Self.height)
    svg.label(
      texts(.lineCaption, account.place.name, account.offsetText), x: 0, y: 10,
      [("font-weight", "bold")])
    axes(&svg)
    svg.open("clipPath", [("id", "chart")])
    svg.add("rect", plot)
    svg.close("clipPath")
    svg.open("g", [("class", "chart"), ("clip-path", "url(#chart)")])
    possible(&legend, &svg)
    gap(&legend, &svg)
    for (n, served) in account.served.enumerated() where served.counts != nil {
      passages(served, GapPicture.colour(n), &legend, &labels, &svg)
    }
    rules(&legend, &labels, &svg)
    if let absence = account.absence(texts) {
      GapMarks.label(
        absence, x: (Self.left + Self.width) / 2, y: Self.height / 2, size: 14, anchor: "middle",
        &svg)
    }
    svg.close("g")
    svg.add("rect", plot + [("fill", "none"), ("stroke", "#777")])
    return svg
  }

  private var plot: [(String, String)] {
    [
      ("x", SVG.number(Self.left)), ("y", SVG.number(Self.top)),
      ("width", SVG.number(Self.width - Self.left - Self.right)),
      ("height", SVG.number(Self.height - Self.top - Self.bottom)),
    ]
  }

  private func x(_ s: Double) -> Double {
    Self.left + (s - from) / (to - from) * (Self.width - Self.left - Self.right)
  }

  private func y(_ at: Instant) -> Double {
    Self.top + Double((at - span.lowerBound).value)
      / Double((span.upperBound - span.lowerBound).value) * (Self.height - Self.top - Self.bottom)
  }

  private func axes(_ svg: inout SVG) {
    let offset = account.plan.zone.offset(at: span.lowerBound)
    let (right, bottom) = (Self.width - Self.right, Self.height - Self.bottom)
    for at in GapMarks.ticks(span, offset: offset, atMost: 14) {
      svg.add(
        "path",
        [
          ("d", "M\(SVG.number(Self.left)) \(SVG.number(y(at)))H\(SVG.number(right))"),
          ("stroke", "#e4e4e4"),
        ])
      svg.label(
        String(account.clock(at).prefix(5)), x: Self.left - 6, y: y(at) + 4,
        [("text-anchor", "end")])
    }
    let step = GapMarks.step(to - from, atMost: 11, of: GapMarks.lengths)
    for s in stride(from: (from / step).rounded(.up) * step, through: to, by: step) {
      svg.add(
        "path",
        [
          ("d", "M\(SVG.number(x(s))) \(SVG.number(Self.top))V\(SVG.number(bottom))"),
          ("stroke", "#e4e4e4"),
        ])
      svg.label(
        texts(.metres, Decimal.text(s, 0)), x: x(s), y: Self.top - 6,
        [("text-anchor", s > to - step / 2 ? "end" : "middle")])
    }
  }

  /// Cells × time as one path.
  private func boxes(_ pieces: [(cell: Int, began: Instant, ended: Instant)]) -> String {
    let cells = account.place.cells
    return pieces.compactMap { piece -> String? in
      guard cells.indices.contains(piece.cell), let stretch = cells[piece.cell].stretch,
        piece.ended > span.lowerBound, piece.began < span.upperBound,
        stretch.to.value > from, stretch.from.value < to
      else { return nil }
      let (left, right) = (x(stretch.from.value), x(stretch.to.value))
      let (top, bottom) = (
        y(max(piece.began, span.lowerBound)), y(min(piece.ended, span.upperBound))
      )
      return
        "M\(SVG.number(left)) \(SVG.number(top))H\(SVG.number(right))V\(SVG.number(bottom))H\(SVG.number(left))z"
    }.joined()
  }

  /// By prism over what was not observed, handhelds together.
  private func possible(_ legend: inout GapLegend, _ svg: inout SVG) {
    let d = account.place.cells.map { cell -> String in
      boxes(account.possible(at: cell.cell).map { (cell.cell, $0.lowerBound, $0.upperBound) })
    }.joined()
    guard !d.isEmpty else { return }
    legend.use(.prism)
    svg.add(
      "path", [("class", "prisms"), ("d", d), ("fill", "url(#prism)"), ("fill-opacity", "0.6")])
  }

  private func gap(_ legend: inout GapLegend, _ svg: inout SVG) {
    let gap = account.gap
    legend.use(.gap(gap.verdict))
    let pieces = gap.region.pieces
    svg.add(
      "path",
      [
        ("class", "gap"), ("d", boxes(pieces.map { ($0.cell, $0.began, $0.ended) })),
        ("fill", "url(#\(gap.verdict.rawValue))"), ("shape-rendering", "crispEdges"),
      ])
    // Its upper edge is where its cells fell due, its lower one where somebody came, or the window ended.
    let cells = account.place.cells
    func edge(_ moment: (Region.Piece) -> Instant) -> String {
      pieces.compactMap { piece in
        guard cells.indices.contains(piece.cell), let stretch = cells[piece.cell].stretch else {
          return nil
        }
        return
          "M\(SVG.number(x(stretch.from.value))) \(SVG.number(y(moment(piece))))H\(SVG.number(x(stretch.to.value)))"
      }.joined()
    }
    legend.use(.edges)
    svg.add(
      "path",
      [
        ("class", "due"), ("d", edge(\.began)), ("fill", "none"),
        ("stroke", SVG.colour(gap.verdict)), ("stroke-width", "2.4"),
      ])
    svg.add(
      "path",
      [
        ("d", edge(\.ended)), ("fill", "none"), ("stroke", SVG.colour(gap.verdict)),
        ("stroke-width", "1.2"),
      ])
  }

  private func passages(
    _ served: GapAccount.Served, _ colour: String, _ legend: inout GapLegend,
    _ labels: inout GapLabels, _ svg: inout SVG
  ) {
    let passages = GapPassage.gather(
      served.trace.legs, along: account.place.id, in: span,
      limit: account.passSpeedMaximum(served.handheld))
    for p in passages {
      let style: (name: String, width: Double, dashes: [(String, String)])
      switch p.kind {
      case .walked: style = ("walked", 2.6, [])
      case .tooFast: style = ("fast", 2.6, GapMarks.fast)
      case .undecided: style = ("undecided", 1.8, GapMarks.dashed)
      }
      legend.use(
        p.kind == .walked ? .walked : p.kind == .tooFast ? .tooFast : .undecided)
      var d = "M\(SVG.number(x(p.legs[0].from.value))) \(SVG.number(y(p.began)))"
      for leg in p.legs {
        if leg.from != leg.to || leg.ended == p.ended {
          d += "L\(SVG.number(x(leg.to.value))) \(SVG.number(y(leg.ended)))"
        }
      }
      svg.add(
        "path",
        [
          ("class", style.name), ("d", d), ("fill", "none"), ("stroke", colour),
          ("stroke-width", SVG.number(style.width)), ("stroke-linejoin", "round"),
        ] + style.dashes,
        title: "\(served.handheld.id): \(account.clock(p.began))–\(account.clock(p.ended))")
      let middle = p.legs[p.legs.count / 2]
      let at = (x(middle.to.value), y(middle.ended))
      guard at.0 > Self.left, at.0 < Self.width - Self.right, p.high - p.low > 20 else { continue }
      let more =
        p.kind == .undecided
        ? " \(Decimal.text(p.confidence, 2))"
        : p.kind == .tooFast ? " " + texts(.speedIs, Decimal.text(p.speedMaximum, 1)) : ""
      labels.put("\(served.handheld.id)\(more)", by: at.0, at.1, into: &svg)
    }
  }

  private func rules(
    _ legend: inout GapLegend, _ labels: inout GapLabels, _ svg: inout SVG
  ) {
    let first = account.window.began + account.duty.every
    var all = [
      (account.window.began, texts[.windowOpens], [(String, String)]()),
      (account.window.ended, texts[.windowEnds], []),
    ]
    if first >= account.gap.began - Milliseconds(1000), first < account.window.ended {
      all.append((first, texts[.firstDue], GapMarks.due))
    }
    for (at, text, dashes) in all where span.contains(at) {
      legend.use(dashes.isEmpty ? .window : .due)
      svg.add(
        "path",
        [
          ("class", "rule"),
          (
            "d",
            "M\(SVG.number(Self.left)) \(SVG.number(y(at)))H\(SVG.number(Self.width - Self.right))"
          ),
          ("stroke", "#111"), ("stroke-width", "1.4"),
        ] + dashes)
      labels.put("\(text) \(account.clock(at))", by: Self.left, y(at), into: &svg)
    }
  }
}

extension GapAccount {
  /// What stands where nobody did anything; nil where somebody counted.
  func absence(_ texts: Texts) -> String? {
    guard served.allSatisfy({ $0.counts == nil }) else { return nil }
    let all = texts.names(served.map(\.handheld.id.text))
    return served.isEmpty ? texts[.noneAllotted] : texts(.nothingReceivedOf, all)
  }

  /// When a cell can have been attended unseen: by the prisms of each handheld while it counts, and by what the store
  /// holds as possible and not proven.
  func possible(at cell: Int) -> [ClosedRange<Instant>] {
    var all: [ClosedRange<Instant>] = []
    for served in served {
      guard let counts = served.counts else { continue }
      all += served.trace.possible(at: place.id, cell: cell).compactMap { piece in
        let (from, to) = (
          max(piece.lowerBound, counts.lowerBound), min(piece.upperBound, counts.upperBound)
        )
        return from < to ? from...to : nil
      }
    }
    if let stored = attendance.first(where: { $0.cell == cell }) {
      all += stored.possible.filter { piece in
        piece.lowerBound < piece.upperBound && !stored.proven.contains { $0.overlaps(piece) }
      }
    }
    var joined: [ClosedRange<Instant>] = []
    for piece in all.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, piece.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound...max(last.upperBound, piece.upperBound)
      } else {
        joined.append(piece)
      }
    }
    return joined
  }
}
