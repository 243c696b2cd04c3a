internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// The brigade's screen: pages and modules as they lie beside the program, Leaflet from Debian's libjs-leaflet.
struct ScreenRoutes: Sendable {
  /// For those who take JSON rather than a page.
  let landing: @Sendable (Request, WebContext) async throws -> Response
  /// Where tiles come from that are not this server's.
  let tileOrigin: String?

  /// Nothing but our own, and tiles from the brigade's address; no script or style in the page itself.
  private var policy: String {
    let images = (["'self'", "data:"] + [tileOrigin].compactMap(\.self)).joined(separator: " ")
    return
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src \(images); connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
  }
  private static let leafletFolder = "/usr/share/javascript/leaflet/"
  private static let types = [
    "html": "text/html", "css": "text/css", "js": "text/javascript",
  ]

  @Sendable func page(_ request: Request, _ context: WebContext) async throws -> Response {
    guard try request.accepted([MediaType.json, MediaType.html]) == MediaType.html else {
      return try await landing(request, context)
    }
    return try answer(Self.folder + "index.html", request)
  }

  @Sendable func file(_ request: Request, _ context: WebContext) async throws -> Response {
    try answer(Self.folder + Self.name(context), request)
  }

  @Sendable func leaflet(_ request: Request, _ context: WebContext) async throws -> Response {
    let name = try Self.name(context)
    guard FileManager.default.fileExists(atPath: Self.leafletFolder) else {
      throw Problem(
        .notFound,
        "\(Self.leafletFolder): not found; the map needs Debian's package libjs-leaflet (apt-get install libjs-leaflet)"
      )
    }
    return try answer(Self.leafletFolder + name, request)
  }

  private static var folder: String {
    (Bundle.module.resourcePath ?? "") + "/Screen/"
  }

  /// A plain name of a file.
  private static func name(_ context: WebContext) throws -> String {
    let name = context.parameters.get("file") ?? ""
    let isPlain = name.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: ".")
        || $0 == UInt8(ascii: "-")
    }
    guard isPlain, !name.hasPrefix("."), !name.contains(".."),
      types[String(name.split(separator: ".").last ?? "")] != nil
    else { throw Problem.missing(name) }
    return name
  }

  private func answer(_ path: String, _ request: Request) throws -> Response {
    _ = try Asked(request, allowed: ["at", "wall", "lang", "squadron"])
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Problem.missing(path)
    }
    let type = Self.types[String(path.split(separator: ".").last ?? "")] ?? "text/plain"
    return Reply.text(
      String(decoding: data, as: UTF8.self), "\(type); charset=utf-8", for: request,
      fields: [.contentSecurityPolicy: policy])
  }
}
