internal import Coverage
internal import Geodesy

/// The marks that the parts of a picture share.
enum GapMarks {
  static let stretchColour = "#d9a400"
  static let dashed = [("stroke-dasharray", "8 4")]
  static let dotted = [("stroke-dasharray", "2 3")]
  static let fast = [("stroke-dasharray", "14 3 2 3")]
  static let due = [("stroke-dasharray", "6 3 1.5 3")]

  /// Many small dots as one path: a fix a dot, at few bytes each.
  static func dots(_ points: [(Double, Double)], _ colour: String, _ svg: inout SVG) {
    guard !points.isEmpty else { return }
    let d = points.map { "M\(SVG.number($0.0)) \(SVG.number($0.1))h.01" }.joined()
    svg.add(
      "path",
      [
        ("class", "fixes"), ("d", d), ("fill", "none"), ("stroke", colour),
        ("stroke-width", "3.2"), ("stroke-linecap", "round"), ("stroke-opacity", "0.75"),
      ])
  }

  /// A fix that failed a gate, in a shape of the gate's own.
  static func gated(
    _ gate: Gate, _ x: Double, _ y: Double, _ colour: String, _ svg: inout SVG
  ) {
    let shape: String
    switch gate {
    case .poorFix:
      svg.add(
        "circle",
        [
          ("cx", SVG.number(x)), ("cy", SVG.number(y)), ("r", "4"), ("fill", "none"),
          ("stroke", colour),
        ])
      return
    case .jump: shape = "m-4-4l8 8m0-8l-8 8"
    case .frozen: shape = "m-4-4h8v8h-8z"
    case .duplicate: shape = "m-4 0h8"
    case .clock: shape = "m0-5l4 9h-8z"
    default: shape = "m-4.500 0h9m-4.500-4.500v9"
    }
    svg.add(
      "path",
      [
        ("class", "gated"), ("d", "M\(SVG.number(x)) \(SVG.number(y))\(shape)"), ("fill", "none"),
        ("stroke", colour), ("stroke-width", "1.3"),
      ])
  }

  static func points(_ all: [(Double, Double)]) -> String {
    all.map { "\(SVG.number($0.0)),\(SVG.number($0.1))" }.joined(separator: " ")
  }

  /// A text with a white edge, so that it can be read over anything.
  static func label(
    _ text: String, x: Double, y: Double, size: Double = 11, anchor: String = "start",
    _ svg: inout SVG
  ) {
    svg.label(
      text, x: x, y: y,
      [
        ("font-size", SVG.number(size)), ("text-anchor", anchor), ("stroke", "#fff"),
        ("stroke-width", "3"), ("stroke-linejoin", "round"), ("paint-order", "stroke"),
      ])
  }

  /// Every so many, so that about `limit` remain; the first among them.
  static func thinned<T>(_ all: [T], to limit: Int) -> [T] {
    guard all.count > limit else { return all }
    let step = (all.count + limit - 1) / limit
    return stride(from: 0, to: all.count, by: step).map { all[$0] }
  }

  /// Round steps, the smallest of which gives at most so many in a span.
  static func step(_ span: Double, atMost n: Int, of steps: [Double]) -> Double {
    steps.first { span / $0 <= Double(n) } ?? steps[steps.count - 1]
  }

  static let lengths = [5.0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]
  /// In seconds.
  static let times = [60.0, 120, 300, 600, 900, 1800, 3600, 7200]

  /// Moments of a span at round local times.
  static func ticks(_ span: Range<Instant>, offset: Int, atMost n: Int) -> [Instant] {
    let seconds = (span.upperBound - span.lowerBound).seconds
    let step = Int64(Self.step(seconds, atMost: n, of: times)) * 1000
    let shift = Int64(offset) * 1000
    let first = (span.lowerBound.milliseconds + shift + step - 1) / step * step - shift
    return stride(from: first, to: span.upperBound.milliseconds, by: Int64.Stride(step)).map {
      Instant(milliseconds: $0)
    }
  }
}

/// Texts put where they lie over no other.
struct GapLabels {
  private var taken: [(x: Double, y: Double, width: Double)] = []
  /// Beyond it no text reaches.
  let width: Double
  let height: Double

  private let left: Double

  init(from left: Double = 0, width: Double, height: Double) {
    (self.left, self.width, self.height) = (left, width, height)
  }

  private func isFree(_ x: Double, _ y: Double, _ w: Double) -> Bool {
    x >= left + 2 && x + w <= width - 2 && y >= 12 && y <= height - 4
      && !taken.contains { x < $0.x + $0.width && $0.x < x + w && abs($0.y - y) < 13 }
  }

  /// Where a text had best stand.
  enum Side { case beside, over, under }

  /// Beside, over or under a point; left out where no side is free.
  mutating func put(
    _ text: String, by x: Double, _ y: Double, apart: Double = 9, size: Double = 11,
    side: Side = .beside, into svg: inout SVG
  ) {
    let w = GapPicture.textWidth(text, size: size)
    let beside = [(x + apart, y + 4), (x - apart - w, y + 4)]
    let over = [(x - w / 2, y - apart), (x - w / 2, y - apart - 14)]
    let under = [
      (x - w / 2, y + apart + 9), (x - w / 2, y + apart + 23), (x - w / 2, y + apart + 37),
    ]
    let first =
      switch side {
      case .beside: beside + over + under
      case .over: over + under + beside
      case .under: under + over + beside
      }
    let places =
      first + [
        (x + apart, y - apart), (x + apart, y + apart + 9),
        (x - apart - w, y - apart), (x - apart - w, y + apart + 9),
      ]
    guard let (lx, ly) = places.first(where: { isFree($0.0, $0.1, w) }) else { return }
    taken.append((lx, ly, w))
    GapMarks.label(text, x: lx, y: ly, size: size, &svg)
  }

  /// A rectangle that no text may cover.
  mutating func keep(_ x: Double, _ y: Double, _ w: Double) { taken.append((x, y, w)) }
}
