internal import Foundation
internal import Geodesy
internal import Hummingbird

/// What stands after a question mark: each parameter once, and none that is not known.
struct Asked {
  private let values: [String: String]

  /// Throws a `Problem` that names what is wrong.
  init(_ request: Request, allowed: [String]) throws {
    var values: [String: String] = [:]
    for part in (request.uri.query ?? "").split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      // A plus sign is itself: offsets of times are written with it.
      guard let name = String(pair[0]).removingPercentEncoding,
        let value = (pair.count > 1 ? String(pair[1]) : "").removingPercentEncoding
      else { throw Problem.wrong("\(part): not percent-encoded UTF-8") }
      guard allowed.contains(name) else {
        let names = allowed.joined(separator: ", ")
        throw Problem.wrong(
          "unknown parameter \"\(name)\"; expected \(names.isEmpty ? "none" : "one of \(names)")")
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw Problem.wrong("\(name): given twice; expected it once")
      }
    }
    self.values = values
  }

  subscript(name: String) -> String? { values[name] }

  /// A list with commas between; nil where it is not given.
  func list(_ name: String) -> [String]? {
    values[name].map { $0.split(separator: ",").map(String.init) }
  }

  func choice(_ name: String, of all: [String]) throws -> String? {
    guard let value = values[name] else { return nil }
    guard all.contains(value) else {
      throw Problem.wrong(
        "\(name): found \"\(value)\"; expected one of \(all.joined(separator: ", "))")
    }
    return value
  }

  func flag(_ name: String) throws -> Bool? {
    try choice(name, of: ["true", "false"]).map { $0 == "true" }
  }

  /// One from 1 on; more than the maximum means the maximum (OGC API – Features 1.0.1, 7.15.2).
  func limit(_ standard: Int, maximum: Int) throws -> Int {
    guard let text = values["limit"] else { return standard }
    // However large: it means the most there is.
    let isNumber = !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
    guard isNumber, case let n = Int(text) ?? maximum, n >= 1 else {
      throw Problem.wrong("limit: found \"\(text)\"; expected a whole number from 1 to \(maximum)")
    }
    return min(n, maximum)
  }

  /// An instant, or an interval with `..` or nothing for an open end (OGC API – Features 1.0, 7.15.4).
  func span(_ name: String = "datetime") throws -> ClosedRange<Instant>? {
    guard let text = values[name] else { return nil }
    func end(_ part: Substring, open: Instant) throws -> Instant {
      if part.isEmpty || part == ".." { return open }
      guard let instant = Instant(rfc3339: part) else { throw wrong(text) }
      return instant
    }
    func wrong(_ text: String) -> Problem {
      .wrong(
        "\(name): found \"\(text)\"; expected RFC 3339 such as 2026-11-20T18:00:00Z, or two of them with / between, .. for an open end"
      )
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    switch parts.count {
    case 1:
      guard let instant = Instant(rfc3339: text) else { throw wrong(text) }
      return instant...instant
    case 2:
      let from = try end(parts[0], open: .distantPast)
      let to = try end(parts[1], open: .distantFuture)
      guard from <= to, from > .distantPast || to < .distantFuture else { throw wrong(text) }
      return from...to
    default: throw wrong(text)
    }
  }
}

extension Request {
  /// Whoever asks takes gzip (RFC 9110, 12.5.3).
  var takesGzip: Bool {
    var (named, any): (Double?, Double?)
    for coding in headers[values: .acceptEncoding].joined(separator: ",").split(separator: ",") {
      let parts = coding.split(separator: ";").map {
        $0.trimmingCharacters(in: .whitespaces).lowercased()
      }
      let q = parts.dropFirst().first { $0.hasPrefix("q=") }
      let quality = q.flatMap { Double($0.dropFirst(2)) } ?? 1
      switch parts.first {
      case "gzip", "x-gzip": named = quality
      case "*": any = quality
      default: break
      }
    }
    return named ?? any ?? 0 > 0
  }

  /// The first of some media types that whoever asks takes best (RFC 9110, 12.5.1). Throws a `Problem` where they take none.
  func accepted(_ offered: [String]) throws -> String {
    guard let accept = headers[values: .accept].isEmpty ? nil : headers[values: .accept] else {
      return offered[0]
    }
    var best: (quality: Double, type: String)?
    for type in offered {
      // What names a type more closely counts.
      var (quality, closeness) = (0.0, -1)
      for range in accept.joined(separator: ",").split(separator: ",") {
        let parts = range.split(separator: ";").map {
          $0.trimmingCharacters(in: .whitespaces).lowercased()
        }
        let version = parts.dropFirst().first { $0.hasPrefix("version=") }
        let found = (parts.first ?? "") + (version.map { ";" + $0 } ?? "")
        let near =
          switch found {
          case type: 3
          case String(type.prefix { $0 != ";" }): 2
          case String(type.prefix { $0 != "/" }) + "/*": 1
          case "*/*": 0
          default: -1
          }
        guard near > closeness else { continue }
        let q = parts.dropFirst().first { $0.hasPrefix("q=") }
        (quality, closeness) = (q.flatMap { Double($0.dropFirst(2)) } ?? 1, near)
      }
      if quality > best?.quality ?? 0 { best = (quality, type) }
    }
    guard let best else {
      throw Problem(
        .notAcceptable, "expected to be asked for one of \(offered.joined(separator: ", "))")
    }
    return best.type
  }
}
