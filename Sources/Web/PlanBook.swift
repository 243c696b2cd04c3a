internal import Geodesy
internal import HTTPTypes
internal import Patrol
internal import Reports
internal import Store
internal import Synchronization

/// The plans a store was written under, and what follows from them for those who ask.
struct PlanBook: Sendable {
  struct Version: Sendable {
    var began: Instant
    var digest: String
    /// `StoredPlanVersion.key`.
    var key: String
    var plan: Plan
    var shapes: Shapes
  }

  /// By the moment from which each is in force; not empty.
  let versions: [Version]
  /// Of places, the latest version's that has them first.
  let shapes: Shapes
  /// Bounds of all places of the latest version: everybody who sees all of them asks for these.
  private var allBounds: [Double]?

  init?(_ versions: [Version]) {
    guard !versions.isEmpty else { return nil }
    self.versions = versions
    shapes = Shapes(versions.reversed().flatMap(\.plan.places))
    allBounds = Box.bounds(of: places(.all).compactMap { shapes.shape(of: $0.id) })
  }

  var latest: Version { versions[versions.count - 1] }

  /// The one in force at a moment; the first where none was yet.
  func version(at moment: Instant) -> Version {
    versions.last { $0.began <= moment } ?? versions[0]
  }

  var zone: ZoneText {
    let zone = latest.plan.zone
    return { zone.text($0) }
  }

  func sight(of squadron: Squadron.ID) -> Sight {
    Sight(of: squadron, by: versions.map { ($0.began, $0.plan) })
  }

  func sight(_ viewer: Viewer) -> Sight {
    switch viewer.scope {
    case .brigade: .all
    case .squadron(let squadron): sight(of: squadron)
    case .nothing: .only([])
    }
  }

  /// Those of which somebody may know.
  func squadrons(_ viewer: Viewer) -> Set<String> {
    switch viewer.scope {
    case .brigade: squadrons
    case .squadron(let squadron): squadrons.intersection([squadron.text])
    case .nothing: []
    }
  }

  /// What one squadron had. Throws a `Problem` where whoever asks knows of none of that name.
  func sight(ofSquadron name: String, for viewer: Viewer) throws -> Sight {
    let all = squadrons(viewer)
    guard all.contains(name) else {
      throw Problem(
        .notFound,
        "squadron: found \"\(name)\"; expected one of \(all.sorted().joined(separator: ", "))")
    }
    return sight(of: Squadron.ID(name))
  }

  /// What somebody sees, and, where a squadron is asked for, what that one had: all of them have to hold. Throws a `Problem`
  /// where whoever asks knows of none of that name.
  func sights(_ viewer: Viewer, squadron: String?) throws -> [Sight] {
    [sight(viewer)] + (try squadron.map { [try sight(ofSquadron: $0, for: viewer)] } ?? [])
  }

  var squadrons: Set<String> {
    Set(versions.flatMap { $0.plan.brigade.squadrons.map(\.id.text) })
  }

  /// Bounds of the places somebody sees of the latest version; nil where there are none.
  func bounds(_ sight: Sight) -> [Double]? {
    sight == .all
      ? allBounds : Box.bounds(of: places(sight).compactMap { shapes.shape(of: $0.id) })
  }

  /// Places of the latest version by id. Streets are nobody's, and seen by those who see all.
  func places(_ sight: Sight) -> [Place] {
    latest.plan.places
      .filter { sight.holds($0.id.text, \.places, at: latest.began) }
      .sorted { $0.id.text < $1.id.text }
  }
}

/// Keeps the plan book up to date: a plan is read once.
final class PlanShelf: Sendable {
  private let book = Mutex<PlanBook?>(nil)
  private let load: @Sendable (String) throws -> Plan

  /// - Parameter load: reads a plan as the store keeps it.
  init(load: @escaping @Sendable (String) throws -> Plan) { self.load = load }

  /// Throws a `Problem` while the store has no plan.
  func book(_ queries: Queries) throws -> PlanBook {
    let keys = try queries.planKeys()
    let known = book.withLock { $0 }
    if let known,
      known.versions.elementsEqual(keys, by: { $0.began == $1.began && $0.key == $1.key })
    {
      return known
    }
    let versions = try queries.planVersions().map { stored in
      // A change leaves its files, and so its places, as they were.
      let same = known?.versions.first { $0.digest == stored.digest }
      let plan = try same.map { $0.plan.changed(by: stored.changes) } ?? stored.plan(load)
      return PlanBook.Version(
        began: stored.began, digest: stored.digest, key: stored.key, plan: plan,
        shapes: same?.shapes ?? Shapes(plan.places))
    }
    guard let made = PlanBook(versions) else {
      throw Problem.busy("nothing was judged in this store yet")
    }
    book.withLock { $0 = made }
    return made
  }
}
