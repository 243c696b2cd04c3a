internal import Patrol
internal import Rights

/// The pages for whoever is not logged in. They fetch nothing from elsewhere, and work without scripts.
struct LoginPage {
  enum Fault: Hashable {
    case wrong
    case wait(seconds: Int)
    case name, short, long, same, repeated, over
  }

  let language: Language
  let fault: Fault?

  private func text(_ key: LoginTextKey, _ number: Int? = nil) -> String {
    let text = language == .chinese ? key.chinese : key.english
    return LandingPage.escaped(number.map { text.replacing("{}", with: "\($0)") } ?? text)
  }

  private var alert: String {
    let said: String? =
      switch fault {
      case .wrong: text(.wrong)
      case .wait(let seconds): text(.wait, seconds)
      case .name: text(.badName)
      case .short: text(.short, PasswordFault.shortest)
      case .long: text(.long, PasswordHash.longest)
      case .same: text(.same)
      case .repeated: text(.repeated)
      case .over: text(.over)
      case nil: nil
      }
    return said.map { "<p class=\"fault\" role=\"alert\">\($0)</p>" } ?? ""
  }

  private func page(_ title: LoginTextKey, _ body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="\(language.rawValue)"><head><meta charset="utf-8"><title>\(text(title)) · patrold</title>
    <meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,"><link rel="stylesheet" href="/login.css"></head>
    <body><main><h1>\(text(title))</h1>
    \(alert)
    \(body)
    </main></body></html>

    """
  }

  func login(next: String) -> String {
    page(
      .login,
      """
      <form method="post" action="/login">
      <input type="hidden" name="next" value="\(LandingPage.escaped(next))">
      \(field("name", .name, "text", "username", isFirst: true))
      \(field("password", .password, "password", "current-password"))
      <button>\(text(.logIn))</button>
      </form>
      """)
  }

  func setup(key: String) -> String {
    page(
      .setup,
      """
      <p>\(text(.setupAbout))</p>
      <form method="post" action="/setup">
      <input type="hidden" name="key" value="\(LandingPage.escaped(key))">
      \(field("name", .name, "text", "username", isFirst: true))
      \(field("password", .newPassword, "password", "new-password"))
      <p class="hint" id="hint">\(text(.passwordHint, PasswordFault.shortest))</p>
      \(field("repeated", .passwordAgain, "password", "new-password"))
      <button>\(text(.makeUser))</button>
      </form>
      """)
  }

  /// Of a link that is over.
  var notice: String { page(.setup, "") }

  private func field(
    _ name: String, _ label: LoginTextKey, _ type: String, _ fills: String, isFirst: Bool = false
  ) -> String {
    """
    <label for="\(name)">\(text(label))</label>
    <input id="\(name)" name="\(name)" type="\(type)" autocomplete="\(fills)" required\(isFirst ? " autofocus" : "") autocapitalize="none" spellcheck="false" maxlength="\(PasswordHash.longest)">
    """
  }

  static let style = """
    :root { color-scheme: light dark; --ink: #1b1f24; --paper: #f5f6f7; --card: #fff; --line: #8a929b; --act: #0b57a4;
      --on-act: #fff; --fault: #a3130b; --fault-paper: #fdeceb; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --paper: #14171a; --card: #1e2226; --line: #7d858e;
      --act: #7ab8f5; --on-act: #0a1a2a; --fault: #ffb4ab; --fault-paper: #40120e; } }
    * { box-sizing: border-box; }
    body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--paper);
      color: var(--ink); font: 16px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
    main { width: 100%; max-width: 400px; background: var(--card); padding: 28px; border: 1px solid var(--line);
      border-radius: 8px; }
    h1 { font-size: 22px; margin: 0 0 12px; }
    label { display: block; margin: 16px 0 4px; font-weight: 600; }
    input { width: 100%; font: inherit; padding: 10px 12px; color: inherit; background: var(--card);
      border: 1px solid var(--line); border-radius: 6px; }
    button { width: 100%; margin-top: 24px; font: inherit; font-weight: 600; padding: 12px; border: 0;
      border-radius: 6px; background: var(--act); color: var(--on-act); cursor: pointer; }
    input:focus-visible, button:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
    .fault { margin: 0; padding: 10px 12px; border-radius: 6px; background: var(--fault-paper); color: var(--fault); }
    .hint { margin: 6px 0 0; font-size: 14px; }

    """
}
