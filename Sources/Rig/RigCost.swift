internal import Glibc

/// Processor time that a run took, in seconds: the rig's own apart from what it started.
public struct RigCost: Hashable, Sendable {
  public var rig = 0.0
  public var gpsds = 0.0
  /// 0 where it ran none.
  public var patrold = 0.0

  static func ofThis() -> Double { seconds(RUSAGE_SELF) }

  /// Of children that have ended and been waited for, and of theirs.
  static func ofChildren() -> Double { seconds(RUSAGE_CHILDREN) }

  private static func seconds(_ who: __rusage_who) -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(Int32(truncatingIfNeeded: Int64(who.rawValue))), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}
