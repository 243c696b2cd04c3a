internal import Glibc

/// How many a server takes at once. A connection is a file, and half of those a process may have are the daemon's.
struct Capacity: Sendable {
  let connections: Int
  /// From so many connections on, whoever says nothing makes room.
  let crowded: Int
  /// Of those who watch: others find room beside them.
  let seats: Int

  /// - Parameter files: how many the process may have open.
  init(files: Int) {
    connections = max(16, min(2048, files / 2))
    crowded = connections * 3 / 4
    seats = connections / 2
  }

  /// By this process's own limit.
  static var ofProcess: Capacity {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return Capacity(files: 1024)
    }
    return Capacity(files: Int(clamping: limit.rlim_cur))
  }
}
