extension Milliseconds {
  /// Parses whole hours, minutes and seconds, in this order, each at most once (`45s`, `30m`, `1h30m`); at most a year. Nil for
  /// anything else.
  public init?(duration text: String) {
    var rest = text[...]
    var total = 0
    var parts = 0
    for (unit, seconds) in [("h", 3600), ("m", 60), ("s", 1)] as [(Character, Int)] {
      let digits = rest.prefix { ("0"..."9").contains($0) }
      guard !digits.isEmpty, digits.count <= 8, rest.dropFirst(digits.count).first == unit,
        let n = Int(digits)
      else { continue }
      total += n * seconds
      parts += 1
      rest = rest.dropFirst(digits.count + 1)
    }
    guard parts > 0, rest.isEmpty, total <= 366 * 86_400 else { return nil }
    self = .seconds(total)
  }
}
