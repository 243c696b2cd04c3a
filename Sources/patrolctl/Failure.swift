import Patrol
import PlanFiles
import Recordings
import Reports
import Rig
import Store

/// Why a command could not answer, with the exit status that says whose matter it is.
struct Failure: Error {
  var text: String
  /// 1 the answer is no, 2 the question is wrong, 3 something outside failed.
  var status: Int32

  static func wrongQuestion(_ text: String) -> Failure { Failure(text: text, status: 2) }
  static func outside(_ text: String) -> Failure { Failure(text: text, status: 3) }

  /// A text that people wrote: a plan, a model, checkpoints.
  static func unusable(_ what: String, _ problems: PlanProblems) -> Failure {
    let count = problems.errors.count
    return .wrongQuestion(
      "the \(what) cannot be used: \(count) error\(count == 1 ? "" : "s")\n\(problems)")
  }

  init(text: String, status: Int32) {
    self.text = text
    self.status = status
  }

  /// Of an error that is not the argument parser's own; nil for those.
  init?(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let problems as PlanProblems: self = .unusable("plan", problems)
    case let error as StoreError:
      switch error {
      case .missing, .refused, .unsealed, .rights, .hook, .unchanged:
        self.init(text: "\(error)", status: 2)
      default: self.init(text: "\(error)", status: 3)
      }
    case let error as WorkbookError:
      switch error {
      case .tooManyRows: self.init(text: "\(error)", status: 2)
      case .failed: self.init(text: "\(error)", status: 3)
      }
    case let error as EvidenceError:
      switch error {
      case .inUse: self.init(text: "\(error)", status: 2)
      case .cannotWrite: self.init(text: "\(error)", status: 3)
      }
    case let error as ExcuseError: self.init(text: "\(error)", status: 2)
    case let fault as ChangeDraft.Fault: self.init(text: "\(fault)", status: 2)
    case let error as RightsError: self.init(text: "\(error)", status: 2)
    case let error as SealError: self.init(text: "\(error)", status: 2)
    case let error as RecordingError: self.init(text: "\(error)", status: 2)
    case let error as RigError: self.init(text: "\(error)", status: error.exitStatus)
    default: return nil
    }
  }
}
