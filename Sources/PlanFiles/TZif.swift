internal import Geodesy
internal import Patrol

/// Reads a compiled time zone file (TZif, RFC 8536) into a table of offsets.
struct TZif {
  /// The last year for which the footer's rule is written out.
  static let lastYear = 2100

  private let bytes: [UInt8]

  /// Nil where the bytes are no sound TZif file, or its rule for the future is not understood.
  static func zone(_ bytes: [UInt8], identifier: String) -> Zone? {
    let file = TZif(bytes: bytes)
    guard let first = file.header(at: 0) else { return nil }
    // Version 1 has 32-bit times and no footer; the later ones repeat everything with 64-bit times.
    if first.version == 0 { return file.zone(first, timeSize: 4, identifier: identifier) }
    guard let second = file.header(at: first.end(timeSize: 4)) else { return nil }
    return file.zone(second, timeSize: 8, identifier: identifier)
  }

  private struct Header {
    var version: UInt8
    var start: Int
    var isUT: Int
    var isStandard: Int
    var leaps: Int
    var times: Int
    var types: Int
    var letters: Int

    func end(timeSize: Int) -> Int {
      start + times * (timeSize + 1) + types * 6 + letters + leaps * (timeSize + 4) + isStandard
        + isUT
    }
  }

  private func header(at start: Int) -> Header? {
    guard start + 44 <= bytes.count, bytes[start..<start + 4].elementsEqual("TZif".utf8) else {
      return nil
    }
    let counts = (0..<6).map { Int(integer(at: start + 20 + 4 * $0, size: 4)) }
    guard counts.allSatisfy({ (0...1_000_000).contains($0) }), counts[4] > 0 else { return nil }
    let version = bytes[start + 4]
    return Header(
      version: version, start: start + 44, isUT: counts[0],
      isStandard: counts[1], leaps: counts[2], times: counts[3], types: counts[4],
      letters: counts[5])
  }

  /// Big-endian, two's complement.
  private func integer(at start: Int, size: Int) -> Int64 {
    let bits = bytes[start..<start + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return size == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
  }

  private func zone(_ header: Header, timeSize: Int, identifier: String) -> Zone? {
    let end = header.end(timeSize: timeSize)
    guard end <= bytes.count else { return nil }
    let types = header.start + header.times * (timeSize + 1)
    func typeOffset(_ i: Int) -> Int { Int(integer(at: types + 6 * i, size: 4)) }
    let firstOffset = typeOffset(0)
    var offset = firstOffset
    var lastTime: Int64?
    var transitions: [Zone.Transition] = []
    for i in 0..<header.times {
      let at = integer(at: header.start + i * timeSize, size: timeSize)
      let type = Int(bytes[header.start + header.times * timeSize + i])
      guard type < header.types, lastTime ?? .min < at else { return nil }
      lastTime = at
      // Before any clock that keeps such time; some files begin with a transition at the Big Bang.
      let isUsable = abs(at / 2) < 1 << 45
      if isUsable, typeOffset(type) != offset {
        offset = typeOffset(type)
        transitions.append(Zone.Transition(at: Instant(milliseconds: at * 1000), offset: offset))
      }
    }
    if timeSize == 8, end < bytes.count {
      let footer = bytes[end...].dropFirst().prefix { $0 != UInt8(ascii: "\n") }
      if !footer.isEmpty {
        guard let rule = ZoneRule(String(decoding: footer, as: UTF8.self)) else { return nil }
        let after = lastTime.map {
          Instant(milliseconds: $0.clamped(to: -1 << 45...1 << 45) * 1000)
        }
        transitions += rule.transitions(
          after: after ?? .distantPast, from: offset, through: Self.lastYear)
      }
    }
    return Zone(identifier: identifier, firstOffset: firstOffset, transitions: transitions)
  }
}

extension Comparable {
  fileprivate func clamped(to range: ClosedRange<Self>) -> Self {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
