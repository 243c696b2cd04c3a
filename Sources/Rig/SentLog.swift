internal import Geodesy

/// What one endpoint of a fake gpsd sent: handed to the kernel of this host, which hands it to a client that reads.
struct SentLog: Sendable {
  /// Positions of which every report left, in whatever shape: they are no backlog any more.
  private(set) var delivered = PositionSet()
  /// Positions of which every report left as it is.
  private(set) var whole = PositionSet()
  /// Positions of single devices beside those.
  private var some: [Int: PositionSet] = [:]
  /// Times, in Unix milliseconds, of reports that were altered; by device, nil for reports without one.
  private var altered: [Int?: Set<Int64>] = [:]
  /// Reports, with all repetitions.
  private(set) var reports = 0

  /// What one write held.
  enum Marks: Sendable {
    case whole(Range<Int>, reports: Int)
    /// `delivered` where no report of the run was left out.
    case mixed(
      Range<Int>, delivered: Bool, plain: [(device: Int, position: Int)],
      altered: [(device: Int?, time: Instant)])
  }

  mutating func note(_ marks: Marks) {
    switch marks {
    case .whole(let run, let count):
      whole.insert(run)
      delivered.insert(run)
      reports += count
    case .mixed(let run, let isDelivered, let plain, let changed):
      if isDelivered { delivered.insert(run) }
      for (device, position) in plain {
        some[device, default: PositionSet()].insert(position..<position + 1)
      }
      for (device, time) in changed { altered[device, default: []].insert(time.milliseconds) }
      reports += plain.count + changed.count
    }
  }

  /// Positions at which a device's own report left as it is.
  func positions(of device: Int) -> PositionSet {
    some[device].map { whole.union($0) } ?? whole
  }

  func alteredTimes(of device: Int?) -> [Int64] { (altered[device] ?? []).sorted() }
}
