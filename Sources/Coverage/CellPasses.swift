internal import Geodesy

/// That a cell of a line was passed, or stood on, for a time. 16 bytes.
struct CellPass: Hashable, Sendable {
  enum Kind: UInt32, Sendable {
    case proven, driveBy
    /// Not told apart from another line: possible.
    case undecided
  }

  var start: Int64
  private var length: UInt32
  private var whoAndKind: UInt32

  /// - Parameter who: the position of the handheld among those that serve the window.
  init(_ span: Span, by who: Int, kind: Kind) {
    start = span.start
    length = UInt32(clamping: span.length)
    whoAndKind = UInt32(truncatingIfNeeded: who) << 2 | kind.rawValue
  }

  var end: Int64 {
    get { start + Int64(length) }
    set { length = UInt32(clamping: newValue - start) }
  }
  var span: Span { Span(start, end) }
  var who: Int { Int(whoAndKind >> 2) }
  var kind: Kind { Kind(rawValue: whoAndKind & 3) ?? .undecided }

  /// Of the same handheld and kind, beginning before this one has ended.
  func isContinued(by next: CellPass) -> Bool {
    whoAndKind == next.whoAndKind && start <= next.start && next.start <= end
  }
}

/// Who passed the cells of a line in one window, as far as nothing late can change it. Kept as it comes, so that a look at the
/// window costs what is new in it, not what it holds.
///
///     passes.take(pass, in: cell)               // O(1), mostly
///     passes.rows[cell].runs                    // all that verdicts ask of proven passes
///     passes.untold(in: cell)                   // what was not told yet, and from when on
struct CellPasses: Sendable {
  /// One cell.
  struct Row: Sendable {
    /// In rising order of beginning.
    fileprivate(set) var passes: [CellPass] = []
    /// Proven passes that count and meet the window, as one where they are no further apart than they keep a cell fresh: what is
    /// fresh for them is fresh for the passes themselves.
    fileprivate(set) var runs = Presence()
    /// What was told holds before this moment.
    fileprivate var untoldFrom = Int64.max
    /// Of the first `folded` passes.
    fileprivate var cadence: Cadence
    fileprivate var folded: Int32 = 0

    fileprivate init(opens: Int64) { cadence = Cadence(opens: opens) }
  }

  /// What is known of one handheld that serves the window.
  private struct Source {
    /// How many settled legs of the tour were taken.
    var taken = 0
    /// When it counts; nil where it does not yet.
    var counts: Span?
  }

  private var window: Span
  private var every: Int64
  private(set) var rows: [Row]
  private var sources: [Source]

  /// - Parameters:
  ///   - handhelds: how many serve the window.
  ///   - every: for how long a pass keeps a cell fresh.
  init(cells: Int, handhelds: Int, window: Span, every: Int64) {
    self.window = window
    self.every = every
    rows = Array(repeating: Row(opens: window.start), count: cells)
    sources = Array(repeating: Source(), count: handhelds)
  }

  /// How many settled legs of its tour were taken.
  func taken(of who: Int) -> Int { sources[who].taken }

  /// Legs of a handheld up to this one are about to be taken, or none of them concern the line.
  mutating func begin(_ who: Int, upTo taken: Int, counts: Span?) {
    sources[who].taken = taken
    guard sources[who].counts != counts else { return }
    sources[who].counts = counts
    for c in rows.indices where rows[c].passes.contains(where: { $0.who == who }) { recount(c) }
  }

  /// Takes a settled pass; tells the part of it that proves attendance.
  mutating func take(_ pass: CellPass, in cell: Int) -> Span? {
    let proven = proven(pass)
    let from = rows[cell].insert(pass)
    if let proven {
      rows[cell].runs.insert(proven, joining: every)
      rows[cell].untoldFrom = min(rows[cell].untoldFrom, from)
    }
    return proven
  }

  /// Takes back all that one handheld settled.
  mutating func forget(_ who: Int) {
    sources[who] = Source()
    for c in rows.indices where rows[c].passes.contains(where: { $0.who == who }) {
      rows[c].passes.removeAll { $0.who == who }
      recount(c)
    }
  }

  private mutating func recount(_ c: Int) {
    rows[c].runs = Presence()
    for pass in rows[c].passes {
      if let span = proven(pass) { rows[c].runs.append(span, joining: every) }
    }
    rows[c].unfold(opens: window.start)
    rows[c].untoldFrom = .min
  }

  /// When a pass proves attendance: while its handheld counts, in passes that meet the window.
  private func proven(_ pass: CellPass) -> Span? {
    guard pass.kind == .proven, let span = span(of: pass), span.meets(window) else { return nil }
    return span
  }

  /// A settled pass, cut to when its handheld counts; nil where nothing of it does.
  func span(of pass: CellPass) -> Span? { sources[pass.who].counts.flatMap(pass.span.cut) }

  /// What a cell's proven passes are from where they differ from what was told, or from a moment before that: all that begin
  /// from there on. With passes that are not settled, in rising order. Nil where nothing is to be told.
  func untold(in cell: Int, from moment: Int64, with latest: [Span]) -> (
    since: Int64, spans: [Span]
  )? {
    let from = min(moment, rows[cell].untoldFrom, latest.first?.start ?? .max)
    guard from < .max else { return nil }
    var all = Presence()
    for pass in rows[cell].passes { if let span = proven(pass) { all.append(span) } }
    for span in latest { all.insert(span) }
    let first = all.spans.firstIndex { $0.end >= from } ?? all.spans.count
    let since = first < all.spans.count ? min(from, all.spans[first].start) : from
    return (max(since, Instant.distantPast.milliseconds), Array(all.spans[first...]))
  }

  func isUntold(_ cell: Int) -> Bool { rows[cell].untoldFrom < .max }

  /// All of some cells was told.
  mutating func noteTold(_ cells: [Int]) {
    for c in cells { rows[c].untoldFrom = .max }
  }

  /// Counts once what lies before a moment: what is asked after it need not count it again.
  mutating func fold(before moment: Int64) {
    for c in rows.indices {
      while Int(rows[c].folded) < rows[c].passes.count {
        let pass = rows[c].passes[Int(rows[c].folded)]
        guard pass.end < moment else { break }
        if let span = proven(pass) { rows[c].cadence.take(span) }
        rows[c].folded += 1
      }
    }
  }

  /// How often and how evenly a cell was attended, with proven passes that are not settled, in rising order.
  func cadence(of cell: Int, with latest: some Sequence<Span>) -> Cadence {
    let row = rows[cell]
    var latest = latest.makeIterator()
    var next = latest.next()
    // What comes late can lie before what was counted.
    let isCounted = next.map { $0.start > row.cadence.until } ?? true
    var cadence = isCounted ? row.cadence : Cadence(opens: window.start)
    for pass in row.passes[(isCounted ? Int(row.folded) : 0)...] {
      guard let span = proven(pass) else { continue }
      while let earlier = next, earlier.start < span.start {
        cadence.take(earlier)
        next = latest.next()
      }
      cadence.take(span)
    }
    while let last = next {
      cadence.take(last)
      next = latest.next()
    }
    return cadence
  }
}

extension CellPasses.Row {
  /// Puts a pass where it belongs, or on to one that it continues; tells from when on this changes the cell's presence.
  fileprivate mutating func insert(_ pass: CellPass) -> Int64 {
    var at = passes.count
    while at > 0, passes[at - 1].start > pass.start { at -= 1 }
    // Those of the others who stand here may lie in between.
    for i in (max(0, at - 8)..<at).reversed() where passes[i].isContinued(by: pass) {
      if i < folded { unfold() }
      passes[i].end = max(passes[i].end, pass.end)
      return passes[i].start
    }
    if at < folded { unfold() }
    passes.insert(pass, at: at)
    return pass.start
  }

  fileprivate mutating func unfold(opens: Int64? = nil) {
    cadence = Cadence(opens: opens ?? cadence.opens)
    folded = 0
  }
}

/// How often something was attended, and how long at most it was not: attendances one by one, in rising order.
struct Cadence: Hashable, Sendable {
  private(set) var opens: Int64
  private(set) var attendances = 0
  private var longest: Int64 = 0
  /// The end of the last of them.
  private(set) var until = Int64.min

  init(opens: Int64) { self.opens = opens }

  /// Those that overlap or touch are one.
  mutating func take(_ span: Span) {
    if span.start > until {
      attendances += 1
      longest = max(longest, span.start - max(opens, until))
    }
    until = max(until, span.end)
  }

  /// The longest time without any, from the opening until a moment.
  func longestInterval(until moment: Int64) -> Int64 {
    max(longest, moment - max(opens, min(until, moment)))
  }
}

/// The passes of a line's cells that are not settled yet: by cell, then in rising order, in compressed sparse rows.
struct LatestPasses {
  /// Where each cell's row begins; one more than there are cells.
  private var starts: [Int32]
  private var passes: [CellPass]
  /// The first of them all begins.
  private(set) var from = Int64.max

  /// O(passes + cells), and a sort within a cell.
  init(cells: Int, _ found: [(cell: Int, pass: CellPass)]) {
    starts = Array(repeating: 0, count: cells + 1)
    for (cell, pass) in found {
      starts[cell + 1] += 1
      from = min(from, pass.start)
    }
    for c in 0..<cells { starts[c + 1] += starts[c] }
    var next = starts
    passes = Array(repeating: CellPass(Span(0, 0), by: 0, kind: .proven), count: found.count)
    for (cell, pass) in found {
      var at = Int(next[cell])
      next[cell] += 1
      while at > starts[cell], passes[at - 1].start > pass.start {
        passes[at] = passes[at - 1]
        at -= 1
      }
      passes[at] = pass
    }
  }

  subscript(cell: Int) -> ArraySlice<CellPass> {
    passes[Int(starts[cell])..<Int(starts[cell + 1])]
  }
}

extension CellPasses: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&window)
    packing(&every)
    packing(&rows, blank: { Row(opens: 0) })
    packing(&sources)
  }
}

extension CellPasses.Row: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&passes)
    packing(&runs)
    packing(&untoldFrom)
    packing(&cadence)
    packing(&folded)
  }
}
