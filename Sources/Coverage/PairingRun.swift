internal import Geodesy
internal import Patrol

/// Two handhelds that began to move as one, moment by moment until they part.
///
/// Memory: 4 bytes for each moment at which they moved as one.
struct PairingRun: Hashable, Sendable {
  /// Positions in the pass's handhelds, the lower first.
  let first: Int32
  let second: Int32
  private let began: Int64
  /// The last moment together.
  private var ended: Int64
  /// Both had a mark, and were not seen apart.
  private var nearAt: Int64
  private var togetherCount = 0
  /// Moments apart while both moved; the latter since `ended`.
  private var apartCount = 0
  private var apartSince = 0
  /// The first of the latest moments apart, with none near between them.
  private var partingAt: Int64?
  /// Metres gone together.
  private var way = 0.0
  /// In decimetres, one a moment together.
  private var distances: [UInt16] = []
  private var joints: [UInt16] = []
  /// In metres: the latter since `ended`.
  private var farthest = 0.0
  private var farthestSince = 0.0
  /// Of the first one's positions together.
  private var (south, north, west, east) = (Int32.max, Int32.min, Int32.max, Int32.min)

  /// What was told last of it stands in the store; there is something new to tell.
  private var isTold = false
  private var isChanged = false

  init(_ a: PairingMark, _ b: PairingMark, at moment: Int64, distance: Double, joint: Double) {
    (first, second) = (a.handheld, b.handheld)
    (began, ended, nearAt) = (moment, moment, moment)
    take(a, b, .together(distance: distance, joint: joint), at: moment)
  }

  /// What the two marks of a later moment say.
  mutating func take(
    _ a: PairingMark, _ b: PairingMark, _ meeting: PairingMeeting, at moment: Int64
  ) {
    switch meeting {
    case .together(let distance, let joint):
      (ended, nearAt, partingAt) = (moment, moment, nil)
      togetherCount += 1
      (apartCount, apartSince) = (apartCount + apartSince, 0)
      (farthest, farthestSince) = (max(farthest, farthestSince, distance), 0)
      way += (a.speed + b.speed) / 2 * (Double(Pairing.cadence) / 1000)
      distances.append(UInt16(min(distance * 10, 65_535).rounded()))
      joints.append(UInt16(min(joint * 10, 65_535).rounded()))
      (south, north) = (min(south, a.position.latitudeE7), max(north, a.position.latitudeE7))
      (west, east) = (min(west, a.position.longitudeE7), max(east, a.position.longitudeE7))
      isChanged = true
    case .beside:
      (nearAt, partingAt) = (moment, nil)
    case .apart(let distance, let isMoving):
      partingAt = partingAt ?? moment
      guard isMoving else { return }
      apartSince += 1
      farthestSince = max(farthestSince, distance)
    }
  }

  /// They have parted, or were not seen near each other for too long to say they had not.
  func isOver(at moment: Int64) -> Bool {
    if let partingAt, moment - partingAt >= Pairing.partingMaximum { return true }
    return moment - nearAt > Pairing.silenceMaximum
  }

  /// Nil while it is too short, too confined, or too much of it apart.
  func pairing(_ name: (Int32) -> Handheld.ID) -> Pairing? {
    let moving = Int64(togetherCount) * Pairing.cadence
    let share = Double(togetherCount) / Double(togetherCount + apartCount)
    guard moving >= Pairing.movingMinimum, share >= Pairing.shareMinimum,
      let corner = Coordinate(latitudeE7: south, longitudeE7: west),
      let opposite = Coordinate(latitudeE7: north, longitudeE7: east),
      corner.distance(to: opposite).value >= Pairing.extentMinimum
    else { return nil }
    return Pairing(
      first: name(first), second: name(second), began: Instant(milliseconds: began),
      ended: Instant(milliseconds: ended), moving: Milliseconds(moving), way: Metres(way),
      medianDistance: Self.median(distances), maximumDistance: Metres(farthest),
      jointAccuracy: Self.median(joints), share: share)
  }

  private static func median(_ decimetres: [UInt16]) -> Metres {
    Metres(Double(decimetres.sorted()[decimetres.count / 2]) / 10)
  }

  /// What changed since the last call.
  mutating func tell(_ name: (Int32) -> Handheld.ID) -> PairingPass.Change? {
    guard isChanged else { return nil }
    isChanged = false
    if let pairing = pairing(name) {
      isTold = true
      return .stands(pairing)
    }
    guard isTold else { return nil }
    isTold = false
    return .void(name(first), name(second), began: Instant(milliseconds: began))
  }
}
