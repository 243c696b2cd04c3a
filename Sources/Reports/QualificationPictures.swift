internal import Geodesy
internal import Qualification

/// Pictures of a session, in black, grey and dashes: nothing is told by colour alone.
struct QualificationPictures {
  let qualification: Qualification
  let texts: Texts

  private static let ink = "#1c1c1c"
  private static let rule = "#bbb"

  /// Errors about the truth, with the circles of a half and of 95 %.
  func scatter() -> String {
    let side = 360.0
    let most = qualification.accuracy?.most.value ?? 1
    let reach = max(1, (1.5 * most).rounded(.up))
    let scale = (side / 2 - 24) / reach
    var svg = SVG()
    let middle = side / 2
    let step = Self.step(reach)
    for tick in stride(from: -reach, through: reach, by: step) where abs(tick) <= reach {
      let at = middle + (tick / step).rounded() * step * scale
      line(&svg, at, middle - 3, at, middle + 3)
      line(&svg, middle - 3, middle - at + middle, middle + 3, middle - at + middle)
    }
    line(&svg, 12, middle, side - 12, middle)
    line(&svg, middle, 12, middle, side - 12)
    // A few thousand dots tell no more than a thousand.
    let samples = Self.thinned(qualification.errors, to: 1200)
    for s in samples where max(abs(s.error.x), abs(s.error.y)) <= reach {
      svg.add(
        "circle",
        [
          ("cx", SVG.number(middle + s.error.x * scale)),
          ("cy", SVG.number(middle - s.error.y * scale)), ("r", "1.6"), ("fill", Self.ink),
          ("fill-opacity", "0.35"),
        ])
    }
    if let accuracy = qualification.accuracy {
      circle(&svg, middle, accuracy.half.value * scale, dashed: false)
      circle(&svg, middle, accuracy.most.value * scale, dashed: true)
    }
    // At the last tick within reach, above the axis and out of the circles' way.
    let last = (reach / step).rounded(.down) * step
    svg.label(
      texts(.metresValue, Decimal.text(last, step < 1 ? 1 : 0)),
      x: min(side - 2, middle + last * scale + 12), y: middle - 6,
      Self.small + [("text-anchor", "end")])
    return svg.whole(
      width: side, height: side, label: texts[.scatterCaption], class: "scatter")
  }

  /// Radial error against time.
  func course() -> String {
    let (width, height, left, bottom) = (720.0, 200.0, 40.0, 24.0)
    var svg = SVG()
    let samples = Self.thinned(qualification.errors, to: 1400)
    let end = max(60, samples.last?.seconds ?? 60)
    let most = max(1, samples.map(\.radius).max() ?? 1)
    let (sx, sy) = ((width - left - 10) / end, (height - bottom - 10) / most)
    axes(&svg, width, height, left, bottom)
    let step = Self.step(most)
    for y in stride(from: 0, through: most, by: step) {
      let at = height - bottom - y * sy
      line(&svg, left - 4, at, left, at)
      svg.label(
        Decimal.text(y, step < 1 ? 1 : 0), x: left - 6, y: at + 4,
        Self.small + [("text-anchor", "end")])
    }
    let minutes = Self.step(end / 60)
    for t in stride(from: 0, through: end / 60, by: minutes) {
      let at = left + t * 60 * sx
      line(&svg, at, height - bottom, at, height - bottom + 4)
      svg.label(
        Decimal.text(t, minutes < 1 ? 1 : 0), x: at, y: height - 6,
        Self.small + [("text-anchor", "middle")])
    }
    var path = ""
    var before: Double?
    let pause = max(30, 3 * (qualification.times.interval?.value ?? 1)) * 2
    for s in samples {
      // Where nothing is known nothing is drawn.
      let isNew = before.map { s.seconds - $0 > pause } ?? true
      path +=
        (isNew ? "M" : "L") + SVG.number(left + s.seconds * sx) + " "
        + SVG.number(height - bottom - s.radius * sy)
      before = s.seconds
    }
    if !path.isEmpty {
      svg.add(
        "path",
        [("d", path), ("fill", "none"), ("stroke", Self.ink), ("stroke-width", "1")])
    }
    if let accuracy = qualification.accuracy {
      for (y, dash) in [(accuracy.half.value, "none"), (accuracy.most.value, "5 4")] {
        let at = height - bottom - y * sy
        svg.add(
          "line",
          Self.ends(left, at, width - 10, at) + [
            ("stroke", "#666"), ("stroke-width", "1.2"), ("stroke-dasharray", dash),
          ])
      }
    }
    return svg.whole(width: width, height: height, label: texts[.courseCaption], class: "course")
  }

  /// Times between reports, up to three times the median.
  func histogram() -> String {
    let (width, height, left, bottom) = (360.0, 200.0, 40.0, 24.0)
    var svg = SVG()
    let all = qualification.times.intervals
    let middle = qualification.times.interval?.value ?? 1
    let end = 3 * middle
    // An odd number: the median lies in the middle of one.
    let bins = 31
    var counts = [Int](repeating: 0, count: bins)
    for x in all where x < end { counts[min(bins - 1, Int(x / end * Double(bins)))] += 1 }
    let most = max(1, counts.max() ?? 1)
    let (sx, sy) = ((width - left - 10) / Double(bins), (height - bottom - 20) / Double(most))
    axes(&svg, width, height, left, bottom)
    for (i, count) in counts.enumerated() where count > 0 {
      let h = max(1, Double(count) * sy)
      svg.add(
        "rect",
        [
          ("x", SVG.number(left + Double(i) * sx + 1)), ("y", SVG.number(height - bottom - h)),
          ("width", SVG.number(sx - 2)), ("height", SVG.number(h)), ("fill", "#777"),
          ("stroke", Self.ink), ("stroke-width", "0.5"),
        ])
    }
    for k in 0...3 {
      let at = left + Double(k) * Double(bins) / 3 * sx
      line(&svg, at, height - bottom, at, height - bottom + 4)
      svg.label(
        Decimal.text(Double(k) * middle, middle < 10 ? 1 : 0), x: at, y: height - 6,
        Self.small + [("text-anchor", k == 3 ? "end" : "middle")])
    }
    svg.label("\(most)", x: left - 6, y: 26, Self.small + [("text-anchor", "end")])
    let longer = all.count { $0 >= end }
    if longer > 0 {
      svg.label(
        texts(.lessThanAll, "\(longer)"), x: width - 10, y: 16,
        Self.small + [("text-anchor", "end")])
    }
    return svg.whole(
      width: width, height: height, label: texts[.histogramCaption], class: "histogram")
  }

  // MARK: pieces

  private static let small = [("font-size", "11"), ("fill", ink)]

  private static func ends(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double)
    -> [(String, String)]
  {
    [
      ("x1", SVG.number(x1)), ("y1", SVG.number(y1)), ("x2", SVG.number(x2)),
      ("y2", SVG.number(y2)),
    ]
  }

  private func line(
    _ svg: inout SVG, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double
  ) {
    svg.add("line", Self.ends(x1, y1, x2, y2) + [("stroke", Self.rule), ("stroke-width", "1")])
  }

  private func axes(
    _ svg: inout SVG, _ width: Double, _ height: Double, _ left: Double, _ bottom: Double
  ) {
    line(&svg, left, 10, left, height - bottom)
    line(&svg, left, height - bottom, width - 10, height - bottom)
  }

  private func circle(_ svg: inout SVG, _ middle: Double, _ radius: Double, dashed: Bool) {
    svg.add(
      "circle",
      [
        ("cx", SVG.number(middle)), ("cy", SVG.number(middle)), ("r", SVG.number(radius)),
        ("fill", "none"), ("stroke", Self.ink), ("stroke-width", "1.6"),
        ("stroke-dasharray", dashed ? "6 4" : "none"),
      ])
  }

  /// 1, 2 or 5 times a power of ten: about four to a length.
  private static func step(_ length: Double) -> Double {
    var step = 0.001
    for factor in [2, 2.5, 2, 2, 2.5, 2, 2, 2.5, 2, 2, 2.5, 2, 2, 2.5, 2, 2, 2.5, 2, 2, 2.5, 2]
    where length / step > 6 {
      step *= factor
    }
    return step
  }

  private static func thinned(_ samples: [ErrorSample], to most: Int) -> [ErrorSample] {
    let stride = max(1, (samples.count + most - 1) / most)
    return samples.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
  }
}
