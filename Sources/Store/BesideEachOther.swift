internal import Dispatch

/// Does one thing on this thread and another on a second one; returns when both are done, with what the first returned or
/// threw. They are to share nothing that either changes.
package func besideEachOther<T, E>(_ here: () throws(E) -> T, _ there: () -> Void) throws(E) -> T {
  try withoutActuallyEscaping(there) { there throws(E) in
    let errand = Errand(run: there)
    let done = DispatchGroup()
    DispatchQueue.global(qos: .userInitiated).async(group: done) { errand.run() }
    defer { done.wait() }
    return try here()
  }
}

/// What a function makes of each of some values, on as many threads as there are processors; in their order.
package func besideEachOther<T: Sendable, R: Sendable>(
  _ values: [T], _ transform: @Sendable (T) -> R
) -> [R] {
  var results = [R?](repeating: nil, count: values.count)
  results.withUnsafeMutableBufferPointer { results in
    // Each is written by one thread, and read when all are done.
    nonisolated(unsafe) let results = results
    DispatchQueue.concurrentPerform(iterations: values.count) { n in
      results[n] = transform(values[n])
    }
  }
  return results.compactMap { $0 }
}

/// Waited for before whatever it refers to goes.
private struct Errand: @unchecked Sendable {
  let run: () -> Void
}
