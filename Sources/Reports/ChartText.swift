internal import Foundation

extension SVG {
  enum Weight: String { case normal, bold }

  /// What texts in charts are drawn with, where nothing else is said: attributes of a group around them.
  static let plainText = [("font-size", "10"), ("fill", "#1c1c1c")]
  /// Of a group of texts that can be read over anything.
  static func halo(_ width: Double) -> [(String, String)] {
    [("stroke", "#fff"), ("stroke-width", number(width)), ("paint-order", "stroke")]
  }

  /// A text within a group of `plainText`. With a `halo` it can be read over anything; `along` is the direction it is read
  /// in, of length 1. `size` and `fill` nil: the group's own.
  mutating func text(
    _ text: String, x: Double, y: Double, size: Double? = 10, anchor: String = "start",
    weight: Weight = .normal, fill: String? = "#1c1c1c", halo: Double = 0,
    along unit: (x: Double, y: Double) = (1, 0)
  ) {
    var attributes: [(String, String)] = []
    if anchor != "start" { attributes.append(("text-anchor", anchor)) }
    if let size, size != 10 { attributes.append(("font-size", SVG.number(size))) }
    if let fill, fill != "#1c1c1c" { attributes.append(("fill", fill)) }
    if weight == .bold { attributes.append(("font-weight", "bold")) }
    if halo > 0 { attributes += Self.halo(halo) }
    guard unit != (1, 0) else { return label(text, x: x, y: y, attributes) }
    let degrees = atan2(unit.y, unit.x) * 180 / .pi
    attributes.append(
      (
        "transform",
        "translate(\(SVG.number(x)) \(SVG.number(y)))rotate(\(SVG.number(degrees)))"
      ))
    open("text", attributes)
    add(plain: text)
    close("text")
  }
}
