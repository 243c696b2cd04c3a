internal import Coverage
internal import Geodesy
internal import Patrol

/// Reads JSON as the store itself writes it: without spaces, keys sorted, names without escapes. A decoder takes ten microseconds
/// to begin with, and a shift has thousands of gaps with four texts each; of anything else it reads nothing, and the decoder is
/// asked (`StoredJSON.value`).
struct PlainJSON {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// What a body reads of a text; nil where it, or what is left after it, is nothing known.
  private static func read<T>(_ text: String, _ body: (inout PlainJSON) -> T?) -> T? {
    var text = text
    return text.withUTF8 { bytes in
      var json = PlainJSON(bytes)
      guard let value = body(&json), json.at == bytes.count else { return nil }
      return value
    }
  }

  static func numbers(_ text: String) -> [Int]? {
    if text == "[]" { return [] }
    return read(text) { $0.list { $0.integer().flatMap { Int(exactly: $0) } } }
  }

  static func names(_ text: String) -> [String]? {
    if text == "[]" { return [] }
    return read(text) { $0.list { $0.name() } }
  }

  static func amounts(_ text: String) -> [String: Double]? {
    if text == "{}" { return [:] }
    return read(text) { json in
      json.list("{", "}") { json -> (String, Double)? in
        guard let name = json.name(), json.take(":"), let number = json.number() else { return nil }
        return (name, number)
      }
    }.map { Dictionary($0, uniquingKeysWith: { _, last in last }) }
  }

  static func region(_ text: String) -> Region? {
    if text == #"{"pieces":[]}"# { return Region(pieces: []) }
    return read(text) { json in
      guard json.take(#"{"pieces":"#) else { return nil }
      let pieces = json.list { json -> Region.Piece? in
        guard json.take(#"{"began":"#), let began = json.integer(), json.take(#","cell":"#),
          let cell = json.integer(), json.take(#","ended":"#), let ended = json.integer(),
          json.take("}")
        else { return nil }
        return Region.Piece(
          cell: Int(cell), began: Instant(milliseconds: began),
          ended: Instant(milliseconds: ended))
      }
      guard let pieces, json.take("}") else { return nil }
      return Region(pieces: pieces)
    }
  }

  private mutating func take(_ word: StaticString) -> Bool {
    guard bytes.count - at >= word.utf8CodeUnitCount else { return false }
    for i in 0..<word.utf8CodeUnitCount where bytes[at + i] != word.utf8Start[i] { return false }
    at += word.utf8CodeUnitCount
    return true
  }

  /// At least one.
  private mutating func list<T>(
    _ open: StaticString = "[", _ close: StaticString = "]", _ one: (inout PlainJSON) -> T?
  ) -> [T]? {
    guard take(open) else { return nil }
    var all: [T] = []
    repeat {
      guard let next = one(&self) else { return nil }
      all.append(next)
    } while take(",")
    return take(close) ? all : nil
  }

  /// Of at most 18 digits, and no fraction.
  private mutating func integer() -> Int64? {
    let isNegative = take("-")
    let begin = at
    var value: Int64 = 0
    while at < bytes.count, at - begin < 18, (48...57).contains(bytes[at]) {
      value = value * 10 + Int64(bytes[at] - 48)
      at += 1
    }
    return at > begin ? (isNegative ? -value : value) : nil
  }

  private mutating func number() -> Double? {
    let begin = at
    while at < bytes.count, (48...57).contains(bytes[at]) || "+-.eE".utf8.contains(bytes[at]) {
      at += 1
    }
    return Double(String(decoding: bytes[begin..<at], as: UTF8.self))
  }

  /// Without escapes.
  private mutating func name() -> String? {
    guard take("\"") else { return nil }
    let begin = at
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
      guard bytes[at] != UInt8(ascii: "\\"), bytes[at] >= 0x20 else { return nil }
      at += 1
    }
    let text = String(decoding: bytes[begin..<at], as: UTF8.self)
    return take("\"") ? text : nil
  }
}
