internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Responses with what all of them say.
enum Reply {
  /// A tag by which whoever asks again is told that nothing changed; compressed where that helps and whoever asks takes it.
  static func text(
    _ text: String, _ type: String, for request: Request, fields: HTTPFields = [:]
  ) -> Response {
    var fields = fields
    let packed = text.utf8.count >= Gzip.worthwhile && request.takesGzip
    let tag = tag(text)
    fields[.eTag] = told(tag, packed: packed)
    fields[.cacheControl] = "private, no-cache"
    fields[.vary] = "Accept, Accept-Encoding"
    if let known = request.headers[.ifNoneMatch], matches(known, tag) {
      return Response(status: .notModified, headers: fields)
    }
    fields[.contentType] = type
    if packed, let body = Gzip.compressed(text) {
      fields[.contentEncoding] = "gzip"
      return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: body))
    }
    fields[.eTag] = told(tag, packed: false)
    return Response(
      status: .ok, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  /// What is packed already, and kept by whoever asked for it as long as that says.
  static func bytes(_ data: [UInt8], _ type: String, kept: String, for request: Request) -> Response
  {
    let tag = data.withUnsafeBufferPointer(tag)
    let fields: HTTPFields = [.eTag: told(tag, packed: false), .cacheControl: kept]
    if let known = request.headers[.ifNoneMatch], matches(known, tag) {
      return Response(status: .notModified, headers: fields)
    }
    var all = fields
    all[.contentType] = type
    return Response(
      status: .ok, headers: all, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
  }

  /// Other bytes have another tag (RFC 9110, 8.8.3.3).
  private static func told(_ tag: String, packed: Bool) -> String {
    packed ? "\"\(tag)-gzip\"" : "\"\(tag)\""
  }

  private static func matches(_ known: String, _ tag: String) -> Bool {
    known.split(separator: ",").contains {
      let one = $0.trimmingPrefix(while: \.isWhitespace).trimmingPrefix("W/")
      return one == "*" || one == told(tag, packed: false) || one == told(tag, packed: true)
    }
  }

  private static func tag(_ text: String) -> String {
    var text = text
    return text.withUTF8(tag)
  }

  /// FNV-1a of 64 bits (Fowler, Noll, Vo), and the length: the same bytes in every process.
  private static func tag(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return "\(String(hash, radix: 36))-\(String(bytes.count, radix: 36))"
  }
}

enum MediaType {
  static let json = "application/json"
  static let geojson = "application/geo+json"
  static let html = "text/html"
  static let csv = "text/csv"
  static let openapi = "application/vnd.oai.openapi+json;version=3.1"
}
