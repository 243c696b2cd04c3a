import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A drawing read back: it has to be whole XML that runs and fetches nothing.
struct ReadDrawing {
  struct Element {
    var name: String
    var attributes: [String: String]
    /// What it is told to be; its text, of a text.
    var text = ""
    /// One of the samples that say what signs mean.
    var isSign = false
    var kind: String { attributes["class"] ?? "" }

    func number(_ attribute: String) -> Double { Double(attributes[attribute] ?? "") ?? .nan }

    /// Points of a path of absolute `M`, `L`, `H` and `V`.
    var points: [(x: Double, y: Double)] {
      var (x, y) = (0.0, 0.0)
      return (attributes["d"] ?? "").matches(of: #/([MLHV])([-0-9.]+)(?: ([-0-9.]+))?/#).map { m in
        switch m.output.1 {
        case "H": x = Double(m.output.2)!
        case "V": y = Double(m.output.2)!
        default: (x, y) = (Double(m.output.2)!, Double(m.output.3!)!)
        }
        return (x, y)
      }
    }
  }

  private(set) var elements: [Element] = []

  init(_ svg: String) throws {
    final class Reader: NSObject, XMLParserDelegate {
      var elements: [Element] = []
      var open: [Int] = []
      func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String] = [:]
      ) {
        let isSign = open.last.map { elements[$0].isSign || elements[$0].kind == "signs" }
        open.append(elements.count)
        elements.append(Element(name: name, attributes: attributes, isSign: isSign ?? false))
      }
      func parser(
        _ parser: XMLParser, didEndElement: String, namespaceURI: String?, qualifiedName: String?
      ) { open.removeLast() }
      func parser(_ parser: XMLParser, foundCharacters text: String) {
        // A title says what the element around it is.
        let depth = open.count - (elements[open[open.count - 1]].name == "title" ? 2 : 1)
        elements[open[depth]].text += text
      }
    }
    let (parser, reader) = (XMLParser(data: Data(svg.utf8)), Reader())
    parser.delegate = reader
    try #require(parser.parse(), "\(String(describing: parser.parserError))")
    elements = reader.elements
    let names = Set(elements.map(\.name))
    #expect(names.isDisjoint(with: ["script", "image", "use", "foreignObject", "style"]))
    #expect(svg.firstRange(of: #/href|@import|url\((?!#)|NaN|nan|inf\b/#) == nil)
    #expect(elements[0].attributes["role"] == "img")
    #expect(elements[0].attributes["aria-label"]?.isEmpty == false)
  }

  func all(_ kind: String) -> [Element] { elements.filter { $0.kind == kind && !$0.isSign } }
  var texts: [String] { elements.filter { $0.name == "text" }.map(\.text) }

  /// That every point of some marks lies in the plot, to a tenth of a pixel.
  func areInPlot(_ kinds: String...) -> Bool {
    guard let plot = all("plot").first else { return false }
    let (left, top) = (plot.number("x") - 0.11, plot.number("y") - 0.11)
    let (right, bottom) = (
      left + plot.number("width") + 0.22, top + plot.number("height") + 0.22
    )
    return kinds.allSatisfy { kind in
      all(kind).allSatisfy { mark in
        mark.points.allSatisfy { $0.x >= left && $0.x <= right && $0.y >= top && $0.y <= bottom }
      }
    }
  }
}
