internal import Foundation
internal import Geodesy
public import Patrol

/// Zones of this system's time zone database.
public enum SystemZone {
  private static let folders = [
    "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/var/db/timezone/zoneinfo",
  ]

  /// The table of an IANA zone up to the year 2100, by its file's transitions and the rule at its end. Nil where this
  /// system has no such zone.
  public static func named(_ identifier: String) -> Zone? {
    guard isName(identifier) else { return nil }
    for folder in folders {
      guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(identifier)") else {
        continue
      }
      if let zone = TZif.zone(Array(bytes), identifier: identifier) { return zone }
    }
    return nil
  }

  /// `; did you mean "Asia/Shanghai"?`, or nothing.
  static func hint(_ name: String) -> String {
    // Chinese users often look for their capital, which has no zone of its own name.
    let known = TimeZone.knownTimeZoneIdentifiers.sorted()
    if name.lowercased().contains("beijing") || name.lowercased().contains("peking") {
      return "; did you mean \"Asia/Shanghai\"?"
    }
    if let city = known.first(where: { $0.hasSuffix("/\(name)") && !name.isEmpty }) {
      return "; did you mean \(quoted(city))?"
    }
    return Spelling.hint(name, among: known, limit: 3)
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 64 && !text.hasPrefix("/") && !text.hasSuffix("/")
      && !text.contains("..") && !text.contains("//")
      && text.utf8.allSatisfy {
        $0 < 128
          && (UnicodeScalar($0).properties.isAlphabetic || "0123456789+-_/".utf8.contains($0))
      }
  }
}
