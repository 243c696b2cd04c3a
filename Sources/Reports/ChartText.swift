extension SVG {
  enum Weight: String { case normal, bold }

  /// A text in a size of its own, whatever the page says of texts in drawings. With a `halo` it can be read over anything;
  /// `along` is the direction it is read in, of length 1.
  mutating func text(
    _ text: String, x: Double, y: Double, size: Double, anchor: String = "start",
    weight: Weight = .normal, fill: String = "#1c1c1c", halo: Double = 0,
    along unit: (x: Double, y: Double) = (1, 0)
  ) {
    var style = "font-size:\(SVG.number(size))px;fill:\(fill)"
    if weight == .bold { style += ";font-weight:bold" }
    var attributes = [("text-anchor", anchor), ("style", style)]
    if halo > 0 {
      attributes += [
        ("stroke", "#ffffff"), ("stroke-width", SVG.number(halo)), ("paint-order", "stroke"),
      ]
    }
    guard unit != (1, 0) else { return label(text, x: x, y: y, attributes) }
    let (ux, uy) = (Decimal.text(unit.x, 4), Decimal.text(unit.y, 4))
    let minus = Decimal.text(-unit.y, 4)
    attributes.append(
      ("transform", "matrix(\(ux) \(uy) \(minus) \(ux) \(SVG.number(x)) \(SVG.number(y)))"))
    label(text, x: 0, y: 0, attributes)
  }
}
