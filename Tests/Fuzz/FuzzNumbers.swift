import Glibc

@testable import GPSD

/// A number is read where JSON's grammar (with zeros in front allowed) has one, to the bit as strtod reads it.
///
/// The input's bytes choose from the few characters that numbers are made of.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzNumbers(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let alphabet = Array("0123456789.-+eE,} n9.0001234567895".utf8)
  let text = UnsafeBufferPointer(start: bytes, count: count).map {
    // A character of its own stands for itself.
    alphabet.contains($0) ? $0 : alphabet[Int($0) % alphabet.count]
  }
  // Sized to the byte, so that a step beyond the end is seen.
  let line = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count, alignment: 1)
  defer { line.deallocate() }
  line.copyBytes(from: text)
  var scanner = ByteScanner(UnsafeRawBufferPointer(line))
  let end = numberEnd(text)
  let shown = String(decoding: text, as: UTF8.self)
  do throws(MalformedMessage) {
    guard let value = try scanner.number() else {
      preconditionFailure("nil for \(shown)")
    }
    precondition(end == scanner.offset, "read up to \(scanner.offset), not \(end ?? -1): \(shown)")
    let number = String(decoding: text[..<scanner.offset], as: UTF8.self)
    let expected = strtod(number, nil)
    precondition(value.bitPattern == expected.bitPattern, "\(value) != \(expected): \(number)")
  } catch {
    precondition(end == nil, "\(error): \(shown)")
    precondition(error == MalformedMessage(offset: 0, expected: .number), "\(error)")
  }
  return 0
}

/// Where the number ends that the text begins with; nil where there is none, or more of a word behind it.
private func numberEnd(_ text: [UInt8]) -> Int? {
  var rest = text[...]
  func digits() -> Bool {
    let end = rest.firstIndex { !(48...57).contains($0) } ?? rest.endIndex
    defer { rest = rest[end...] }
    return end > rest.startIndex
  }
  func eat(_ any: String) -> Bool {
    guard let byte = rest.first, any.utf8.contains(byte) else { return false }
    rest.removeFirst()
    return true
  }
  _ = eat("-")
  guard digits() else { return nil }
  if eat(".") { guard digits() else { return nil } }
  if eat("eE") {
    _ = eat("+-")
    guard digits() else { return nil }
  }
  guard let next = rest.first else { return text.endIndex }
  return ",}] ".utf8.contains(next) ? rest.startIndex : nil
}
