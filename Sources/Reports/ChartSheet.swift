/// The paper that charts are drawn on: as wide as a sheet of A4 between its margins, in CSS pixels, so that what is
/// printed is as large as it says.
struct ChartSheet {
  static let width = 718.0
  /// Unique on its page: what is defined in it is named after it.
  let name: String
  var body = SVG()
  var legend = ChartLegend()
  private var fills: [ChartFill] = []
  private var strokes: [ChartStroke] = []

  init(_ name: String) { self.name = name }

  /// The value of a `fill`.
  mutating func paint(_ fill: ChartFill) -> String {
    if !fills.contains(fill) { fills.append(fill) }
    return fill.paint(name)
  }

  /// What a group of strokes is drawn with: its marks are defined once.
  mutating func attributes(of stroke: ChartStroke) -> [(String, String)] {
    if !strokes.contains(stroke) { strokes.append(stroke) }
    return stroke.marks(name)
  }

  /// Two lines at the top: what it is of, and what it is.
  mutating func head(_ title: String, _ about: [String]) {
    body.text(
      GapPicture.fitted(title, size: 14, width: Self.width), x: 0, y: 14, size: 14, weight: .bold)
    let text = about.filter { !$0.isEmpty }.joined(separator: " · ")
    body.text(
      GapPicture.fitted(text, size: 10.5, width: Self.width), x: 0, y: 30, size: 10.5,
      fill: "#444444")
  }

  /// A rectangle filled with a texture.
  mutating func box(
    _ fill: ChartFill, x: Double, y: Double, width: Double, height: Double, class name: String,
    title: String?
  ) {
    let paint = paint(fill)
    body.add(
      "rect",
      [
        ("class", name), ("x", SVG.number(x)), ("y", SVG.number(y)), ("width", SVG.number(width)),
        ("height", SVG.number(height)), ("fill", paint), ("stroke", fill.edge),
        ("stroke-width", "0.8"),
      ], title: title)
  }

  mutating func line(_ d: String, _ colour: String, _ width: Double, _ dashes: String? = nil) {
    body.add(
      "path",
      [("d", d), ("fill", "none"), ("stroke", colour), ("stroke-width", SVG.number(width))]
        + (dashes.map { [("stroke-dasharray", $0)] } ?? []))
  }

  /// The whole drawing, with what its signs mean from `y` on.
  mutating func finish(label: String, signsFrom y: Double) -> String {
    var paints: [ChartFill: String] = [:]
    for fill in legend.fills { paints[fill] = paint(fill) }
    let (signs, height) = legend.draw(width: Self.width, paints, chart: name)
    var whole = SVG()
    whole.open("defs")
    for fill in fills { fill.define(name, in: &whole) }
    for stroke in strokes { stroke.define(name, in: &whole) }
    whole.close("defs")
    whole.open(
      "g",
      [
        ("font-family", "system-ui, 'Noto Sans', 'Noto Sans CJK SC', sans-serif"),
        ("stroke-linejoin", "round"),
      ] + SVG.plainText)
    whole.add(body)
    whole.open("g", [("class", "signs"), ("transform", "translate(0 \(SVG.number(y)))")])
    whole.add(signs)
    whole.close("g")
    whole.close("g")
    return whole.whole(width: Self.width, height: y + height + 4, label: label, class: "chart")
  }
}
