/// What stands on the pages for whoever is not logged in; `{}` is a number.
enum LoginTextKey: CaseIterable {
  case login, logIn, name, password, wrong, wait
  case setup, setupAbout, newPassword, passwordAgain, passwordHint, makeUser
  case badName, short, long, same, repeated, over

  var english: String {
    switch self {
    case .login: "Log in"
    case .logIn: "Log in"
    case .name: "Name"
    case .password: "Password"
    case .wrong: "The name or the password is wrong."
    case .wait: "Too many attempts. Try again in {} seconds."
    case .setup: "First user"
    case .setupAbout:
      "Nobody can log in yet. This makes the first user of the brigade, who sees and changes everything; others are added with patrolctl user add."
    case .newPassword: "Password"
    case .passwordAgain: "Password again"
    case .passwordHint:
      "At least {} characters. Several words are easier to keep in mind than signs."
    case .makeUser: "Make the user and log in"
    case .badName: "Expected a name of letters, digits, points, hyphens or underscores, at most 64."
    case .short: "Expected a password of at least {} characters."
    case .long: "Expected a password of at most {} bytes."
    case .same: "Expected a password that is not the name."
    case .repeated: "The two passwords differ."
    case .over:
      "This link was used already, or is older than an hour. patrold prints a new one when it is started again while there is no user."
    }
  }

  var chinese: String {
    switch self {
    case .login: "登录"
    case .logIn: "登录"
    case .name: "用户名"
    case .password: "密码"
    case .wrong: "用户名或密码不正确。"
    case .wait: "尝试次数过多，请在 {} 秒后重试。"
    case .setup: "首位用户"
    case .setupAbout: "目前还没有任何用户。此处创建大队的首位用户，可查看并更改全部内容；其他用户用 patrolctl user add 添加。"
    case .newPassword: "密码"
    case .passwordAgain: "再次输入密码"
    case .passwordHint: "至少 {} 个字符。由几个词组成的密码比符号更容易记住。"
    case .makeUser: "创建用户并登录"
    case .badName: "用户名只能由字母、数字、点、连字符或下划线组成，最多 64 个字符。"
    case .short: "密码至少需要 {} 个字符。"
    case .long: "密码最多 {} 个字节。"
    case .same: "密码不能与用户名相同。"
    case .repeated: "两次输入的密码不一致。"
    case .over: "此链接已被使用，或已超过一小时。在没有任何用户时重新启动 patrold，会给出新的链接。"
    }
  }
}
