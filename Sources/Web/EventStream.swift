internal import Hummingbird
internal import NIOCore

/// The body of an event stream, plain or gzipped.
struct EventStream {
  private var writer: any ResponseBodyWriter
  /// What was said in it; nil where it is plain.
  private var sum: Gzip.Sum?

  struct NoMemory: Error {}

  init(_ writer: any ResponseBodyWriter, isPacked: Bool) async throws {
    self.writer = writer
    guard isPacked else { return }
    sum = Gzip.Sum()
    try await self.writer.write(Gzip.head)
  }

  mutating func write(_ frame: Frame) async throws {
    guard sum != nil else { return try await writer.write(frame.bytes) }
    guard let packed = frame.packed() else { throw NoMemory() }
    try await writer.write(packed.frame.bytes)
    sum?.add(packed.sum)
  }

  consuming func finish() async throws {
    if let sum { try await writer.write(sum.end) }
    try await writer.finish(nil)
  }
}
