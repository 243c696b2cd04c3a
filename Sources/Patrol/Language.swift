/// What people read a plan's reports in, by its BCP 47 tag.
public enum Language: String, Hashable, Sendable, Codable, CaseIterable {
  case english = "en"
  case chinese = "zh-Hans"

  /// `zh` and `zh-CN`, as systems often name it, are Simplified Chinese, too; letter case makes no difference.
  public init?(tag: some StringProtocol) {
    switch tag.lowercased() {
    case "en": self = .english
    case "zh-hans", "zh-cn", "zh": self = .chinese
    default: return nil
    }
  }
}
