internal import Geodesy
internal import Patrol
internal import Store

/// Kinds of events, as those who watch name them.
enum EventType: String, Hashable, Sendable, CaseIterable {
  case gap
  case gapRevised = "gap-revised"
  case stay, pass, handheld, change, fixes
}

/// How the `fixes` event tells of each handheld.
enum PositionStyle: String, Hashable, Sendable, CaseIterable {
  /// As an object, by the columns of fixes.
  case whole
  /// As [handheld, latitude, longitude, when (ms since 1970)]: a sixth of that, for who draws them.
  case brief
}

/// Which events somebody wants, of those they may see.
struct EventFilter: Hashable, Sendable {
  var types: Set<EventType>
  /// All of them have to hold.
  var sights: [Sight]
  /// Nil: any.
  var handhelds: Set<String>?
  var places: Set<String>?
  /// How positions are told.
  var positions = PositionStyle.whole

  func takes(_ event: WatchedEvent) -> Bool {
    guard types.contains(event.type) else { return false }
    if let handhelds, !event.handhelds.contains(where: handhelds.contains) { return false }
    if let places, !(event.place.map(places.contains) ?? false) { return false }
    switch event.belongs {
    case .duty(let duty): return sights.allSatisfy { $0.holds(duty, \.duties, at: event.moment) }
    case .handheld(let id):
      return sights.allSatisfy { $0.holds(id, \.handhelds, at: event.moment) }
    case .change(let change): return sights.allSatisfy { $0.shows(change, at: event.moment) }
    }
  }

  /// Where handhelds are is asked for without a place.
  func takesPosition(of handheld: String, at moment: Instant) -> Bool {
    handhelds?.contains(handheld) ?? true
      && sights.allSatisfy { $0.holds(handheld, \.handhelds, at: moment) }
  }
}

/// An event as it goes out, and what it is chosen by.
struct WatchedEvent: Sendable {
  enum Belonging: Sendable {
    case duty(String)
    case handheld(String)
    case change(PlanChange)
  }

  var number: Int64
  var type: EventType
  var belongs: Belonging
  /// At which it belonged to whoever had that duty or handheld then.
  var moment: Instant
  var handhelds: [String]
  var place: String?
  var frame: Frame
}
