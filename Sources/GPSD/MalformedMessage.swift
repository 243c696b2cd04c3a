/// Bytes that are no report of gpsd's.
public struct MalformedMessage: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Expected: String, Hashable, Sendable {
    case object = "a JSON object"
    case key = "a key in quotes"
    case colon = "a colon"
    case commaOrClose = "a comma or the closing bracket"
    case value = "a value"
    case string = "a string"
    case number = "a number"
    case boolean = "true or false"
    case array = "an array"
    case bracket = "the matching bracket"
    case depth = "at most 63 nested brackets"
    case closingQuote = "a closing quote"
    case escape = "an escape that JSON knows"
    case noControl = "no control character"
    case shortName = "a name of at most 256 bytes"
    case className = "a class"
    case mode = "a mode of 0 to 3"
    case time = "an RFC 3339 time"
  }

  /// Bytes from the start of the line.
  public var offset: Int
  public var expected: Expected

  public init(offset: Int, expected: Expected) {
    self.offset = offset
    self.expected = expected
  }

  public var description: String { "byte \(offset): expected \(expected.rawValue)" }
}
