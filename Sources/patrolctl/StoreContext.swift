import ArgumentParser
import Foundation
import Geodesy
import Patrol
import PlanFiles
import Reports
import Store

struct StoreOption: ParsableArguments {
  @Option(help: ArgumentHelp("The store (or PATROLD_STORE).", valueName: "file"))
  var store: String?

  func path() throws -> String {
    if let store { return store }
    guard let path = ProcessInfo.processInfo.environment["PATROLD_STORE"] else {
      throw ValidationError("no store: expected --store, or PATROLD_STORE in the environment")
    }
    return path
  }
}

/// A store opened to ask, with the plans it was written under.
struct StoreContext {
  let store: Store
  let queries: Queries
  /// By the moment from which each is in force.
  let plans: [(began: Instant, digest: String, plan: Plan)]

  init(_ option: StoreOption, for access: Store.Access = .read) throws {
    store = try Store(at: option.path(), for: access)
    queries = Queries(store)
    var plans: [(Instant, String, Plan)] = []
    for version in try queries.planVersions() {
      plans.append((version.began, version.digest, try version.plan(Self.plan)))
    }
    self.plans = plans
  }

  static func plan(_ bundle: String) throws -> Plan {
    try LoadedPlan(bundle: PlanBundle(text: bundle)).plan
  }

  /// The plan in force at a moment; the first where none was yet. Nil in a store without any.
  func plan(at instant: Instant) -> (began: Instant, digest: String, plan: Plan)? {
    plans.last { $0.began <= instant } ?? plans.first
  }

  /// Throws a `Failure` where there is none.
  func latestPlan() throws -> Plan {
    guard let plan = plans.last?.plan else { throw Self.planless }
    return plan
  }

  static let planless = Failure.outside("the store has no plan yet")

  /// Writes instants in the zone of the latest plan; as UTC without one.
  var zone: ZoneText {
    guard let zone = plans.last?.plan.zone else { return { $0.text() } }
    return { zone.text($0) }
  }

  /// Reads RFC 3339, or a date: the beginning of that operational day.
  func instant(_ text: String, _ option: String) throws -> Instant {
    if let instant = Instant(rfc3339: text) { return instant }
    if let date = CivilDate(text), let plan = plans.last?.plan {
      return plan.instant(of: plan.dayStarts, in: date)
    }
    throw ValidationError(
      "\(option): found \"\(text)\"; expected RFC 3339 with an offset (2026-11-20T18:00:00+08:00) or a date (2026-11-20)"
    )
  }
}
