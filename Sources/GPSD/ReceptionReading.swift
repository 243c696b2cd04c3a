internal import Patrol

extension Reception {
  /// Out of the `SKY` that begins at `offset`: its list of satellites, which `MessageParser` passes over, as most are not
  /// looked at. Nil without a list (gpsd prints such too, between) or where it cannot be read.
  init?(ofSky line: UnsafeRawBufferPointer, from offset: Int) {
    var s = ByteScanner(line, from: offset)
    s.skipSpace()
    do throws(MalformedMessage) {
      try s.open()
      while let key = try s.nextKey() {
        guard s.matches(key.range, "satellites") else {
          try s.skipValue()
          continue
        }
        guard let list = try Self.satellites(&s) else { return nil }
        self = list
        return
      }
    } catch { return nil }
    return nil
  }

  private static func satellites(_ s: inout ByteScanner) throws(MalformedMessage) -> Reception? {
    var seen = 0
    // Of all, and of those used.
    var (heard, used) = (Strengths(), Strengths())
    guard s.eat(UInt8(ascii: "[")) else { return nil }
    s.skipSpace()
    if s.eat(UInt8(ascii: "]")) { return Reception(seen: 0, used: 0, strengthDBHz: nil) }
    repeat {
      s.skipSpace()
      try s.open()
      var (strength, isUsed): (Double?, Bool) = (nil, false)
      while let key = try s.nextKey() {
        if s.matches(key.range, "ss") {
          strength = try s.number(within: 0...99)
        } else if s.matches(key.range, "used") {
          isUsed = try s.boolean() ?? false
        } else {
          try s.skipValue()
        }
      }
      seen += 1
      heard.add(strength)
      if isUsed { used.add(strength) }
      s.skipSpace()
    } while s.eat(UInt8(ascii: ","))
    guard s.eat(UInt8(ascii: "]")) else { throw s.malformed(.commaOrClose) }
    return Reception(
      seen: seen, used: used.satellites, strengthDBHz: (used.satellites > 0 ? used : heard).mean)
  }

  private struct Strengths {
    var satellites = 0
    private var (told, sum) = (0, 0.0)

    mutating func add(_ strength: Double?) {
      satellites += 1
      guard let strength else { return }
      told += 1
      sum += strength
    }

    var mean: Double? { told > 0 ? sum / Double(told) : nil }
  }
}
