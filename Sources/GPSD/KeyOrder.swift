/// The keys of one class in the order in which its last report had them. gpsd keeps to an order of its own, so that a key
/// is mostly known by where it stands, and a comparison of two words (`,"lat":`) stands for finding where it ends and
/// which it is.
///
/// At most 48 keys, of at most 12 bytes: others are read without it.
struct KeyOrder {
  private struct Entry {
    /// The key with what stands around it, the first byte lowest; zeros behind it. One bit outside the mask where the
    /// key is not to be recognised.
    var low: UInt64 = 1
    var high: UInt64 = 0
    /// Ones where the text is.
    var lowMask: UInt64 = 0
    var highMask: UInt64 = 0
    /// Of the text.
    var length = 0
    var key: MessageParser.Key

    init(_ key: MessageParser.Key) { self.key = key }

    @inline(__always)
    func stands(in s: ByteScanner, at offset: Int) -> Bool {
      let end = offset &+ length
      return s.octet(at: offset).bits & lowMask == low
        && (highMask == 0 || s.octet(at: offset &+ 8).bits & highMask == high)
        && end < s.count && s[end] > 0x20
    }
  }

  private var entries: [Entry] = []
  static let limit = 48

  /// What `ByteScanner.nextKey` does. `turn` counts the keys of an object.
  @inline(__always)
  mutating func next(
    in s: inout ByteScanner, turn: inout Int
  ) throws(MalformedMessage) -> MessageParser.Key? {
    let place = turn
    turn &+= 1
    if place < entries.count, entries[place].stands(in: s, at: s.offset) {
      s.offset &+= entries[place].length
      return entries[place].key
    }
    return try learn(from: &s, place: place)
  }

  @inline(never)
  private mutating func learn(
    from s: inout ByteScanner, place: Int
  ) throws(MalformedMessage) -> MessageParser.Key? {
    guard let found = try s.nextKey() else { return nil }
    let key = MessageParser.Key(rawValue: found.word) ?? .other
    guard place < Self.limit else { return key }
    let text = found.range.lowerBound &- 2..<found.range.upperBound &+ 2
    var entry = Entry(key)
    // With nothing between it and its comma and colon.
    if text.count <= 16, text.upperBound == s.offset, text.lowerBound >= 0,
      s[text.lowerBound] == UInt8(ascii: ",")
    {
      entry.length = text.count
      entry.lowMask = ~0 >> (64 - 8 * UInt64(min(text.count, 8)))
      entry.highMask = ~(~0 << (8 * UInt64(max(text.count, 8) - 8)))
      entry.low = s.octet(at: text.lowerBound).bits & entry.lowMask
      entry.high = s.octet(at: text.lowerBound + 8).bits & entry.highMask
    }
    if place < entries.count {
      entries[place] = entry
    } else if place == entries.count {
      entries.append(entry)
    }
    return key
  }
}
