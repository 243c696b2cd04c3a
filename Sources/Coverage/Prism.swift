internal import Geodesy

/// Where a handheld was known to be, and how well: the end of a space-time prism.
struct Anchor: Hashable, Sendable, Codable {
  var time: Int64
  var position: Coordinate
  /// Metres, 95 %; of a poor fix twice what it states.
  var error: Double
}

/// A space-time prism (Hägerstrand 1970; Miller 1991): all that a handheld can have reached between two anchors at a
/// speed it can keep up; open on one side before the first and after the last.
struct Prism: Hashable, Sendable, Codable {
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
  func possible(reach v: MetresPerSecond, distance: (Coordinate) -> Double) -> Span? {
    var speed = v.value
    if let a = from, let b = to, b.time > a.time {
      let apart = max(0, a.position.distance(to: b.position).value - a.error - b.error)
      let implied = apart / (Double(b.time - a.time) / 1000)
      if implied > speed { speed = 1.2 * implied }
    }
    var (start, end) = (began, ended)
    if let a = from {
      start = a.time + Int64((max(0, distance(a.position) - a.error) / speed * 1000).rounded(.up))
      guard start <= ended else { return nil }
    }
    if let b = to {
      end = b.time - Int64((max(0, distance(b.position) - b.error) / speed * 1000).rounded(.up))
    }
    return start <= end ? Span(start, end) : nil
  }
}
