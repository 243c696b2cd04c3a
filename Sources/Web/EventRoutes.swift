internal import Geodesy
internal import HTTPTypes
internal import Hummingbird
internal import Patrol
internal import Store

/// `/events`: what happens, in the order in which it was committed (Server-Sent Events).
///
/// An event's id is its `Happening.number`: they survive restarts of the daemon, and whoever sends `Last-Event-ID` gets what
/// was committed since from the store, if it is among the last million; else a `reset` event says from where on it goes.
struct EventRoutes: Sendable {
  let readers: Readers
  let shelf: PlanShelf
  let hub: EventHub
  let looks: LookBook
  /// Whoever watches is still let in.
  let holds: @Sendable (Viewer) async -> Bool
  let now: @Sendable () -> Instant

  static let parameters = ["types", "squadron", "place", "handheld", "positions"]
  private static let pageSize = 500
  /// As soon a stream ends after what let its watcher in.
  static let checkedEvery = Duration.seconds(2)

  func events(_ request: Request, _ context: WebContext) async throws -> Response {
    _ = try request.accepted(["text/event-stream"])
    let asked = try Asked(request, allowed: Self.parameters)
    guard await hub.count < hub.seatsMaximum else {
      throw Problem.busy("\(hub.seatsMaximum) watch already")
    }
    let viewer = context.viewer
    let last = try lastNumber(request)
    let (filter, numbers) = try await readers.read { [shelf] queries in
      (
        try Self.filter(asked, viewer, try shelf.book(queries)), try queries.happeningNumbers()
      )
    }
    if filter.types.contains(.fixes) { try await note(filter, viewer) }
    var first: [Frame] = [.greeting]
    var start = numbers.last
    if let last {
      if last <= numbers.last, last >= numbers.first - 1 {
        start = last
      } else {
        // Too long ago, or of another store.
        first.append(Frame("reset", id: numbers.last, data: #"{"first": \#(numbers.first)}"#))
      }
    }
    let channel = context.channel
    let isPacked = request.takesGzip
    let opening = first
    let body = ResponseBody { [start] writer in
      let subscription = Subscription { channel.cutOff() }
      var stream = try await EventStream(writer, isPacked: isPacked)
      for frame in opening { try await stream.write(frame) }
      try await request.body.consumeWithCancellationOnInboundClose { _ in
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            var noted = now()
            while (try? await Task.sleep(for: Self.checkedEvery)) != nil {
              guard await holds(viewer) else { return subscription.end() }
              // Whoever watches on looks anew each hour.
              if filter.types.contains(.fixes), now() - noted >= .hours(1) {
                try await note(filter, viewer)
                noted = now()
              }
            }
          }
          try await write(
            subscription, filter, after: start, of: numbers.last, isPacked: isPacked, to: &stream)
          group.cancelAll()
        }
      }
      try await stream.finish()
    }
    var fields: HTTPFields = [
      .contentType: "text/event-stream", .cacheControl: "no-store", .vary: "Accept-Encoding",
      .init("X-Accel-Buffering")!: "no",
    ]
    if isPacked { fields[.contentEncoding] = "gzip" }
    return Response(status: .ok, headers: fields, body: body)
  }

  /// Whose positions are followed from now on.
  private func note(_ filter: EventFilter, _ viewer: Viewer) async throws {
    let now = now()
    let shown = try await readers.read { [shelf] queries in
      try shelf.book(queries).latest.plan.handhelds.map(\.id.text)
        .filter { filter.takesPosition(of: $0, at: now) }
    }
    try await looks.note(shown.map { Look(handheld: $0, span: now...now) }, by: viewer)
  }

  private func lastNumber(_ request: Request) throws -> Int64? {
    guard let text = request.headers[.init("Last-Event-ID")!], !text.isEmpty else { return nil }
    guard let number = Int64(text), number >= 0 else {
      throw Problem.wrong("Last-Event-ID: found \"\(text)\"; expected the id of an event")
    }
    return number
  }

  /// From the store until all is told that was given to the others, then along with them.
  private func write(
    _ subscription: Subscription, _ filter: EventFilter, after start: Int64,
    of last: Int64, isPacked: Bool, to stream: inout EventStream
  ) async throws {
    var number = start
    while true {
      if let seat = await hub.sit(
        subscription, EventHub.Wish(filter: filter, isPacked: isPacked), having: number, of: last)
      {
        do {
          while case .frames(let frames) = await subscription.next() {
            for frame in frames { try await stream.write(frame) }
          }
        } catch {
          await hub.leave(seat)
          throw error
        }
        return await hub.leave(seat)
      }
      let from = number
      let page = try await readers.read { [shelf] queries in
        let zone = try shelf.book(queries).zone
        let page = try queries.happenings(after: from, limit: Self.pageSize)
        return (events: page.happenings.map { WatchedEvent($0, zone) }, upTo: page.upTo)
      }
      // Others have more than the store does: it is not the one it was. Whoever comes again is told.
      guard page.upTo > from else { return }
      if let frame = Frame(joining: page.events.filter(filter.takes).map(\.frame)) {
        try await stream.write(frame)
      }
      number = page.upTo
    }
  }

  private static func filter(_ asked: Asked, _ viewer: Viewer, _ book: PlanBook) throws
    -> EventFilter
  {
    var types = Set(EventType.allCases)
    if let names = asked.list("types") {
      types = Set(
        try names.map { name in
          guard let type = EventType(rawValue: name) else {
            let all = EventType.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.wrong("types: found \"\(name)\"; expected some of \(all)")
          }
          return type
        })
    }
    let sights = try book.sights(viewer, squadron: asked["squadron"])
    return EventFilter(
      types: types, sights: sights, handhelds: asked.list("handheld").map(Set.init),
      places: asked.list("place").map(Set.init),
      positions: try asked.choice("positions", of: PositionStyle.allCases.map(\.rawValue))
        .flatMap(PositionStyle.init) ?? .whole)
  }
}
