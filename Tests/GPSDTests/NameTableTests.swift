import Testing

@testable import GPSD

@Suite("Name table") struct NameTableTests {
  @Test("gives each name back, and stops growing at its limit")
  func limit() {
    var table = NameTable()
    for round in 0..<2 {
      for number in 0..<(NameTable.limit + 100) {
        let name = "/dev/\(number)"
        let same = Array(name.utf8).withUnsafeBytes { table.name($0) } == name
        #expect(same, "\(name) in round \(round)")
      }
    }
    #expect(table.count == NameTable.limit)
  }
}
