internal import Glibc

/// A serial port that a handheld's sentences go out of, no faster than its rate: to another machine's gpsd, or to
/// whatever a receiver is plugged into.
///
///     SerialLine("/dev/ttyUSB0@9600")
public struct SerialLine: Hashable, Sendable {
  public var path: String
  /// Bits per second; a byte takes ten, by its start and stop bits.
  public var rate: Int

  /// What receivers are set to.
  private static let speeds: [Int: speed_t] = [
    4800: speed_t(B4800), 9600: speed_t(B9600), 19_200: speed_t(B19200), 38_400: speed_t(B38400),
    57_600: speed_t(B57600), 115_200: speed_t(B115200), 230_400: speed_t(B230400),
  ]

  public static var rates: [Int] { speeds.keys.sorted() }

  public init(path: String, rate: Int) {
    self.path = path
    self.rate = rate
  }

  /// `path` or `path@rate`; 9600 where no rate is told. Nil where there is no such rate.
  public init?(_ text: String) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count <= 2, let path = parts.first, !path.isEmpty else { return nil }
    let rate = parts.count == 2 ? Int(parts[1]) : 9600
    guard let rate, Self.speeds[rate] != nil else { return nil }
    self.init(path: String(path), rate: rate)
  }

  public var bytesPerSecond: Int { rate / 10 }

  /// Reports that may wait: where more do, the line carries less than comes.
  static let queueMaximum = 8
  /// Written in one go: as long as a few characters take, so that a reader sees them come at their rate.
  private static let slice = 0.01

  /// Opens the port, raw, eight bits, no parity, and writes what comes until the stream ends and all has left.
  ///
  /// - Throws: `RigError.network` where the port cannot be opened or set, or is gone.
  func send(_ texts: AsyncStream<String>) async throws(RigError) {
    let port = try opened()
    defer { _ = close(port) }
    var busyUntil = ContinuousClock.now
    do {
      for await text in texts {
        let bytes = Array(text.utf8)
        busyUntil = max(busyUntil, ContinuousClock.now)
        let most = max(1, Int(Double(bytesPerSecond) * Self.slice))
        var next = 0
        while next < bytes.count {
          let end = min(next + most, bytes.count)
          // A byte has arrived when its last bit has.
          busyUntil += .seconds(Double(end - next) / Double(bytesPerSecond))
          try await Task.sleep(until: busyUntil, clock: .continuous)
          try await write(bytes[next..<end], to: port)
          next = end
        }
      }
    } catch let error as RigError {
      throw error
    } catch { throw .cancelled }
  }

  private func write(_ bytes: ArraySlice<UInt8>, to port: Int32) async throws {
    var left = bytes
    while !left.isEmpty {
      let count = left.withUnsafeBytes { Glibc.write(port, $0.baseAddress, $0.count) }
      if count > 0 {
        left = left.dropFirst(count)
      } else if errno == EAGAIN || errno == EINTR {
        try await Task.sleep(for: .milliseconds(5))
      } else {
        throw RigError.network("\(path): \(String(cString: strerror(errno)))")
      }
    }
  }

  private func opened() throws(RigError) -> Int32 {
    func failed(_ port: Int32) -> RigError {
      let text = String(cString: strerror(errno))
      if port >= 0 { _ = close(port) }
      return .network("\(path): cannot be used as a serial port (\(text))")
    }
    let port = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK)
    var settings = termios()
    guard port >= 0, tcgetattr(port, &settings) == 0, let speed = Self.speeds[rate] else {
      throw failed(port)
    }
    cfmakeraw(&settings)
    cfsetspeed(&settings, speed)
    settings.c_cflag |= tcflag_t(CLOCAL)
    guard tcsetattr(port, TCSANOW, &settings) == 0, tcgetattr(port, &settings) == 0 else {
      throw failed(port)
    }
    guard cfgetospeed(&settings) == speed else {
      _ = close(port)
      throw .network("\(path): does not take \(rate) bits a second")
    }
    return port
  }
}
