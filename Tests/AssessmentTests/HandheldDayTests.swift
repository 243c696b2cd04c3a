import Assessment
import Coverage
import Geodesy
import Patrol
import Testing

/// One column a minute, from 20:00 on. Told: `x` usable, `n` without a position, `p` poor, `j` a jump, `d` a duplicate.
/// Found, in the middle of each minute: `o` observed, `s` silent, `n`, `p`, `j`, `u` unreachable, `D` daemon down, `.` off
/// duty or not judged. A leg is at most three minutes.
@Suite struct `A handheld's day` {
  static let start = Instant(rfc3339: "2026-11-20T12:00:00Z")!
  static func minute(_ m: Int) -> Instant { start + .minutes(m) }

  static func day(
    _ told: String, rostered: [Range<Int>] = [], free: [Range<Int>] = [],
    outages: [Outage] = [], judged: Int? = nil, passes: [Pass] = []
  ) -> HandheldDay {
    let handheld = Handheld(
      id: "a", source: Source(host: "h"), travel: .foot,
      model: DeviceModel(id: "m", interval: .minutes(1)))
    func allotted(_ span: Range<Int>, _ basis: Assignment.Basis) -> Assignment {
      Assignment(
        handheld: "a", span: minute(span.lowerBound)..<minute(span.upperBound), basis: basis)
    }
    let whole = rostered.isEmpty && free.isEmpty ? [0..<told.count] : rostered
    var tally = HandheldTally(
      handheld,
      allotted: whole.map { allotted($0, .roster(member: "m")) }
        + free.map { allotted($0, .firstReport) })
    for (m, sign) in told.enumerated() {
      switch sign {
      case "x": tally.take(minute(m), nil)
      case "n": tally.take(minute(m), .noFix)
      case "p": tally.take(minute(m), .poorFix)
      case "j": tally.take(minute(m), .jump)
      case "d": tally.take(minute(m), .duplicate)
      default: break
      }
    }
    return tally.day(
      passes: passes, outages: outages, judgedUntil: minute(judged ?? told.count))
  }

  static func text(_ day: HandheldDay, _ count: Int) -> String {
    String(
      (0..<count).map { m -> Character in
        let at = minute(m) + .seconds(30)
        guard let part = day.parts.first(where: { $0.span.contains(at) }) else { return "." }
        switch part.state {
        case .observed: return "o"
        case .silent: return "s"
        case .noFix: return "n"
        case .rejected(.poorFix): return "p"
        case .rejected: return "j"
        case .unreachable: return "u"
        case .daemonDown: return "D"
        }
      })
  }

  @Test(
    arguments: [
      // A silence is longer than a leg; less than one at the end of duty is none.
      ("xxxxxx....xxxx", "ooooosssssoooo"),
      ("xxx..xxx", "oooooooo"),
      ("..xxxxxxx....", "oooooooosssss"),
      // What proves nothing counts from the last position on, and for a leg's time after it.
      ("xxxxnnnnnxxxx", "ooonnnnnnoooo"),
      ("xxxn......xxx", "oonnnnssssooo"),
      // Poor ones between good ones hide nothing.
      ("xpxpxpxx", "oooooooo"),
      ("xxjjjjjxx", "ojjjjjjoo"),
      ("xxpjpjpjxx", "oppjjjjjoo"),
      ("xdxdxdxx", "oooooooo"),
      ("..........", "ssssssssss"),
      ("....x.....", "ssssssssss"),
    ])
  func `is told by what came`(told: String, found: String) {
    #expect(Self.text(Self.day(told), told.count) == found)
  }

  @Test func `begins with the first report where the roster is silent`() {
    let told = ".....xxxxx......xxx.."
    let free = Self.day(told, free: [0..<10, 14..<20])
    #expect(Self.text(free, told.count) == ".....ooooo......oooo.")
    #expect(free.timeOnDuty == .minutes(9))
    // One that reports across the beginning of a shift is there from its beginning on.
    let over = Self.day("xxxx.xxxx", free: [0..<4, 4..<9])
    #expect(over.onDuty == [Self.minute(0)..<Self.minute(9)])
    let drawer = Self.day("..........", free: [0..<10])
    #expect(drawer.parts.isEmpty && drawer.onDuty.isEmpty && drawer.reports == 0)
  }

  @Test func `knows off duty, and what is not judged yet`() {
    let told = "xxxxxxxxxxxxxxx"
    #expect(Self.text(Self.day(told, rostered: [2..<5, 8..<12]), 15) == "..ooo...oooo...")
    #expect(Self.text(Self.day(told, rostered: [0..<5, 3..<9]), 15) == "ooooooooo......")
    let early = Self.day(told, judged: 7)
    #expect(Self.text(early, 15) == "ooooooo........")
    #expect(early.onDuty == [Self.minute(0)..<Self.minute(15)])
  }

  @Test func `names our own outages where nothing was observed`() {
    func outage(_ kind: Outage.Kind, _ of: Handheld.ID?, _ from: Int, _ to: Int?) -> Outage {
      Outage(kind: kind, handheld: of, began: Self.minute(from), ended: to.map(Self.minute))
    }
    let told = "xxxx.......xx"
    func found(_ outages: Outage...) -> String {
      Self.text(Self.day(told, outages: outages), told.count)
    }
    #expect(found(outage(.daemonDown, nil, 4, 9)) == "ooosDDDDDssoo")
    #expect(found(outage(.unreachable, "a", 2, 6)) == "ooouuusssssoo")
    #expect(found(outage(.unreachable, "b", 2, 6)) == "ooossssssssoo")
    #expect(found(outage(.unreachable, "a", 4, nil)) == "ooosuuuuuuuou")
    #expect(
      found(outage(.unreachable, "a", 3, 8), outage(.daemonDown, nil, 5, 7)) == "ooouuDDusssoo")
  }

  @Test func `adds up`() {
    let day = Self.day("xxpjpjpjxx")
    #expect(day.time(.observed) == .minutes(3))
    #expect(day.rejected == [.poorFix: .minutes(2), .jump: .minutes(5)])
    #expect(day.timeOnDuty == .minutes(10) && day.reports == 10)
  }

  @Test func `counts metres walked once`() {
    func pass(
      _ place: Place.ID, _ began: Int, _ ended: Int, _ from: Metres, _ to: Metres,
      _ kind: Pass.Kind = .pass
    ) -> Pass {
      Pass(
        handheld: "a", place: place, began: Self.minute(began), ended: Self.minute(ended),
        from: from, to: to, speed: 1, confidence: 1, kind: kind, decided: Self.minute(ended))
    }
    func walked(_ passes: Pass...) -> Double { Self.day("xxxxx", passes: passes).walked.value }
    #expect(walked() == 0)
    #expect(walked(pass("l", 0, 10, 0, 600), pass("l", 12, 22, 600, 0)) == 1200)
    // One street, two lines.
    #expect(walked(pass("l", 0, 10, 0, 600), pass("k", 0, 10, 300, 900)) == 600)
    #expect(walked(pass("l", 0, 10, 0, 600), pass("k", 5, 15, 0, 600)) == 900)
    #expect(walked(pass("l", 0, 1, 0, 600, .driveBy), pass("l", 3, 3, 5, 5)) == 0)
  }

  @Test func `is parted where whom it serves changes, and the parts add up`() {
    let told = "xxxx....xxxxnnnnxxpjxxxxxxxd"
    func pass(_ began: Int, _ ended: Int) -> Pass {
      Pass(
        handheld: "a", place: "l", began: Self.minute(began), ended: Self.minute(ended), from: 0,
        to: 600, speed: 1, confidence: 1, kind: .pass, decided: Self.minute(ended))
    }
    let day = Self.day(
      told, rostered: [2..<10, 10..<18, 12..<20], passes: [pass(0, 4), pass(8, 12), pass(21, 23)])
    #expect(
      day.spells.map(\.span)
        == [2..<10, 10..<12, 12..<18, 18..<20].map {
          Self.minute($0.lowerBound)..<Self.minute($0.upperBound)
        })
    #expect(day.spells.map(\.time.reports) == [4, 2, 6, 2])
    #expect(day.spells.map(\.time.withoutPosition) == [0, 0, 4, 0])
    #expect(day.spells.map(\.time.failed) == [0, 0, 0, 2])
    #expect(day.spells.map(\.time.walked.value) == [300 + 300, 300, 0, 0])
    #expect(day.besides.reports == 10 && day.besides.walked == 900 && day.besides.onDuty == .zero)
    var whole = day.besides
    for spell in day.spells { whole.add(spell.time) }
    #expect(whole.onDuty == day.timeOnDuty && whole.observed == day.time(.observed))
    #expect(whole.silent == day.time(.silent) && whole.noFix == day.time(.noFix))
    #expect(whole.rejected == day.rejected.values.reduce(.zero, +))
    #expect(whole.reports == day.reports && whole.walked == day.walked)
    #expect(whole.usable == told.count { $0 == "x" })
  }

  @Test func `is available as far as it was observed, but for what is our own fault`() {
    var time = DutyTime()
    #expect(time.availability == nil)
    (time.observed, time.silent, time.unreachable) = (.minutes(30), .minutes(10), .minutes(50))
    #expect(time.availability == 0.75 && time.onDuty == .minutes(90))
    time.noFix = .minutes(20)
    #expect(time.availability == 0.5)
  }
}
