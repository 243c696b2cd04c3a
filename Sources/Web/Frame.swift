internal import Coverage
internal import Geodesy
internal import NIOCore
internal import Patrol
internal import Reports
internal import Store

/// A piece of an event stream (WHATWG HTML, 9.2), encoded once for all who get it.
struct Frame: Sendable {
  /// As it goes out.
  let bytes: ByteBuffer
  /// Of one that is gzipped, what it says; nil of a plain one.
  private let packedSum: Gzip.Sum?

  private init(_ text: String) { (bytes, packedSum) = (ByteBuffer(string: text), nil) }

  private init(packed bytes: ByteBuffer, _ sum: Gzip.Sum) { (self.bytes, packedSum) = (bytes, sum) }

  /// - Parameter data: on one line.
  init(_ type: String, id: Int64?, data: String) {
    self.init("event: \(type)\n" + (id.map { "id: \($0)\n" } ?? "") + "data: \(data)\n\n")
  }

  /// Some plain frames as one; nil of none.
  init?(joining frames: [Frame]) {
    guard frames.count != 1 else {
      self = frames[0]
      return
    }
    guard !frames.isEmpty else { return nil }
    var bytes = ByteBufferAllocator().buffer(
      capacity: frames.reduce(0) { $0 + $1.bytes.readableBytes })
    for frame in frames { bytes.writeImmutableBuffer(frame.bytes) }
    (self.bytes, packedSum) = (bytes, nil)
  }

  /// Gzipped, for a stream that is; as it is where it is already. Nil where zlib has no memory for it.
  func packed() -> (frame: Frame, sum: Gzip.Sum)? {
    if let packedSum { return (self, packedSum) }
    guard let piece = Gzip.piece(bytes) else { return nil }
    let sum = Gzip.Sum(of: bytes)
    return (Frame(packed: piece, sum), sum)
  }

  /// Says nothing, but that the connection lives.
  static let heartbeat = Frame(":\n\n")
  /// Comes first: whoever loses the connection is to be back after two seconds.
  static let greeting = Frame("retry: 2000\n\n")
}

extension WatchedEvent {
  init(_ happening: Happening, _ zone: ZoneText) {
    func data(_ columns: [String], _ values: [Listing.Value]) -> String {
      Listing(columns: columns).object(values, zone)
    }
    number = happening.number
    let text: String
    switch happening.what {
    case .stay(let stay):
      (type, belongs) = (.stay, .handheld(stay.handheld.text))
      (moment, handhelds, place) = (stay.arrived, [stay.handheld.text], stay.place.text)
      text = data(
        Queries.stayColumns,
        [
          .text(stay.handheld.text), .text(stay.place.text), .time(stay.arrived), .time(stay.left),
          .real(stay.length.seconds, decimals: 1), .text(stay.kind.rawValue), .time(stay.decided),
        ])
    case .pass(let pass):
      (type, belongs) = (.pass, .handheld(pass.handheld.text))
      (moment, handhelds, place) = (pass.began, [pass.handheld.text], pass.place.text)
      let extent: [Listing.Value] = [
        .text(pass.handheld.text), .text(pass.place.text), .time(pass.began), .time(pass.ended),
        .real(pass.from.value, decimals: 1), .real(pass.to.value, decimals: 1),
      ]
      text = data(
        Queries.passColumns,
        extent + [
          .real(pass.speed.value, decimals: 2), .real(pass.confidence, decimals: 2),
          .text(pass.kind.rawValue), .time(pass.decided),
        ])
    case .gap(let revision):
      let gap = revision.after
      (type, belongs) = (
        revision.kind == .opened ? .gap : .gapRevised, .duty(gap.owed.duty.text)
      )
      (moment, handhelds) = (gap.owed.windowBegan, gap.handhelds.map(\.text))
      place = gap.owed.place.text
      // What was excused of it is not part of a revision.
      let listing = Queries.listing([GapRecord(gap: gap, excuses: [])])
        .leavingOut(["excused_by", "excuse", "notes"])
      text = data(
        ["revised", "revised_at"] + listing.columns,
        [.text(revision.kind.rawValue), .time(revision.at)] + listing.rows[0])
    case .handheld(let standing):
      (type, belongs) = (.handheld, .handheld(standing.handheld.text))
      (moment, handhelds, place) = (standing.since, [standing.handheld.text], nil)
      text = data(
        ["handheld", "state", "since", "detail", "heard_at"],
        [
          .text(standing.handheld.text), .text(standing.state.rawValue), .time(standing.since),
          standing.detail.isEmpty ? .none : .text(standing.detail),
          standing.heard.map { .time($0) } ?? .none,
        ])
    case .change(let ordered):
      (type, belongs) = (.change, .change(ordered.change))
      // As whoever is asked has it then: the plan in force.
      (moment, handhelds, place) = (ordered.withdrawal?.at ?? ordered.at, [], nil)
      text = ChangeText.value(ordered, zone).written(depth: 0)
    }
    frame = Frame(type.rawValue, id: number, data: text)
  }
}

/// Where handhelds are, each written once.
struct PositionTexts: Sendable {
  struct One: Sendable {
    var at: Instant
    /// By style.
    var whole, brief: String
  }

  private(set) var all: [String: One] = [:]

  mutating func note(_ positions: [LatestPosition], _ zone: ZoneText) -> [String] {
    let listing = Listing(columns: Queries.fixColumns)
    var changed: [String] = []
    for position in positions where position.at > all[position.handheld]?.at ?? .distantPast {
      all[position.handheld] = One(
        at: position.at, whole: listing.object(position.values, zone), brief: Self.brief(position))
      changed.append(position.handheld)
    }
    return changed
  }

  private static func brief(_ position: LatestPosition) -> String {
    let (latitude, longitude) = (position.position.latitude, position.position.longitude)
    return JSONValue.array([
      .text(position.handheld), .number(latitude, decimals: 7), .number(longitude, decimals: 7),
      .number(Double(position.at.milliseconds), decimals: 0),
    ]).written(depth: 0)
  }

  /// Nil where none of them is asked for.
  func frame(_ handhelds: some Sequence<String>, _ filter: EventFilter) -> Frame? {
    let texts = handhelds.compactMap { id -> String? in
      guard let one = all[id], filter.takesPosition(of: id, at: one.at) else { return nil }
      return filter.positions == .brief ? one.brief : one.whole
    }
    guard !texts.isEmpty else { return nil }
    return Frame(
      EventType.fixes.rawValue, id: nil, data: "[\(texts.joined(separator: ", "))]")
  }
}
