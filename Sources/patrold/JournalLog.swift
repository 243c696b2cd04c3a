import Foundation
import Geodesy
import Logging

/// Logs to stderr: under systemd each line with its priority in journald's way (`<4>…`), elsewhere with the time.
struct JournalLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level
  private let isJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil

  init(level: Logger.Level) { logLevel = level }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let text =
      event.message.description
      + (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    let head =
      isJournal ? "<\(Self.priority(event.level))>" : "\(Clock.realNow.text()) \(event.level): "
    // A log reader that went away, or a full disk under it, is no reason to stop.
    try? FileHandle.standardError.write(
      contentsOf: Data(lines.map { head + $0 + "\n" }.joined().utf8))
  }

  /// Of syslog (RFC 5424, table 2).
  private static func priority(_ level: Logger.Level) -> Int {
    switch level {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}
