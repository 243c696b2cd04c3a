import Foundation

/// Tells systemd how the daemon is, where it asked to be told (sd_notify(3): datagrams to `NOTIFY_SOCKET`).
struct ServiceManager {
  enum News: String {
    case ready = "READY=1"
    case stopping = "STOPPING=1"
    case alive = "WATCHDOG=1"
  }

  private let path = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"]

  func tell(_ news: News) {
    guard let path, let first = path.utf8.first else { return }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var name = Array(path.utf8)
    // A name in the abstract namespace is written with an at sign for its leading zero.
    if first == UInt8(ascii: "@") { name[0] = 0 }
    let isFitting = withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      guard name.count < bytes.count else { return false }
      bytes.copyBytes(from: name)
      return true
    }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard isFitting, descriptor >= 0 else { return }
    defer { close(descriptor) }
    let length = MemoryLayout<sa_family_t>.size + name.count
    let text = Array(news.rawValue.utf8)
    // Nobody there to read it is no matter of ours.
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(
          descriptor, text, text.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL),
          $0, socklen_t(length))
      }
    }
  }
}
