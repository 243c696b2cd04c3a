internal import Glibc
internal import NIOCore
internal import NIOPosix

/// A network error in a few words: `connection refused`, not NIO's account of every address it tried.
func describe(_ error: any Error) -> String {
  switch error {
  case let error as NIOConnectionError:
    if let last = error.connectionErrors.last { return describe(last.error) }
    return "no address for \(error.host)"
  case let error as IOError: return String(cString: strerror(error.errnoCode)).lowercased()
  case ChannelError.connectTimeout: return "no answer to the connection request"
  default: return "\(error)"
  }
}
