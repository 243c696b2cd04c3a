internal import Geodesy
internal import Patrol
internal import Qualification

/// What a sound plan still asks in vain: things that its handhelds cannot prove, and things that nobody owes.
struct EvidenceLimit {
  var severity: PlanProblem.Severity
  var subject: PlanFault.Subject
  var key: String
  var element: Int?
  var message: String
}

enum EvidenceLimits {
  /// In no order. O(duties × their places² + roster).
  static func all(of plan: Plan) -> [EvidenceLimit] {
    handhelds(plan) + places(plan) + roster(plan)
      + plan.duties.indices.flatMap { duty(plan, $0) + discs(plan, $0) }
  }

  private static func handhelds(_ plan: Plan) -> [EvidenceLimit] {
    var limits: [EvidenceLimit] = []
    let grouped = Set(plan.brigade.squadrons.flatMap(\.groups).flatMap(\.handhelds))
    let rostered = Set(plan.roster.rows.map(\.handheld))
    for (i, handheld) in plan.handhelds.enumerated() {
      if !grouped.contains(handheld.id), !rostered.contains(handheld.id) {
        limits.append(
          warning(
            .handheld(i), "id", "is in no group and in no row of the roster; it serves no duty"))
      }
      let (accuracy, maximum) = (handheld.model.accuracy, handheld.model.accuracyMaximum)
      if maximum < accuracy {
        limits.append(
          warning(
            .handheld(i), "accuracy_max_m",
            "\(metres(maximum)) is below its accuracy_m of \(metres(accuracy)); most of its fixes would prove nothing"
          ))
      }
    }
    return limits
  }

  private static func places(_ plan: Plan) -> [EvidenceLimit] {
    let owed = Set(plan.duties.flatMap(\.places))
    return plan.places.enumerated().compactMap { i, place in
      place.kind == .street || owed.contains(place.id)
        ? nil : warning(.place(i), "id", "no duty owes this \(place.kind.rawValue)")
    }
  }

  private static func roster(_ plan: Plan) -> [EvidenceLimit] {
    plan.roster.rows.enumerated().compactMap { i, row in
      guard let home = plan.group(of: row.handheld), home.id != row.group else { return nil }
      return EvidenceLimit(
        severity: .note, subject: .rosterRow(i), key: "handheld",
        message: "\(row.handheld) belongs to group \(home.id) and serves \(row.group) here")
    }
  }

  private static func duty(_ plan: Plan, _ i: Int) -> [EvidenceLimit] {
    let duty = plan.duties[i]
    let own = plan.group(duty.group)?.handhelds ?? []
    let lent = plan.roster.rows.filter { $0.group == duty.group }.map(\.handheld)
    var seen: Set<Handheld.ID> = []
    let handhelds = (own + lent).filter { seen.insert($0).inserted }.compactMap(plan.handheld)
    if handhelds.isEmpty {
      return [warning(.duty(i), "group", "\(duty.group) has no handheld; nobody can attend")]
    }
    var models: [(detects: Detectability, handhelds: [Handheld])] = []
    for handheld in handhelds {
      let detects = Detectability(handheld.model)
      if let m = models.firstIndex(where: { $0.detects == detects }) {
        models[m].handhelds.append(handheld)
      } else {
        models.append((detects, [handheld]))
      }
    }
    return models.flatMap { stay(plan, i, $0.detects, $0.handhelds) }
      + models.flatMap { every(plan, i, $0.detects, $0.handhelds) }
      + accuracies(plan, i, handhelds)
  }

  /// Stays that these handhelds, which report alike, cannot prove: told once for a duty, of its places the worst.
  private static func stay(
    _ plan: Plan, _ i: Int, _ detects: Detectability, _ handhelds: [Handheld]
  ) -> [EvidenceLimit] {
    let duty = plan.duties[i]
    let extents = Set(duty.places.compactMap { plan.place($0)?.extent })
    let worst = extents.compactMap { extent -> (extent: Detectability.Extent, share: Double)? in
      guard case .cannot(.interval, let share) = detects.stay(duty.stay, within: extent) else {
        return nil
      }
      return (extent, share)
    }.min { ($0.share, "\($0.extent)") < ($1.share, "\($1.extent)") }
    guard let worst else { return [] }
    let whose =
      "by a handheld that reports every \(plain(detects.interval.seconds)) s (\(ids(handhelds)))"
    guard duty.stay > .zero else {
      let crossing = Detectability.crossing(worst.extent) ?? .zero
      return [
        warning(
          .duty(i), "stay",
          "0s, walking through in \(durationText(crossing)), cannot be proven \(whose); "
            + "it takes two reports inside")
      ]
    }
    if duty.stay <= detects.interval {
      return [
        warning(
          .duty(i), "stay",
          "\(durationText(duty.stay)) cannot be proven \(whose); a stay takes two reports")
      ]
    }
    let enough = detects.needed(for: duty.stay, within: worst.extent)
    return [
      warning(
        .duty(i), "stay",
        "\(durationText(duty.stay)) cannot be proven of a visit just so long \(whose)"
          + (enough.map { "; one of \(durationText($0)) can" } ?? ""))
    ]
  }

  /// How often a line can be seen to be passed, and how far to its ends.
  private static func every(
    _ plan: Plan, _ i: Int, _ detects: Detectability, _ handhelds: [Handheld]
  ) -> [EvidenceLimit] {
    let duty = plan.duties[i]
    let lines = duty.places.enumerated().compactMap { p, id -> (Int, Polyline)? in
      guard case .line(let line, _)? = plan.place(id)?.geometry else { return nil }
      return (p, line)
    }
    guard !lines.isEmpty else { return [] }
    let slow = "reports every \(plain(detects.interval.seconds)) s (\(ids(handhelds)))"
    var limits: [EvidenceLimit] = []
    if !detects.tells(passesEvery: duty.every) {
      limits.append(
        warning(
          .duty(i), "every",
          "\(durationText(duty.every)) cannot be proven by a handheld that \(slow); "
            + "to be seen coming back takes more than two"))
    }
    // Runs shorter than that make no gap.
    for (p, line) in lines where detects.unseenAtEnds(of: line.length) >= gapRun {
      limits.append(
        warning(
          .duty(i), "places", element: p,
          "up to \(metres(detects.unseenAtEnds(of: line.length))) at an end of \(duty.places[p]) cannot be proven where one turns "
            + "back there with a handheld that \(slow)"))
    }
    return limits
  }

  /// Of uncovered cells (DEFINITIONS, Coverage and gaps).
  private static let gapRun: Metres = 25

  /// Places that are finer than positions are good.
  private static func accuracies(_ plan: Plan, _ i: Int, _ handhelds: [Handheld])
    -> [EvidenceLimit]
  {
    // Those whose fixes are all refused are told of already.
    let handhelds = handhelds.filter { $0.model.accuracy <= $0.model.accuracyMaximum }
    var limits: [EvidenceLimit] = []
    for (p, id) in plan.duties[i].places.enumerated() {
      guard let place = plan.place(id) else { continue }
      func tell(_ what: String, _ limit: Metres) {
        let worst = handhelds.filter { $0.model.accuracy > limit }
        guard !worst.isEmpty else { return }
        limits.append(
          warning(.duty(i), "places", element: p, "\(id) \(what) \(list(worst))"))
      }
      if let extent = place.extent {
        let limit = Detectability.accuracyLimit(extent)
        if handhelds.contains(where: { $0.model.accuracy > limit }) {
          tell(
            "cannot be proven by fixes worse than \(metres(limit)), as by the accuracy_m of", limit)
          continue
        }
      }
      switch place.geometry {
      case .point(_, let radius):
        tell("has a radius_m of \(plain(radius.value)), below the accuracy_m of", radius)
      case .line(_, let corridor):
        tell("has a corridor_m of \(plain(corridor.value)), below the accuracy_m of", corridor)
      case .area(_, let cell?):
        tell("has a cell_m of \(plain(cell.value)), below the accuracy_m of", cell)
      case .area, .street: continue
      }
    }
    return limits
  }

  /// Points of one duty so near that one visit attends both.
  private static func discs(_ plan: Plan, _ i: Int) -> [EvidenceLimit] {
    var discs: [(id: Place.ID, centre: Coordinate, radius: Metres)] = []
    var limits: [EvidenceLimit] = []
    for (p, id) in plan.duties[i].places.enumerated() {
      guard case .point(let centre, let radius)? = plan.place(id)?.geometry else { continue }
      for other in discs where other.centre.distance(to: centre) < other.radius + radius {
        limits.append(
          warning(
            .duty(i), "places", element: p,
            "\(id) and \(other.id) overlap (\(metres(centre.distance(to: other.centre))) apart); who stands between them "
              + "attends both"))
      }
      discs.append((id, centre, radius))
    }
    return limits
  }

  private static func ids(_ handhelds: [Handheld]) -> String {
    let more = handhelds.count > 3 ? " and \(handhelds.count - 3) more" : ""
    return handhelds.prefix(3).map(\.id.text).joined(separator: ", ") + more
  }

  private static func list(_ handhelds: [Handheld]) -> String {
    let named = handhelds.prefix(3).map { "\($0.id) (\(plain($0.model.accuracy.value)))" }
    let more = handhelds.count > 3 ? " and \(handhelds.count - 3) more" : ""
    return named.joined(separator: ", ") + more
  }

  private static func warning(
    _ subject: PlanFault.Subject, _ key: String, element: Int? = nil, _ message: String
  ) -> EvidenceLimit {
    EvidenceLimit(
      severity: .warning, subject: subject, key: key, element: element, message: message)
  }
}

extension Place {
  /// What a stay is judged within; nil for lines and streets.
  fileprivate var extent: Detectability.Extent? {
    switch geometry {
    case .point(_, let radius): .point(radius: radius)
    case .area(_, let cell): cell.map { .cell(side: $0) } ?? .area
    case .line, .street: nil
    }
  }
}
