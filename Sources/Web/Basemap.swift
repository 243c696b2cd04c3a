internal import Foundation

/// The map under the marks, where a brigade has one.
public struct Basemap: Hashable, Sendable {
  public enum Tiles: Hashable, Sendable {
    /// An MBTiles file's path: this server answers with its tiles.
    case file(String)
    /// Browsers ask there themselves.
    case address(TileAddress)
  }

  /// What the tiles were drawn in. Positions are WGS 84, always; what is shown above GCJ-02 tiles is moved as they are.
  public enum Datum: String, CaseIterable, Sendable {
    case wgs84, gcj02
  }

  public var tiles: Tiles
  public var datum: Datum
  /// Whose map it is; nil where an MBTiles file may say so.
  public var credit: String?

  public init(tiles: Tiles, datum: Datum = .wgs84, credit: String? = nil) {
    (self.tiles, self.datum, self.credit) = (tiles, datum, credit)
  }
}

/// Where tiles are asked for: an address with {z}, {x} and {y}, or {-y} where rows are counted from the south.
public struct TileAddress: Hashable, Sendable {
  /// What is wrong with a text.
  public struct Fault: Error, CustomStringConvertible {
    public var description: String
  }

  public let text: String
  /// What pages may fetch images from: scheme, host and port.
  public let origin: String

  public init(_ text: String) throws(Fault) {
    func fault(_ detail: String) -> Fault {
      Fault(
        description:
          "found \"\(text)\" (\(detail)); expected an address such as https://tiles.example/{z}/{x}/{y}.png"
      )
    }
    // Of what stands in a policy nothing may end it.
    guard text.utf8.allSatisfy({ (33...126).contains($0) && !"\"'<>\\^`|;,".utf8.contains($0) })
    else { throw fault("a character that an address does not have") }
    var rest = text
    for name in ["{z}", "{x}"] {
      guard rest.contains(name) else { throw fault("without \(name)") }
      rest = rest.replacing(name, with: "0")
    }
    guard rest.contains("{y}") || rest.contains("{-y}") else { throw fault("without {y}") }
    rest = rest.replacing("{y}", with: "0").replacing("{-y}", with: "0")
    if let brace = rest.firstIndex(of: "{") ?? rest.firstIndex(of: "}") {
      throw fault("\(rest[brace...].prefix { $0 != "}" })} is not known")
    }
    guard let url = URL(string: rest), let scheme = url.scheme?.lowercased(),
      ["http", "https"].contains(scheme), let host = url.host, !host.isEmpty
    else { throw fault("not http or https, or without a host") }
    guard url.user == nil, url.password == nil else { throw fault("with a name or password") }
    guard let end = text.firstRange(of: "://"),
      !text[end.upperBound...].prefix(while: { $0 != "/" && $0 != "?" }).contains("{")
    else { throw fault("a host that depends on the tile") }
    self.text = text
    let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    origin = "\(scheme)://\(name)" + (url.port.map { ":\($0)" } ?? "")
  }
}
