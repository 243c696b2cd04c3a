import PlanFiles
import Testing

/// Text that has hurt readers before.
private let spices = [
  "\n", "\t", "  ", ": ", "- ", "[", "]", "{", "}", "\"", "'", "*a", "&a ", "? ", "!!binary ",
  "|\n", ">-\n", "#",
  "---\n", "...\n", "%YAML 1.1\n", "<<: *a", "~", "null", "NaN", ".inf", "-1", "1e308",
  "99999999999999999999",
  "-9223372036854775808", "0x7f", "\u{0}", "\u{feff}", "\u{e000}", "\u{2028}", "é", "你好", "👩‍👩‍👧",
  "\\u0000", "\\ud800",
  ",", ";", "24:00", "25:61", "2026-13-45", "0", "",
]

@Test(arguments: 0..<10)
func `No mutation of a sound plan traps the reader`(seed: Int) throws {
  var random = SplitMix(seed: UInt64(seed))
  let sound = try LoadedPlan(bundle: WestGatePlan.bundle).bundle
  let names = sound.files.keys.sorted()
  var refused = 0
  for _ in 0..<60 {
    var bundle = sound
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let name = names[Int.random(in: 0..<names.count, using: &random)]
      bundle.files[name] = mutate(bundle.files[name] ?? "", &random)
    }
    do {
      let loaded = try LoadedPlan(bundle: bundle)
      #expect(try LoadedPlan(bundle: loaded.bundle).plan == loaded.plan)
    } catch {
      #expect(!error.errors.isEmpty)
      refused += 1
    }
  }
  #expect(refused >= 20)
}

private func mutate(_ text: String, _ random: inout SplitMix) -> String {
  var bytes = Array(text.utf8)
  let at = Int.random(in: 0...bytes.count, using: &random)
  let end = min(bytes.count, at + Int.random(in: 0...12, using: &random))
  switch Int.random(in: 0..<5, using: &random) {
  case 0: bytes.removeSubrange(at..<end)
  case 1:
    bytes.insert(contentsOf: spices[Int.random(in: 0..<spices.count, using: &random)].utf8, at: at)
  case 2:
    bytes.replaceSubrange(
      at..<end, with: spices[Int.random(in: 0..<spices.count, using: &random)].utf8)
  case 3:
    let from = Int.random(in: 0...bytes.count, using: &random)
    let chunk = Array(bytes[from..<min(bytes.count, from + 40)])
    bytes.insert(contentsOf: chunk, at: at)
  default:
    if at < bytes.count { bytes[at] = UInt8.random(in: 9...126, using: &random) }
  }
  return String(decoding: bytes, as: UTF8.self)
}
