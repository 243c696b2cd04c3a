import Foundation

/// Prints a page through a browser, or WeasyPrint, that is installed here.
enum PDFPrinting {
  private static let patience = Duration.seconds(60)

  private enum Printer {
    case chromium(String)
    case weasyprint(String)
  }

  /// A page that fetches nothing, as PDF. It is printed in a private folder and without a network.
  static func pdf(of html: String) throws -> Data {
    let printer = try locate()
    let files = FileManager.default
    let folder = files.temporaryDirectory.appendingPathComponent("patrol-\(UUID())").path
    let (page, result, log) = ("\(folder)/page.html", "\(folder)/page.pdf", "\(folder)/log")
    do {
      try files.createDirectory(
        atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      try Data(html.utf8).write(to: URL(fileURLWithPath: page))
      try Data().write(to: URL(fileURLWithPath: log))
    } catch {
      throw Failure.outside("\(folder): cannot be written (\(error.localizedDescription))")
    }
    // What cannot be removed lies among temporary files, where nobody else can read it.
    defer { try? files.removeItem(atPath: folder) }

    let process = Process()
    let program: String
    switch printer {
    case .chromium(let path):
      program = path
      process.arguments = browserArguments(folder) + ["--print-to-pdf=\(result)", "file://\(page)"]
    case .weasyprint(let path):
      program = path
      process.arguments = [page, result]
    }
    process.executableURL = URL(fileURLWithPath: program)
    process.environment = environment(folder)
    process.standardInput = FileHandle.nullDevice
    let said = FileHandle(forWritingAtPath: log)
    process.standardOutput = said
    process.standardError = said
    do { try process.run() } catch {
      throw Failure.outside("\(program): cannot be started (\(error.localizedDescription))")
    }
    guard end(process) else {
      throw Failure.outside(
        "\(program): had not printed the page after \(patience.components.seconds) s")
    }
    guard process.terminationStatus == 0, let pdf = files.contents(atPath: result),
      pdf.starts(with: Data("%PDF-".utf8))
    else {
      let lines = files.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
      let last = lines.split(separator: "\n").suffix(3).joined(separator: "\n")
      throw Failure.outside(
        "\(program): has not printed the page (status \(process.terminationStatus))\n\(last)")
    }
    return pdf
  }

  private static func browserArguments(_ folder: String) -> [String] {
    let all = [
      "--headless", "--user-data-dir=\(folder)/profile", "--no-first-run", "--disable-gpu",
      "--disable-dev-shm-usage", "--disable-extensions", "--disable-breakpad",
      "--disable-sync", "--disable-background-networking", "--disable-component-update",
      // The page fetches nothing, and neither is the browser to.
      "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=http://127.0.0.1:9",
      "--no-pdf-header-footer",
    ]
    // It refuses to run as root in its sandbox; what it opens is ours, and runs nothing.
    return geteuid() == 0 ? all + ["--no-sandbox"] : all
  }

  private static func environment(_ folder: String) -> [String: String] {
    var all = ProcessInfo.processInfo.environment
    all["XDG_CONFIG_HOME"] = "\(folder)/config"
    all["XDG_CACHE_HOME"] = "\(folder)/cache"
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
      all[name] = "http://127.0.0.1:9"
      all[name.uppercased()] = all[name]
    }
    return all
  }

  /// Waits for its end; false where it had to be ended, and its own children with it.
  private static func end(_ process: Process) -> Bool {
    let limit = ContinuousClock.now + patience
    while process.isRunning, ContinuousClock.now < limit { Thread.sleep(forTimeInterval: 0.02) }
    guard process.isRunning else { return true }
    // Foundation starts children as groups of their own.
    let child = process.processIdentifier
    if kill(-child, SIGKILL) != 0 { kill(child, SIGKILL) }
    process.waitUntilExit()
    return false
  }

  private static func locate() throws -> Printer {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders = path.split(separator: ":")
    func find(_ name: String) -> String? {
      folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
    let browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    if let browser = browsers.lazy.compactMap(find).first { return .chromium(browser) }
    if let weasyprint = find("weasyprint") { return .weasyprint(weasyprint) }
    throw Failure.outside(
      """
      --format pdf: neither chromium nor weasyprint is on the PATH; install one, on Debian with \
      `apt-get install chromium`, or print --format html from a browser
      """)
  }
}
