import Foundation
import Glibc
import Rights

/// Asks for a password without showing it.
enum PasswordPrompt {
  /// Its hash, as `PasswordHash.text`.
  static func new(for name: String) throws -> String {
    let isTerminal = isatty(STDIN_FILENO) == 1
    let password = try ask("Password for \(name): ", isTerminal)
    if isTerminal, try ask("Again: ", isTerminal) != password {
      throw Failure.wrongQuestion("the two passwords differ")
    }
    if let fault = PasswordFault(password, of: name) { throw Failure.wrongQuestion("\(fault)") }
    return try PasswordHash(of: password).text
  }

  private static func ask(_ prompt: String, _ isTerminal: Bool) throws -> String {
    var shown = termios()
    if isTerminal {
      Output.complain(prompt)
      guard tcgetattr(STDIN_FILENO, &shown) == 0 else {
        throw Failure.outside("the terminal does not say how it shows what is typed")
      }
      var hidden = shown
      hidden.c_lflag &= ~tcflag_t(ECHO)
      // What was typed ahead was shown.
      guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else {
        throw Failure.outside("the terminal would show what is typed")
      }
    }
    defer {
      if isTerminal {
        tcsetattr(STDIN_FILENO, TCSANOW, &shown)
        Output.complain("\n")
      }
    }
    guard let line = readLine() else {
      throw Failure.wrongQuestion("found nothing; expected a password on standard input")
    }
    return line
  }
}
