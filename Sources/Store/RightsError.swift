/// Why users or tokens cannot be changed as asked.
public enum RightsError: Error, Hashable, Sendable, CustomStringConvertible {
  case noUser(String)
  case userExists(String)
  /// Nobody would be left who may change anything.
  case lastOfBrigade(String)
  case noToken(Int64)

  public var description: String {
    switch self {
    case .noUser(let name): "no user \(name); `patrolctl user list` shows who there is"
    case .userExists(let name): "there is a user \(name) already"
    case .lastOfBrigade(let name):
      "\(name) is the last user of the brigade; expected another one first (patrolctl user add NAME --role brigade)"
    case .noToken(let id): "no token \(id); `patrolctl token list` shows those there are"
    }
  }
}
