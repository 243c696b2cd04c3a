internal import CXlsxWriter
internal import Geodesy
internal import Patrol
internal import Store

/// A workbook through libxlsxwriter.
enum WorkbookWriting {
  static func write(_ workbook: Workbook, to path: String) throws(WorkbookError) {
    guard let book = workbook_new(path) else { throw .failed("out of memory") }
    do throws(WorkbookError) {
      try describe(workbook, book)
      let formats = CellFormats(book)
      let names = SheetNames.legal(workbook.sheets.map(\.name))
      for (name, sheet) in zip(names, workbook.sheets) {
        guard let page = workbook_add_worksheet(book, name) else {
          throw .failed("sheet \(name) was refused")
        }
        let ready = SheetColumns(sheet.listing, zone: workbook.zone, at: workbook.drawnUp)
        try SheetWriting(page: page, formats: formats, zone: workbook.zone).write(ready)
      }
    } catch {
      lxw_workbook_free(book)
      throw error
    }
    // It frees the book whatever comes of it.
    try check(workbook_close(book))
  }

  private static func describe(_ workbook: Workbook, _ book: UnsafeMutablePointer<lxw_workbook>)
    throws(WorkbookError)
  {
    var title = Array(CellText.held(workbook.title).utf8CString)
    var comment = Array(CellText.held(workbook.comment).utf8CString)
    let created = Int(workbook.drawnUp.milliseconds / 1000)
    let status = title.withUnsafeMutableBufferPointer { title in
      comment.withUnsafeMutableBufferPointer { comment in
        var properties = lxw_doc_properties()
        properties.title = title.baseAddress
        properties.comments = comment.baseAddress
        // 0 would stand for now.
        properties.created = created == 0 ? 1 : created
        return workbook_set_properties(book, &properties)
      }
    }
    try check(status)
  }

  static func check(_ status: lxw_error) throws(WorkbookError) {
    guard status != LXW_NO_ERROR else { return }
    throw .failed(lxw_strerror(status).map { String(cString: $0) } ?? "error \(status.rawValue)")
  }
}

/// How cells are shown; each is made once in a book, when it is first asked for.
private final class CellFormats {
  enum Kind: Hashable {
    case header, time, flag
    case number(decimals: Int)
    /// Parts of 1 in per cent, with the decimals of the parts.
    case share(decimals: Int)
  }

  private let book: UnsafeMutablePointer<lxw_workbook>
  private var made: [Kind: UnsafeMutablePointer<lxw_format>] = [:]

  init(_ book: UnsafeMutablePointer<lxw_workbook>) { self.book = book }

  /// Nil where there is no memory left for it: the cell is shown plainly.
  subscript(kind: Kind) -> UnsafeMutablePointer<lxw_format>? {
    if let format = made[kind] { return format }
    guard let format = workbook_add_format(book) else { return nil }
    switch kind {
    case .header: format_set_bold(format)
    case .time:
      format_set_num_format(format, "yyyy-mm-dd hh:mm:ss")
      format_set_align(format, UInt8(LXW_ALIGN_LEFT.rawValue))
    // Excel shows flags in its own words; LibreOffice shows 1 and 0 unless it is told.
    case .flag:
      format_set_num_format(format, #""TRUE";"TRUE";"FALSE""#)
      format_set_align(format, UInt8(LXW_ALIGN_LEFT.rawValue))
    case .share(let decimals): format_set_num_format(format, Self.code(decimals - 2) + " %")
    case .number(let decimals): format_set_num_format(format, Self.code(decimals))
    }
    made[kind] = format
    return format
  }
}

extension CellFormats {
  private static func code(_ decimals: Int) -> String {
    decimals > 0 ? "0." + String(repeating: "0", count: decimals) : "0"
  }
}

/// One sheet: a header that stays in sight and filters, and the rows under it.
private struct SheetWriting {
  let page: UnsafeMutablePointer<lxw_worksheet>
  let formats: CellFormats
  let zone: Zone

  func write(_ sheet: SheetColumns) throws(WorkbookError) {
    for (c, column) in sheet.columns.enumerated() {
      let c = lxw_col_t(c)
      try WorkbookWriting.check(worksheet_set_column(page, c, c, column.width, nil))
      try text(column.header, 0, c, formats[.header])
    }
    for (r, row) in sheet.rows.enumerated() {
      for (c, value) in row.enumerated() {
        try write(value, lxw_row_t(r + 1), lxw_col_t(c), isShare: sheet.columns[c].isShare)
      }
    }
    worksheet_freeze_panes(page, 1, 0)
    if let last = sheet.columns.indices.last {
      let rows = lxw_row_t(sheet.rows.count)
      try WorkbookWriting.check(worksheet_autofilter(page, 0, 0, rows, lxw_col_t(last)))
    }
    // On paper: across, as wide as a page (A4), its header on every one.
    worksheet_set_paper(page, 9)
    worksheet_set_landscape(page)
    worksheet_fit_to_pages(page, 1, 0)
    try WorkbookWriting.check(worksheet_repeat_rows(page, 0, 0))
  }

  private func write(_ value: Listing.Value, _ r: lxw_row_t, _ c: lxw_col_t, isShare: Bool)
    throws(WorkbookError)
  {
    switch value {
    case .none: return
    case .text(let all): try text(all, r, c)
    case .list(let all): try text(all.joined(separator: ", "), r, c)
    case .flag(let flag):
      try WorkbookWriting.check(worksheet_write_boolean(page, r, c, flag ? 1 : 0, formats[.flag]))
    case .integer(let n):
      guard let x = Double(exactly: n) else { return try text(String(n), r, c) }
      try number(x, r, c, .number(decimals: 0))
    case .real(let x, let decimals):
      guard let rounded = Decimal.rounded(x, decimals) else { return try text("\(x)", r, c) }
      try number(rounded, r, c, isShare ? .share(decimals: decimals) : .number(decimals: decimals))
    case .time(let at):
      guard let day = Self.day(at, in: zone) else { return try text(zone.text(at), r, c) }
      try number(day, r, c, .time)
    }
  }

  private func text(
    _ text: String, _ r: lxw_row_t, _ c: lxw_col_t,
    _ format: UnsafeMutablePointer<lxw_format>? = nil
  ) throws(WorkbookError) {
    guard !text.isEmpty else { return }
    try WorkbookWriting.check(worksheet_write_string(page, r, c, CellText.held(text), format))
  }

  private func number(
    _ x: Double, _ r: lxw_row_t, _ c: lxw_col_t, _ kind: CellFormats.Kind
  ) throws(WorkbookError) {
    try WorkbookWriting.check(worksheet_write_number(page, r, c, x, formats[kind]))
  }

  /// Local time in days since 1899-12-30, as Excel counts from March 1900 on; nil before, and after 9999.
  private static func day(_ instant: Instant, in zone: Zone) -> Double? {
    let local = instant.milliseconds + Int64(zone.offset(at: instant)) * 1000
    let day = Double(local) / 86_400_000 + 25_569
    return (61..<2_958_466).contains(day) ? day : nil
  }
}
