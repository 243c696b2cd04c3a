import GPSD

/// A stream cut anywhere gives the lines it gives in one piece.
///
/// Of the input the first byte is the seed of the cuts, 0xff stands for a long stretch of bytes, so that lines beyond
/// the limit come up.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFramer(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: bytes, count: count)
  guard let seed = input.first else { return 0 }
  var stream: [UInt8] = []
  for byte in input.dropFirst() {
    if byte == 0xff, stream.count < 2 * LineFramer.limit {
      stream += [UInt8](repeating: 0x41, count: LineFramer.limit / 2 - 3)
    } else {
      stream.append(byte)
    }
  }
  let whole = Framing(of: stream, pieces: [0..<stream.count])
  var pieces: [Range<Int>] = []
  var state = UInt32(seed) &* 2_654_435_761 | 1
  while let start = pieces.isEmpty ? 0 : pieces.last?.upperBound, start < stream.count {
    state = state &* 1_664_525 &+ 1_013_904_223
    // Small cuts of a long stream take too long.
    let sizes: [UInt32] = stream.count < 2_000 ? [1, 3, 17, 1_000] : [17, 5_000, 40_000]
    let most = sizes[Int(state >> 8 & 0xff) % sizes.count]
    pieces.append(start..<min(stream.count, start + Int(1 + (state >> 16) % most)))
  }
  precondition(Framing(of: stream, pieces: pieces) == whole, "the cuts tell")

  // Besides, against the plain way.
  var lines = stream.split(separator: 0x0a, omittingEmptySubsequences: false).map(Array.init)
  let tail = lines.removeLast()
  let tooLong = lines.filter { $0.count > LineFramer.limit }.count
  precondition(whole.lines == lines.filter { $0.count <= LineFramer.limit }, "other lines")
  precondition(whole.oversized == tooLong + (tail.count > LineFramer.limit ? 1 : 0), "other counts")
  precondition(whole.pending == (tail.count > LineFramer.limit ? 0 : tail.count), "other tail")
  return 0
}

private struct Framing: Equatable {
  var lines: [[UInt8]] = []
  var oversized = 0
  var pending = 0

  init(of stream: [UInt8], pieces: [Range<Int>]) {
    var framer = LineFramer()
    for piece in pieces {
      // Each in a room of its own, so that a step beyond it is seen.
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
      defer { bytes.deallocate() }
      bytes.copyBytes(from: stream[piece])
      oversized += framer.push(UnsafeRawBufferPointer(bytes)) { lines.append(Array($0)) }
    }
    pending = framer.pending
  }
}
