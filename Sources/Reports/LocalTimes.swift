internal import Geodesy
internal import Patrol

extension Zone {
  /// To the second, to be read: `2026-11-10 18:00:30+08:00`.
  func secondText(_ at: Instant) -> String {
    text(Instant(milliseconds: at.milliseconds / 1000 * 1000))
      .replacing("T", with: " ", maxReplacements: 1)
  }

  /// To the minute: `2026-11-10 18:00+08:00`.
  func minuteText(_ at: Instant) -> String {
    let text = secondText(at)
    return String(text.prefix(16) + text.dropFirst(19))
  }
}
