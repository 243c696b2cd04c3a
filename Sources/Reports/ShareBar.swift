internal import Coverage

/// Shares as one bar, told apart by hatching as much as by colour: it is to be read in black and white.
enum ShareBar {
  enum Part: String, CaseIterable {
    case covered, excused, unproven, missed

    var colour: String {
      switch self {
      case .covered: SVG.covered
      case .excused: "#5c6bc0"
      case .unproven: SVG.unproven
      case .missed: SVG.missed
      }
    }

    func of(_ shares: Shares) -> Double {
      switch self {
      case .covered: shares.covered
      case .excused: shares.excused
      case .unproven: shares.unproven
      case .missed: shares.missed
      }
    }
  }

  /// The patterns, once in a page: bars name them.
  static func patterns() -> String {
    var svg = SVG()
    svg.open("defs")
    for part in Part.allCases {
      svg.open(
        "pattern",
        [
          ("id", "share-\(part.rawValue)"), ("width", "6"), ("height", "6"),
          ("patternUnits", "userSpaceOnUse"),
        ])
      svg.add("rect", [("width", "6"), ("height", "6"), ("fill", part.colour)])
      let strokes: [String]
      switch part {
      case .covered: strokes = []
      case .excused: strokes = ["M0 3h6"]
      case .unproven: strokes = ["M-1 1l2 -2M0 6l6 -6M5 7l2 -2"]
      case .missed: strokes = ["M0 0l6 6M0 6l6 -6"]
      }
      for d in strokes {
        svg.add("path", [("d", d), ("stroke", "#fff"), ("stroke-width", "1.3"), ("fill", "none")])
      }
      svg.close("pattern")
    }
    svg.close("defs")
    return
      "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\" xmlns=\"http://www.w3.org/2000/svg\">\(svg.text)</svg>"
  }

  /// - Parameter name: of a part, as it is read out.
  static func svg(
    _ shares: Shares, width: Double, height: Double, label: String, name: (Part) -> String
  ) -> String {
    var svg = SVG()
    add(shares, to: &svg, x: 0, y: 0, width: width, height: height, isUpright: false, name: name)
    svg.add(
      "rect",
      [
        ("width", SVG.number(width)), ("height", SVG.number(height)), ("fill", "none"),
        ("stroke", "#555"), ("stroke-width", "0.8"),
      ])
    return svg.whole(width: width, height: height, label: label, class: "bar")
  }

  /// One part by itself, for what the fills mean.
  static func swatch(_ part: Part, name: (Part) -> String) -> String {
    var one = Shares(covered: 0, missed: 0, unproven: 0, excused: 0)
    switch part {
    case .covered: one.covered = 1
    case .missed: one.missed = 1
    case .unproven: one.unproven = 1
    case .excused: one.excused = 1
    }
    return svg(one, width: 26, height: 12, label: name(part), name: name)
  }

  /// How a part is filled, where `patterns` stands in the page.
  static func fill(_ part: Part) -> String { "url(#share-\(part.rawValue))" }

  /// One bar a day, the covered part at the foot.
  ///
  /// - Parameter days: each with what stands under it, nil for none.
  static func course(
    _ days: [(text: String?, title: String, shares: Shares?)], label: String,
    name: (Part) -> String
  ) -> String {
    let (width, height, left) = (1050.0, 120.0, 42.0)
    let step = (width - left) / Double(max(1, days.count))
    var svg = SVG()
    for tenth in [0, 5, 10] {
      let y = 6 + height * (1 - Double(tenth) / 10)
      svg.add(
        "path",
        [
          ("d", "M\(SVG.number(left)) \(SVG.number(y))H\(SVG.number(width))"), ("stroke", "#bbb"),
          ("stroke-width", "0.6"),
        ])
      svg.label("\(tenth * 10)%", x: left - 6, y: y + 4, [("text-anchor", "end")])
    }
    for (n, day) in days.enumerated() {
      let x = left + Double(n) * step
      if let shares = day.shares {
        svg.open("g")
        add(
          shares, to: &svg, x: x + step * 0.1, y: 6, width: step * 0.8, height: height,
          isUpright: true, name: { "\(day.title), \(name($0))" })
        svg.close("g")
      }
      if let text = day.text {
        svg.label(text, x: x + step / 2, y: height + 20, [("text-anchor", "middle")])
      }
    }
    return svg.whole(width: width, height: height + 26, label: label, class: "days")
  }

  private static func add(
    _ shares: Shares, to svg: inout SVG, x: Double, y: Double, width: Double, height: Double,
    isUpright: Bool, name: (Part) -> String
  ) {
    var done = 0.0
    for part in Part.allCases {
      let share = max(0, part.of(shares))
      guard share > 0 else { continue }
      let box =
        isUpright
        ? (x, y + height * (1 - done - share), width, height * share)
        : (x + width * done, y, width * share, height)
      svg.add(
        "rect",
        [
          ("x", SVG.number(box.0)), ("y", SVG.number(box.1)), ("width", SVG.number(box.2)),
          ("height", SVG.number(box.3)), ("fill", fill(part)),
        ], title: name(part))
      done += share
    }
  }
}
