internal import Dispatch

extension Queries {
  /// Answers to several questions, each asked through a connection of its own, as many at once as there are processors:
  /// to be told with the longest first. What they have in common none may change.
  package func answers<each Answer>(
    _ questions: repeat @escaping (Queries) throws(StoreError) -> each Answer
  ) throws(StoreError) -> (repeat each Answer) {
    let asked = (repeat Question(each questions))
    var all: [any Answerable] = []
    repeat all.append(each asked)
    let path = store.path
    // Each is answered by one thread, and read when all are.
    nonisolated(unsafe) let open = all
    DispatchQueue.concurrentPerform(iterations: open.count) { open[$0].answer(from: path) }
    return try (repeat (each asked).answer())
  }
}

private protocol Answerable {
  func answer(from path: String)
}

private final class Question<Answer>: Answerable {
  private let body: (Queries) throws(StoreError) -> Answer
  private var result: Result<Answer, StoreError>?

  init(_ body: @escaping (Queries) throws(StoreError) -> Answer) { self.body = body }

  func answer(from path: String) {
    result = Result { () throws(StoreError) in
      try body(Queries(try Store(at: path, for: .read)))
    }
  }

  func answer() throws(StoreError) -> Answer {
    guard let result else { preconditionFailure("not answered yet") }
    return try result.get()
  }
}
