internal import Geodesy
internal import Patrol

/// How a value is written in a plan, and how to say so.
struct Form<Value>: Sendable {
  /// With its article: `a duration such as 45s, 30m or 1h30m`.
  let expected: String
  let read: @Sendable (String) -> Value?
}

extension Form where Value == String {
  static var text: Form {
    Form(expected: "a text") { $0.isEmpty || $0.utf8.count > 1000 ? nil : $0 }
  }

  /// Also stands in paths, tables and URLs.
  static var id: Form {
    Form(expected: "an id of 1 to 100 characters without line breaks or outer spaces") {
      guard let first = $0.first, let last = $0.last, $0.count <= 100,
        !first.isWhitespace, !last.isWhitespace,
        !$0.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
      else { return nil }
      return $0
    }
  }
}

extension Form where Value == Bool {
  static var truth: Form {
    Form(expected: "true or false") {
      $0 == "true" ? true : $0 == "false" ? false : nil
    }
  }
}

extension Form where Value == Int {
  static func integer(_ range: ClosedRange<Int>) -> Form {
    Form(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
      guard text.utf8.count <= 12, let n = Int(text), range.contains(n) else { return nil }
      return n
    }
  }
}

extension Form where Value == Double {
  /// From `low` to `high`.
  static func number(_ low: Double, through high: Double) -> Form {
    Form(expected: "a number from \(plain(low)) to \(plain(high))") { text in
      guard let x = finiteNumber(text), x >= low, x <= high else { return nil }
      return x
    }
  }

  /// Above 0 and at most `high`.
  static func positive(atMost high: Double) -> Form {
    Form(expected: "a number above 0 and at most \(plain(high))") { text in
      guard let x = finiteNumber(text), x > 0, x <= high else { return nil }
      return x
    }
  }
}

extension Form where Value == TimeOfDay {
  static var timeOfDay: Form {
    Form(expected: "a time of day from 00:00 to 24:00 such as 19:30") {
      TimeOfDay($0)
    }
  }
}

extension Form where Value == CivilDate {
  /// Excel's `2026/1/5` is understood, too.
  static var date: Form {
    Form(expected: "a date such as 2026-11-23") { text in
      if let date = CivilDate(text) { return date }
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0].count == 4, (1...2).contains(parts[1].count),
        (1...2).contains(parts[2].count),
        parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
        let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
      else { return nil }
      return CivilDate(year: year, month: month, day: day)
    }
  }
}

extension Form where Value == Travel {
  static var travel: Form {
    Form(expected: "foot, ebike or car") { Travel(rawValue: $0) }
  }
}

extension Form where Value == Language {
  static var language: Form {
    Form(expected: "en or zh-Hans") { Language(tag: $0) }
  }
}

extension Form where Value == Source {
  static var source: Form {
    Form(expected: "a source written host[:port[:device]], IPv6 in brackets") {
      Source($0)
    }
  }
}

extension Form where Value == Milliseconds {
  static var duration: Form {
    Form(expected: "a duration such as 45s, 30m or 1h30m") { Milliseconds(duration: $0) }
  }

  /// Seconds as a bare number, as keys in `_s` have them.
  static func seconds(_ low: Double, through high: Double) -> Form {
    let number = Form<Double>.number(low, through: high)
    return Form(expected: "\(number.expected) (seconds)") {
      number.read($0).map { Milliseconds(seconds: $0) }
    }
  }
}

/// Decimal digits, a point, an exponent; never an infinity, a NaN or a hexadecimal number.
func finiteNumber(_ text: String) -> Double? {
  guard !text.isEmpty, text.utf8.count <= 40,
    text.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }),
    let x = Double(text), x.isFinite
  else { return nil }
  return x
}

/// Without a needless `.0`.
func plain(_ x: Double) -> String {
  x == x.rounded() && abs(x) < 1e15 ? String(Int64(x)) : String(x)
}

/// `1h30m`, as durations are written in a plan.
func durationText(_ d: Milliseconds) -> String {
  let s = d.value / 1000
  var text = ""
  if s >= 3600 { text += "\(s / 3600)h" }
  if s / 60 % 60 != 0 { text += "\(s / 60 % 60)m" }
  if s % 60 != 0 || text.isEmpty { text += "\(s % 60)s" }
  return text
}
