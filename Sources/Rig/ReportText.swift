internal import Geodesy

/// One report's bytes, where a few values can be found and put otherwise; what is not there stays away. Reads only what
/// gpsd writes: no spaces about a colon, no key of a nested object first.
struct ReportText: Sendable {
  private(set) var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var className: String? { string("class") }
  var device: String? { string("device") }
  var time: Instant? { span(of: "time").flatMap { Instant(rfc3339: bytes[inside($0)]) } }

  /// Adds to the time. A report without one stays as it is.
  mutating func shift(by d: Milliseconds) {
    guard let span = span(of: "time"), let time else { return }
    bytes.replaceSubrange(inside(span), with: TimeDigits(time + d).bytes)
  }

  mutating func removeDevice() {
    guard let span = span(of: "device") else { return }
    let key = #""device":"#.utf8.count
    // With the comma before it; the class comes first.
    bytes.removeSubrange((span.lowerBound - key - 1)..<span.upperBound)
  }

  /// In place of what stands there, else at the end.
  mutating func set(_ key: String, to value: String) {
    if let span = span(of: key) {
      bytes.replaceSubrange(span, with: value.utf8)
    } else if bytes.last == UInt8(ascii: "}") {
      bytes.removeLast()
      bytes += #","\#(key)":\#(value)}"#.utf8
    }
  }

  private func string(_ key: String) -> String? {
    guard let span = span(of: key), bytes[span.lowerBound] == UInt8(ascii: "\"") else { return nil }
    return String(decoding: bytes[inside(span)], as: UTF8.self)
  }

  private func inside(_ quoted: Range<Int>) -> Range<Int> {
    quoted.count < 2
      ? quoted.lowerBound..<quoted.lowerBound : quoted.lowerBound + 1..<quoted.upperBound - 1
  }

  /// Of a key's value, quotes included.
  private func span(of key: String) -> Range<Int>? {
    let sought = Array(#""\#(key)":"#.utf8)
    guard bytes.count > sought.count else { return nil }
    var at = 1
    while at + sought.count < bytes.count {
      if bytes[at] == sought[0], bytes[at..<at + sought.count].elementsEqual(sought) {
        let start = at + sought.count
        let isText = bytes[start] == UInt8(ascii: "\"")
        var end = start + (isText ? 1 : 0)
        while end < bytes.count {
          let byte = bytes[end]
          if isText, byte == UInt8(ascii: "\\") {
            end += 2
          } else if isText ? byte == UInt8(ascii: "\"") : byte == 0x2c || byte == 0x7d {
            break
          } else {
            end += 1
          }
        }
        guard end < bytes.count else { return nil }
        return start..<(isText ? end + 1 : end)
      }
      at += 1
    }
    return nil
  }
}
