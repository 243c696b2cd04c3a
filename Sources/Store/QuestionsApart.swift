internal import Dispatch
internal import Foundation

extension Queries {
  /// Answers to several questions, each asked by a thread of its own through a connection of its own: while one waits for
  /// the disk, others go on. What they have in common none may change.
  package func answers<each Answer>(
    _ questions: repeat @escaping (Queries) throws(StoreError) -> each Answer
  ) throws(StoreError) -> (repeat each Answer) {
    let asked = (repeat Question(each questions))
    var all: [any Answerable] = []
    repeat all.append(each asked)
    let path = store.path
    let done = DispatchGroup()
    for question in all {
      done.enter()
      // Answered by one thread, and read when all are.
      nonisolated(unsafe) let question = question
      Thread.detachNewThread {
        question.answer(from: path)
        done.leave()
      }
    }
    done.wait()
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
