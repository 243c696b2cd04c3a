internal import Coverage
internal import Geodesy
internal import Patrol
internal import Reports
internal import Store

/// A page of features as text.
struct FeaturePage: Sendable {
  /// Each a GeoJSON Feature.
  var features: [String]
  var next: PageKey?
  /// Whose ways it shows.
  var looks: [Look] = []
}

/// Features out of the store: what somebody asked for, of what they may see.
struct Features {
  let collection: Collection
  let book: PlanBook
  let queries: Queries
  let viewer: Viewer

  private var sight: Sight { book.sight(viewer) }

  func page(_ asked: Asked, limit: Int) throws -> FeaturePage {
    var query = PageQuery(limit: limit)
    query.after = try asked["cursor"].map {
      try KeyText.key(cursor: $0, shape: collection.shape)
    }
    query.span = try asked.span()
    let box = try asked["bbox"].map(Box.init)
    query.sights = [sight]
    if let squadron = asked["squadron"] {
      query.sights.append(try book.sight(ofSquadron: squadron, for: viewer))
    }
    for filter in collection.filters {
      if let choices = collection.choices(filter) { _ = try asked.choice(filter, of: choices) }
    }
    (query.handhelds, query.places, query.duties) = (
      asked.list("handheld"), asked.list("place"), asked.list("duty")
    )
    (query.verdict, query.cause, query.kind) = (asked["verdict"], asked["cause"], asked["kind"])
    query.isOpen = try asked.flag("open")
    query.gate = asked["gate"]
    if let usable = try asked.flag("usable") {
      guard query.gate == nil, usable else {
        throw Problem.wrong("usable: expected true alone; gate names what is not usable")
      }
      query.gate = ""
    }
    return try page(query, box, asked["state"])
  }

  /// One by its id; empty where there is none, or none that is seen.
  func feature(_ id: String) throws -> FeaturePage {
    let none = FeaturePage(features: [], next: nil)
    var query = PageQuery(limit: 1)
    query.sights = [sight]
    if collection == .gaps {
      guard let gap = try queries.gap(Gap.ID(id)), gap.withdrawn == nil else { return none }
      query.key = PageKey([
        .integer(gap.gap.owed.windowBegan.milliseconds), .text(gap.gap.owed.duty.text),
        .text(gap.gap.owed.place.text), .text(gap.gap.id.text),
      ])
    } else {
      guard let key = KeyText.key(id, shape: collection.shape) else { return none }
      query.key = key
    }
    if collection == .tracks, let key = query.key, case .integer(let n) = key.parts[0],
      case .integer(let at) = key.parts[1], case .integer(let row) = key.parts[2]
    {
      // It goes on from its first fix.
      query.key = nil
      query.after = PageKey([.integer(n), .integer(at), .integer(row - 1)])
      let began = Instant(milliseconds: at)
      query.span = began...max(began, began + .hours(26))
      var page = try tracks(query, nil)
      page.rows = Array(page.rows.prefix(1).filter { $0.key == key })
      return told(page) { .lines([$0.positions]) }
    }
    return try page(query, nil, nil)
  }

  private func page(_ query: PageQuery, _ box: Box?, _ state: String?) throws -> FeaturePage {
    var query = query
    switch collection {
    case .places: return try places(query, box)
    case .handhelds: return try handhelds(query, box, state)
    case .fixes:
      query.isSifting = box != nil
      let page = try queries.fixes(query) { position in
        box.map { box in position.map(box.holds) ?? false } ?? true
      }
      return told(page) { $0.map(Shape.point) }
    case .tracks: return told(try tracks(query, box)) { .lines([$0.positions]) }
    case .passes:
      narrow(&query, box)
      let shape = { (p: PassedStretch) in book.shapes.shape(of: p.place, passed: p.stretch) }
      return told(try queries.passes(query) { met(box, shape($0)) }, shape)
    case .stays:
      narrow(&query, box)
      let shape = { (id: Place.ID) in book.shapes.shape(of: id) }
      return told(try queries.stays(query), shape)
    case .gaps:
      narrow(&query, box)
      let shape = { (record: GapRecord) in
        book.version(at: record.gap.owed.windowBegan).shapes.shape(of: record.gap)
      }
      return told(try queries.gaps(query) { met(box, shape($0)) }, shape)
    case .windows:
      narrow(&query, box)
      let shape = { (owed: Owed) in
        book.version(at: owed.windowBegan).shapes.shape(of: owed.place)
      }
      return told(try queries.windows(query) { met(box, shape($0)) }, shape)
    }
  }

  private func met(_ box: Box?, _ shape: Shape?) -> Bool {
    guard let box else { return true }
    return shape.map(box.meets) ?? false
  }

  /// Places that do not meet a box need not be looked for.
  private func narrow(_ query: inout PageQuery, _ box: Box?) {
    guard let box else { return }
    var near: Set<String> = []
    for version in book.versions {
      for place in version.plan.places {
        if version.shapes.shape(of: place.id).map(box.meets) ?? false { near.insert(place.id.text) }
      }
    }
    query.places = query.places.map { $0.filter(near.contains) } ?? near.sorted()
  }

  private func tracks(_ query: PageQuery, _ box: Box?) throws -> Page<TrackRun> {
    var query = query
    query.isSifting = true
    if query.span == nil {
      let now = try queries.clock() ?? book.latest.began
      let plan = book.latest.plan
      let day = plan.span(of: plan.operationalDay(of: now))
      query.span = day.lowerBound...day.upperBound
    }
    var silences: [String: Milliseconds] = [:]
    for version in book.versions {
      for handheld in version.plan.handhelds { silences[handheld.id.text] = handheld.legMaximum }
    }
    return try queries.tracks(
      query, silence: { silences[$0] ?? .seconds(15) },
      keep: { met(box, .lines([$0.positions])) })
  }

  // MARK: of the plan

  private func places(_ query: PageQuery, _ box: Box?) throws -> FeaturePage {
    let duties = query.duties.map { names in
      Set(
        book.latest.plan.duties.filter { names.contains($0.id.text) }
          .flatMap { $0.places.map(\.text) })
    }
    let all = book.places(sight).filter { place in
      let id = place.id.text
      return query.sights.allSatisfy { $0.holds(id, \.places, at: book.latest.began) }
        && (query.places?.contains(id) ?? true) && (duties?.contains(id) ?? true)
        && (query.kind.map { $0 == place.kind.rawValue } ?? true)
        && met(box, book.shapes.shape(of: place.id))
    }
    return told(Self.cut(all, query, \.id.text)) {
      book.shapes.shape(of: $0.id)
    } _: { place in
      func metres(_ x: Metres?) -> Listing.Value { x.map { .real($0.value, decimals: 1) } ?? .none }
      var (radius, corridor, cell): (Metres?, Metres?, Metres?)
      switch place.geometry {
      case .point(_, let r): radius = r
      case .line(_, let c): corridor = c
      case .area(_, let side): cell = side
      case .street: break
      }
      return [
        .text(place.id.text), .text(place.kind.rawValue), .text(place.name), metres(radius),
        metres(corridor), metres(cell),
      ]
    }
  }

  private func handhelds(_ query: PageQuery, _ box: Box?, _ state: String?) throws -> FeaturePage {
    let plan = book.latest.plan
    let standings = try queries.standings()
    let positions = Dictionary(
      uniqueKeysWithValues: try queries.latestPositions(after: nil).positions.map {
        ($0.handheld, $0)
      })
    let all = plan.handhelds.filter { handheld in
      let id = handheld.id.text
      return query.sights.allSatisfy { $0.holds(id, \.handhelds, at: book.latest.began) }
        && (query.handhelds?.contains(id) ?? true)
        && (state.map { standings[id]?.first == .text($0) } ?? true)
        && (box.map { box in positions[id].map { box.holds($0.position) } ?? false } ?? true)
    }.sorted { $0.id.text < $1.id.text }
    let none = Array(repeating: Listing.Value.none, count: 4)
    return told(Self.cut(all, query, \.id.text)) { handheld in
      positions[handheld.id.text].map { .point($0.position) }
    } _: { handheld in
      let id = handheld.id.text
      let group = plan.group(of: handheld.id)
      let squadron = group.flatMap { plan.squadron(of: $0.id) }
      return [
        .text(id), group.map { .text($0.id.text) } ?? .none,
        squadron.map { .text($0.id.text) } ?? .none,
      ] + (standings[id] ?? none) + [positions[id].map { .time($0.at) } ?? .none]
    }
  }

  /// Of what is all at hand, by name, the part that is asked for.
  private static func cut<T>(
    _ all: [T], _ query: PageQuery, _ name: KeyPath<T, String>
  ) -> (rows: [(key: PageKey, subject: T)], next: PageKey?) {
    func key(_ subject: T) -> PageKey { PageKey([.text(subject[keyPath: name])]) }
    var rest = all[...]
    if case .text(let last)? = query.after?.parts.first {
      rest = all.drop { $0[keyPath: name] <= last }[...]
    }
    if let one = query.key { rest = rest.filter { key($0) == one }[...] }
    let rows = rest.prefix(query.limit).map { (key($0), $0) }
    return (rows, rest.count > rows.count ? rows.last?.0 : nil)
  }

  // MARK: text

  private func told<Subject>(_ page: Page<Subject>, _ shape: (Subject) -> Shape?) -> FeaturePage {
    FeaturePage(
      features: page.rows.map { feature($0, shape($0.subject)) }, next: page.next,
      looks: looks(page.rows.map(\.values)))
  }

  /// Each handheld once, with the whole span of what is shown of it. By the columns of fixes, tracks and handhelds.
  private func looks(_ rows: [[Listing.Value]]) -> [Look] {
    let times: [Int]
    switch collection {
    case .fixes: times = [1]
    case .tracks: times = [1, 2]
    case .handhelds: times = [collection.columns.count - 1]
    default: return []
    }
    var spans: [String: ClosedRange<Instant>] = [:]
    for values in rows {
      guard case .text(let handheld) = values[0] else { continue }
      for case .time(let at) in times.map({ values[$0] }) {
        let known = spans[handheld] ?? at...at
        spans[handheld] = min(known.lowerBound, at)...max(known.upperBound, at)
      }
    }
    return spans.map { Look(handheld: $0.key, span: $0.value) }.sorted { $0.handheld < $1.handheld }
  }

  private func told<Subject>(
    _ page: (rows: [(key: PageKey, subject: Subject)], next: PageKey?),
    _ shape: (Subject) -> Shape?, _ values: (Subject) -> [Listing.Value]
  ) -> FeaturePage {
    FeaturePage(
      features: page.rows.map { row in
        let made = Page<Subject>.Row(
          key: row.key, values: values(row.subject), subject: row.subject)
        return feature(made, shape(row.subject))
      }, next: page.next, looks: looks(page.rows.map { values($0.subject) }))
  }

  private func feature<Subject>(_ row: Page<Subject>.Row, _ shape: Shape?) -> String {
    // A gap has a name of its own.
    let id = collection == .gaps ? row.values[0].plain(book.zone) : KeyText.id(row.key)
    let properties = Listing(columns: collection.columns).object(row.values, book.zone)
    return
      "{\"type\": \"Feature\", \"id\": \(JSONText.quoted(id)), \"geometry\": \(shape?.geojson ?? "null"), \"properties\": \(properties)}"
  }
}
