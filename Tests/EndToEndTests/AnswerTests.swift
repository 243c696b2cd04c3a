import Foundation
import Testing

@Suite struct `Wrong questions` {
  @Test(arguments: [
    (["gaps"], 2, "no store"),
    (["gaps", "--store", "/nowhere/s.sqlite"], 2, "no such store"),
    (["gaps", "--store", "/etc/passwd"], 3, "not a patrold store"),
    (["gaps", "--verdict", "late", "--store", "x"], 2, "missed"),
    (["fixes", "--open", "--store", "x"], 2, "gaps"),
    (["nonsense"], 2, "nonsense"),
    (["explain", "--store", "x"], 2, "gap"),
    (["explain", "ABC", "--format", "pdf", "--store", "x"], 2, "svg"),
    (["explain", "ABC", "--format", "svg", "--store", "/nowhere/s.sqlite"], 2, "no such store"),
    (["check", "/nowhere"], 2, "/nowhere: found no such file"),
    (["check", "/nowhere", "--from", "noon"], 2, "RFC 3339"),
    (["replay", "--plan", "/nowhere", "--store", "x", "a=b"], 2, "plan.yaml"),
    (["excuse", "ABC", "--store", "x"], 2, "--by"),
    (["excuse", "--store", "x"], 2, "--approve"),
    (["rig", "run", "/nowhere"], 2, "/nowhere"),
    (["rig", "run", "x", "--speed", "0"], 2, "--speed"),
    (["report", "shift", "--format", "xlsx", "--store", "x"], 2, "-o FILE"),
    (["report", "shift", "--format", "pdf", "--store", "x"], 2, "-o FILE"),
    (["report", "shift", "--bom", "--store", "x"], 2, "--format csv"),
    (["evidence", "ABC", "--store", "x"], 2, "output"),
    (["report", "month", "--format", "xlsx", "--store", "x"], 2, "-o FILE"),
    (["report", "quarter", "--format", "pdf", "--store", "x"], 2, "-o FILE"),
    (["report", "week", "--format", "docx", "--store", "x"], 2, "'xlsx'"),
    (
      ["report", "week", "--table", "days", "--store", "x"], 2,
      "--table: expected with --format csv"
    ),
    (["explain", "ABC", "--language", "fr", "--store", "x"], 2, "zh-Hans"),
    (["key", "new", "-o", "/nowhere/k"], 3, "/nowhere/k: cannot be written"),
    (["report", "shift", "--of", "yesterday", "--store", "/nowhere/s.sqlite"], 2, "no such store"),
  ])
  func `are named, with what was expected`(arguments: [String], status: Int32, text: String) throws
  {
    let output = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: output) }
    let program = try Program.start("patrolctl", arguments, output: output)
    #expect(program.end() == status)
    #expect(program.said.contains(text), "\(program.said)")
  }

  @Test func `of the daemon too`() throws {
    let none = try Program.run("patrold")
    #expect(none.status == 2 && none.output.contains("no plan"))
    let clock = try Program.run("patrold", "--plan", "x", "--store", "y", "--clock", "noon")
    #expect(clock.status == 2 && clock.output.contains("START×RATE"))
    let plan = try Program.run("patrold", "--plan", "/nowhere", "--store", "/nowhere/y")
    #expect(plan.status == 2 && plan.output.contains("plan.yaml"))
    let store = try Program.run(
      "patrold", "--plan", Checkout.westLake, "--devices", Checkout.devices, "--store",
      "/nowhere/y")
    #expect(store.status == 3 && store.output.contains("/nowhere/y"))
  }
}
