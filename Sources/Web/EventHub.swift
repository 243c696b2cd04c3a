internal import Geodesy
internal import Logging
internal import NIOCore
internal import Reports
internal import Store
internal import Synchronization

/// Those who watch. It reads the store once for all of them: at once where it is told that something was committed, soon where
/// another process did, and where handhelds are once a second. Writing to them is each one's own matter.
actor EventHub {
  /// What somebody wants. Those who want the same get the same frames.
  struct Wish: Hashable, Sendable {
    var filter: EventFilter
    /// Gzipped.
    var isPacked: Bool
  }

  private struct Seat {
    var subscription: Subscription
    var wish: Wish
    /// The last number it has.
    var number: Int64
    /// It has no positions yet.
    var isNew = true
  }

  static let heartbeatEvery = Duration.seconds(15)
  /// Commits that nobody tells of are found so soon.
  private static let lookEvery = Duration.milliseconds(250)
  private static let positionsEvery = Duration.seconds(1)
  /// What a commit holds would wait for the next look: one that comes so much early is taken, and one that is so late waited
  /// for, by those who are told of commits.
  private static let (earliness, lateness) = (
    Duration.milliseconds(300), Duration.milliseconds(600)
  )
  private static let pageSize = 1000

  nonisolated let seatsMaximum: Int
  private let loop: any EventLoop
  private let reader: Reader
  private let shelf: PlanShelf
  private let log: Logger
  private var seats: [Int: Seat] = [:]
  private var seatsGiven = 0
  /// What is up to this number was given to all who sit.
  private var head: Int64 = 0
  private var positions = PositionTexts()
  private var lastRow: Int64?
  private var digests: [String] = []
  /// When somebody last told of a commit, and when it was last looked for where handhelds are.
  private var (pokedAt, positionsAt): (ContinuousClock.Instant?, ContinuousClock.Instant?)
  private var isOver = false
  private(set) var cutOff = 0

  /// - Parameter seats: so many may watch at once.
  init(reader: Reader, shelf: PlanShelf, on loop: any EventLoop, seats maximum: Int, log: Logger) {
    seatsMaximum = maximum
    (self.reader, self.shelf, self.loop, self.log) = (reader, shelf, loop, log)
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.executor.asUnownedSerialExecutor()
  }

  var count: Int { seats.count }

  // MARK: those who watch

  /// Takes a seat for one who has everything up to a number; nil where more was given out already: what lies between is to
  /// be read from the store first.
  ///
  /// - Parameter last: the store's last number as whoever sits down knows it.
  func sit(
    _ subscription: Subscription, _ wish: Wish, having number: Int64, of last: Int64
  ) -> Int? {
    if seats.isEmpty { head = max(head, last) }
    guard number >= head else { return nil }
    if isOver { subscription.end() }
    seatsGiven += 1
    seats[seatsGiven] = Seat(subscription: subscription, wish: wish, number: number)
    return seatsGiven
  }

  func leave(_ seat: Int) {
    seats[seat] = nil
    if seats.isEmpty { (positions, lastRow) = (PositionTexts(), nil) }
  }

  func stop() {
    isOver = true
    for seat in seats.values { seat.subscription.end() }
  }

  // MARK: what they are given

  /// Watches the store until it is cancelled.
  ///
  /// - Parameter pokes: for each commit, if anybody tells, how many fixes it held.
  func watch(_ pokes: AsyncStream<Int>) async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.beat() }
      group.addTask { await self.tick() }
      var before = 0
      for await fixes in pokes {
        if Task.isCancelled { break }
        self.pokedAt = .now
        // Receivers report with the second: where one of its commits has most of them, that one is the time to look.
        let isTime = fixes * 2 >= before
        before = fixes
        await self.look(
          positions: isTime && self.areDue(after: Self.positionsEvery - Self.earliness))
      }
    }
  }

  private func beat() async {
    while (try? await Task.sleep(for: Self.heartbeatEvery)) != nil { give { _ in .heartbeat } }
  }

  private func tick() async {
    while (try? await Task.sleep(for: Self.lookEvery)) != nil {
      let isTold = pokedAt.map { ContinuousClock.now - $0 < Self.positionsEvery * 2 } ?? false
      await look(
        positions: areDue(after: Self.positionsEvery + (isTold ? Self.lateness : .zero)))
    }
  }

  private func areDue(after passed: Duration) -> Bool {
    positionsAt.map { ContinuousClock.now - $0 >= passed } ?? true
  }

  private struct Look: Sendable {
    var events: [WatchedEvent] = []
    var upTo: Int64
    var positions: [LatestPosition] = []
    /// The row after which positions were asked for, and the last there was.
    var (since, lastRow): (Int64?, Int64?)
    var digests: [String] = []
    var zone: ZoneText
  }

  private var isLooking = false
  /// A look was asked for meanwhile, and whether for positions, too.
  private var isAskedFor: Bool?

  private func look(positions wantsPositions: Bool) async {
    // A look takes some time, and may not have seen what the next one is asked for.
    isAskedFor = wantsPositions || isAskedFor ?? false
    guard !isLooking else { return }
    isLooking = true
    defer { isLooking = false }
    while let asked = isAskedFor, !isOver {
      isAskedFor = nil
      do {
        try await lookOnce(positions: asked)
      } catch is Problem {
        // No plan yet.
      } catch {
        log.error("events cannot be read: \(error)")
      }
    }
  }

  private func lookOnce(positions wantsPositions: Bool) async throws {
    // Who sits down says where the store stands.
    guard !seats.isEmpty else { return }
    if wantsPositions { positionsAt = .now }
    var hasMore = true
    while hasMore {
      let (shelf, head, lastRow) = (shelf, head, lastRow)
      let found = try await reader.read { queries in
        let book = try shelf.book(queries)
        let page = try queries.happenings(after: head, limit: Self.pageSize)
        var look = Look(upTo: page.upTo, since: lastRow, lastRow: lastRow, zone: book.zone)
        look.events = page.happenings.map { WatchedEvent($0, book.zone) }
        look.digests = book.versions.map(\.digest)
        if wantsPositions {
          (look.positions, look.lastRow) = try queries.latestPositions(after: lastRow)
        }
        return look
      }
      hasMore = found.upTo > head + Int64(Self.pageSize) - 1
      publish(found, positions: wantsPositions)
    }
  }

  private func publish(_ look: Look, positions wantsPositions: Bool) {
    if !look.events.isEmpty {
      var frames = Frames()
      let head = head
      give { seat in
        func frame() -> Frame? {
          Frame(
            joining: look.events.filter {
              $0.number > seat.number && seat.wish.filter.takes($0)
            }.map(\.frame))
        }
        // Who has some of them already gets what nobody else does.
        return seat.number <= head ? frames.get(seat.wish, frame) : frame()
      }
    }
    head = max(head, look.upTo)
    // Unless all had left meanwhile, and whoever sits now is to have all of them.
    if wantsPositions, look.since == lastRow {
      if lastRow == nil { positions = PositionTexts() }
      let changed = positions.note(look.positions, look.zone)
      lastRow = look.lastRow
      var (all, new) = (Frames(), Frames())
      give { seat in
        guard seat.wish.filter.types.contains(.fixes) else { return nil }
        guard seat.isNew else {
          return new.get(seat.wish) { positions.frame(changed, seat.wish.filter) }
        }
        return all.get(seat.wish) {
          positions.frame(positions.all.keys.sorted(), seat.wish.filter)
        }
      }
      for seat in seats.keys { seats[seat]?.isNew = false }
    }
    // Who sees but a part saw it by the plan that was.
    if !digests.isEmpty, digests != look.digests {
      for seat in seats.values where seat.wish.filter.sights.contains(where: { $0 != .all }) {
        seat.subscription.end()
      }
    }
    digests = look.digests
  }

  /// Frames by who wants them, each made once.
  private struct Frames {
    private var made: [Wish: Frame?] = [:]

    mutating func get(_ wish: Wish, _ make: () -> Frame?) -> Frame? {
      if let known = made[wish] { return known }
      var plain = wish
      plain.isPacked = false
      let text = made[plain] ?? make()
      made[plain] = .some(text)
      // Where there is no memory for that, whoever writes it finds out, and ends.
      let frame = wish.isPacked ? text.map { $0.packed()?.frame ?? $0 } : text
      made[wish] = .some(frame)
      return frame
    }
  }

  private func give(_ frame: (Seat) -> Frame?) {
    for (id, seat) in seats {
      guard let frame = frame(seat) else { continue }
      if !seat.subscription.offer(frame) {
        seats[id] = nil
        cutOff += 1
      }
    }
  }
}
