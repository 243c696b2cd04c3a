internal import Geodesy
internal import Patrol

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
    var limits: [EvidenceLimit] = []
    for slow in handhelds where duty.stay.value > 0 && duty.stay <= slow.model.interval {
      limits.append(
        warning(
          .duty(i), "stay",
          "\(durationText(duty.stay)) cannot be proven by a handheld that reports every "
            + "\(plain(slow.model.interval.seconds)) s (\(slow.id)); a stay takes two reports"))
    }
    for (p, id) in duty.places.enumerated() {
      guard case .point(_, let radius)? = plan.place(id)?.geometry else { continue }
      let worst = handhelds.filter { $0.model.accuracy > radius }
      if !worst.isEmpty {
        limits.append(
          warning(
            .duty(i), "places", element: p,
            "\(id) has a radius_m of \(plain(radius.value)), below the accuracy_m of \(list(worst))"
          ))
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
