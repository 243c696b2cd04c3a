import Coverage
import GPSD
import Geodesy
import Logging
import Patrol
import PlanFiles
import Store

extension Daemon {
  mutating func reload() {
    let loaded: LoadedPlan
    do {
      loaded = try LoadedPlan(
        at: settings.plan, devices: DeviceFolders.searchPath(settings.devices))
    } catch {
      planTrouble = "\(error)"
      log.error("plan not taken, the one in force stays:\n\(error)")
      return
    }
    guard loaded.bundle.digest != pipeline.digest else {
      planTrouble = nil
      log.notice("plan unchanged")
      return
    }
    do {
      let now = self.now
      try pipeline.replace(with: Self.version(loaded), at: now)
      for outage in links.forget(allBut: loaded.plan.handhelds, at: now) {
        _ = try pipeline.take([], outages: [outage], until: now)
      }
      fleet.replace(handhelds: loaded.plan.handhelds)
      links.expect(loaded.plan.handhelds)
      liveness.replace(with: loaded.plan.handhelds, at: now)
      planTrouble = nil
      for warning in loaded.warnings { log.warning("plan: \(warning)") }
      log.notice("plan \(loaded.bundle.digest) in force for windows that open from now on")
    } catch {
      planTrouble = "\(error)"
      log.error("plan not taken, the one in force stays: \(error)")
    }
  }
}
