import ArgumentParser
import Foundation
import Logging
import Web
import Yams

/// What a daemon is told: by option, by `PATROLD_…` in its environment, or by a key of its configuration file, in that
/// order.
struct Settings: Sendable {
  var plan: String
  var store: String
  /// Where observations wait that the store cannot take.
  var spill: String
  /// The folder that reports are put into without being asked; nil for none.
  var reports: String?
  var devices: [String]
  var clock: Clock
  /// Where it is asked over HTTP; nil for nowhere.
  var listen: ListenAddress?
  /// With TLS; nil for none.
  var certificates: CertificateFiles?
  /// The map under the screen's marks; nil for none.
  var basemap: Basemap?
  var logLevel: Logger.Level

  private static let keys = [
    "plan", "store", "spill", "reports", "devices", "clock", "listen", "tls-certificate",
    "tls-key", "basemap", "basemap-datum", "basemap-credit", "log-level",
  ]

  /// - Parameter given: options by key; nil where not given.
  init(given: [String: String?], config: String?, environment: [String: String]) throws {
    var file: [String: String] = [:]
    let config = config ?? environment["PATROLD_CONFIG"]
    if let config { file = try Self.read(config) }
    func value(_ key: String) -> (text: String, origin: String)? {
      if let text = given[key] ?? nil { return (text, "--\(key)") }
      let name = "PATROLD_" + key.uppercased().replacing("-", with: "_")
      if let text = environment[name], !text.isEmpty { return (text, name) }
      return file[key].map { ($0, "\(config ?? ""): \(key)") }
    }
    func required(_ key: String) throws -> String {
      guard let (text, _) = value(key) else {
        throw ValidationError(
          "no \(key): expected --\(key), PATROLD_\(key.uppercased()), or a key \(key) in the --config file"
        )
      }
      return text
    }
    plan = try required("plan")
    store = try required("store")
    spill = value("spill")?.text ?? store + "-spill"
    reports = value("reports")?.text
    devices = value("devices").map { $0.text.split(separator: ":").map(String.init) } ?? []
    clock = .system
    if let (text, origin) = value("clock") {
      guard let clock = Clock(text) else {
        throw ValidationError("\(origin): found \"\(text)\"; expected \(Clock.expected)")
      }
      self.clock = clock
    }
    listen = nil
    if let (text, origin) = value("listen") {
      guard let address = ListenAddress(text) else {
        throw ValidationError("\(origin): found \"\(text)\"; expected \(ListenAddress.expected)")
      }
      listen = address
    }
    switch (value("tls-certificate"), value("tls-key")) {
    case (let certificate?, let key?):
      certificates = CertificateFiles(certificate: certificate.text, key: key.text)
    case (nil, nil): certificates = nil
    case (let (_, origin)?, nil): throw ValidationError("\(origin): expected tls-key as well")
    case (nil, let (_, origin)?):
      throw ValidationError("\(origin): expected tls-certificate as well")
    }
    basemap = try Self.basemap(value)
    logLevel = .info
    if let (text, origin) = value("log-level") {
      guard let level = Logger.Level(rawValue: text) else {
        let all = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("\(origin): found \"\(text)\"; expected one of \(all)")
      }
      logLevel = level
    }
  }

  private static func basemap(_ value: (String) -> (text: String, origin: String)?) throws
    -> Basemap?
  {
    let (datum, credit) = (value("basemap-datum"), value("basemap-credit"))
    guard let (text, origin) = value("basemap") else {
      if let (_, origin) = datum ?? credit {
        throw ValidationError("\(origin): expected basemap as well")
      }
      return nil
    }
    var basemap = Basemap(tiles: .file(text), credit: credit?.text)
    if text.contains("://") {
      do {
        basemap.tiles = .address(try TileAddress(text))
      } catch {
        throw ValidationError("\(origin): \(error)")
      }
    }
    if let (text, origin) = datum {
      guard let known = Basemap.Datum(rawValue: text) else {
        let all = Basemap.Datum.allCases.map(\.rawValue).joined(separator: " or ")
        throw ValidationError("\(origin): found \"\(text)\"; expected \(all)")
      }
      basemap.datum = known
    }
    return basemap
  }

  private static func read(_ path: String) throws -> [String: String] {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw ValidationError("\(path): cannot be read (\(error.localizedDescription))")
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw ValidationError("\(path): not YAML: \(error)")
    }
    guard let node = root else { return [:] }
    guard case .mapping(let mapping) = node else {
      throw ValidationError("\(path): expected keys and values")
    }
    var found: [String: String] = [:]
    for (key, value) in mapping {
      let line = key.mark.map { ":\($0.line)" } ?? ""
      guard let name = key.string, keys.contains(name) else {
        throw ValidationError(
          "\(path)\(line): unknown key \(key.string ?? "?"); expected \(keys.joined(separator: ", "))"
        )
      }
      if let list = value.array().compactMap(\.string) as [String]?, !list.isEmpty {
        found[name] = list.joined(separator: ":")
      } else if let scalar = value.scalar {
        found[name] = scalar.string
      } else {
        throw ValidationError("\(path)\(line): \(name): expected a value")
      }
    }
    return found
  }
}
