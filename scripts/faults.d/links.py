"""Rows of what can go wrong between a gpsd and the daemon."""

import signal
import time

from bench import Daemon, Fake, ask, count, expect, finish, now_ms, outages, stored, until

STORED = ("--backlog", "5m")
REDELIVERED = ("--backlog", "5m", "--redeliver")


def begin(folder, *more):
    fake = Fake(folder, *more)
    daemon = Daemon(folder)
    daemon.says("ready: 8 of 8")
    time.sleep(2)
    return fake, daemon


def standings(store):
    return dict(ask(store, "SELECT handheld, state FROM liveness"))


def receives(daemon, seconds):
    """Every handheld is received again."""
    until(lambda: set(standings(daemon.store).values()) == {"receiving"}, seconds, "every handheld being received again")


def outage_row(fake, daemon, began, lasted, names):
    """Ends all, and checks that an outage is on record for each of these handhelds, as long as it was and no longer."""
    found = finish(fake, daemon)
    # Those of the fake's own end apart.
    spans = [span for span in outages(daemon.store, "unreachable") if span[1] < fake.quitted]
    expect({name for name, _, _ in spans} == set(names), f"outages of {len({s[0] for s in spans})} handhelds, not {len(names)}")
    for name, start, end in spans:
        expect(end is not None, f"{name}'s outage is open still")
        expect(abs(start - began) < 3000, f"{name}'s outage began {(start - began) / 1000:.1f} s late")
        expect(end - start > lasted * 1000 - 3000, f"{name}'s outage lasts {(end - start) / 1000:.1f} s")
    longest = max(end - start for _, start, end in spans) / 1000
    return found.sound(f"“not reachable”, {len(spans)} outages of up to {longest:.1f} s")


def of(fake, numbers):
    return [f"h-{fake.ports[n]}-{device}" for n in numbers for device in range(4)]


def restart(folder):
    """gpsds die and are started again 8 s later"""
    fake, daemon = begin(folder, *STORED)
    began = now_ms()
    fake.cue("refuse 0-3 for 8s")
    daemon.says("not reachable", times=4)
    time.sleep(8)
    receives(daemon, 20)
    return outage_row(fake, daemon, began, 8, of(fake, range(4)))


def close(folder):
    """gpsd ends every connection in good order"""
    fake, daemon = begin(folder, *STORED)
    began = now_ms()
    fake.cue("close")
    daemon.says("not reachable", times=8)
    receives(daemon, 20)
    return outage_row(fake, daemon, began, 0, of(fake, range(8)))


def reset(folder):
    """connections are reset, unread bytes are lost; handhelds deliver again"""
    fake, daemon = begin(folder, *REDELIVERED)
    for _ in range(3):
        fake.cue("reset")
        time.sleep(3)
    receives(daemon, 20)
    found = finish(fake, daemon)
    return found.sound(f"“not reachable” {daemon.said.count('not reachable')} times")


def declared(daemon, began, number):
    """Seconds until so many gpsds were declared unreachable: ten of silence and what the last poll adds."""
    daemon.says("nothing received for 10 s", times=number)
    took = (now_ms() - began) / 1000
    expect(9 <= took <= 12.5, f"declared unreachable after {took:.1f} s")
    return took


def hang(folder):
    """gpsds hang for 18 s: nothing answered, nothing sent, no end"""
    fake, daemon = begin(folder, *STORED)
    began = now_ms()
    fake.cue("hang 0-3 for 18s")
    took = declared(daemon, began, 4)
    time.sleep(max(0, began / 1000 + 18 - time.time()))
    receives(daemon, 20)
    row = outage_row(fake, daemon, began + took * 1000, 18 - took, of(fake, range(4)))
    row.said = f"unreachable after {took:.1f} s; " + row.said
    return row


def frozen(folder):
    """the host of all gpsds freezes for 16 s: connections stay half open"""
    fake, daemon = begin(folder, *REDELIVERED)
    began = now_ms()
    fake.send(signal.SIGSTOP)
    took = declared(daemon, began, 8)
    time.sleep(max(0, began / 1000 + 16 - time.time()))
    fake.send(signal.SIGCONT)
    receives(daemon, 25)
    row = outage_row(fake, daemon, began + took * 1000, 16 - took, of(fake, range(8)))
    row.said = f"unreachable after {took:.1f} s; " + row.said
    return row


def undisturbed(fake, daemon, said, *checks):
    """A fault of the bytes alone: no link is lost by it."""
    expect(said is None or said in daemon.said, f"the daemon did not say “{said}”")
    expect("not reachable" not in daemon.said, "a gpsd was declared unreachable")
    found = finish(fake, daemon)
    links = ask(daemon.store, "SELECT sum(lines), sum(malformed) FROM link")[0]
    for check in checks:
        check(links)
    return found.sound(f"“{said}”" if said else "nothing", f"{links[1]} of {links[0]} lines unreadable")


def counted(links):
    expect(links[1] >= 8, f"{links[1]} lines counted as malformed")


def garbage(folder):
    """lines of brackets, quotes, NULs and no UTF-8 between reports"""
    fake, daemon = begin(folder)
    fake.cue("garbage for 6s")
    time.sleep(8)
    return undisturbed(fake, daemon, "unreadable line", counted)


def overlong(folder):
    """lines of 64 KiB and more between reports"""
    fake, daemon = begin(folder)
    fake.cue("overlong bytes 66000 for 4s")
    time.sleep(5)
    fake.cue("overlong bytes 3000000 0-1 for 2s")
    time.sleep(4)
    return undisturbed(fake, daemon, "line longer than", counted)


def split(folder):
    """every byte comes in a write of its own"""
    fake, daemon = begin(folder)
    fake.cue("split for 6s")
    time.sleep(8)

    def clean(links):
        expect(links[1] == 0, f"{links[1]} lines counted as malformed")

    return undisturbed(fake, daemon, None, clean)


def half(folder):
    """connections end in the middle of a report"""
    fake, daemon = begin(folder, *STORED)
    for _ in range(3):
        fake.cue("half")
        time.sleep(3)
    receives(daemon, 20)
    found = finish(fake, daemon)
    expect(daemon.said.count("not reachable") >= 8, "the ends were not told")
    return found.sound(f"“not reachable” {daemon.said.count('not reachable')} times")


def unwatched(folder):
    """WATCH is answered with "enable":false"""
    fake = Fake(folder, *STORED, "--cue", "unwatched 0-3 for 8s")
    daemon = Daemon(folder)
    daemon.says("gpsd did not turn on JSON reports", times=4)
    time.sleep(8)
    receives(daemon, 25)
    return finish(fake, daemon).sound("“gpsd did not turn on JSON reports”")


def full(folder):
    """gpsd's client slots are taken: it ends connections at once"""
    fake = Fake(folder, *STORED, "--cue", "full 0-3 for 8s")
    daemon = Daemon(folder)
    daemon.says("all its client slots may be taken", times=4)
    time.sleep(8)
    receives(daemon, 25)
    return finish(fake, daemon).sound("“all its client slots may be taken”")


def freed(folder):
    """gpsd frees devices without a word, and has them back later"""
    fake, daemon = begin(folder)
    fake.cue("freed 0-3 devices 0 for 20s")
    daemon.says("gpsd does not list the device of", times=4)
    names = sorted(f"h-{port}-0" for port in fake.ports[:4])
    sql = "SELECT handheld, detail FROM liveness WHERE state = 'silent' ORDER BY handheld"
    silent = until(lambda: [r for r in [ask(daemon.store, sql)] if len(r) == 4], 20, "four standing as silent")[0]
    expect(silent == [(name, "gpsd does not list its device") for name in names], f"silent are {silent}")
    daemon.says("lists the device of", times=4)
    receives(daemon, 15)
    return finish(fake, daemon).sound("“gpsd does not list the device of”, silent; “lists … again”")


def repeated(folder):
    """every report comes three times, and old ones come again"""
    fake, daemon = begin(folder)
    fake.cue("repeated times 3 for 5s", "backstep by 10s for 5s")
    time.sleep(7)
    return undisturbed(fake, daemon, None)


def gates(store):
    return dict(ask(store, "SELECT coalesce(gate, ''), count(*) FROM fix GROUP BY 1"))


def altered(folder, cue, gate):
    """Reports that are wrong in themselves: kept, under the gate's name, and none of the others with them."""
    fake, daemon = begin(folder)
    fake.cue(cue)
    time.sleep(7)
    sent = fake.quit()
    time.sleep(2)
    daemon.stop()
    wrong = sum(len(s.altered) for s in sent.values())
    found = gates(daemon.store)
    expect(wrong > 20, f"{wrong} were altered")
    expect(found.get(gate) == wrong, f"{found.get(gate, 0)} of {wrong} fixes under the gate {gate}: {found}")
    expect(set(found) == {"", gate}, f"gates {found}")
    return count(sent, stored(daemon.store)).sound(f"{wrong} fixes kept under the gate {gate}")


def rollover(folder):
    """receivers fall back 1024 weeks"""
    return altered(folder, "jump 0-3 devices 0 by -1024w for 5s", "clock")


def ahead(folder):
    """receivers' clocks are an hour ahead"""
    return altered(folder, "jump 0-3 devices 0 by 1h for 5s", "clock")


def null_island(folder):
    """receivers report 0°, 0°"""
    return altered(folder, "nullisland 0-3 devices 0 for 5s", "null_island")


def early(folder):
    """handhelds deliver what they stored in shifts before the daemon's first start"""
    fake = Fake(folder, "--backlog", "30h", endpoints=2, interval="30s")
    daemon = Daemon(folder)
    daemon.says("ready: 2 of 2")
    time.sleep(6)
    return finish(fake, daemon).sound("stored, judged by nobody")


def anonymous(folder):
    """reports that name no device, of gpsds with several"""
    fake, daemon = begin(folder)
    fake.cue("anonymous 0-3 devices 0 for 5s")
    time.sleep(7)
    found = finish(fake, daemon)
    passed = ask(daemon.store, "SELECT sum(unassigned) FROM link")[0][0]
    expect("(no device named)" in daemon.said and passed > 20, f"{passed} reports passed over")
    return found.sound(f"“no handheld's of the plan; passed over”: {passed}, given to nobody")


ROWS = [restart, close, reset, hang, frozen, garbage, half, overlong, split, unwatched, full, freed]
ROWS += [repeated, rollover, ahead, null_island, anonymous, early]
