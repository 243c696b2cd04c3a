/// One mapping of a YAML file, read key by key. What is wrong with a key goes to the log and is remembered as unsound, so
/// that nothing is concluded from the value that stands in for it.
struct Section {
  enum Need {
    case required, optional
  }

  let file: String
  /// `duty banks-after-hours`; empty for a file's own keys.
  let subject: String
  let line: Int
  let log: ProblemLog
  private let entries: [String: YAMLNode.Entry]
  private(set) var unsound: Set<String> = []
  /// Lines of the elements that `texts` gave, by key.
  private(set) var elementLines: [String: [Int]] = [:]

  /// Nil, and an error, where the node is no mapping. Keys that are not known are errors.
  init?(_ node: YAMLNode, file: String, subject: String, known: [String], log: ProblemLog) {
    guard case .mapping(let list) = node.content else {
      let prefix = subject.isEmpty ? "" : "\(subject): "
      log.error(
        file, node.line, "\(prefix)found \(node.described); expected a mapping of keys to values")
      return nil
    }
    self.file = file
    self.subject = subject
    self.line = node.line
    self.log = log
    entries = Dictionary(list.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
    for entry in list where !known.contains(entry.key) {
      let near = Spelling.hint(entry.key, among: known)
      let keys = near.isEmpty ? "; expected one of \(known.joined(separator: ", "))" : near
      error(at: entry.line, nil, "unknown key \(quoted(entry.key))\(keys)")
    }
  }

  /// The line of a key, or of the whole section where it has none.
  func line(of key: String) -> Int { entries[key]?.line ?? line }

  var keyLines: [String: Int] { entries.mapValues(\.line) }

  func has(_ key: String) -> Bool { node(key) != nil }

  /// The value of a key that is there and not empty.
  func node(_ key: String) -> YAMLNode? {
    guard let node = entries[key]?.value else { return nil }
    if case .nothing = node.content { return nil }
    return node
  }

  func error(at line: Int?, _ key: String?, _ message: String) {
    let parts = [subject, key ?? "", message].filter { !$0.isEmpty }
    log.error(file, line, parts.joined(separator: ": "))
  }

  /// An error at a key, which is unsound from now on.
  mutating func error(_ key: String, _ message: String) {
    unsound.insert(key)
    error(at: line(of: key), key, message)
  }

  mutating func value<T>(_ key: String, _ need: Need, _ form: Form<T>) -> T? {
    guard let node = required(key, need, form.expected) else { return nil }
    guard case .scalar(let text) = node.content, let value = form.read(text) else {
      error(key, "found \(node.described); expected \(form.expected)")
      return nil
    }
    return value
  }

  /// A list; nil where it is absent or something else.
  mutating func list(_ key: String, _ need: Need, of things: String) -> [YAMLNode]? {
    guard let node = required(key, need, "a list of \(things)") else { return nil }
    guard case .list(let nodes) = node.content else {
      let found = if case .scalar = node.content { "a text" } else { node.described }
      error(key, "found \(found); expected a list of \(things)")
      return nil
    }
    return nodes
  }

  /// The elements of a list that can be read, with their lines; those that cannot make the key unsound.
  mutating func values<T>(_ key: String, _ need: Need, of things: String, _ form: Form<T>) -> [T]? {
    guard let nodes = list(key, need, of: things) else { return nil }
    var values: [T] = []
    for (i, node) in nodes.enumerated() {
      guard case .scalar(let text) = node.content, let value = form.read(text) else {
        unsound.insert(key)
        error(
          at: node.line, key,
          "found \(node.described) at position \(i + 1); expected \(form.expected)")
        continue
      }
      values.append(value)
      elementLines[key, default: []].append(node.line)
    }
    return values
  }

  /// A mapping below a key.
  mutating func section(_ key: String, _ need: Need, subject: String, known: [String]) -> Section? {
    guard let node = required(key, need, "a mapping with \(known.joined(separator: ", "))") else {
      return nil
    }
    guard let section = Section(node, file: file, subject: subject, known: known, log: log) else {
      unsound.insert(key)
      return nil
    }
    return section
  }

  private mutating func required(_ key: String, _ need: Need, _ expected: String) -> YAMLNode? {
    if let node = node(key) { return node }
    switch need {
    case .required:
      unsound.insert(key)
      // A file's own keys have no line but their own.
      let isThere = entries[key] != nil
      error(
        at: subject.isEmpty && !isThere ? nil : line(of: key), key, "missing; expected \(expected)")
    case .optional: break
    }
    return nil
  }
}
