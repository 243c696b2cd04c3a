internal import Foundation

/// Where models of handhelds are looked for.
public enum DeviceFolders {
  /// Those asked for first; then `devices` here, beside the program (`../share/patrold/devices`), and where packages
  /// put them. Folders that do not exist are no matter.
  public static func searchPath(_ given: [String]) -> [String] {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let beside = program.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("share/patrold/devices").path
    return given + [
      "devices", beside, "/usr/local/share/patrold/devices", "/usr/share/patrold/devices",
    ]
  }
}
