import Geodesy
import Patrol
import Testing

@testable import Rights

@Suite struct `Secrets` {
  static let cheap = PasswordHash.Cost(ln: 4, r: 8, p: 1)

  @Test func `match what they were made of, and nothing else`() throws {
    let hash = try PasswordHash(of: "correct horse é", cost: Self.cheap)
    let again = try #require(PasswordHash(text: hash.text))
    #expect(again == hash && again.cost == Self.cheap)
    #expect(try again.matches("correct horse é"))
    // As another keyboard writes it.
    #expect(try again.matches("correct horse e\u{301}"))
    for wrong in ["correct horse e", "", "correct horse é ", "Correct horse é"] {
      #expect(try !again.matches(wrong), "\(wrong)")
    }
    // Salted.
    #expect(try PasswordHash(of: "correct horse é", cost: Self.cheap) != hash)
    #expect(try !PasswordHash.decoy(cost: Self.cheap).matches(""))
  }

  /// RFC 7914, 12: "pleaseletmein" with "SodiumChloride" is 16,384 blocks; ours is checked by the library's own tests.
  @Test func `cost at least 32 MiB a guess`() {
    let cost = PasswordHash.Cost.standard
    #expect(128 * cost.r << cost.ln == 32 << 20)
    #expect(cost.p == 3)
  }

  @Test(arguments: [
    "", "$scrypt$", "$scrypt$ln=15,r=8,p=3$AAAA$AAAA", "$argon2id$ln=15,r=8,p=3$a$b",
    "$scrypt$ln=40,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "$scrypt$r=8,ln=15,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "$scrypt$ln=-1,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  ])
  func `are no hashes where they cannot be`(_ text: String) {
    #expect(PasswordHash(text: text) == nil)
  }

  @Test func `are read back, and none is like another`() throws {
    let (a, b) = (Secret(), Secret())
    #expect(a != b && a.hash != b.hash && a.csrf != b.csrf)
    #expect(a.text.count == 43)
    let again = try #require(Secret(a.text))
    #expect(again == a && again.hash == a.hash)
    #expect(a.hash != a.text && a.csrf != a.hash)
    for wrong in [
      "", a.text + "A", String(a.text.dropLast()), a.text.replacing(a.text.prefix(1), with: "+"),
    ] {
      #expect(Secret(wrong) == nil, "\(wrong)")
    }
    #expect(Secret.isEqual(a.hash, a.hash) && !Secret.isEqual(a.hash, b.hash))
    #expect(!Secret.isEqual("", "a") && Secret.isEqual("", ""))
  }

  @Test(
    arguments: [
      ("a-longer-one", nil), ("short", .short), ("", .short), ("wang.wang.wang", .name),
      (String(repeating: "长", count: 100), .long), ("一二三四五六七八九十", nil),
    ] as [(String, PasswordFault?)])
  func `are long enough`(_ password: String, _ fault: PasswordFault?) {
    #expect(PasswordFault(password, of: "wang.wang") == fault)
  }

  @Test(
    arguments: [
      ("Li", "li"), ("li.si-2_x", "li.si-2_x"), ("李四", "李四"), ("", nil), ("a b", nil), ("a/b", nil),
      ("a'--", nil), (String(repeating: "x", count: 65), nil), ("a\u{0}", nil),
    ] as [(String, String?)])
  func `belong to names`(_ typed: String, _ name: String?) { #expect(User.name(typed) == name) }

  /// Minutes since the login, and since the last use.
  @Test(arguments: [
    (0, 0, true), (59, 59, true), (60, 60, false), (719, 1, true), (720, 0, false),
    (700, 61, false),
  ])
  func `of sessions end`(_ age: Int, _ idle: Int, _ isAlive: Bool) {
    let now = Instant(milliseconds: 1_800_000_000_000)
    let session = Session(user: "li", began: now - .minutes(age), used: now - .minutes(idle))
    #expect(session.isAlive(at: now) == isAlive)
  }

  @Test(
    arguments: [
      (.brigade, nil, true), (.brigade, "north", false), (.squadron, nil, false),
      (.squadron, "north", true), (.auditor, "north", false), (.rig, nil, true),
    ] as [(Role.Kind, String?, Bool)])
  func `of roles have a squadron, or none`(_ kind: Role.Kind, _ squadron: String?, _ isOne: Bool) {
    let role = Role(kind, squadron: squadron.map { Squadron.ID($0) })
    #expect((role != nil) == isOne)
    #expect(role.map { $0.kind == kind && $0.squadron?.text == squadron } ?? true)
  }
}
