import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A piece of XML as its reader sees it. (On Linux `XMLElement` finds no attributes under a default namespace.)
final class Element {
  let name: String
  let attributes: [String: String]
  private(set) var children: [Element] = []
  private(set) var text = ""

  private init(_ name: String, _ attributes: [String: String]) {
    self.name = name
    self.attributes = attributes
  }

  /// The root; the text must be well-formed.
  static func root(of text: String) throws -> Element {
    let (parser, reader) = (XMLParser(data: Data(text.utf8)), Reader())
    parser.delegate = reader
    try #require(parser.parse() && parser.parserError == nil, "\(parser.lineNumber)")
    return try #require(reader.root)
  }

  /// Those that a path of names leads to, from its children on.
  func all(_ path: String) -> [Element] {
    path.split(separator: "/").reduce([self]) { found, step in
      found.flatMap { $0.children.filter { $0.name == step } }
    }
  }

  func first(_ path: String) -> String? { all(path).first?.text }

  private final class Reader: NSObject, XMLParserDelegate {
    var root: Element?
    private var open: [Element] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String] = [:]
    ) {
      let element = Element(name, attributes)
      if let parent = open.last { parent.children.append(element) } else { root = element }
      open.append(element)
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) { open.last?.text += text }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      open.removeLast()
    }
  }
}
