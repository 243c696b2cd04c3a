internal import Foundation
internal import HTTPTypes
internal import Store

/// Keys of rows as features' ids, and as cursors.
enum KeyText {
  /// Its parts with ~ between; what is no letter, digit, dot, hyphen or underscore is percent-encoded.
  static func id(_ key: PageKey) -> String {
    key.parts.map { part in
      switch part {
      case .integer(let n): String(n)
      case .real(let x): "\(x)"
      case .text(let text): text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
      }
    }.joined(separator: "~")
  }

  /// - Parameter shape: i, r or t for each part; nil where a text is no such key.
  static func key(_ id: String, shape: String) -> PageKey? {
    let texts = id.split(separator: "~", omittingEmptySubsequences: false)
    guard texts.count == shape.count else { return nil }
    var parts: [PageKey.Part] = []
    for (text, kind) in zip(texts, shape) {
      switch kind {
      case "i":
        guard let n = Int64(text) else { return nil }
        parts.append(.integer(n))
      case "r":
        guard let x = Double(text), x.isFinite else { return nil }
        parts.append(.real(x))
      default:
        guard let plain = String(text).removingPercentEncoding else { return nil }
        parts.append(.text(plain))
      }
    }
    return PageKey(parts)
  }

  private static let plain = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_")

  /// Nothing that anybody should read.
  static func cursor(_ key: PageKey) -> String {
    Data(id(key).utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  static func key(cursor: String, shape: String) throws -> PageKey {
    let text = cursor.replacing("-", with: "+").replacing("_", with: "/")
    let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
    guard let data = Data(base64Encoded: padded),
      let key = key(String(decoding: data, as: UTF8.self), shape: shape)
    else {
      throw Problem(.notFound, "cursor: found \"\(cursor)\"; expected the one of a next link")
    }
    return key
  }
}
