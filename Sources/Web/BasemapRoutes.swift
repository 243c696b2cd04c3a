internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Reports
internal import Store

/// A file's tiles, read on a thread apart: a disk may be slow.
actor TileDesk {
  nonisolated let file: TileFile
  private let loop: any EventLoop

  init(_ file: TileFile, on loop: any EventLoop) { (self.file, self.loop) = (file, loop) }

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.executor.asUnownedSerialExecutor()
  }

  func tile(_ zoom: Int, _ column: Int, _ row: Int) throws -> [UInt8]? {
    try file.tile(zoom: zoom, column: column, row: row)
  }
}

/// The map under the marks: what the page is told of it, and its tiles where they lie in a file.
struct BasemapRoutes: Sendable {
  let basemap: Basemap?
  /// Nil without a file.
  let desk: TileDesk?

  /// What a page may fetch images from besides this server.
  var origin: String? {
    guard case .address(let address) = basemap?.tiles else { return nil }
    return address.origin
  }

  private static let path = "/tiles/{z}/{x}/{y}"
  /// A map changes by the month; another file's tiles have another address.
  private static let kept = "private, max-age=86400"

  func basemap(_ request: Request, _ context: WebContext) async throws -> Response {
    _ = try Asked(request, allowed: [])
    guard let basemap else {
      return Reply.text("{\"tiles\": null}\n", MediaType.json, for: request)
    }
    var told: [(String, JSONValue)] = []
    switch basemap.tiles {
    case .address(let address): told.append(("tiles", .text(address.text)))
    case .file: told.append(("tiles", .text("\(Self.path)?v=\(desk?.file.version ?? "")")))
    }
    told.append(("datum", .text(basemap.datum.rawValue)))
    if let file = desk?.file {
      told += [
        ("zoom_min", .count(file.zooms.lowerBound)), ("zoom_max", .count(file.zooms.upperBound)),
      ]
      if let bounds = file.bounds {
        told.append(
          (
            "bbox",
            .array(
              [bounds.west, bounds.south, bounds.east, bounds.north].map {
                .number($0, decimals: 7)
              })
          ))
      }
    }
    if let credit = basemap.credit {
      told.append(("credit", .text(credit)))
    } else if let html = desk?.file.attribution {
      told.append(("credit_html", .text(html)))
    }
    return Reply.text(JSONValue.object(told).written() + "\n", MediaType.json, for: request)
  }

  func tile(_ request: Request, _ context: WebContext) async throws -> Response {
    _ = try Asked(request, allowed: ["v"])
    let zoom = try Self.number("z", context, below: TileFile.zoomMaximum + 1)
    let column = try Self.number("x", context, below: 1 << zoom)
    let row = try Self.number("y", context, below: 1 << zoom)
    guard let desk else {
      throw Problem(.notFound, "no file of tiles is given (patrold's option --basemap)")
    }
    guard let data = try await desk.tile(zoom, column, row) else {
      // Beside the map's area: a page that asks for it has nothing to be told of.
      return Response(status: .noContent, headers: [.cacheControl: Self.kept])
    }
    return Reply.bytes(data, desk.file.format.mediaType, kept: Self.kept, for: request)
  }

  private static func number(_ name: String, _ context: WebContext, below end: Int) throws -> Int {
    let text = context.parameters.get(name) ?? ""
    guard let n = Int(text), (0..<end).contains(n), "\(n)" == text else {
      throw Problem.missing("\(name): \"\(text)\", expected a number from 0 to \(end - 1)")
    }
    return n
  }
}

extension TileFile.Format {
  var mediaType: String { self == .jpg ? "image/jpeg" : "image/\(rawValue)" }
}
