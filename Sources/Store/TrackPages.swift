internal import GRDB
public import Geodesy

/// A way that a handheld went without a longer silence than a leg bridges.
public struct TrackRun: Hashable, Sendable {
  public var handheld: String
  public var began: Instant
  public var ended: Instant
  /// Of its usable fixes, two or more.
  public var positions: [Coordinate]
}

extension Queries {
  /// A longer one is told in pieces.
  private static var runMaximum: Int { 20_000 }
  public static let trackColumns = ["handheld", "began_at", "ended_at", "fixes"]

  /// Tracks by handheld and time: usable fixes, broken off where nothing was heard for longer than `silence` of its handheld.
  /// Keys are of shape `iii`, of a run's first fix. Only runs that `keep` are told.
  public func tracks(
    _ query: PageQuery, silence: (String) -> Milliseconds, keep: (TrackRun) -> Bool = { _ in true }
  ) throws(StoreError) -> Page<TrackRun> {
    var page = Page<TrackRun>(rows: [], next: nil)
    var run: (key: PageKey, track: TrackRun)?
    // The last fix before the run that goes on.
    var (before, last) = (query.after, query.after)
    func finish() {
      guard let done = run, done.track.positions.count > 1, keep(done.track) else { return }
      let track = done.track
      page.rows.append(
        Page.Row(
          key: done.key,
          values: [
            .text(track.handheld), .time(track.began), .time(track.ended),
            .integer(Int64(track.positions.count)),
          ], subject: track))
    }
    let rest = try forEachFix(query) { step in
      guard step.gate == nil, let position = step.position else {
        last = step.key
        return .goOn
      }
      if var going = run, going.track.handheld == step.handheld,
        step.at - going.track.ended <= silence(step.handheld),
        going.track.positions.count < Self.runMaximum
      {
        run = nil
        going.track.ended = step.at
        going.track.positions.append(position)
        run = going
      } else {
        finish()
        run = nil
        before = last
        guard page.rows.count < query.limit else { return .stop(before) }
        run = (
          step.key,
          TrackRun(handheld: step.handheld, began: step.at, ended: step.at, positions: [position])
        )
      }
      last = step.key
      return .goOn
    }
    if rest == nil {
      finish()
    } else if run == nil {
      page.next = rest
    } else if before != query.after {
      // The one that goes on is told by the next page, from its beginning.
      page.next = before
    } else {
      finish()
      page.next = rest
    }
    return page
  }
}
