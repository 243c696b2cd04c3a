import Dispatch
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(10))) struct `Questions to the store` {
  /// Holds whoever asks until it is opened, and counts them.
  final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let count = Mutex(0)
    private let told = Mutex("")

    func pass() {
      count.withLock { $0 += 1 }
      semaphore.wait()
    }

    /// The first waits at the gate.
    func ask(_ readers: Readers, _ length: QuestionLength, _ name: String) async throws {
      try await readers.read(length) { _ in
        told.withLock { $0 += name }
        if name == "1" { pass() }
      }
    }

    var order: String { told.withLock(\.self) }

    func open(_ times: Int) { for _ in 0..<times { semaphore.signal() } }

    var asked: Int { count.withLock(\.self) }

    func reaches(_ n: Int) async {
      while asked < n { await Task.yield() }
    }
  }

  func readers(_ count: Int, waiting: Int, _ body: (Readers, Gate) async throws -> Void)
    async throws
  {
    let threads = MultiThreadedEventLoopGroup(numberOfThreads: count)
    let readers = Readers(
      count, waiting: waiting, of: try Scene.evening().path, on: threads, what: "what is stored")
    try await body(readers, Gate())
    try await threads.shutdownGracefully()
  }

  @Test func `that are long leave a reader to short ones, however many there are`() async throws {
    try await readers(3, waiting: 8) { readers, gate in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<8 { group.addTask { try await readers.read(.long) { _ in gate.pass() } } }
        await gate.reaches(2)
        // Not behind the other six.
        for _ in 0..<3 { #expect(try await readers.read { _ in 7 } == 7) }
        #expect(gate.asked == 2)
        gate.open(8)
        try await group.waitForAll()
      }
      #expect(gate.asked == 8)
    }
  }

  @Test func `go by turns, short ones first, and too many are sent away`() async throws {
    try await readers(1, waiting: 2) { readers, gate in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await gate.ask(readers, .short, "1") }
        await gate.reaches(1)
        for (length, name) in [(QuestionLength.long, "a"), (.long, "b"), (.short, "c")] {
          group.addTask { try await gate.ask(readers, length, name) }
          while readers.waiting != ["a": 1, "b": 2, "c": 3][name] { await Task.yield() }
        }
        await #expect(throws: Problem.self) { try await gate.ask(readers, .long, "d") }
        gate.open(1)
        try await group.waitForAll()
      }
      #expect(gate.order == "1cab")
    }
  }
}
