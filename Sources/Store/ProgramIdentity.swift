internal import Foundation

/// Which build this is.
public enum ProgramIdentity {
  public static let version = "0.1.0"

  /// Differs between builds: version, size and date of the running program's file. A checkpoint is taken up only by the
  /// build that made it.
  public static var build: String {
    let path = "/proc/self/exe"
    let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = (try? FileManager.default.attributesOfItem(atPath: file)) ?? [:]
    let size = attributes[.size] as? Int ?? 0
    let date = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    return "\(version) \(size) \(date)"
  }
}
