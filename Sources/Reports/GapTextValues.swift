internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

/// How what concerns a single gap is put.
extension Texts {
  /// What of its place the gap is of; nil where it is all of it.
  func part(_ gap: Gap) -> String? {
    if let stretch = gap.stretch {
      return self(
        .stretchAlong, Decimal.text(stretch.from.value, 0), Decimal.text(stretch.to.value, 0))
    }
    return gap.cells.isEmpty ? nil : self(.someSquares, "\(gap.cells.count)")
  }

  /// Its place, by name and id.
  func place(_ account: GapAccount) -> String {
    let name = self(.namedWithID, account.place.name, account.gap.owed.place.text)
    return clauses([name, part(account.gap)].compactMap { $0 })
  }

  func meaning(_ verdict: Verdict) -> String {
    switch verdict {
    case .missed: self[.missedMeaning]
    case .unproven: self[.unprovenMeaning]
    }
  }

  func revision(_ kind: Revision) -> String {
    switch kind {
    case .opened: self[.wasOpened]
    case .closed: self[.wasClosed]
    case .extended: self[.wasExtended]
    case .shortened: self[.wasShortened]
    case .split: self[.wasSplit]
    case .merged: self[.wasMerged]
    case .rejudged: self[.wasRejudged]
    case .withdrawn: self[.wasWithdrawn]
    case .excused: self[.wasExcused]
    }
  }

  func gate(_ gate: Gate) -> String {
    switch gate {
    case .noFix: self[.noFix]
    case .poorFix: self[.poorFix]
    case .clock: self[.gateClock]
    case .simulated: self[.gateSimulated]
    case .jump: self[.gateJump]
    case .frozen: self[.gateFrozen]
    case .nullIsland: self[.gateNullIsland]
    case .duplicate: self[.gateDuplicate]
    case .offDuty: self[.offDuty]
    }
  }

  /// How many failed which gate, the most first.
  func tally(_ gates: [Gate]) -> String {
    let counts = Dictionary(grouping: gates, by: \.self).map { ($0.key, $0.value.count) }
    return clauses(
      counts.sorted { ($0.1, $1.0.rawValue) > ($1.1, $0.0.rawValue) }.map {
        self(.soMany, "\($1)", gate($0))
      })
  }

  func travel(_ travel: Travel) -> String {
    switch travel {
    case .foot: self[.onFoot]
    case .ebike: self[.byEbike]
    case .car: self[.byCar]
    }
  }

  func stay(_ kind: Stay.Kind) -> String {
    switch kind {
    case .stay: self[.stay]
    case .shortStay: self[.shortStay]
    case .driveBy: self[.driveBy]
    }
  }

  func pass(_ kind: Pass.Kind) -> String {
    switch kind {
    case .pass: self[.passKind]
    case .driveBy: self[.driveBy]
    }
  }

  func outage(_ kind: Outage.Kind) -> String {
    switch kind {
    case .daemonDown: self[.daemonNotRunning]
    case .unreachable: self[.gpsdUnreachable]
    }
  }
}
