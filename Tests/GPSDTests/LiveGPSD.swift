import Glibc

/// A real gpsd as a child, with one UDP source, on ports of its own.
struct LiveGPSD: Sendable {
  static let path = "/usr/sbin/gpsd"
  static var isInstalled: Bool { access(path, X_OK) == 0 }

  let port: Int
  let udpPort: Int

  init() throws {
    port = try Self.freePort(SOCK_STREAM)
    udpPort = try Self.freePort(SOCK_DGRAM)
  }

  /// Foundation's `Process` would pass on the signal mask of a dispatch thread, which blocks SIGTERM.
  func start() throws -> Child {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_WRONLY, 0)
    }
    let words = [Self.path, "-N", "-n", "-S", "\(port)", "-P", "", "udp://127.0.0.1:\(udpPort)"]
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var id = pid_t()
    guard posix_spawn(&id, Self.path, &files, &attributes, &arguments, environ) == 0 else {
      throw NotStarted()
    }
    return Child(id: id)
  }

  struct NotStarted: Error {}

  /// A child that runs until it is killed.
  struct Child: ~Copyable {
    let id: pid_t

    /// Returns when it is gone.
    consuming func end() {}

    deinit {
      kill(id, SIGKILL)
      var status = Int32()
      waitpid(id, &status, 0)
    }
  }

  /// One datagram to the UDP source.
  func feed(_ text: String) {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var address = Self.loopback(port: udpPort)
    let bytes = Array((text + "\r\n").utf8)
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  struct NoPort: Error {}

  /// A port nobody had a moment ago.
  static func freePort(_ type: __socket_type) throws -> Int {
    let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port: 0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let done = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard done else { throw NoPort() }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }
}
