import Geodesy
import Store
import Testing

@Suite struct `A histogram of delays` {
  @Test func `counts each delay within its bound, and those longer than all`() {
    var histogram = DelayHistogram()
    for delay in [0, 50, 51, 999, 1000, 1001, 10_000, 10_001] {
      histogram.add(Milliseconds(Int64(delay)))
    }
    let counted = zip(DelayHistogram.bounds.map { "\($0)" } + ["more"], histogram.counts)
      .filter { $0.1 > 0 }.map { "\($0.0): \($0.1)" }
    #expect(counted == ["50: 2", "100: 1", "1000: 2", "1250: 1", "10000: 1", "more: 1"])
    #expect(histogram.count == 8)
    #expect(histogram.longest == 10_001)
  }

  @Test func `tells within which bound a share lies, never more than the longest`() {
    var histogram = DelayHistogram()
    #expect(histogram.bound(of: 0.5) == nil)
    for _ in 0..<99 { histogram.add(Milliseconds(40)) }
    histogram.add(Milliseconds(12_345))
    #expect(histogram.bound(of: 0.5) == Milliseconds(50))
    #expect(histogram.bound(of: 0.99) == Milliseconds(50))
    #expect(histogram.bound(of: 0.999) == Milliseconds(12_345))
    var quick = DelayHistogram()
    quick.add(Milliseconds(620))
    #expect(quick.bound(of: 0.99) == Milliseconds(620))
  }
}
