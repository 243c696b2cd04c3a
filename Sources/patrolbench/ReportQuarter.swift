import Coverage
import Foundation
import Geodesy
import Patrol
import Reports
import Store
import Web

/// How long reports of a brigade's quarter take, and how much memory, and how both grow with its handhelds and its days.
struct ReportQuarter {
  static let usage = """
    usage: patrolbench quarter make STORE [--groups N] [--handhelds N] [--days N] [--every SECONDS]
           patrolbench quarter read STORE shift|week|month|quarter DATE [--cold] [--json]
           patrolbench quarter table STORE…
           patrolbench quarter serve STORE [--listen 127.0.0.1:8470]
    make fills a store with evenings of five hours from 2026-10-01 on: groups with two duties each, a fix of each handheld
    every so many seconds. read draws up one report from it, in a process of
    its own, and leaves the page beside it. table draws up all four reports of the last day of each store, the first time
    from the disk and then again, each in a process of its own. serve answers over HTTP as patrold does, until its standard
    input ends.
      --groups N       (200)
      --handhelds N    shared out among the groups (600)
      --days N         (92)
      --every SECONDS  (9)
      --cold           the store's pages are dropped from memory first
      --json           what it took, as JSON
    """

  struct Misuse: Error, CustomStringConvertible {
    var description: String
  }

  private let act: () throws -> Void

  init(_ arguments: [String]) throws {
    var words: [String] = []
    var making = QuarterMaking()
    var (isCold, isJSON) = (false, false)
    var listen = ListenAddress("127.0.0.1:8470")
    var rest = arguments[...]
    while let word = rest.popFirst() {
      func number() throws -> Int {
        guard let n = rest.popFirst().flatMap({ Int($0) }), n > 0 else {
          throw Misuse(description: "\(word): expected a number from 1 on")
        }
        return n
      }
      switch word {
      case "--groups": making.force.groups = try number()
      case "--handhelds": making.force.handhelds = try number()
      case "--days": making.days = try number()
      case "--every": making.every = try number()
      case "--listen":
        listen = rest.popFirst().flatMap { ListenAddress($0) }
        if listen == nil {
          throw Misuse(description: "--listen: expected \(ListenAddress.expected)")
        }
      case "--cold": isCold = true
      case "--json": isJSON = true
      case _ where word.hasPrefix("--"): throw Misuse(description: "unknown: \(word)")
      default: words.append(word)
      }
    }
    switch words.first {
    case "make" where words.count == 2:
      act = { [making] in try making.fill(words[1]) }
    case "read" where words.count == 4:
      guard let kind = QuarterReading.Kind(rawValue: words[2]) else {
        throw Misuse(description: "\(words[2]): expected shift, week, month or quarter")
      }
      guard let day = CivilDate(words[3]) else {
        throw Misuse(description: "\(words[3]): expected a date")
      }
      let reading = QuarterReading(path: words[1], kind: kind, day: day, isCold: isCold)
      act = { [isJSON] in
        let took = try reading.read()
        print(isJSON ? try took.json : "\(kind) \(day): \(took)")
      }
    case "table" where words.count > 1:
      act = { try QuarterTable(Array(words.dropFirst())).printAll() }
    case "serve" where words.count == 2:
      act = { [listen] in
        if let listen { try QuarterServing(path: words[1], listen: listen).serve() }
      }
    default:
      throw Misuse(
        description: "expected make STORE, read STORE KIND DATE, table STORE…, or serve STORE")
    }
  }

  func run() throws { try act() }
}
