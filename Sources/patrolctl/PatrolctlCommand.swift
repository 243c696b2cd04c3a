import ArgumentParser
import Foundation
import Store

@main
struct PatrolctlCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patrolctl",
    abstract: "Checks plans, replays recordings, asks the store, explains gaps, draws up reports.",
    discussion: """
      Exit status: 0 done; 1 the answer is no (a check failed, a rig fell short); 2 the question is wrong (usage, \
      unreadable plan or recording); 3 something outside failed (store, gpsd).
      """,
    version: ProgramIdentity.version,
    subcommands: [
      CheckCommand.self, ReplayCommand.self, GapsCommand.self, WindowsCommand.self,
      FixesCommand.self, StaysCommand.self, PassesCommand.self, AttendanceCommand.self,
      HandheldsCommand.self, OutagesCommand.self, DueCommand.self, TogetherCommand.self,
      ExplainCommand.self,
      EvidenceCommand.self, ExcuseCommand.self, AssignCommand.self, ChangeCommand.self,
      ReportCommand.self, WhatIfCommand.self,
      SealCommand.self, KeyCommand.self, UserCommand.self, TokenCommand.self, HookCommand.self,
      AuditCommand.self,
      PurgeCommand.self, RigCommand.self, StatusCommand.self,
      RecordCommand.self, DoctorCommand.self,
    ])

  static func main() async {
    // `patrolctl fixes | head` is no failure.
    signal(SIGPIPE, SIG_DFL)
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      if let failure = Failure(error) {
        Output.complain("patrolctl: \(failure.text)\n")
        Foundation.exit(failure.status)
      }
      guard exitCode(for: error).rawValue == EX_USAGE else { exit(withError: error) }
      Output.complain((fullMessage(for: error) + "\n"))
      Foundation.exit(2)
    }
  }
}
