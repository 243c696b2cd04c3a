import PlanFiles

private let sound: PlanBundle = {
  do { return try LoadedPlan(bundle: WestGatePlan.bundle).bundle } catch {
    preconditionFailure("\(error)")
  }
}()

/// Reads the West Gate plan with another text for one of its files: it is read, and read the same again, or refused with
/// reasons.
func readPlan(with bytes: UnsafeBufferPointer<UInt8>, as file: String) {
  var bundle = sound
  bundle.files[file] = String(decoding: bytes, as: UTF8.self)
  let loaded: LoadedPlan
  do throws(PlanProblems) { loaded = try LoadedPlan(bundle: bundle) } catch {
    precondition(!error.errors.isEmpty, "refused without a reason")
    _ = "\(error)"
    return
  }
  do throws(PlanProblems) {
    let again = try LoadedPlan(bundle: loaded.bundle)
    precondition(again.plan == loaded.plan, "read otherwise again")
  } catch { preconditionFailure("refused the second time: \(error)") }
}
