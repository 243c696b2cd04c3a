internal import Foundation
internal import Geodesy
internal import Patrol

/// NMEA 0183 as a receiver sends it: `RMC` (time, date, position), `GGA`, `GSA`, `GST`; other sentences are passed over.
///
/// Sentences of one time make one observation; `GSA`, which has no time, belongs to the one before it. Dates come of
/// `RMC`; an epoch without one has the date before it, or the day after where midnight lies between.
struct SentenceLines {
  static func read(_ data: Data, as handheld: Handheld.ID) -> Recording {
    var lines = SentenceLines(handheld: handheld)
    var number = 0
    for line in data.split(separator: 0x0a, omittingEmptySubsequences: false) {
      number += 1
      lines.take(line, number)
    }
    lines.flush()
    lines.times.finish(&lines.recording)
    return lines.recording
  }

  private var recording = Recording()
  private var times: ReceiveTimes
  private var epoch: Epoch?
  /// Of the latest epoch that had both.
  private var latest: (date: CivilDate, time: Milliseconds)?

  private init(handheld: Handheld.ID) { times = ReceiveTimes(handheld: handheld) }

  private mutating func take(_ line: Data, _ number: Int) {
    switch line.first {
    case nil, 0x0d, UInt8(ascii: "#"), UInt8(ascii: "!"): return
    default: break
    }
    let sentence: Sentence
    do throws(Sentence.Fault) {
      sentence = try Sentence(line)
    } catch { return recording.skip(line: number, "\(error)") }
    switch sentence.formatter {
    case "RMC":
      open(sentence, number)
      epoch?.take(rmc: sentence)
    case "GGA":
      open(sentence, number)
      epoch?.take(gga: sentence)
    case "GST":
      open(sentence, number)
      epoch?.take(gst: sentence)
    case "GSA": epoch?.take(gsa: sentence)
    default: break
    }
  }

  /// The epoch of a sentence; one of another time, or that has such a sentence, is closed.
  private mutating func open(_ sentence: Sentence, _ line: Int) {
    let time = sentence.timeOfDay(0)
    if let epoch, epoch.time == time, !epoch.taken.contains(sentence.formatter ?? "") { return }
    flush()
    epoch = Epoch(time: time, line: line)
  }

  private mutating func flush() {
    guard let epoch else { return }
    self.epoch = nil
    let time = moment(of: epoch)
    guard !epoch.isVoid else {
      times.add(.noFix(mode: 1), line: epoch.line, time: time, to: &recording)
      return
    }
    guard let position = epoch.position else {
      recording.skip(line: epoch.line, "expected RMC or GGA at this time")
      return
    }
    guard let time else {
      recording.skip(
        line: epoch.line, epoch.time == nil ? "expected a time" : "no date before the first RMC")
      return
    }
    let fix = Fix(
      time: time, position: position, mode: epoch.mode ?? (epoch.hasAltitude ? 3 : 2),
      status: epoch.status, accuracy: epoch.accuracy, hdop: epoch.hdop, speed: epoch.speed,
      track: epoch.track)
    times.add(.fix(fix), line: epoch.line, time: time, to: &recording)
  }

  /// Nil without a time or any date so far.
  private mutating func moment(of epoch: Epoch) -> Instant? {
    guard let time = epoch.time else { return nil }
    var date = epoch.date
    if date == nil, let latest {
      // only a step back by more than half a day is midnight; receivers step back by less too
      date = latest.time - time > .hours(12) ? latest.date.adding(days: 1) : latest.date
    }
    guard let date else { return nil }
    latest = (date, time)
    return Instant(milliseconds: Int64(date.daysSince1970) * 86_400_000) + time
  }
}
