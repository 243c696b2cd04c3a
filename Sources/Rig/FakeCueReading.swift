internal import Foundation
internal import Yams

extension FakeCue {
  /// The cues of a YAML or JSON file, each in the one line in which they are written everywhere:
  ///
  ///     faults:
  ///       - 30s close 0-99
  ///       - 1m refuse all for 20s
  ///
  /// Every error is told at once.
  public static func read(path: String) throws(RigError) -> [FakeCue] {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch { throw .file(path: path, "cannot be read (\(error.localizedDescription))") }
    let log = ScenarioLog(file: path)
    let cues = read(text, log)
    guard log.all.isEmpty else { throw .scenario(log.all) }
    return cues
  }

  private static func read(_ text: String, _ log: ScenarioLog) -> [FakeCue] {
    let root: Node?
    do { root = try Yams.compose(yaml: text) } catch {
      log.add(nil, "not YAML: \(error)")
      return []
    }
    guard let root, let map = YAMLMap(root, "cues", known: ["faults"], log: log) else {
      if root == nil { log.add(nil, "empty; expected a list of faults") }
      return []
    }
    var cues: [FakeCue] = []
    for node in map.list("faults", of: "cues", required: true) {
      guard let text = node.scalar?.string else {
        log.add(
          node.mark?.line,
          "faults: found \(YAMLMap.describe(node)); expected a cue such as 30s close 0-99")
        continue
      }
      do throws(Unreadable) { cues.append(try FakeCue(text)) } catch {
        log.add(node.mark?.line, "faults: \(error)")
      }
    }
    return cues
  }
}
