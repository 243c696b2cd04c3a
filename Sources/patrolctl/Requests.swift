import Foundation

/// What a person or a script wants of a program that runs on: lines on standard input, signals, the end of its time.
final class Requests {
  enum Request: Hashable, Sendable {
    case line(String)
    /// SIGINT, SIGTERM, or the time is up. The end of standard input is none: it may be /dev/null.
    case end
  }

  enum Input {
    case read, ignored
  }

  let stream: AsyncStream<Request>
  private let sources: [any DispatchSourceSignal]

  /// From here on the signals are this program's, and a reader or client that goes away ends nothing.
  init(seconds: Double?, input: Input) {
    let (stream, continuation) = AsyncStream.makeStream(of: Request.self)
    self.stream = stream
    var ours = sigset_t()
    sigemptyset(&ours)
    for number in [SIGTERM, SIGINT] { sigaddset(&ours, number) }
    pthread_sigmask(SIG_UNBLOCK, &ours, nil)  // whoever started us may have had them blocked
    signal(SIGPIPE, SIG_IGN)
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield(.end) }
      source.resume()
      return source
    }
    if let seconds {
      DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { continuation.yield(.end) }
    }
    guard case .read = input else { return }
    // A thread of its own: reading waits.
    Thread.detachNewThread {
      while let line = readLine() {
        let text = line.trimmingCharacters(in: .whitespaces)
        if !text.isEmpty { continuation.yield(.line(text)) }
      }
    }
  }

  deinit { for source in sources { source.cancel() } }
}
