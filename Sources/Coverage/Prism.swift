internal import Geodesy

/// Where a handheld was known to be, and how well: the end of a space-time prism.
struct Anchor: Hashable, Sendable {
  var time: Int64
  var position: Coordinate
  /// Metres, 95 %; of a poor fix twice what it states.
  var error: Double
}

/// A space-time prism (Hägerstrand 1970; Miller 1991): all that a handheld can have reached between two anchors at a
/// speed it can keep up; open on one side before the first and after the last.
struct Prism: Hashable, Sendable {
  var from: Anchor?
  var to: Anchor?
  /// Ends of an open prism.
  var began: Int64
  var ended: Int64

  static func between(_ a: Anchor, _ b: Anchor) -> Prism {
    Prism(from: a, to: b, began: a.time, ended: b.time)
  }

  /// When it can have been at something `distance` away (a function of position, to the edge, in metres):
  ///
  ///     [ t1 + max(0, |p1 c| - e1)/v ,  t2 - max(0, |c p2| - e2)/v ]
  ///
  /// Where the anchors imply more than v, v is 1.2 times what they imply. Nil where there is no such moment.
  func possible(reach v: Double, distance: (Coordinate) -> Double) -> Span? {
    var speed = v
    if let a = from, let b = to { speed = Self.speed(from: a, to: b, reach: v) }
    return Self.possible(
      at: speed, from.map { ($0, distance($0.position)) }, to.map { ($0, distance($0.position)) },
      began, ended)
  }

  /// v, or 1.2 times what two anchors imply where that is more.
  static func speed(from a: Anchor, to b: Anchor, reach v: Double) -> Double {
    guard b.time > a.time else { return v }
    let apart = max(0, a.position.distance(to: b.position).value - a.error - b.error)
    let implied = apart / (Double(b.time - a.time) / 1000)
    return implied > v ? 1.2 * implied : v
  }

  /// The formula itself, with the distances of its ends.
  static func possible(
    at speed: Double, _ from: (anchor: Anchor, distance: Double)?,
    _ to: (anchor: Anchor, distance: Double)?, _ began: Int64, _ ended: Int64
  ) -> Span? {
    func travel(_ end: (anchor: Anchor, distance: Double)) -> Int64 {
      // Beyond a thousand years no moment is left.
      Int64(min(3e13, (max(0, end.distance - end.anchor.error) / speed * 1000).rounded(.up)))
    }
    let start = from.map { $0.anchor.time + travel($0) } ?? began
    let end = to.map { $0.anchor.time - travel($0) } ?? ended
    return start <= ended && start <= end ? Span(start, end) : nil
  }
}
