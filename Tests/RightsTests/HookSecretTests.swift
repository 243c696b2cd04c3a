import Testing

@testable import Rights

@Suite struct `A webhook's secret` {
  /// The first is the example of Standard Webhooks' own specification; both were worked out by Python's hmac.
  @Test(arguments: [
    (
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330,
      #"{"test": 2432232314}"#, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    ),
    (
      "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "msg_0011", 1_795_800_000,
      #"{"type": "gap.opened", "place": "工商银行"}"#,
      "v1,kbta18hsqE6thK84eINBv/rlMT3hWT3s4T2S00a9sUM="
    ),
  ])
  func `signs`(
    _ text: String, _ id: String, _ timestamp: Int64, _ body: String, _ signature: String
  )
    throws
  {
    let secret = try #require(HookSecret(text))
    #expect(secret.text == text)
    #expect(secret.signature(id: id, timestamp: timestamp, body: body) == signature)
    for other in [
      secret.signature(id: id + "1", timestamp: timestamp, body: body),
      secret.signature(id: id, timestamp: timestamp + 1, body: body),
      secret.signature(id: id, timestamp: timestamp, body: body + " "),
      HookSecret().signature(id: id, timestamp: timestamp, body: body),
    ] {
      #expect(other != signature)
    }
  }

  @Test(arguments: [
    "", "whsec_", "whsec_AAAA", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "whsec_not base64 at all, although it is long enough",
  ])
  func `is not made of`(_ text: String) { #expect(HookSecret(text) == nil) }

  @Test func `names a delivery the same each time, and another's otherwise`() throws {
    let (a, b) = (HookSecret(), HookSecret())
    #expect(a.deliveryID(["x", "1"]) == HookSecret(a.text)?.deliveryID(["x", "1"]))
    #expect(a.deliveryID(["x", "1"]) != a.deliveryID(["x", "2"]))
    #expect(a.deliveryID(["x", "1"]) != b.deliveryID(["x", "1"]))
    #expect(a.deliveryID(["x"]).count == "msg_".count + 32)
  }
}
