internal import Geodesy
internal import Patrol

/// A zone as text, so that a plan kept with it means the same under another version of the time zone database: the first
/// offset, then a line for each change, `milliseconds offset`.
enum ZoneTable {
  static func text(_ zone: Zone) -> String {
    ([String(zone.firstOffset)] + zone.transitions.map { "\($0.at.milliseconds) \($0.offset)" })
      .joined(separator: "\n")
  }

  /// Nil where the text is no such table, or has times or offsets that no zone has.
  static func zone(_ text: String, identifier: String) -> Zone? {
    let lines = text.split(separator: "\n")
    guard let firstOffset = lines.first.flatMap({ offset($0) }) else { return nil }
    var transitions: [Zone.Transition] = []
    for line in lines.dropFirst() {
      let parts = line.split(separator: " ")
      guard parts.count == 2, let at = Int64(parts[0]), abs(at / 2) < 1 << 51,
        let offset = offset(parts[1])
      else { return nil }
      transitions.append(Zone.Transition(at: Instant(milliseconds: at), offset: offset))
    }
    return Zone(identifier: identifier, firstOffset: firstOffset, transitions: transitions)
  }

  private static func offset(_ text: Substring) -> Int? {
    Int(text).flatMap { (-100_000...100_000).contains($0) ? $0 : nil }
  }
}
