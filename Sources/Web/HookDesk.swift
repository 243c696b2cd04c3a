internal import Geodesy
internal import Logging
internal import NIOCore
internal import Rights
internal import Store

/// Puts what addresses are to be told into the outbox, and sends what is due. An address that fails holds up no other.
actor HookDesk {
  struct Tools: Sendable {
    var reader: Reader
    var registry: Registry
    var shelf: PlanShelf
    /// The real time.
    var now: @Sendable () -> Instant
    /// The time that people on duty live by.
    var clock: @Sendable () -> Instant
    var send: @Sendable (HookMessage, Hook, Instant) async -> HookAnswer
    /// In 0..<1.
    var random: @Sendable () -> Double
    var log: Logger
  }

  /// So many messages are on their way to one address at a time.
  private static let flyingMaximum = 4
  /// To one that fails one at a time, and no more often: each attempt is noted in the store.
  private static let failingEvery = Milliseconds.seconds(1)
  private static let dueSoonEvery = Milliseconds.seconds(5)
  /// What happened, and is of no address, is noted as gone through no more often than this.
  private static let cursorLag: Int64 = 10_000
  /// After the store refused to keep what came of an attempt.
  private static let refusedRest = Duration.seconds(5)

  private struct Flight {
    var hook: Int64
    var task: Task<Void, Never>
  }

  private let loop: any EventLoop
  private let tools: Tools
  private var heads: [Int64: Int64] = [:]
  private var flights: [Int64: Flight] = [:]
  /// When an address was last sent something.
  private var triedAt: [Int64: Instant] = [:]
  /// Until when an address that failed asked to be left alone.
  private var restsUntil: [Int64: Instant] = [:]
  private var dueSoonAt: Instant?
  private var trouble: String?
  private var isOver = false

  init(_ tools: Tools, on loop: any EventLoop) { (self.tools, self.loop) = (tools, loop) }

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.executor.asUnownedSerialExecutor()
  }

  /// Looks until it is cancelled: with every poke, and every second.
  func watch(_ pokes: AsyncStream<Void>) async {
    await withDiscardingTaskGroup { group in
      group.addTask {
        while (try? await Task.sleep(for: .seconds(1))) != nil { await self.look() }
      }
      for await _ in pokes {
        if Task.isCancelled { break }
        await self.look()
      }
    }
  }

  /// What is on its way is given up; it goes out again at the next start.
  func stop() async {
    isOver = true
    let tasks = flights.values.map(\.task)
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }

  /// Waits for what is on its way.
  func settle() async {
    while let flight = flights.values.first { await flight.task.value }
  }

  private var isLooking = false
  private var isAskedFor = false

  func look() async {
    isAskedFor = true
    guard !isLooking else { return }
    isLooking = true
    defer { isLooking = false }
    while isAskedFor, !isOver {
      isAskedFor = false
      do {
        try await lookOnce()
        trouble = nil
      } catch is Problem {
        // No plan yet.
      } catch {
        if trouble != "\(error)" { tools.log.error("webhooks: \(error)") }
        trouble = "\(error)"
      }
    }
  }

  private func lookOnce() async throws {
    let hooks = try await tools.reader.read { try $0.hooks() }
    guard !hooks.isEmpty else { return }
    try await queue(hooks)
    try await sendDue(hooks)
  }

  // MARK: into the outbox

  private func queue(_ hooks: [Hook]) async throws {
    let (now, clock, shelf) = (tools.now(), tools.clock(), tools.shelf)
    let wantsDue = dueSoonAt.map { now - $0 >= Self.dueSoonEvery || now < $0 } ?? true
    if wantsDue { dueSoonAt = now }
    var hasMore = true
    var isFirst = true
    while hasMore {
      let (heads, looksAtAll) = (heads, isFirst)
      let found = try await tools.reader.read { queries in
        let gathering = HookGathering(
          queries: queries, book: try shelf.book(queries), hooks: hooks, now: now, clock: clock)
        var found = try gathering.happened(after: heads)
        if looksAtAll {
          found.messages += try gathering.unacknowledged()
          if wantsDue { found.messages += try gathering.dueSoon() }
        }
        return found
      }
      let isLagging = hooks.contains {
        (found.heads[$0.id] ?? 0) - max($0.cursor, 0) > Self.cursorLag
      }
      if !found.messages.isEmpty || isLagging {
        try await tools.registry.write {
          try $0.queue(found.messages, cursors: found.heads, at: now)
        }
      }
      self.heads = found.heads
      (hasMore, isFirst) = (found.hasMore, false)
    }
  }

  // MARK: out of it

  private func sendDue(_ hooks: [Hook]) async throws {
    let now = tools.now()
    for hook in hooks where hook.gone == nil {
      let flying = flights.filter { $0.value.hook == hook.id }.map(\.key)
      let room = (hook.failing == nil ? Self.flyingMaximum : 1) - flying.count
      let rests =
        hook.failing != nil
        && (0..<Self.failingEvery.value).contains(
          (now - (triedAt[hook.id] ?? .distantPast)).value)
      guard room > 0, !rests, now >= restsUntil[hook.id] ?? now else { continue }
      let due = try await tools.reader.read {
        try $0.dueDeliveries(of: hook, at: now, but: flying, limit: room)
      }
      guard !isOver else { return }
      for delivery in due where flights[delivery.number] == nil {
        let task = Task { await self.deliver(delivery, to: hook) }
        flights[delivery.number] = Flight(hook: hook.id, task: task)
        triedAt[hook.id] = now
      }
    }
  }

  private func deliver(_ delivery: HookDelivery, to hook: Hook) async {
    let answer = await tools.send(delivery.message, hook, tools.now())
    // Nobody knows whether it came through.
    if !isOver { await keep(answer, of: delivery, to: hook) }
    flights[delivery.number] = nil
    if !isOver { await look() }
  }

  private func keep(_ answer: HookAnswer, of delivery: HookDelivery, to hook: Hook) async {
    let now = tools.now()
    let outcome = HookPatience.outcome(answer, of: delivery, at: now, random: tools.random())
    // What else was on its way does not end it.
    if let rest = HookPatience.rest(answer) { restsUntil[hook.id] = now + rest }
    do {
      try await tools.registry.write { try $0.settle(delivery.number, outcome, at: now) }
    } catch {
      tools.log.error("webhooks: what came of \(delivery.message.id) cannot be kept: \(error)")
      try? await Task.sleep(for: Self.refusedRest)
      return
    }
    tell(outcome, of: delivery, to: hook)
  }

  private func tell(_ outcome: HookOutcome, of delivery: HookDelivery, to hook: Hook) {
    let message = delivery.message
    switch outcome {
    case .delivered:
      if hook.failing != nil { tools.log.notice("hook \(hook.name): answers again") }
    case .gone:
      tools.log.error(
        "hook \(hook.name): the receiver is gone (410): it is told no more; `patrolctl hook enable` once it is there again, or `hook remove`"
      )
    case .failed(_, let failure, let next):
      if next == nil {
        tools.log.error(
          "hook \(hook.name): \(message.kind.rawValue) of \(message.subject) given up: \(failure)")
      } else if hook.failing == nil {
        tools.log.warning("hook \(hook.name): \(failure); trying again")
      }
    }
  }
}
