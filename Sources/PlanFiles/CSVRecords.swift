/// Records of a CSV file (RFC 4180), with the lines they begin on.
struct CSVRecords {
  struct Record: Equatable {
    var line: Int
    var fields: [String]
  }

  struct Fault: Error, Equatable {
    var line: Int
    var message: String
  }

  private(set) var records: [Record] = []
  /// Records that could not be read; those around them are.
  private(set) var faults: [Fault] = []

  /// Lines end with LF, CR LF or CR; empty ones are passed over. Spaces around unquoted fields are taken off.
  init(_ text: String) {
    let bytes = Array(text.utf8)
    var at = 0
    var line = 1
    while at < bytes.count {
      let start = line
      var fields: [String] = []
      var fault: Fault?
      var isBlank = true
      field: while true {
        while at < bytes.count, bytes[at] == UInt8(ascii: " ") { at += 1 }
        if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
          isBlank = false
          fields.append(Self.quotedField(bytes, &at, &line, &fault))
        } else {
          let first = at
          while at < bytes.count, !",\r\n".utf8.contains(bytes[at]) { at += 1 }
          let field = String(decoding: bytes[first..<at], as: UTF8.self)
          fields.append(String(field.reversed().drop(while: \.isWhitespace).reversed()))
          if at > first { isBlank = false }
        }
        guard at < bytes.count else { break field }
        switch bytes[at] {
        case UInt8(ascii: ","):
          at += 1
          isBlank = false
          continue field
        case UInt8(ascii: "\r"):
          at += 1
          if at < bytes.count, bytes[at] == UInt8(ascii: "\n") { at += 1 }
        default: at += 1
        }
        line += 1
        break field
      }
      if let fault {
        faults.append(fault)
      } else if !isBlank {
        records.append(Record(line: start, fields: fields))
      }
    }
  }

  /// From the opening quotation mark to the next comma, line end or end of the text.
  private static func quotedField(
    _ bytes: [UInt8], _ at: inout Int, _ line: inout Int, _ fault: inout Fault?
  ) -> String {
    let start = line
    var out: [UInt8] = []
    at += 1
    var isClosed = false
    while at < bytes.count, !isClosed {
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "\"") {
        if at < bytes.count, bytes[at] == byte {
          at += 1
        } else {
          isClosed = true
          continue
        }
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      out.append(byte)
    }
    if !isClosed {
      fault =
        fault
        ?? Fault(
          line: start, message: "found a quotation mark that nothing closes; expected a second one")
    }
    while at < bytes.count, bytes[at] == UInt8(ascii: " ") { at += 1 }
    if at < bytes.count, !",\r\n".utf8.contains(bytes[at]) {
      fault =
        fault
        ?? Fault(line: line, message: "found text after a closing quotation mark; expected a comma")
      while at < bytes.count, !",\r\n".utf8.contains(bytes[at]) { at += 1 }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
