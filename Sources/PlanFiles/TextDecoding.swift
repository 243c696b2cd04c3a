/// Bytes of a plan's file to text.
enum TextDecoding {
  enum Fallback {
    /// What is not UTF-8 is an error.
    case refuse
    /// What is not UTF-8 is read as GBK, with a warning: Excel's CSV on a Chinese Windows.
    case gbk
  }

  /// Nil, and an error in the log, where the bytes are no text. A BOM is taken off.
  static func text(_ bytes: [UInt8], file: String, fallback: Fallback, log: ProblemLog) -> String? {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      log.error(file, 1, "found UTF-16; expected UTF-8 (save it as UTF-8)")
      return nil
    }
    let body = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    if let text = String(validating: body, as: UTF8.self) { return text }
    let line = firstInvalidLine(body)
    switch fallback {
    case .refuse:
      log.error(file, line, "found bytes that are not UTF-8; expected UTF-8 (save it as UTF-8)")
      return nil
    case .gbk:
      switch GBK.text(Array(body)) {
      case .text(let text):
        log.warning(file, line, "not UTF-8; read as GBK (save it as \"CSV UTF-8\" to be sure)")
        return text
      case .invalid:
        log.error(file, line, "found bytes that are neither UTF-8 nor GBK; expected UTF-8")
      case .unavailable:
        log.error(
          file, line,
          "found bytes that are not UTF-8, perhaps GBK; expected UTF-8 (save it as \"CSV UTF-8\")")
      }
      return nil
    }
  }

  private static func firstInvalidLine(_ bytes: ArraySlice<UInt8>) -> Int {
    var line = 1
    for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil { return line }
      line += 1
    }
    return line
  }
}
