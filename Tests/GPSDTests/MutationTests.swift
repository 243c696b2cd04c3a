import GPSD
import Testing

/// Valid lines with seeded damage: nothing may trap, nothing may hang.
@Suite("Damaged lines") struct MutationTests {
  static func mutated(_ line: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var line = line
    let telling = Array(#"{}[]",:\-.0129eE+tfn"#.utf8)
    for _ in 0..<Int.random(in: 1...4, using: &random) where !line.isEmpty {
      let at = Int.random(in: 0..<line.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: line[at] = UInt8.random(in: 0...255, using: &random)
      case 1: line[at] = telling[Int.random(in: 0..<telling.count, using: &random)]
      case 2: line.insert(telling[Int.random(in: 0..<telling.count, using: &random)], at: at)
      case 3: line.remove(at: at)
      case 4: line.removeSubrange(at...)
      default: line.insert(contentsOf: line[at...].prefix(20), at: at)
      }
    }
    return line
  }

  @Test("neither trap nor hang", .timeLimit(.minutes(1)))
  func damage() {
    var random = SplitMix(seed: 20_261_123)
    var parser = MessageParser()
    let lines = MessageParserTests.read.map { Array($0.0.utf8) }.filter { !$0.isEmpty }
    var refused = 0
    for round in 0..<20_000 {
      let line = Self.mutated(lines[round % lines.count], &random)
      line.withUnsafeBytes { bytes in
        var offset = 0
        do throws(MalformedMessage) {
          while try parser.next(in: bytes, from: &offset) != nil {}
        } catch {
          refused += 1
          #expect(error.offset <= line.count)
        }
        #expect(offset == line.count)
      }
    }
    #expect(refused > 5_000)
  }

  @Test("are read the same by a parser that has read others before", .timeLimit(.minutes(1)))
  func learned() {
    func reading(_ line: [UInt8], _ parser: inout MessageParser) -> String {
      do { return "\(try parser.messages(in: line))" } catch { return "\(error)" }
    }
    var random = SplitMix(seed: 48)
    var lasting = MessageParser()
    let lines = MessageParserTests.read.map { Array($0.0.utf8) }.filter { !$0.isEmpty }
    for round in 0..<10_000 {
      let line = Self.mutated(lines[round % lines.count], &random)
      var fresh = MessageParser()
      let first = reading(line, &fresh)
      #expect(reading(line, &lasting) == first)
      #expect(reading(line, &fresh) == first)
    }
  }
}
