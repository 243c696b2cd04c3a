/// HTML written in place, for what there are thousands of on a page: what stands there is markup, what is put in is text.
///
///     let cell: Markup = "<td>\(place.name)</td>"     // a place "A & B" is put in as A &amp; B
///     let row: Markup = "<tr>\(cell)</tr>"            // other markup as it is
struct Markup: ExpressibleByStringInterpolation {
  private(set) var text: String

  init(stringLiteral text: String) { self.text = text }
  init(stringInterpolation parts: StringInterpolation) { text = parts.text }

  init(joining parts: some Sequence<Markup>) { text = parts.reduce(into: "") { $0 += $1.text } }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ value: String) { text += SVG.escaped(value) }
    mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
  }
}
