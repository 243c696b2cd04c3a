internal import Foundation
internal import Patrol

/// What a statement of a period says of the brigade, its squadrons and duties, for one to be compared with another. Other
/// versions of the program may have stated more, or less.
struct StatedFigures: Hashable {
  /// Whose they are.
  enum Subject: Hashable {
    case brigade
    case squadron(Squadron.ID)
    case duty(Duty.ID)
  }

  struct Line: Hashable, Decodable {
    var score: Double?
    var coverage: Double?
    var missed: Double?
    var unproven: Double?
    var excused: Double?
    var rank: Int?
    var rating: String?
  }

  let lines: [Subject: Line]
  /// Their order.
  let subjects: [Subject]

  /// Nil where the text is no such statement.
  init?(_ text: String) {
    guard let all = try? JSONDecoder().decode(Statement.self, from: Data(text.utf8)) else {
      return nil
    }
    let pairs: [(Subject, Line)] =
      all.whole.map { (.brigade, $0.line) }
      + all.squadrons.map { (.squadron(Squadron.ID($0.squadron ?? "")), $0.line) }
      + all.duties.map { (.duty(Duty.ID($0.duty ?? "")), $0.line) }
    lines = Dictionary(pairs, uniquingKeysWith: { a, _ in a })
    subjects = pairs.map(\.0)
  }

  /// Subjects of which anything differs in what was stated later; in its order, those that are gone last.
  func changed(in later: StatedFigures) -> [Subject] {
    let gone = subjects.filter { later.lines[$0] == nil }
    return later.subjects.filter { lines[$0] != later.lines[$0] } + gone
  }
}

private struct Statement: Decodable {
  struct Row: Decodable {
    var squadron: String?
    var duty: String?
    var line: StatedFigures.Line

    enum CodingKeys: String, CodingKey { case squadron, duty }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      squadron = try container.decodeIfPresent(String.self, forKey: .squadron)
      duty = try container.decodeIfPresent(String.self, forKey: .duty)
      line = try StatedFigures.Line(from: decoder)
    }
  }

  var whole: [Row]
  var squadrons: [Row]
  var duties: [Row]
}
