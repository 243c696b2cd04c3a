import Coverage
import Foundation
import Geodesy
import Testing

@testable import Store

@Suite struct `Plain JSON` {
  @Test func `is read as a decoder reads what the store writes`() throws {
    var random = Xorshift(state: 5)
    for n in 0..<60 {
      let numbers = (0..<(n % 5)).map { _ in Int.random(in: -9999...9999, using: &random) }
      #expect(PlainJSON.numbers(try StoredJSON.text(numbers)) == numbers)
      let names = numbers.map { "巡-\($0)" }
      #expect(PlainJSON.names(try StoredJSON.text(names)) == names)
      let amounts = Dictionary(
        uniqueKeysWithValues: Set(names).map { ($0, Double.random(in: 0...1e6, using: &random)) })
      #expect(PlainJSON.amounts(try StoredJSON.text(amounts)) == amounts)
      let region = Region(
        pieces: numbers.map {
          let began = Instant(milliseconds: 1_795_000_000_000 + Int64($0))
          return Region.Piece(cell: abs($0), began: began, ended: began + .seconds(n))
        })
      #expect(PlainJSON.region(try StoredJSON.text(region)) == region)
    }
  }

  @Test(arguments: [
    #"["a\"b"]"#, #"["a" ]"#, "[1,2,]", "[1", "", "[1.5]", "{\"a\":}", #"{"pieces":[{"cell":1}]}"#,
    "[12345678901234567890]", "nonsense", #"["a"]x"#,
  ])
  func `reads nothing of any other`(_ text: String) {
    #expect(PlainJSON.names(text) == nil && PlainJSON.numbers(text) == nil)
    #expect(PlainJSON.amounts(text) == nil && PlainJSON.region(text) == nil)
  }
}
