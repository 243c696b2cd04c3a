internal import Yams

/// A YAML value with its line; scalars are kept as they were written.
struct YAMLNode {
  enum Content {
    /// Empty, `~` or `null`.
    case nothing
    case scalar(String)
    case list([YAMLNode])
    case mapping([Entry])
  }

  struct Entry {
    var key: String
    /// The line of the key, counted from 1.
    var line: Int
    var value: YAMLNode
  }

  var line: Int
  var content: Content

  /// For messages: `a list`, `"19:30"`.
  var described: String {
    switch content {
    case .nothing: "nothing"
    case .scalar(let text): quoted(text)
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// Reads one YAML document. What libYAML and Yams refuse, and what would exhaust memory or time (deep nesting, aliases
/// that multiply), is a problem in the log; a repeated key is one, too, and the rest of the document is read all the same.
struct YAMLReading {
  private static let depthMaximum = 40
  private static let nodesMaximum = 200_000
  private static let repeatsMaximum = 50
  /// Marks a repeated key in the text that Yams gets, as it stops at the first (a private-use character of Unicode).
  private static let repeatMark: Character = "\u{E000}"

  private let file: String
  private let log: ProblemLog
  private var nodes = 0
  private var isExhausted = false

  /// Nil, with the reasons in the log, where nothing can be read.
  static func read(_ text: String, file: String, log: ProblemLog) -> YAMLNode? {
    if let line = YAMLHazards.aliasInKey(text) {
      log.error(file, line, "found an alias or a collection as a key; expected plain keys")
      return nil
    }
    var text = text
    for _ in 0...repeatsMaximum {
      do {
        let parser = try Parser(yaml: text, encoding: .utf8)
        guard let node = try parser.singleRoot() else {
          log.error(file, nil, "found an empty file; expected keys and values")
          return nil
        }
        var reading = YAMLReading(file: file, log: log)
        let root = reading.convert(node, fallback: 1, depth: 0)
        return reading.isExhausted ? nil : root
      } catch YamlError.duplicatedKeysInMapping(_, let context) {
        guard let marked = mark(keyAt: context.mark, in: text) else {
          log.error(file, context.mark.line, "found a key twice in one mapping; expected it once")
          return nil
        }
        text = marked
      } catch {
        let (line, message) = explain(error, text)
        log.error(file, line, "not YAML: \(message)")
        return nil
      }
    }
    log.error(
      file, nil,
      "found more than \(repeatsMaximum) repeated keys; expected each once in its mapping")
    return nil
  }

  private init(file: String, log: ProblemLog) {
    self.file = file
    self.log = log
  }

  private mutating func convert(_ node: Node, fallback: Int, depth: Int) -> YAMLNode {
    let line = node.mark?.line ?? fallback
    nodes += 1
    guard nodes <= Self.nodesMaximum, depth <= Self.depthMaximum else {
      if !isExhausted {
        log.error(
          file, line,
          depth > Self.depthMaximum
            ? "nested deeper than \(Self.depthMaximum) levels"
            : "more than \(Self.nodesMaximum) values, aliases resolved")
      }
      isExhausted = true
      return YAMLNode(line: line, content: .nothing)
    }
    switch node {
    case .scalar(let scalar):
      let isNothing = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
      return YAMLNode(line: line, content: isNothing ? .nothing : .scalar(scalar.string))
    case .alias:
      return YAMLNode(line: line, content: .nothing)  // Yams resolves aliases itself
    case .sequence(let sequence):
      var list: [YAMLNode] = []
      for element in sequence where !isExhausted {
        list.append(convert(element, fallback: line, depth: depth + 1))
      }
      return YAMLNode(line: line, content: .list(list))
    case .mapping(let mapping):
      var entries: [YAMLNode.Entry] = []
      for (key, value) in mapping where !isExhausted {
        let at = key.mark?.line ?? line
        guard case .scalar(let scalar) = key else {
          log.error(file, at, "found a collection as a key; expected plain keys")
          continue
        }
        entries.append(
          YAMLNode.Entry(
            key: scalar.string, line: at, value: convert(value, fallback: at, depth: depth + 1)))
      }
      return YAMLNode(line: line, content: .mapping(resolveRepeats(entries)))
    }
  }

  /// Reports marked keys and keeps the last of each, which is unmarked.
  private func resolveRepeats(_ entries: [YAMLNode.Entry]) -> [YAMLNode.Entry] {
    var first: [String: Int] = [:]
    var kept: [YAMLNode.Entry] = []
    for var entry in entries {
      let isMarked = entry.key.first == Self.repeatMark
      if isMarked { entry.key = String(entry.key.drop { $0 == Self.repeatMark }) }
      if let line = first[entry.key] {
        log.error(
          file, entry.line, "key \(quoted(entry.key)) stands twice; the first is on line \(line)")
      } else {
        first[entry.key] = entry.line
      }
      if !isMarked { kept.append(entry) }
    }
    return kept
  }

  /// The text with one more mark before the key at a place; lines stay what they are.
  private static func mark(keyAt mark: Mark, in text: String) -> String? {
    var scalars = text.unicodeScalars
    var index = scalars.startIndex
    var line = 1
    while line < mark.line {
      guard index < scalars.endIndex else { return nil }
      switch scalars[index] {
      case "\r"
      where scalars.index(after: index) < scalars.endIndex
        && scalars[scalars.index(after: index)] == "\n":
        break
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": line += 1
      default: break
      }
      scalars.formIndex(after: &index)
    }
    guard
      var place = scalars.index(index, offsetBy: mark.column - 1, limitedBy: scalars.endIndex),
      place < scalars.endIndex
    else { return nil }
    if scalars[place] == "\"" || scalars[place] == "'" { scalars.formIndex(after: &place) }
    scalars.insert(contentsOf: repeatMark.unicodeScalars, at: place)
    return String(scalars)
  }

  private static func explain(_ error: any Error, _ text: String) -> (line: Int?, message: String) {
    switch error as? YamlError {
    case .composer(_, let problem, let mark, _) where problem.contains("another document"):
      return (mark.line, "found a second document; expected one")
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      // At the end of the text libYAML counts a line beyond the last.
      let line = min(mark.line, max(1, text.dropLast().count(where: \.isNewline) + 1))
      guard let context, context.mark.line < line else { return (line, problem) }
      return (line, "\(problem) (\(context.text) from line \(context.mark.line) on)")
    case .reader(let problem, let offset, _, _):
      return (offset.map { text.prefix($0).count(where: \.isNewline) + 1 }, problem)
    case .some(let other): return (nil, "\(other)")
    case .none: return (nil, "\(error)")
    }
  }
}
