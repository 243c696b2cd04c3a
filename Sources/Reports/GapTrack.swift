public import Coverage
internal import Geodesy
public import Patrol

/// All that one handheld reported in the time that decides a gap, whatever it was worth.
public struct GapTrack: Sendable {
  public let handheld: Handheld.ID
  /// In their order.
  public let reports: [Trace.Judged]
  /// When it was not observed.
  let silences: [Range<Instant>]
}

extension GapAccount {
  /// Of each handheld of the duty, by its id.
  public var tracks: [GapTrack] {
    Dictionary(grouping: served, by: \.handheld.id).map { id, all in
      // Allotments within one span of duty tell all of it each.
      let spans = Dictionary(all.map { ($0.trace.span, $0.trace) }, uniquingKeysWith: { a, _ in a })
      let traces = spans.values.sorted { $0.span.lowerBound < $1.span.lowerBound }
      return GapTrack(
        handheld: id,
        reports: traces.flatMap(\.observations).filter {
          deciding.contains($0.observation.orderTime)
        },
        silences: traces.flatMap(\.unobserved))
    }.sorted { $0.handheld < $1.handheld }
  }

  /// A track for programs: every report, one a line. Times are local RFC 3339 with their offset.
  public func json(of track: GapTrack) -> String {
    func time(_ at: Instant) -> JSONValue { .text(plan.zone.text(at)) }
    func number(_ x: Double?, _ decimals: Int) -> JSONValue {
      x.map { .number($0, decimals: decimals) } ?? .null
    }
    let reports = track.reports.map { entry -> JSONValue in
      let fix = entry.observation.fix
      var mode = fix?.mode ?? 0
      if case .noFix(let told) = entry.observation.report { mode = told }
      return .object([
        ("time", fix.map { time($0.time) } ?? .null),
        ("received_at", time(entry.observation.receivedAt)),
        ("lat_deg", number(fix?.position.latitude, 7)),
        ("lon_deg", number(fix?.position.longitude, 7)), ("mode", .count(mode)),
        ("status", fix?.status.map(JSONValue.count) ?? .null),
        ("accuracy_m", number(fix?.accuracy?.value, 3)), ("hdop", number(fix?.hdop, 3)),
        ("speed_mps", number(fix?.speed?.value, 3)), ("track_deg", number(fix?.track, 4)),
        ("gate", entry.gate.map { .text($0.rawValue) } ?? .null),
      ])
    }
    return JSONValue.object([
      ("handheld", .text(track.handheld.text)), ("gap", .text(gap.id.text)),
      ("plan", .text(planDigest)), ("from", time(deciding.lowerBound)),
      ("to", time(deciding.upperBound)), ("reports", .array(reports)),
    ]).written(depth: 2) + "\n"
  }
}
