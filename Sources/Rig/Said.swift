internal import Coverage
internal import Geodesy
public import Patrol

/// What was said of a course: by the engine, or by something simpler beside it.
public struct Said: Sendable {
  /// Proven travel and standing, by handheld.
  var passes: [Handheld.ID: [TruePass]] = [:]
  /// Moments at which fine and judged cells of a line were attended, where it was not said as travel.
  var moments: [Handheld.ID: [Place.ID: (fine: CellPasses, judged: CellPasses)]] = [:]
  /// Long enough stays, by point.
  var stays: [Place.ID: [TrueStay]] = [:]
  /// By place, then cell. Nil: follows from passes and stays, and nothing is unproven.
  var attendance: [Place.ID: [Int: CellAttendance]]?
  /// As they stood in the end. Nil: follow from attendance.
  var gaps: [Gap]?
  /// What the engine made of each place in the end.
  var shares: [Place.ID: Shares] = [:]
}

extension Course {
  /// Between two batches of reports, in seconds of receipt.
  static let step = 5

  /// What the engine says when it is fed as a daemon would feed it: by time of receipt, and the clock with it.
  public func said(by observations: [Observation]) -> Said {
    var said = Said(attendance: [:], gaps: [])
    var engine = Engine(plan: plan, windows: window.began..<window.ended + .hours(12))
    var stored: [Handheld.ID: [(observation: Observation, gate: Gate?)]] = [:]
    var gaps: [Gap.ID: Gap] = [:]
    var stays: [Stay] = []
    func hear(_ events: [Event]) {
      for event in events {
        switch event {
        case .gap(let gap, let revision): gaps[gap.id] = revision == .withdrawn ? nil : gap
        case .stay(let stay): stays.append(stay)
        case .retracted(let handheld, let after, let before):
          stays.removeAll {
            $0.handheld == handheld && $0.decided > after && $0.decided < before
          }
        case .attendance(let owed, let cells):
          for cell in cells {
            let blank = CellAttendance(cell: cell.cell)
            said.attendance?[owed.place, default: [:]][cell.cell, default: blank].take(cell)
          }
        case .standing(let standing): said.shares[standing.owed.place] = standing.shares
        default: break
        }
      }
    }
    var now = window.began
    var next = 0
    let end = max(window.ended, observations.last?.receivedAt ?? window.ended) + .minutes(2)
    while now < end {
      now = now + .seconds(Self.step)
      let from = next
      while next < observations.count, observations[next].receivedAt <= now { next += 1 }
      let batch = Array(observations[from..<next])
      let outcome = engine.ingest(batch)
      for (observation, gate) in zip(batch, outcome.gates) where gate != .offDuty {
        stored[observation.handheld, default: []].append((observation, gate))
      }
      for request in outcome.needsHistory {
        engine.supply(
          stored[request.handheld, default: []].filter {
            request.span.contains($0.observation.orderTime)
          }, for: request)
      }
      engine.advance(to: now)
      hear(engine.takeEvents())
    }
    engine.advance(to: end + .minutes(30))
    hear(engine.takeEvents())
    said.gaps = gaps.values.sorted { $0.id < $1.id }
    for stay in stays where stay.kind == .stay {
      said.stays[stay.place, default: []].append(
        TrueStay(
          arrived: seconds(stay.arrived), left: seconds(stay.left), length: stay.length.seconds))
    }
    for walk in walks {
      let limit = walk.handheld.travel.passSpeedMaximum.value
      said.passes[walk.handheld.id] = Engine.legs(
        of: walk.handheld.id, in: window.span, from: observations, under: plan
      ).filter { !$0.isUndecided }.map {
        TruePass(
          place: $0.place, began: seconds($0.began), ended: seconds($0.ended),
          from: $0.from.value, to: $0.to.value, isDriveBy: $0.speed.value > limit)
      }
    }
    return said
  }

  /// Since the course began.
  func seconds(_ instant: Instant) -> Double { (instant - window.began).seconds }
}
