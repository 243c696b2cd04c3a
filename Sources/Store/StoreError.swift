/// Why a store cannot be opened, read or written; its text says what stands in the way and what would help.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  case missing(path: String)
  case notAStore(path: String)
  case newer(path: String, version: Int, known: Int)
  case locked(path: String)
  case readOnly(path: String)
  case full(path: String)
  case corrupt(path: String, detail: String)
  case failed(path: String, detail: String)
  /// Nothing is wrong with the store; what was asked of it cannot be.
  case refused(ExcuseError)
  case unsealed(SealError)
  case rights(RightsError)
  case hook(HookError)
  case unchanged(PlanChangeError)

  public var description: String {
    switch self {
    case .missing(let path): "\(path): no such store"
    case .notAStore(let path):
      "\(path): not a patrold store (expected an SQLite file that patrold made)"
    case .newer(let path, let version, let known):
      "\(path): a store of version \(version); this program knows versions up to \(known) and leaves it alone"
    case .locked(let path): "\(path): another program (patrold, or a replay) writes to it"
    case .readOnly(let path): "\(path): cannot be written (read-only file or folder)"
    case .full(let path): "\(path): the disk is full"
    case .corrupt(let path, let detail): "\(path): damaged: \(detail)"
    case .failed(let path, let detail): path.isEmpty ? detail : "\(path): \(detail)"
    case .refused(let error): error.description
    case .unsealed(let error): error.description
    case .rights(let error): error.description
    case .hook(let error): error.description
    case .unchanged(let error): error.description
    }
  }
}
