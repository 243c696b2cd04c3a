internal import Geodesy

/// What a fake gpsd sent of one device: distinct times, so that they can be compared with what a store holds.
///
///     SELECT count(DISTINCT time_ms), sum(DISTINCT time_ms) FROM fix WHERE handheld = …
public struct FakeSent: Sendable {
  public let port: Int
  /// As in a plan's `source`; empty for reports that named none.
  public let device: String
  /// Times of reports that left as they are, in Unix milliseconds, as arithmetic runs in order.
  public let runs: [Run]
  /// Times of reports that a fault had altered (`jump`, `anonymous`, `simulated`, `nullisland`), sorted.
  public let altered: [Int64]

  /// `first`, `first` + `step`, … `last`
  public struct Run: Hashable, Sendable {
    public var first: Int64
    public var last: Int64
    public var step: Int64

    public var count: Int { step == 0 ? 1 : Int((last - first) / step) + 1 }
  }

  public var count: Int { runs.reduce(0) { $0 + $1.count } }
  /// Of the times of `runs`, wrapping where it is beyond 63 bits.
  public var sum: Int64 {
    runs.reduce(0) { sum, run in
      let n = Int64(run.count)
      // n is even, or first + last is, as last is first + (n − 1) · step
      return sum
        &+ (n % 2 == 0
          ? n / 2 &* (run.first &+ run.last) : n &* (run.first &+ (n - 1) / 2 &* run.step))
    }
  }

  public enum Detail: Sendable {
    /// Counts and sums.
    case sums
    /// Also the runs and the altered times themselves.
    case times
  }

  /// One JSON object.
  public func line(_ detail: Detail) -> String {
    var text =
      #"{"event":"sent","port":\#(port),"device":\#(FakeEvent.quoted(device)),"count":\#(count),"sum_ms":\#(sum)"#
    if let first = runs.first, let last = runs.last {
      text += #","first_ms":\#(first.first),"last_ms":\#(last.last)"#
    }
    text += #","altered":\#(altered.count)"#
    if case .times = detail {
      let all = runs.map { "[\($0.first),\($0.last),\($0.step)]" }.joined(separator: ",")
      text +=
        #","runs_ms":[\#(all)],"altered_ms":[\#(altered.map(String.init).joined(separator: ","))]"#
    }
    return text + "}"
  }

  /// Every device of an endpoint, and the reports without one where there were such.
  static func all(of endpoint: FakeEndpoint, port: Int) -> [FakeSent] {
    var all: [FakeSent] = []
    for (n, name) in endpoint.tape.devices.enumerated() {
      let positions = endpoint.log.positions(of: n)
      let runs: [Run]
      switch endpoint.tape {
      case .fleet(let tape):
        runs = positions.runs.map {
          Run(
            first: tape.time(at: $0.lowerBound).milliseconds,
            last: tape.time(at: $0.upperBound - 1).milliseconds, step: tape.interval.value)
        }
      case .recording:
        let times = positions.runs.joined().compactMap {
          endpoint.tape.time(of: n, at: $0)?.milliseconds
        }
        runs = Self.runs(of: Set(times).sorted())
      }
      all.append(
        FakeSent(port: port, device: name, runs: runs, altered: endpoint.log.alteredTimes(of: n)))
    }
    let nameless = endpoint.log.alteredTimes(of: nil)
    if !nameless.isEmpty {
      all.append(FakeSent(port: port, device: "", runs: [], altered: nameless))
    }
    return all
  }

  /// Sorted, distinct times as few runs: each takes as many as keep the distance of its first two.
  static func runs(of times: [Int64]) -> [Run] {
    var runs: [Run] = []
    for time in times {
      if var run = runs.last, run.step == 0 || time - run.last == run.step {
        run.step = time - run.last
        run.last = time
        runs[runs.count - 1] = run
      } else {
        runs.append(Run(first: time, last: time, step: 0))
      }
    }
    return runs
  }
}
