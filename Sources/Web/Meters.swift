internal import CoreMetrics
internal import Synchronization

/// What a program counts of itself through swift-metrics, as `/metrics` tells it.
///
/// A counter is named `…_total`, a timer `…_seconds` and told as a histogram, a recorder told by its last value. The same
/// name with the same labels is the same instrument. What no `help` is known for is told without.
final class Meters: MetricsFactory {
  private struct Name: Hashable {
    var label: String
    var dimensions: [String]

    init(_ label: String, _ dimensions: [(String, String)]) {
      self.label = label
      self.dimensions = dimensions.flatMap { [$0.0, $0.1] }
    }

    var labels: MetricsText.Labels {
      stride(from: 0, to: dimensions.count, by: 2).map { (dimensions[$0], dimensions[$0 + 1]) }
    }
  }

  private struct All {
    var counts: [Name: Count] = [:]
    var levels: [Name: Level] = [:]
    var spreads: [Name: Spread] = [:]
  }

  private let all = Mutex(All())
  private let help: [String: String]

  /// - Parameter help: what each is, by its label.
  init(help: [String: String]) { self.help = help }

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    all.withLock { all in
      let name = Name(label, dimensions)
      let made = all.counts[name] ?? Count()
      all.counts[name] = made
      return made
    }
  }

  func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    all.withLock { all in
      let name = Name(label, dimensions)
      let made = all.levels[name] ?? Level()
      all.levels[name] = made
      return made
    }
  }

  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    all.withLock { all in
      let name = Name(label, dimensions)
      let made = all.spreads[name] ?? Spread()
      all.spreads[name] = made
      return made
    }
  }

  func destroyCounter(_ handler: any CounterHandler) {
    all.withLock { all in all.counts = all.counts.filter { $0.value !== handler } }
  }

  func destroyRecorder(_ handler: any RecorderHandler) {
    all.withLock { all in all.levels = all.levels.filter { $0.value !== handler } }
  }

  func destroyTimer(_ handler: any TimerHandler) {
    all.withLock { all in all.spreads = all.spreads.filter { $0.value !== handler } }
  }

  func tell(_ text: inout MetricsText) {
    let all = all.withLock { $0 }
    func told<T>(
      _ instruments: [Name: T], _ body: (_ label: String, _ all: [(Name, T)]) -> Void
    ) {
      for (label, group) in Dictionary(grouping: instruments, by: \.key.label).sorted(by: {
        $0.key < $1.key
      }) {
        body(
          label,
          group.map { ($0.key, $0.value) }.sorted {
            $0.0.dimensions.lexicographicallyPrecedes($1.0.dimensions)
          })
      }
    }
    told(all.counts) { label, group in
      text.add(
        label, "counter", help[label] ?? "",
        group.map { ($0.0.labels, Double($0.1.value.load(ordering: .relaxed))) })
    }
    told(all.levels) { label, group in
      text.add(
        label, "gauge", help[label] ?? "",
        group.map { ($0.0.labels, $0.1.value.withLock { $0 }) })
    }
    told(all.spreads) { label, group in
      text.add(
        label, help[label] ?? "",
        group.map { name, spread in
          let told = spread.told.withLock { $0 }
          return (name.labels, Spread.bounds, told.counts, told.seconds)
        })
    }
  }

  private final class Count: CounterHandler {
    let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.add(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }
  }

  private final class Level: RecorderHandler {
    let value = Mutex(0.0)

    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { self.value.withLock { $0 = value } }
  }

  private final class Spread: TimerHandler {
    /// Seconds: from what nobody notices to what a browser gives up on.
    static let bounds = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
    /// How many took no longer than each bound and longer than the one before; at last, than all.
    let told = Mutex(
      (counts: Array(repeating: 0, count: Spread.bounds.count + 1), seconds: 0.0))

    func recordNanoseconds(_ duration: Int64) {
      let seconds = Double(duration) / 1e9
      let k = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
      told.withLock {
        $0.counts[k] += 1
        $0.seconds += seconds
      }
    }
  }
}
