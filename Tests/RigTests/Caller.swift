import Glibc

/// A client of a gpsd on this host.
final class Caller {
  private let descriptor: Int32
  private(set) var heard: [UInt8] = []
  private(set) var isEnded = false

  struct NotConnected: Error {
    var code: Int32
  }

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw NotConnected(code: errno) }
  }

  deinit { close(descriptor) }

  func say(_ text: String) {
    let bytes = Array(text.utf8)
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  static let watch = #"?WATCH={"enable":true,"json":true};"# + "\n"

  /// Reads until it has heard what is wanted, the end, or for too long; false then. Blocks no thread: there are few.
  func hears(within seconds: Double = 20, _ wanted: (Caller) -> Bool) async throws -> Bool {
    let limit = ContinuousClock.now + .seconds(seconds)
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !wanted(self) {
      guard ContinuousClock.now < limit, !isEnded else { return false }
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count > 0 {
        heard += buffer[..<count]
      } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
        isEnded = true
      } else {
        try await Task.sleep(for: .milliseconds(5))
      }
    }
    return true
  }

  /// Whole lines, without CR.
  var lines: [String] {
    var pieces = heard.split(separator: 0x0a, omittingEmptySubsequences: false)
    pieces.removeLast()
    return pieces.map { String(decoding: $0.last == 0x0d ? $0.dropLast() : $0, as: UTF8.self) }
  }

  func lines(of name: String) -> [String] { lines.filter { $0.hasPrefix(#"{"class":"\#(name)""#) } }
}
