internal import Coverage
internal import GRDB
internal import Geodesy
internal import Patrol

/// An observation as a row of `fix`.
enum ObservationRow {
  static func observation(_ row: Row, _ handheld: Handheld.ID) throws -> Observation {
    let received = Instant(milliseconds: row["received_ms"])
    let mode: Int = row["mode"]
    guard let time = row["time_ms"] as Int64?, let latitude = row["lat_e7"] as Int32?,
      let longitude = row["lon_e7"] as Int32?,
      let position = Coordinate(latitudeE7: latitude, longitudeE7: longitude)
    else {
      return Observation(handheld: handheld, receivedAt: received, report: .noFix(mode: mode))
    }
    let fix = Fix(
      time: Instant(milliseconds: time), position: position, mode: mode, status: row["status"],
      accuracy: (row["accuracy_m"] as Double?).map { Metres($0) }, hdop: row["hdop"],
      speed: (row["speed_mps"] as Double?).map { MetresPerSecond($0) }, track: row["track_deg"])
    return Observation(handheld: handheld, receivedAt: received, report: .fix(fix))
  }
}

/// A gap as a row of `gap`.
enum GapRow {
  /// What a gap is read from, by position: names would take half of the time.
  static let columns = """
    id, duty, window_began_ms, place, verdict, cause, began_ms, ended_ms, open, from_m, to_m, cells, extent, evidence,
    handhelds, region, flagged_ms, revision, withdrawn_ms
    """
  /// The position of `withdrawn_ms`.
  static let withdrawn = 18

  static func gap(_ row: Row) throws -> Gap {
    let (told, pieces): (String, String) = (row[13], row[15])
    let (whose, squares): (String, String) = (row[14], row[11])
    let evidence =
      try PlainJSON.amounts(told) ?? StoredJSON.value([String: Double].self, told)
    let stretch = (row[9] as Double?).flatMap { from in
      (row[10] as Double?).map { Gap.Stretch(from: Metres(from), to: Metres($0)) }
    }
    guard let verdict = Verdict(rawValue: row[4]), let cause = Cause(rawValue: row[5])
    else {
      throw DatabaseError(message: "gap \(row[0] as String): unknown verdict or cause")
    }
    return Gap(
      id: Gap.ID(row[0]),
      owed: Owed(
        duty: Duty.ID(row[1]), windowBegan: Instant(milliseconds: row[2]), place: Place.ID(row[3])),
      verdict: verdict, cause: cause, began: Instant(milliseconds: row[6]),
      ended: Instant(milliseconds: row[7]), isOpen: row[8], stretch: stretch,
      cells: try PlainJSON.numbers(squares) ?? StoredJSON.value([Int].self, squares),
      extent: row[12],
      evidence: Dictionary(
        uniqueKeysWithValues: evidence.compactMap { key, value in
          Cause(rawValue: key).map { ($0, value) }
        }),
      handhelds: try PlainJSON.names(whose)?.map { Handheld.ID($0) }
        ?? StoredJSON.value([Handheld.ID].self, whose),
      region: try PlainJSON.region(pieces) ?? StoredJSON.value(Region.self, pieces),
      flagged: Instant(milliseconds: row[16]),
      revision: row[17])
  }

  /// An open gap reaches to the clock up to which all is judged; what is stored of it is as old as its last revision.
  static func gap(_ row: Row, judgedUntil clock: Instant?) throws -> Gap {
    var gap = try gap(row)
    guard gap.isOpen, let clock, clock > gap.ended else { return gap }
    let before = gap.region.pieces.reduce(0) { $0 + ($1.ended - $1.began).seconds }
    for p in gap.region.pieces.indices where gap.region.pieces[p].ended == gap.ended {
      gap.region.pieces[p].ended = clock
    }
    let after = gap.region.pieces.reduce(0) { $0 + ($1.ended - $1.began).seconds }
    // Cells of a line weigh the same; squares of an area, cut by its edge, nearly so.
    if before > 0 { gap.extent *= after / before }
    gap.ended = clock
    return gap
  }

  static func owed(_ row: Row) -> Owed {
    Owed(
      duty: Duty.ID(row["duty"]), windowBegan: Instant(milliseconds: row["window_began_ms"]),
      place: Place.ID(row["place"]))
  }
}
