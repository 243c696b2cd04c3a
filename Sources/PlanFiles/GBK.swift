#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// GBK (code page 936) to text, by the C library's iconv.
enum GBK {
  enum Result {
    case text(String)
    case invalid
    /// This system has no conversion from GBK.
    case unavailable
  }

  static func text(_ bytes: [UInt8]) -> Result {
    guard let descriptor = iconv_open("UTF-8", "GBK"), Int(bitPattern: descriptor) != -1 else {
      return .unavailable
    }
    defer { iconv_close(descriptor) }
    var input = bytes.map { CChar(bitPattern: $0) }
    // Two bytes of GBK become at most three of UTF-8, one becomes at most three.
    var output = [CChar](repeating: 0, count: bytes.count * 3 + 16)
    var left = input.count
    var room = output.count
    let capacity = room
    let failed = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        var from = source.baseAddress
        var to = target.baseAddress
        return iconv(descriptor, &from, &left, &to, &room) == -1
      }
    }
    guard !failed, left == 0 else { return .invalid }
    let utf8 = output.prefix(capacity - room).map { UInt8(bitPattern: $0) }
    return String(validating: utf8, as: UTF8.self).map(Result.text) ?? .invalid
  }
}
