import Dispatch
import Foundation
import Synchronization

/// What the operating system asks of the daemon.
final class Signals {
  struct Asked: Sendable {
    var stop = false
    var reload = false
  }

  private final class Note: Sendable {
    let asked = Mutex(Asked())
  }

  private let note = Note()
  private let sources: [any DispatchSourceSignal]

  init() {
    // Whoever started us may have had them blocked.
    var ours = sigset_t()
    sigemptyset(&ours)
    for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&ours, number) }
    pthread_sigmask(SIG_UNBLOCK, &ours, nil)
    // A log reader that went away is no reason to stop.
    signal(SIGPIPE, SIG_IGN)
    sources = [SIGTERM, SIGINT, SIGHUP].map {
      signal($0, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: $0, queue: .global())
    }
    for (source, number) in zip(sources, [SIGTERM, SIGINT, SIGHUP]) {
      source.setEventHandler { [note] in
        note.asked.withLock { asked in
          if number == SIGHUP { asked.reload = true } else { asked.stop = true }
        }
      }
      source.resume()
    }
  }

  var isAsking: Bool { note.asked.withLock { $0.stop || $0.reload } }

  /// What was asked since the last time; to stop stays asked.
  func take() -> Asked {
    note.asked.withLock { asked in
      defer { asked.reload = false }
      return asked
    }
  }
}
