internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// What happened along the line, and what did not.
extension TimeDistanceChart {
  // MARK: walks

  /// Each handheld's strokes together: what they have in common is said once.
  func draw(_ runs: [WalkRun], _ sheet: inout ChartSheet, _ labels: ChartLabels) {
    var own: [Handheld.ID: [ChartStroke.Drawn]] = [:]
    for run in runs {
      own[run.handheld, default: []].append(
        ChartStroke.Drawn(
          d: run.path, kind: run.kind, isUnmarkedBetween: run.goesOnAtOtherEnd,
          title: told(run, labels)))
      guard let stroke = stroke(of: run.handheld) else { continue }
      sheet.legend.use(.stroke(stroke), run.handheld.text)
      if run.kind == .driveBy { sheet.legend.use(.driveBy, labels.driveBy) }
    }
    for (handheld, stroke) in strokes {
      guard let drawn = own[handheld] else { continue }
      let marks = sheet.attributes(of: stroke)
      stroke.draw(drawn, marks, &sheet.body)
    }
  }

  func stroke(of handheld: Handheld.ID) -> ChartStroke? {
    strokes.first { $0.handheld == handheld }?.stroke
  }

  private func told(_ run: WalkRun, _ labels: ChartLabels) -> String {
    let kind = run.kind == .driveBy ? labels.driveBy : labels.walked
    return [
      "\(run.handheld)", kind, time.clock(run.began, run.ended),
      "\(Decimal.text(run.from.value, 0)) → \(Decimal.text(run.to.value, 0)) m",
      "\(Decimal.text(run.speed.value, 1)) m/s",
    ].joined(separator: " · ")
  }

  /// Names at the strokes, a name for every handheld before a second for any; what the gaps are, before all.
  func put(names runs: [WalkRun], _ sheet: inout ChartSheet, _ labels: ChartLabels) {
    var places = StrokeLabels(
      among: runs.flatMap(\.pieces), x: left...Self.right, y: time.low...time.high)
    for record in gaps { name(record, &places, &sheet, labels) }
    var named: Set<Handheld.ID> = []
    var (fresh, others): ([WalkRun], [WalkRun]) = ([], [])
    for run in runs {
      if named.insert(run.handheld).inserted || run.kind == .driveBy {
        fresh.append(run)
      } else {
        others.append(run)
      }
    }
    var texts: [Handheld.ID: SVG] = [:]
    for run in fresh + others {
      guard let longest = run.pieces.max(by: { abs($0.x2 - $0.x1) < abs($1.x2 - $1.x1) })
      else { continue }
      let text =
        run.kind == .driveBy
        ? "\(run.handheld) \(Decimal.text(run.speed.value, 1)) m/s" : run.handheld.text
      _ = places.put(text, along: longest, &texts[run.handheld, default: SVG()])
    }
    for (handheld, stroke) in strokes {
      guard let names = texts[handheld] else { continue }
      sheet.body.open(
        "g",
        [
          ("font-size", SVG.number(StrokeLabels.size)), ("fill", stroke.colour),
          ("text-anchor", "middle"),
        ] + SVG.halo(2.4))
      sheet.body.add(names)
      sheet.body.close("g")
    }
  }

  // MARK: gaps

  func draw(_ record: GapRecord, _ sheet: inout ChartSheet, _ labels: ChartLabels) {
    let gap = record.gap
    let told = told(gap, labels)
    region(gap.region, ChartFill(gap.verdict), "gap", told, &sheet)
    sheet.legend.use(.fill(ChartFill(gap.verdict)), labels.verdict(gap.verdict))
    let excused = gap.region.common(with: record.excuses.map(\.region))
    if !excused.pieces.isEmpty {
      region(excused, .excused, "excused", "\(labels.excused) · \(told)", &sheet)
      sheet.legend.use(.fill(.excused), labels.excused)
    }
  }

  private func told(_ gap: Gap, _ labels: ChartLabels) -> String {
    var parts = [
      "\(labels.verdict(gap.verdict)): \(labels.cause(gap.cause))",
      time.clock(gap.began, gap.ended), labels.duration(gap.ended - gap.began),
    ]
    if gap.isOpen { parts.append(labels.stillOpen) }
    if let stretch = gap.stretch {
      parts.append("\(Decimal.text(stretch.from.value, 0))–\(Decimal.text(stretch.to.value, 0)) m")
    }
    return (parts + ["\(gap.owed.duty)", "\(gap.id)"]).joined(separator: " · ")
  }

  /// No edge is moved by more than can be seen.
  func blocks(_ region: Region) -> GapBlocks {
    let perPixel = (time.span.upperBound - time.span.lowerBound).seconds / (time.high - time.low)
    return GapBlocks(region.pieces, tolerance: Milliseconds(seconds: perPixel * 0.4))
  }

  private func region(
    _ region: Region, _ fill: ChartFill, _ name: String, _ title: String, _ sheet: inout ChartSheet
  ) {
    let blocks = blocks(region)
    func edge(_ c: Int) -> String { SVG.number(x(Double(c) * cell)) }
    func at(_ instant: Instant) -> String { SVG.number(y(instant)) }
    let area = blocks.blocks.map { b in
      let (left, right) = (edge(b.cells.lowerBound), edge(b.cells.upperBound + 1))
      return "M\(left) \(at(b.began))H\(right)V\(at(b.ended))H\(left)z"
    }.joined()
    let outline =
      blocks.blocks.map { b in
        let (left, right) = (edge(b.cells.lowerBound), edge(b.cells.upperBound + 1))
        return "M\(left) \(at(b.began))H\(right)M\(left) \(at(b.ended))H\(right)"
      }
      + blocks.sides.map { "M\(edge($0.cell)) \(at($0.span.lowerBound))V\(at($0.span.upperBound))" }
    let paint = sheet.paint(fill)
    sheet.body.add("path", [("class", name), ("d", area), ("fill", paint)], title: title)
    sheet.line(outline.joined(), fill.edge, 1)
  }

  /// The name of a gap stands where it fits into it, across as few strokes as can be; else its title alone tells it.
  private func name(
    _ record: GapRecord, _ places: inout StrokeLabels, _ sheet: inout ChartSheet,
    _ labels: ChartLabels
  ) {
    let gap = record.gap
    let size = 10.5
    let blocks = blocks(gap.region)
    // Most are too small for any.
    guard let room = room(of: blocks), room.height >= size + 4 else { return }
    let excused = gap.region.common(with: record.excuses.map(\.region))
    let without = self.blocks(excused)
    let verdict = excused == gap.region ? labels.excused : labels.verdict(gap.verdict)
    let length = labels.duration(gap.ended - gap.began)
    let texts = [
      "\(verdict): \(labels.cause(gap.cause)) · \(length)", "\(verdict) · \(length)", verdict,
    ]
    let middles = middles(blocks)
    for text in texts {
      let width = GapPicture.textWidth(text, size: size)
      guard width + 6 <= room.width else { continue }
      let spots = middles.filter {
        holds(blocks, $0.x, $0.y, width / 2 + 3, size / 2 + 2)
          && (excused == gap.region || !holds(without, $0.x, $0.y, 0, 0))
      }
      guard let spot = places.best(spots, width: width) else { continue }
      sheet.body.text(
        text, x: spot.x, y: spot.y + size * 0.36, size: size, anchor: "middle", weight: .bold,
        halo: 3.4)
      places.keep(spot.x, spot.y, width: width, height: size + 4)
      return
    }
  }

  /// The least rectangle about a gap, in pixels, and one more for rounding.
  private func room(of blocks: GapBlocks) -> (width: Double, height: Double)? {
    let all = blocks.blocks
    guard let first = all.map(\.cells.lowerBound).min(),
      let last = all.map(\.cells.upperBound).max(), let began = all.map(\.began).min(),
      let ended = all.map(\.ended).max()
    else { return nil }
    return (
      x(Double(last + 1) * cell) - x(Double(first) * cell) + 1, y(ended) - y(began) + 1
    )
  }

  /// That a rectangle about a point lies in a gap, as far as its corners tell.
  private func holds(_ blocks: GapBlocks, _ px: Double, _ py: Double, _ w: Double, _ h: Double)
    -> Bool
  {
    [(px - w, py - h), (px + w, py - h), (px - w, py + h), (px + w, py + h)].allSatisfy { px, py in
      guard px > left, px < Self.right else { return false }
      let part = (py - time.low) / (time.high - time.low)
      let shown = time.span.upperBound - time.span.lowerBound
      return blocks.holds(
        Int((px - left) / (Self.right - left) * length / cell),
        time.span.lowerBound + Milliseconds(Int64(part * Double(shown.value))))
    }
  }

  /// Points within a gap, halfway between where it begins and ends at some chainages: from its middle outwards.
  private func middles(_ blocks: GapBlocks) -> [(x: Double, y: Double)] {
    guard let low = blocks.blocks.map(\.cells.lowerBound).min(),
      let high = blocks.blocks.map(\.cells.upperBound).max()
    else { return [] }
    let parts = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88, 0.06, 0.94]
    return parts.flatMap { part in
      let c = low + Int(part * Double(high - low))
      return blocks.blocks.filter { $0.cells.contains(c) }.flatMap { block in
        let (top, bottom) = (y(block.began), y(block.ended))
        return [0.5, 0.3, 0.7].map { (x((Double(c) + 0.5) * cell), top + $0 * (bottom - top)) }
      }
    }
  }
}
