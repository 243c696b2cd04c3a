public import Geodesy
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// What one gpsd says, line by line as it says it; the connection is kept up or made anew as the daemon's is.
///
///     let tap = Tap(endpoint, now: clock) { reports in … }
///     tap.start()
///     await tap.stop()
public final class Tap: Sendable {
  public enum Report: Hashable, Sendable {
    /// WATCH was confirmed. `version` is gpsd's release.
    case up(version: String, at: Instant)
    /// The connection is lost, or could not be made. Told once per loss.
    case down(reason: String, at: Instant)
    case line(Line)
    /// So many lines, each longer than `LineFramer.limit`, were dropped.
    case oversized(Int)
  }

  public struct Line: Hashable, Sendable {
    /// Without LF; a CR before it is kept.
    public var bytes: [UInt8]
    public var receivedAt: Instant
    /// What it says, up to where it cannot be read.
    public var messages: [Message]
    /// Where and why it cannot be read; nil for a sound line.
    public var fault: MalformedMessage?

    public init(_ bytes: [UInt8], receivedAt: Instant, parser: inout MessageParser) {
      self.bytes = bytes
      self.receivedAt = receivedAt
      messages = []
      bytes.withUnsafeBytes { bytes in
        var offset = 0
        do throws(MalformedMessage) {
          while let message = try parser.next(in: bytes, from: &offset) { messages.append(message) }
        } catch { fault = error }
      }
    }
  }

  private let link: Link<TapState>

  /// `deliver` is called on an event-loop thread with one socket read's reports together; it must not block.
  public init(
    _ endpoint: Endpoint, now: @escaping @Sendable () -> Instant,
    deliver: @escaping @Sendable ([Report]) -> Void
  ) {
    link = Link(
      endpoint: endpoint, state: TapState(), now: now,
      loop: MultiThreadedEventLoopGroup.singleton.next(), deliver: deliver)
  }

  public func start() { link.start() }

  /// When it returns, nothing more is delivered.
  public func stop() async {
    // A loop that was shut down delivers nothing either.
    do { try await link.leave().get() } catch { return }
  }
}

/// A conversation of which every line is kept.
struct TapState: Conversation {
  private(set) var session = Session()
  private var parser = MessageParser()
  private var random = SystemRandomNumberGenerator()
  private var reports: [Tap.Report] = []
  private var deeds: [Deed] = []
  private var counts = FleetCounts()

  mutating func handle(_ event: Session.Event, at now: Milliseconds, clock: Instant) {
    for action in session.handle(event, at: now, using: &random) {
      switch action {
      case .connect: deeds.append(.connect)
      case .send(let request): deeds.append(.send(request))
      case .close: deeds.append(.close)
      case .up(let version): reports.append(.up(version: version, at: clock))
      case .down(let reason): reports.append(.down(reason: reason, at: clock))
      }
    }
  }

  mutating func take(_ line: UnsafeRawBufferPointer, at now: Milliseconds, clock: Instant) {
    counts.lines += 1
    let told = Tap.Line(Array(line), receivedAt: clock, parser: &parser)
    if told.fault != nil { counts.malformed += 1 }
    reports.append(.line(told))
    for message in told.messages {
      switch message {
      case .version, .watch: handle(.message(message), at: now, clock: clock)
      default: break
      }
    }
  }

  mutating func noteOversized(_ count: Int, at now: Milliseconds) {
    guard count > 0 else { return }
    counts.oversized += count
    reports.append(.oversized(count))
  }

  mutating func drain() -> (reports: [Tap.Report], deeds: [Deed], counts: FleetCounts) {
    defer { (reports, deeds, counts) = ([], [], FleetCounts()) }
    return (reports, deeds, counts)
  }
}
