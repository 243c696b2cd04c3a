internal import Glibc

/// The strings that reports repeat (device paths), so that a report costs no new one.
///
/// Keeps at most 4,096; beyond that strings are made anew each time.
struct NameTable {
  private var names: [UInt64: String] = [:]
  static let limit = 4096

  var count: Int { names.count }

  mutating func name(_ bytes: UnsafeRawBufferPointer) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    if let known = names[hash], Self.equal(known, bytes) { return known }
    let name = String(decoding: bytes, as: UTF8.self)
    if names.count < Self.limit { names[hash] = name }
    return name
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
