import Foundation

/// What a doctor looks at on this host: its clock, and how many files a process may open.
enum HostExamination {
  /// Whether the kernel's clock is kept by something, as the kernel itself knows (adjtimex(2)).
  static func clock() -> Finding {
    let remedy =
      "let chrony, ntpd or systemd-timesyncd keep it: every receive time and every liveness verdict hangs on it"
    guard let (state, status, error) = kernelClock() else {
      return .warning("clock", "the kernel does not tell whether it is synchronised", remedy)
    }
    let now = "\(SystemClock.now)"
    guard state != timeError, status & unsynchronised == 0 else {
      return .problem("clock", "not synchronised (it shows \(now))", remedy)
    }
    let milliseconds = Double(error) / 1000
    guard milliseconds < 1000 else {
      return .warning("clock", "synchronised, but may be \(Int(milliseconds)) ms off", remedy)
    }
    return .ok("clock", "synchronised, at most \(Int(milliseconds.rounded(.up))) ms off (\(now))")
  }

  /// `TIME_ERROR` and `STA_UNSYNC` of <sys/timex.h>, which Swift does not import.
  private static let timeError: Int32 = 5
  private static let unsynchronised: Int32 = 0x40

  /// adjtimex with nothing to adjust: its result, and of struct timex `status` and `maxerror` in microseconds.
  private static func kernelClock() -> (state: Int32, status: Int32, maximumError: Int)? {
    guard let symbol = dlsym(nil, "adjtimex") else { return nil }
    typealias Call = @convention(c) (UnsafeMutableRawPointer) -> Int32
    let call = unsafeBitCast(symbol, to: Call.self)
    // 208 bytes where a long has 64 bits; zero `modes` asks only.
    let room = UnsafeMutableRawPointer.allocate(byteCount: 512, alignment: 16)
    defer { room.deallocate() }
    memset(room, 0, 512)
    let state = call(room)
    guard state >= 0 else { return nil }
    // modes, offset, freq, maxerror, esterror, status: each at a multiple of a long's size.
    return (
      state, room.load(fromByteOffset: 40, as: Int32.self),
      room.load(fromByteOffset: 24, as: Int.self)
    )
  }

  /// A connection is a file, and so are the store and the loops.
  static func files(endpoints: Int) -> Finding {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let needed = endpoints + 64
    let text =
      "\(limit.rlim_cur) may be open, \(endpoints) endpoint\(endpoints == 1 ? "" : "s") need about \(needed)"
    guard limit.rlim_cur >= UInt(needed) else {
      return .problem(
        "files", text,
        "raise it (LimitNOFILE= in patrold's unit, or ulimit -n; up to \(limit.rlim_max) is allowed)"
      )
    }
    return .ok("files", text)
  }
}
