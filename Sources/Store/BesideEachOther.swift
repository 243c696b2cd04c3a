internal import Dispatch

/// Does one thing on this thread and another on a second one; returns when both are done, with what the first returned or
/// threw. They are to share nothing that either changes.
func besideEachOther<T, E>(_ here: () throws(E) -> T, _ there: () -> Void) throws(E) -> T {
  try withoutActuallyEscaping(there) { there throws(E) in
    let errand = Errand(run: there)
    let done = DispatchGroup()
    DispatchQueue.global(qos: .userInitiated).async(group: done) { errand.run() }
    defer { done.wait() }
    return try here()
  }
}

/// Waited for before whatever it refers to goes.
private struct Errand: @unchecked Sendable {
  let run: () -> Void
}
