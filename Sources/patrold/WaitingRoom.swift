import Coverage
import Logging
import Patrol
import Store

/// Where observations are that the pipeline cannot take at once: on disk, in a `Spill`; where that cannot be written either,
/// in memory, up to a bound.
struct WaitingRoom {
  private let spill: Spill?
  private var memory: [Observation] = []
  private var trouble: String?
  /// What waits on disk could not be read when last tried.
  private(set) var isUnreadable = false
  private let log: Logger

  /// About 500 MB.
  static let memoryMaximum = 3_000_000

  init(spill path: String, log: Logger) {
    self.log = log
    do {
      let spill = try Spill(at: path)
      if !spill.isEmpty { log.notice("\(spill.count) observations waited in \(path)") }
      self.spill = spill
    } catch {
      log.error("what the store cannot take will wait in memory only: \(error)")
      spill = nil
    }
  }

  var inMemory: Int { memory.count }
  var count: Int { memory.count + (spill?.count ?? 0) }
  var isEmpty: Bool { memory.isEmpty && spill?.isEmpty ?? true }

  /// Something of that handheld waits on disk: what follows has to wait behind it, or it would be late.
  func holds(_ handheld: Handheld.ID) -> Bool { spill?.holds(handheld) ?? false }

  /// Takes observations of people on duty; returns how many there was no room for.
  mutating func put(_ observations: [Observation]) -> Int {
    guard !observations.isEmpty else { return 0 }
    if let spill, !spill.isFull {
      do {
        try spill.put(memory + observations)
        memory = []
        trouble = nil
        return 0
      } catch {
        if trouble == nil { log.error("waiting in memory: \(error)") }
        trouble = "\(error)"
      }
    }
    let room = max(0, Self.memoryMaximum - memory.count)
    memory += observations.prefix(room)
    return max(0, observations.count - room)
  }

  /// What waited longest.
  struct Batch {
    var observations: [Observation] { fromMemory + (spilled?.observations ?? []) }
    fileprivate var fromMemory: [Observation] = []
    fileprivate var spilled: Spill.Batch?
  }

  mutating func first(atMost count: Int) -> Batch {
    var batch = Batch(fromMemory: memory)
    guard let spill, !spill.isEmpty, count > memory.count else { return batch }
    do {
      batch.spilled = try spill.first(atMost: count - memory.count)
      isUnreadable = false
    } catch {
      if !isUnreadable { log.error("what waits cannot be read, and waits on: \(error)") }
      isUnreadable = true
    }
    return batch
  }

  /// It is committed.
  mutating func letGo(_ batch: Batch) {
    memory.removeFirst(batch.fromMemory.count)
    guard let spill, let spilled = batch.spilled else { return }
    do {
      try spill.letGo(spilled)
    } catch {
      log.error("what waited is stored, but cannot be let go of: \(error)")
    }
  }
}
