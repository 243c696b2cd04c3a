/// Collects the problems of one reading; stays with it.
final class ProblemLog {
  private var found: [PlanProblem] = []
  private var files: [String] = []

  var hasErrors: Bool { found.contains { $0.severity == .error } }

  /// Fixes the place of a file in the order of the report.
  func opens(_ file: String) {
    if !files.contains(file) { files.append(file) }
  }

  func add(_ problem: PlanProblem) {
    opens(problem.file)
    found.append(problem)
  }

  func error(
    _ file: String, _ line: Int?, feature: PlanProblem.Feature? = nil, _ message: String
  ) {
    add(PlanProblem(.error, file: file, line: line, feature: feature, message))
  }

  func warning(
    _ file: String, _ line: Int?, feature: PlanProblem.Feature? = nil, _ message: String
  ) {
    add(PlanProblem(.warning, file: file, line: line, feature: feature, message))
  }

  /// By file and line, each once.
  var all: [PlanProblem] {
    let order = Dictionary(uniqueKeysWithValues: files.enumerated().map { ($1, $0) })
    var seen: Set<PlanProblem> = []
    return found.filter { seen.insert($0).inserted }.enumerated().sorted { a, b in
      let (x, y) = (a.element, b.element)
      return (order[x.file] ?? 0, x.line ?? 0, a.offset)
        < (order[y.file] ?? 0, y.line ?? 0, b.offset)
    }.map(\.element)
  }
}
