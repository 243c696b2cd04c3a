internal import Glibc

/// Random numbers from a seed, equal everywhere: SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom
/// number generators"), normal deviates by Box and Muller 1958.
struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64
  private var spare: Double?

  init(_ seed: UInt64) { state = seed }

  /// A stream of its own for each name under one seed.
  init(_ seed: UInt64, _ name: String) {
    // FNV-1a; SplitMix's own mixing does the rest.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    state = seed ^ hash
    state = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Mean 0, variance 1.
  mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    let u = (Double(next() >> 11) + 1) * 0x1p-53  // (0, 1]
    let v = Double(next() >> 11) * 0x1p-53
    let r = (-2 * log(u)).squareRoot()
    spare = r * sin(2 * .pi * v)
    return r * cos(2 * .pi * v)
  }
}
