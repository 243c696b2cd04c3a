internal import Glibc

/// The strings that reports repeat (device paths), so that a report costs no new one.
///
/// Keeps at most 4,096; beyond that strings are made anew each time. An open table, at most half full.
struct NameTable {
  private struct Entry {
    var hash: UInt64
    var name: String
  }

  /// A power of two of them: a connection has a table, and most hear of one device.
  private var slots: [Entry?] = Array(repeating: nil, count: 8)
  private(set) var count = 0
  /// The name asked for last, which mostly is the next one too.
  private(set) var last = ""
  static let limit = 4096

  mutating func name(_ bytes: UnsafeRawBufferPointer) -> String {
    let hash = Self.hash(bytes)
    var i = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while let entry = slots[i] {
      if entry.hash == hash, Self.equal(entry.name, bytes) {
        last = entry.name
        return entry.name
      }
      i = (i + 1) & (slots.count - 1)
    }
    let name = String(decoding: bytes, as: UTF8.self)
    last = name
    if count < Self.limit { add(Entry(hash: hash, name: name)) }
    return name
  }

  /// Of a name that is not there yet.
  private mutating func add(_ entry: Entry) {
    if 2 * count >= slots.count {
      let old = slots
      slots = Array(repeating: nil, count: 2 * old.count)
      for case .some(let entry) in old { put(entry) }
    }
    put(entry)
    count += 1
  }

  private mutating func put(_ entry: Entry) {
    var i = Int(truncatingIfNeeded: entry.hash) & (slots.count - 1)
    while slots[i] != nil { i = (i + 1) & (slots.count - 1) }
    slots[i] = entry
  }

  /// Eight bytes at a time, each multiplied into the rest; the high bits, which know all of them, fold into the low.
  private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = 0x9e37_79b9_7f4a_7c15 ^ UInt64(bytes.count)
    func mix(_ word: UInt64) {
      let product = (hash ^ word).multipliedFullWidth(by: 0x9fb2_1c65_1e98_df25)
      hash = product.high ^ product.low
    }
    var i = 0
    while i + 8 <= bytes.count {
      mix(bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
      i += 8
    }
    var rest: UInt64 = 0
    while i < bytes.count {
      rest = rest << 8 | UInt64(bytes[i])
      i += 1
    }
    mix(rest)
    return hash
  }

  private static func equal(_ name: String, _ bytes: UnsafeRawBufferPointer) -> Bool {
    let isEqual = name.utf8.withContiguousStorageIfAvailable { known -> Bool in
      guard known.count == bytes.count else { return false }
      guard let a = known.baseAddress, let b = bytes.baseAddress else { return true }  // both empty
      return memcmp(a, b, known.count) == 0
    }
    return isEqual ?? name.utf8.elementsEqual(bytes)
  }
}
