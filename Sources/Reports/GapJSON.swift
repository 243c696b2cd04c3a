internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

extension GapAccount {
  /// Of each handheld so many fixes are written out; where there are more, they are thinned and counted.
  static let fixMaximum = 2000

  /// What the picture shows, for programs; its words are English. Times are local RFC 3339 with their offset.
  public var json: String {
    let gap = self.gap
    let told = Dictionary(
      reasons(in: .english).map { ($0.handheld, $0.lines) }, uniquingKeysWith: { $0 + $1 })
    let stretch: [(String, JSONValue)] =
      gap.stretch.map {
        [
          ("from_m", .number($0.from.value, decimals: 1)),
          ("to_m", .number($0.to.value, decimals: 1)),
        ]
      } ?? []
    let identity: [(String, JSONValue)] = [
      ("gap", .text(gap.id.text)), ("withdrawn_at", withdrawn.map(time) ?? .null),
      ("duty", .text(gap.owed.duty.text)), ("place", .text(gap.owed.place.text)),
      ("verdict", .text(gap.verdict.rawValue)), ("cause", .text(gap.cause.rawValue)),
      ("began_at", time(gap.began)), ("ended_at", gap.isOpen ? .null : time(gap.ended)),
    ]
    let evidence = gap.evidence.sorted { $0.key.rawValue < $1.key.rawValue }.map {
      ($0.key.rawValue, JSONValue.number($0.value, decimals: 1))
    }
    let owed: [(String, JSONValue)] = [
      ("plan", .text(planDigest)),
      ("window", .object([("began_at", time(window.began)), ("ended_at", time(window.ended))])),
      ("every_s", seconds(duty.every)), ("stay_s", seconds(duty.stay)),
      ("at_once", .count(duty.atOnce)),
      (
        "deciding",
        .object([("from", time(deciding.lowerBound)), ("to", time(deciding.upperBound))])
      ),
      ("extent", .number(gap.extent, decimals: 1)), ("evidence", .object(evidence)),
    ]
    let found: [(String, JSONValue)] = [
      (
        "handhelds",
        .array(served.map { object(of: $0, reasons: told[$0.handheld.id] ?? []) })
      ),
      ("stays", .array(stays.map(object))), ("passes", .array(passes.map(object))),
      ("possible", .array(target.cells.map(possibleObject))),
      (
        "revisions",
        .array(
          revisions.map {
            .object([
              ("n", .count($0.number)), ("at", time($0.at)), ("kind", .text($0.kind.rawValue)),
            ])
          })
      ),
    ]
    return JSONValue.object(identity + stretch + owed + found).written(depth: 4) + "\n"
  }

  private func time(_ at: Instant) -> JSONValue { .text(plan.zone.text(at)) }
  private func seconds(_ d: Milliseconds) -> JSONValue { .number(d.seconds, decimals: 1) }
  private func metres(_ x: Double) -> JSONValue { .number(x, decimals: 1) }

  private func object(of served: Served, reasons: [String]) -> JSONValue {
    let all = fixes(of: served)
    let kept = GapMarks.thinned(all, to: Self.fixMaximum)
    let legs = served.trace.legs.filter {
      $0.place == place.id && $0.ended > deciding.lowerBound && $0.began < deciding.upperBound
    }
    let counts: JSONValue =
      served.counts.map {
        .object([("from", time($0.lowerBound)), ("to", time($0.upperBound))])
      } ?? .null
    let silences = served.trace.unobserved.filter { $0.overlaps(deciding) }
    return .object([
      ("handheld", .text(served.handheld.id.text)), ("counts", counts),
      ("reasons", .array(reasons.map { .text($0) })), ("legs", .array(legs.map(object))),
      ("weighed", .array(GapRun.gather(served.trace.weighings, in: deciding).map(object))),
      (
        "unobserved",
        .array(
          silences.map {
            .object([("from", time($0.lowerBound)), ("to", time($0.upperBound))])
          })
      ),
      ("fixes_in_all", .count(all.count)), ("fixes", .array(kept.map { object($0.fix, $0.gate) })),
    ])
  }

  private func object(_ leg: Leg) -> JSONValue {
    .object([
      ("began_at", time(leg.began)), ("ended_at", time(leg.ended)),
      ("from_m", metres(leg.from.value)), ("to_m", metres(leg.to.value)),
      ("speed_mps", .number(leg.speed.value, decimals: 2)),
      ("confidence", .number(leg.confidence, decimals: 3)), ("undecided", .flag(leg.isUndecided)),
    ])
  }

  private func object(_ run: GapRun) -> JSONValue {
    .object([
      ("began_at", time(run.began)), ("ended_at", time(run.ended)),
      ("decided", .flag(run.isDecided)),
      ("accounts", .array(([run.lead] + run.rivals).map(object))),
    ])
  }

  private func object(_ account: GapRun.Account) -> JSONValue {
    let weight = ("weight", JSONValue.number(account.weight, decimals: 3))
    guard case .along(let id) = account.way else { return .object([("place", .null), weight]) }
    return .object([
      ("place", .text(id.text)), ("from_m", metres(account.low)), ("to_m", metres(account.high)),
      weight,
    ])
  }

  private func object(_ stay: Stay) -> JSONValue {
    .object([
      ("handheld", .text(stay.handheld.text)), ("arrived_at", time(stay.arrived)),
      ("left_at", time(stay.left)), ("stay_s", seconds(stay.length)),
      ("kind", .text(stay.kind.rawValue)),
    ])
  }

  private func object(_ pass: Pass) -> JSONValue {
    .object([
      ("handheld", .text(pass.handheld.text)), ("began_at", time(pass.began)),
      ("ended_at", time(pass.ended)), ("from_m", metres(pass.from.value)),
      ("to_m", metres(pass.to.value)), ("speed_mps", .number(pass.speed.value, decimals: 2)),
      ("confidence", .number(pass.confidence, decimals: 3)), ("kind", .text(pass.kind.rawValue)),
    ])
  }

  private func possibleObject(_ cell: Int) -> JSONValue {
    .object([
      ("cell", .count(cell)),
      (
        "spans",
        .array(
          possible(at: cell).filter {
            $0.upperBound >= deciding.lowerBound && $0.lowerBound < deciding.upperBound
          }.map { .object([("from", time($0.lowerBound)), ("to", time($0.upperBound))]) })
      ),
    ])
  }

  private func object(_ fix: Fix, _ gate: Gate?) -> JSONValue {
    .object([
      ("time", time(fix.time)), ("lat_deg", .number(fix.position.latitude, decimals: 7)),
      ("lon_deg", .number(fix.position.longitude, decimals: 7)),
      ("accuracy_m", fix.accuracy.map { metres($0.value) } ?? .null),
      ("gate", gate.map { .text($0.rawValue) } ?? .null),
    ])
  }
}
