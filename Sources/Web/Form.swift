internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// What a request that changes something says: a page's form, or a JSON object of texts.
struct Form: Sendable {
  private(set) var values: [String: String] = [:]
  /// Sent by a page without scripts: it is answered with another page.
  private(set) var isPage = false

  init() {}

  /// Throws a `Problem` where it is neither.
  init(_ request: Request) async throws {
    let body = try await request.body.collect(upTo: ConnectionGuard.bodyMaximum)
    let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased()
    switch type {
    case "": guard body.readableBytes == 0 else { throw Self.expected }
    case "application/x-www-form-urlencoded":
      isPage = true
      for part in String(buffer: body).split(separator: "&") {
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
          .map { String($0).replacing("+", with: " ").removingPercentEncoding }
        guard let name = pair[0], let value = pair.count > 1 ? pair[1] : "" else {
          throw Self.expected
        }
        values[name] = value
      }
    case "application/json":
      guard
        let found = try? JSONDecoder().decode(
          [String: String].self, from: Data(body.readableBytesView))
      else { throw Self.expected }
      values = found
    default: throw Self.expected
    }
  }

  subscript(name: String) -> String { values[name] ?? "" }

  private static let expected = Problem.wrong(
    "expected a form (application/x-www-form-urlencoded) or a JSON object of texts")
}
