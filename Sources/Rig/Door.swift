internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The rig's end of what one gpsd reads one handheld's reports from. What nobody reads is lost, as from a receiver.
enum Door: Sendable {
  /// Of 127.0.0.1.
  case udp(port: Int)
  case tcp(TCPDoor)
  case pty(PseudoTerminal)

  /// As gpsd is to be told of it.
  var path: String {
    switch self {
    case .udp(let port): "udp://127.0.0.1:\(port)"
    case .tcp(let door): "tcp://127.0.0.1:\(door.port)"
    case .pty(let terminal): terminal.path
    }
  }

  func close() async {
    switch self {
    case .udp: break
    case .tcp(let door): await door.close()
    case .pty(let terminal): await terminal.close()
    }
  }
}

/// A port of 127.0.0.1 to which gpsd connects, again and again where it dies.
final class TCPDoor: Sendable {
  private let server: any Channel
  private let latest: Latest

  private final class Latest: Sendable {
    let channel = Mutex<(any Channel)?>(nil)
  }

  init() async throws {
    let latest = Latest()
    self.latest = latest
    server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        latest.channel.withLock { $0 = channel }
        return channel.eventLoop.makeSucceededVoidFuture()
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  var port: Int { server.localAddress?.port ?? 0 }

  func write(_ text: String) {
    latest.channel.withLock { $0 }?.writeAndFlush(ByteBuffer(string: text), promise: nil)
  }

  func close() async {
    // Closed already by the other side, or now: it is gone in either case.
    try? await latest.channel.withLock { $0 }?.close()
    try? await server.close()
  }
}

/// A pair of terminals: the rig writes to the one, gpsd reads the other as a serial port.
final class PseudoTerminal: Sendable {
  /// Of the other side.
  let path: String
  private let channel: any Channel
  // linux/asm-generic/ioctls.h: TIOCSPTLCK and TIOCGPTN, whose macros Swift does not read.
  private static let unlock: UInt = 0x4004_5431
  private static let number: UInt = 0x8004_5430
  /// The other side, held open: without any reader the first hangs up.
  private let other: Int32

  init() async throws {
    let own = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (number, unlocked) = (UInt32(0), Int32(0))
    guard own >= 0, ioctl(own, Self.unlock, &unlocked) == 0, ioctl(own, Self.number, &number) == 0
    else { throw Self.failure(own) }
    path = "/dev/pts/\(number)"
    other = open(path, O_RDWR | O_NOCTTY)
    var settings = termios()
    // gpsd reads it as another user.
    guard other >= 0, tcgetattr(other, &settings) == 0, chmod(path, 0o666) == 0 else {
      throw Self.failure(own)
    }
    cfmakeraw(&settings)
    guard tcsetattr(other, TCSANOW, &settings) == 0 else { throw Self.failure(own) }
    let reading = dup(own)
    // What gpsd asks the receiver is read and forgotten.
    channel = try await NIOPipeBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .takingOwnershipOfDescriptors(input: reading, output: own).get()
  }

  private static func failure(_ descriptor: Int32) -> RigError {
    let text = String(cString: strerror(errno))
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    return .network("no pseudo-terminal (\(text))")
  }

  func write(_ text: String) {
    // A reader that lags loses what is newest, as a UART's does.
    guard channel.isWritable else { return }
    channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
  }

  func close() async {
    try? await channel.close()  // gone in either case
    _ = Glibc.close(other)
  }
}
