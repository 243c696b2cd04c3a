internal import Patrol

/// A value that can be laid down as bytes and taken up again (`Packing`).
protocol Packable {
  /// Hands everything it holds to `packing`, always in the same order.
  mutating func pack(_ packing: inout Packing)
}

/// Lays values down as bytes, or takes them up again: one list of what a value holds serves both ways.
///
///     mutating func pack(_ packing: inout Packing) {
///       packing(&time)       // plain values as they lie in memory
///       packing(&steps)      // and arrays of them, in one piece
///       packing(&matcher)    // and whatever is `Packable`
///     }
///
/// For the same build of this program on the same machine only. Bytes that end too early leave it `isTorn`: what was taken
/// up is then of no use. O(bytes).
struct Packing {
  private(set) var bytes: [UInt8]
  let isTaking: Bool
  private(set) var isTorn = false
  private var at = 0

  /// To lay down about so many bytes.
  init(reserving count: Int = 0) {
    bytes = []
    bytes.reserveCapacity(count)
    isTaking = false
  }

  /// To take up.
  init(taking bytes: [UInt8]) {
    self.bytes = bytes
    isTaking = true
  }

  /// To take up what was `sealed`; nil where it is not what was laid down.
  init?(sealed bytes: [UInt8]) {
    let size = MemoryLayout<UInt64>.size
    guard bytes.count >= size else { return nil }
    let seal = bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: bytes.count - size, as: UInt64.self)
    }
    self.init(taking: Array(bytes.dropLast(size)))
    guard seal == checksum else { return nil }
  }

  /// What was laid down, with a checksum at its end.
  func sealed() -> [UInt8] {
    withUnsafeBytes(of: checksum) { bytes + $0 }
  }

  /// FNV-1a by words of eight bytes: against torn and mistaken bytes, not against forgers.
  private var checksum: UInt64 {
    bytes.withUnsafeBytes { all in
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(all.count)
      var i = 0
      while i + 8 <= all.count {
        let word = all.loadUnaligned(fromByteOffset: i, as: UInt64.self)
        hash = (hash ^ word) &* 0x100_0000_01b3
        hash ^= hash >> 32
        i += 8
      }
      while i < all.count {
        hash = (hash ^ UInt64(all[i])) &* 0x100_0000_01b3
        i += 1
      }
      return hash
    }
  }

  /// Everything was taken up, and it was whole.
  var isExhausted: Bool { !isTorn && at == bytes.count }

  mutating func callAsFunction<T: BitwiseCopyable>(_ value: inout T) {
    guard isTaking else {
      withUnsafeBytes(of: &value) { bytes.append(contentsOf: $0) }
      return
    }
    guard let from = advance(MemoryLayout<T>.size) else { return }
    value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: from, as: T.self) }
  }

  mutating func callAsFunction<T: BitwiseCopyable>(_ values: inout [T]) {
    let stride = MemoryLayout<T>.stride
    guard isTaking else {
      lay(count: values.count)
      values.withUnsafeBytes { bytes.append(contentsOf: $0) }
      return
    }
    guard let count = takeCount(), let from = advance(count * stride) else { return }
    // Of none, the library would write to the empty array that all threads share.
    guard count > 0 else {
      values = []
      return
    }
    values = bytes.withUnsafeBytes { all in
      [T](unsafeUninitializedCapacity: count) { room, made in
        UnsafeMutableRawBufferPointer(room).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: all[from..<from + count * stride]))
        made = count
      }
    }
  }

  mutating func callAsFunction(_ value: inout some Packable) { value.pack(&self) }

  /// - Parameter blank: what one is made of before it is taken up.
  mutating func callAsFunction<T: Packable>(_ values: inout [T], blank: () -> T) {
    guard isTaking else {
      lay(count: values.count)
      for i in values.indices { values[i].pack(&self) }
      return
    }
    values = []
    guard let count = takeCount() else { return }
    values.reserveCapacity(count)
    for _ in 0..<count {
      guard !isTorn else { return }
      var value = blank()
      value.pack(&self)
      values.append(value)
    }
  }

  mutating func callAsFunction<T: Packable>(_ value: inout T?, blank: () -> T) {
    var values = value.map { [$0] } ?? []
    self(&values, blank: blank)
    value = values.first
  }

  mutating func callAsFunction(_ text: inout String) {
    var utf8 = Array(text.utf8)
    self(&utf8)
    if isTaking { text = String(decoding: utf8, as: UTF8.self) }
  }

  mutating func callAsFunction<Noun>(_ id: inout Identifier<Noun>) {
    var text = id.text
    self(&text)
    if isTaking { id = Identifier(text) }
  }

  /// One of a few named cases.
  mutating func callAsFunction<T: RawRepresentable<String>>(_ value: inout T) {
    var name = value.rawValue
    self(&name)
    guard isTaking else { return }
    guard let named = T(rawValue: name) else {
      isTorn = true
      return
    }
    value = named
  }

  private mutating func lay(count: Int) {
    var count = Int64(count)
    self(&count)
  }

  /// Of elements of at least a byte each.
  private mutating func takeCount() -> Int? {
    var count: Int64 = 0
    self(&count)
    guard !isTorn, count >= 0, count <= bytes.count - at else {
      isTorn = true
      return nil
    }
    return Int(count)
  }

  private mutating func advance(_ count: Int) -> Int? {
    guard !isTorn, count <= bytes.count - at else {
      isTorn = true
      return nil
    }
    defer { at += count }
    return at
  }
}
