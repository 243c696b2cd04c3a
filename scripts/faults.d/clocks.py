"""Rows of a host whose clock is set under the daemon (Debian's libfaketime; CLOCK_BOOTTIME is left alone)."""

import datetime
import glob
import os
import re
import time

from bench import Daemon, Fake, PassedOver, ask, count, expect, now_ms, outages, stored

LIBRARY = "/usr/lib/*/faketime/libfaketimeMT.so.1"
HOUR = 3600
WEEKS = 1024 * 7 * 24 * HOUR


class FakeTime:
    """The clock of one program, set by so many seconds."""

    def __init__(self, folder, seconds=0):
        found = glob.glob(LIBRARY)
        if not found:
            raise PassedOver("no libfaketime is installed here")
        self.file = f"{folder}/clock"
        self.set(seconds)
        self.env = {
            "LD_PRELOAD": found[0],
            "FAKETIME_TIMESTAMP_FILE": self.file,
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, seconds):
        with open(self.file + "-", "w", encoding="ascii") as file:
            file.write(f"{seconds:+d}")
        os.rename(self.file + "-", self.file)


def owe(folder):
    """A window that opened 20 minutes ago and asks for somebody in 40 minutes: until then there can be no gap."""
    local = datetime.datetime.now(datetime.timezone.utc)
    east = 12 - local.hour
    opened = local + datetime.timedelta(hours=east, minutes=-20)
    with open(f"{folder}/plan/plan.yaml", encoding="utf-8") as file:
        text = file.read()
    text = text.replace("Asia/Shanghai", f"Etc/GMT{-east:+d}" if east else "Etc/UTC")
    text = re.sub(r'daily, from: "06:00"', f'daily, from: "{opened:%H:%M}"', text)
    with open(f"{folder}/plan/plan.yaml", "w", encoding="utf-8") as file:
        file.write(text)


def judge(fake, daemon, said):
    for text in said:
        expect(text in daemon.said, f"the daemon did not say “{text}”")
    sent = fake.quit()
    time.sleep(2)
    daemon.stop()
    row = count(sent, stored(daemon.store)).sound(*(f"“{text}”" for text in said))
    worst = ask(daemon.store, "SELECT max(abs(received_ms - time_ms)) FROM fix")[0][0]
    gated = dict(ask(daemon.store, "SELECT gate, count(*) FROM fix WHERE gate IS NOT NULL GROUP BY 1"))
    gaps = ask(daemon.store, "SELECT count(*) FROM gap")[0][0]
    if worst > 3000:
        row.wrong = f"received {worst / 1000:.1f} s off the fixes' own times"
    if gated:
        row.wrong = f"gated: {gated}"
    if gaps:
        row.wrong = f"{gaps} gaps were opened"
    row.said += f"; received at most {worst / 1000:.1f} s after; none gated, no gap"
    return row


def stepped(folder, seconds, *said):
    fake = Fake(folder)
    owe(folder)
    clock = FakeTime(folder)
    daemon = Daemon(folder, env=clock.env)
    daemon.says("ready: 8 of 8")
    time.sleep(4)
    clock.set(seconds)
    daemon.says("the host's clock was set", 5)
    time.sleep(10)
    clock.set(0)
    daemon.says("the host's clock agrees again", 5)
    time.sleep(3)
    return judge(fake, daemon, said)


def clock_on(folder):
    """the host's clock is set an hour on, and back 10 s later"""
    return stepped(folder, HOUR, "the host's clock was set 3")


def clock_back(folder):
    """the host's clock is set an hour back, and right 10 s later"""
    return stepped(folder, -HOUR, "the host's clock was set 3")


def clock_weeks_on(folder):
    """the host's clock is set 1024 weeks on, and right 10 s later"""
    return stepped(folder, WEEKS, "(1024 weeks) on")


def clock_weeks_back(folder):
    """the host's clock is set 1024 weeks back, and right 10 s later"""
    return stepped(folder, -WEEKS, "(1024 weeks) back")


def clock_mended(folder):
    """the daemon starts on a clock an hour slow, which is set right 6 s later"""
    fake = Fake(folder)
    owe(folder)
    clock = FakeTime(folder, -HOUR)
    daemon = Daemon(folder, env=clock.env)
    daemon.says("ready: 8 of 8")
    time.sleep(6)
    clock.set(0)
    set_right = now_ms()
    daemon.says("the clock went 3", 8)
    time.sleep(6)
    sent = fake.quit()
    time.sleep(2)
    daemon.stop()
    found = count(sent, stored(daemon.store))
    gated = ask(daemon.store, "SELECT gate, count(*), max(time_ms) FROM fix WHERE gate IS NOT NULL GROUP BY 1")
    row = found.sound(f"“the clock went 3600 s on, as the host and its receivers have it”; gated before it was right: {gated and gated[0][1]}")
    for gate, _, last in gated:
        expect(gate == "clock" and last < set_right + 2000, f"gated {gate}, {(last - set_right) / 1000:.1f} s after the clock was right")
    expect(ask(daemon.store, "SELECT count(*) FROM fix WHERE gate IS NULL")[0][0] > 200, "nothing is usable after")
    gaps = ask(daemon.store, "SELECT count(*) FROM gap")[0][0]
    expect(gaps == 0, f"{gaps} gaps were opened")
    expect(any(b - a > 3_000_000 for _, a, b in outages(daemon.store, "daemon_down") if b), "no outage over the hour that never was")
    return row


ROWS = [clock_on, clock_back, clock_weeks_on, clock_weeks_back, clock_mended]
