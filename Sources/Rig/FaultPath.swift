internal import Geodesy
public import Patrol

/// The way of reports from receivers over ports and networks: what is spoilt, lost, late, twice.
///
/// What chance decides of a report follows from the seed, the handheld and the moment alone: a second fault shifts
/// nothing of the first.
struct FaultPath {
  let scenario: Scenario
  let seed: UInt64

  /// Half a second after the owner's own, so that two units' sentences do not mix.
  static let lodgerLate = Milliseconds(500)
  /// Between a report and its repetition.
  static let repeatedAfter = Milliseconds(100)

  /// In order of receipt.
  func epochs(of walker: Walker) -> [Epoch] {
    var epochs = receiver(of: walker)
    // Gone to another's port.
    for other in scenario.walkers where !other.faults.isEmpty {
      for fault in other.faults where fault.kind == .sharedPort(with: walker.handheld.id) {
        epochs.removeAll { fault.span.contains($0.observedAt) }
      }
    }
    for fault in walker.faults {
      guard case .sharedPort(let id) = fault.kind, let lodger = scenario.walker(id) else {
        continue
      }
      epochs += receiver(of: lodger).filter { fault.span.contains($0.observedAt) }.map {
        lodged($0, with: walker)
      }
    }
    epochs.sort { $0.observedAt < $1.observedAt }
    var backlog: [Instant: Int64] = [:]
    return Scenario.byReceipt(epochs.flatMap { onTheWay($0, walker, &backlog) })
  }

  private func receiver(of walker: Walker) -> [Epoch] {
    var epochs = ReceiverStream(scenario: scenario, seed: seed, walker: walker).epochs()
    for fault in walker.faults {
      guard case .spoofed(let id) = fault.kind, let original = scenario.walker(id) else { continue }
      epochs.removeAll { fault.span.contains($0.observedAt) }
      epochs += ReceiverStream(scenario: scenario, seed: seed, walker: original).epochs()
        .filter { fault.span.contains($0.observedAt) && walker.on.contains($0.observedAt) }.map {
          var copy = $0
          copy.handheld = walker.handheld.id
          return copy
        }
    }
    return epochs
  }

  private func lodged(_ epoch: Epoch, with owner: Walker) -> Epoch {
    var epoch = epoch
    epoch.handheld = owner.handheld.id
    epoch.observedAt = epoch.observedAt + Self.lodgerLate
    epoch.time = epoch.time + Self.lodgerLate
    epoch.receivedAt = epoch.receivedAt + Self.lodgerLate
    if case .fix(var fix) = epoch.report {
      fix.time = fix.time + Self.lodgerLate
      epoch.report = .fix(fix)
    }
    return epoch
  }

  /// What becomes of one report after it left its receiver: nothing, itself, or several.
  private func onTheWay(
    _ told: Epoch, _ walker: Walker, _ backlog: inout [Instant: Int64]
  ) -> [Epoch] {
    var epoch = told
    let at = told.observedAt
    let faults = walker.faults.filter { $0.span.contains(at) }
    for fault in faults {
      switch fault.kind {
      case .checksum(let share) where chance("checksum", walker, at) < share:
        epoch.damage = .checksum
      case .truncated(let share) where chance("truncated", walker, at) < share:
        epoch.damage = .truncated
      case .silence, .battery: return []
      case .loss(let share) where chance("loss", walker, at) < share: return []
      default: break
      }
    }
    if let delivered = walker.backlogs.first(where: { $0.span.contains(at) })?.delivered {
      // Kept in a handheld whose battery is empty by then, or that sends nothing then, it is lost.
      let isGone = walker.faults.contains {
        ($0.kind == .battery || $0.kind == .silence) && $0.span.contains(delivered)
      }
      if isGone { return [] }
      let place = backlog[delivered, default: 0]
      backlog[delivered] = place + 1
      epoch.receivedAt =
        delivered + Milliseconds(place * 1000 / Int64(Scenario.backlogPerSecond))
    }
    var times = 1
    for fault in faults {
      switch fault.kind {
      case .reordering(let share, let late) where chance("reordering", walker, at) < share:
        epoch.receivedAt =
          epoch.receivedAt + Milliseconds(seconds: chance("late", walker, at) * late.seconds)
      case .duplicates(let n): times *= n
      default: break
      }
    }
    return (0..<times).map { k in
      var copy = epoch
      copy.receivedAt = epoch.receivedAt + Self.repeatedAfter * Int64(k)
      return copy
    }
  }

  /// From 0 up to 1.
  private func chance(_ what: String, _ walker: Walker, _ at: Instant) -> Double {
    var random = SplitMix64(seed, "\(walker.handheld.id)/\(what)/\(at.milliseconds)")
    return Double(random.next() >> 11) * 0x1p-53
  }
}

extension Scenario {
  /// Handhelds by the gpsd that carries them, as many each as `way` allows: walkers in the plan's order, then spares.
  var companies: [[Handheld.ID]] {
    let walking = walkers.map(\.handheld.id)
    let walks = Set(walking)
    let all = walking + plan.handhelds.map(\.id).filter { !walks.contains($0) }
    return stride(from: 0, to: all.count, by: way.handheldsMaximum).map {
      Array(all[$0..<min(all.count, $0 + way.handheldsMaximum)])
    }
  }

  /// Which of the gpsds are to die when, and be started again when.
  var restarts: [(gpsd: Int, span: Range<Instant>)] {
    guard walkers.contains(where: { $0.faults.contains { $0.kind == .gpsdRestart } }) else {
      return []
    }
    return companies.enumerated().flatMap { g, ids in
      walkers.filter { ids.contains($0.handheld.id) }.flatMap(\.faults)
        .filter { $0.kind == .gpsdRestart }.map { (g, $0.span) }
    }
  }

  /// As a daemon records them that notices at once.
  public var outages: [Outage] {
    restarts.flatMap { restart in
      companies[restart.gpsd].map {
        Outage(
          kind: .unreachable, handheld: $0, began: restart.span.lowerBound,
          ended: restart.span.upperBound)
      }
    }
  }
}
