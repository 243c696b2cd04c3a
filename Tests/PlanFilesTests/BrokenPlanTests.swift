import PlanFiles
import Testing

/// One way to break the plan of West Gate, and every line that is said of it.
struct BrokenPlan: Sendable, CustomTestStringConvertible {
  enum File: String, Sendable {
    case plan = "plan.yaml"
    case places = "places.geojson"
    case roster = "roster.csv"
    case model = "devices/models/slow/model.yaml"
  }

  let testDescription: String
  let file: File
  /// Nil: the whole file.
  let old: String?
  let new: String
  let expected: [String]

  init(_ name: String, _ file: File, _ old: String?, _ new: String, _ expected: [String]) {
    testDescription = name
    self.file = file
    self.old = old
    self.new = new
    self.expected = expected
  }

  /// Nil where the text to replace does not occur.
  var bundle: PlanBundle? {
    if let old { return WestGatePlan.bundle(file.rawValue, replacing: old, with: new) }
    var bundle = WestGatePlan.bundle
    bundle.files[file.rawValue] = new
    return bundle
  }

  static let nest = nested(60)

  static func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
  }

  /// Ten to the ninth squadrons, by aliases of aliases.
  static let bomb: String = {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for i in 1...8 {
      text +=
        "a\(i): &a\(i) [" + Array(repeating: "*a\(i - 1)", count: 10).joined(separator: ", ")
        + "]\n"
    }
    return text + "squadrons: *a8\n"
  }()
}

@Test(arguments: brokenPlans)
func `A broken plan is told with its place`(broken: BrokenPlan) throws {
  let bundle = try #require(broken.bundle)
  let said = WestGatePlan.lines(bundle)
  #expect(said == broken.expected)
}
