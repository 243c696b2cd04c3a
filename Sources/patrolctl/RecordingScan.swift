import Coverage
import Geodesy
import Patrol
import Recordings

/// What is to be known of a recording before it is replayed.
struct RecordingScan {
  /// The first fix and the last of each operational day.
  private(set) var days: [CivilDate: ClosedRange<Instant>] = [:]
  /// It is not in the order of receipt.
  private(set) var isUnordered = false

  /// Before this a receiver's clock is not set.
  static let earliest = Instant(rfc3339: "2020-01-01T00:00:00Z")!

  /// Of a recording in order, most of it is passed over.
  init(of path: String, as handheld: Handheld.ID, _ plan: Plan) throws {
    var reader = try RecordingReader(path: path, as: handheld)
    var received = Instant.distantPast
    // Most fixes lie in the day of the one before.
    var (day, span) = (CivilDate?.none, Instant.distantPast..<Instant.distantPast)
    var latest: Observation?
    while true {
      let skimmed = latest.flatMap { reader.skim(after: $0, before: span.upperBound) }
      guard let observation = skimmed ?? reader.next() else { return }
      if observation.receivedAt < received { isUnordered = true }
      received = observation.receivedAt
      latest = nil
      guard let fix = observation.fix, fix.mode > 1, fix.time >= Self.earliest else { continue }
      let time = observation.orderTime
      if !span.contains(time) {
        let date = plan.operationalDay(of: time)
        day = date
        span = plan.span(of: date)
      }
      guard let day else { continue }
      let seen = days[day] ?? time...time
      days[day] = min(seen.lowerBound, time)...max(seen.upperBound, time)
      if time == fix.time { latest = observation }
    }
  }
}
