import Coverage
import Geodesy
import Patrol
import Rig

/// A scenario's observations straight into the engine, as a daemon would put them there: no gpsd, no store.
struct Drive {
  private(set) var gaps: [Gap.ID: Gap] = [:]
  private(set) var withdrawn: [Score.Withdrawn] = []
  private(set) var standings: [Owed: Standing] = [:]
  /// The gates of all observations as they stood in the end, by handheld; nil where nothing failed.
  private(set) var gates: [Handheld.ID: [Gate?: Int]] = [:]
  private var widest: [Gap.ID: Gap] = [:]

  /// - Parameter tick: how often time advances, in simulated seconds.
  init(_ scenario: Scenario, seed: UInt64? = nil, tick: Int = 5) {
    let (heard, outages) = scenario.heard(seed: seed)
    var engine = Engine(plan: scenario.plan, windows: scenario.span)
    for outage in outages { engine.record(outage) }
    var stored: [Handheld.ID: [(observation: Observation, gate: Gate?)]] = [:]
    var told: [Observation: Gate?] = [:]
    var now = scenario.span.lowerBound
    var next = 0
    while now < scenario.span.upperBound {
      now = now + .seconds(tick)
      let from = next
      while next < heard.count, heard[next].receivedAt <= now { next += 1 }
      let batch = Array(heard[from..<next])
      let outcome = engine.ingest(batch)
      for (observation, gate) in zip(batch, outcome.gates) where gate != .offDuty {
        gates[observation.handheld, default: [:]][gate, default: 0] += 1
        told[observation] = gate
        stored[observation.handheld, default: []].append((observation, gate))
      }
      for request in outcome.needsHistory {
        let history = stored[request.handheld, default: []].filter {
          request.span.contains($0.observation.orderTime)
        }
        engine.supply(history, for: request)
      }
      engine.advance(to: now)
      hear(engine.takeEvents(), &told)
    }
    engine.advance(to: scenario.span.upperBound + .minutes(10))
    hear(engine.takeEvents(), &told)
  }

  private mutating func hear(_ events: [Event], _ told: inout [Observation: Gate?]) {
    for event in events {
      switch event {
      case .gap(let gap, .withdrawn):
        gaps[gap.id] = nil
        let most = widest[gap.id] ?? gap
        withdrawn.append(
          Score.Withdrawn(
            owed: gap.owed, verdict: most.verdict, cause: most.cause, began: most.began,
            ended: most.ended))
      case .gap(let gap, _):
        gaps[gap.id] = gap
        if let known = widest[gap.id], known.extent > gap.extent { continue }
        widest[gap.id] = gap
      case .regated(let observation, let gate):
        if let before = told[observation] {
          gates[observation.handheld]?[before]? -= 1
          gates[observation.handheld, default: [:]][gate, default: 0] += 1
          told[observation] = gate
        }
      case .standing(let standing): standings[standing.owed] = standing
      default: break
      }
    }
  }
}
