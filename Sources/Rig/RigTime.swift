internal import Geodesy
internal import Glibc

/// Real time.
enum RigTime {
  /// Unix time, as the daemon's clock reads it.
  static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
