"""Rows of a host whose clock is set under the daemon."""

import datetime
import os
import re
import struct
import time

from bench import Daemon, Fake, ask, count, expect, finish, now_ms, outages, preload, stored

HOUR = 3600
WEEKS = 1024 * 7 * 24 * HOUR


class HostClock:
    """The clock of one program, off by so many seconds."""

    def __init__(self, folder, seconds=0):
        self.file = f"{folder}/clock"
        self.set(seconds)
        self.env = {"LD_PRELOAD": preload(folder, "clock"), "CLOCK_OFF": self.file}

    def set(self, seconds):
        # In place: the program has it mapped.
        with open(self.file, "r+b" if os.path.exists(self.file) else "wb", buffering=0) as file:
            file.write(struct.pack("q", seconds))


def owe(folder, name="plan", every="60m"):
    """A window that opened 20 minutes ago and asks for somebody in 40 minutes: until then there can be no gap. Or every so
    often: then gaps are open all along."""
    local = datetime.datetime.now(datetime.timezone.utc)
    east = 12 - local.hour
    opened = local + datetime.timedelta(hours=east, minutes=-20)
    with open(f"{folder}/{name}/plan.yaml", encoding="utf-8") as file:
        text = file.read()
    text = text.replace("Asia/Shanghai", f"Etc/GMT{-east:+d}" if east else "Etc/UTC")
    text = re.sub(r'daily, from: "06:00"', f'daily, from: "{opened:%H:%M}"', text)
    text = re.sub(r"every: \d+m}", f"every: {every}}}", text)
    with open(f"{folder}/{name}/plan.yaml", "w", encoding="utf-8") as file:
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
    down = outages(daemon.store, "daemon_down")
    if len(down) > 1:
        row.wrong = f"outages of the daemon: {down}"
    row.said += f"; received at most {worst / 1000:.1f} s after; none gated, no gap"
    return row


def stepped(folder, seconds, *said):
    fake = Fake(folder)
    owe(folder)
    clock = HostClock(folder)
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
    """the host's clock is set an hour on, and right 10 s later"""
    return stepped(folder, HOUR, "the host's clock was set", "s on; going on by the steady clock")


def clock_back(folder):
    """the host's clock is set an hour back, and right 10 s later"""
    return stepped(folder, -HOUR, "the host's clock was set", "s back; going on by the steady clock")


def clock_weeks_on(folder):
    """the host's clock is set 1024 weeks on, and right 10 s later"""
    return stepped(folder, WEEKS, "(1024 weeks) on")


def clock_weeks_back(folder):
    """the host's clock is set 1024 weeks back, and right 10 s later"""
    return stepped(folder, -WEEKS, "(1024 weeks) back")


def mended(folder, seconds, said, before=None, every="60m"):
    """Starts off by so many seconds, and is set right. Until then receivers cannot be believed: they agree with nobody."""
    fake = Fake(folder)
    owe(folder, every=every)
    clock = HostClock(folder, seconds)
    daemon = Daemon(folder, env=clock.env)
    daemon.says("ready: 8 of 8")
    time.sleep(6)
    clock.set(0)
    set_right = now_ms()
    daemon.says(said, 8)
    time.sleep(8)
    sent = {**fake.quit(), **(before or {})}
    time.sleep(2)
    daemon.stop()
    row = count(sent, stored(daemon.store)).sound(f"“{said}”")
    for gate, number, last in ask(daemon.store, "SELECT gate, count(*), max(time_ms) FROM fix WHERE gate IS NOT NULL GROUP BY 1"):
        row.said += f"; {number} gated as {gate}, all before"
        expect(gate == "clock" and last < set_right + 2000, f"gated {gate} {(last - set_right) / 1000:.1f} s after the clock was right")
    expect("stood still" not in daemon.said, "the loop is said to have stood still")
    usable = ask(daemon.store, "SELECT count(*) FROM fix WHERE gate IS NULL AND time_ms > ?", set_right + 2000)[0][0]
    expect(usable > 200, f"{usable} fixes are usable after")
    return row, daemon


def clock_mended(folder):
    """the daemon starts on a clock an hour slow, which is set right 6 s later"""
    row, daemon = mended(folder, -HOUR, "as the host and its receivers have it")
    gaps = ask(daemon.store, "SELECT count(*) FROM gap")[0][0]
    expect(gaps == 0, f"{gaps} gaps were opened")
    hour = any(b - a > 3_000_000 for _, a, b in outages(daemon.store, "daemon_down") if b)
    expect(hour, "no outage over the hour that never was")
    return row


def clock_mended_fast(folder):
    """the daemon starts on a clock an hour fast, which is set right 6 s later, while gaps are open"""
    return mended(folder, HOUR, "as the host and its receivers have it", every="1m")[0]


def clock_unset(folder):
    """the daemon's first start is on a clock 1024 weeks slow"""
    fake = Fake(folder)
    clock = HostClock(folder, -WEEKS)
    refused = Daemon(folder, env=clock.env, name="patrold-0")
    expect(refused.process.wait(15) == 3, f"status {refused.process.returncode}")
    expect("the host's clock is not set" in refused.said, f"it says “{refused.last_words}”")
    expect(not os.path.exists(refused.store), "it has begun a store")
    clock.set(0)
    daemon = Daemon(folder, env=clock.env)
    daemon.says("ready: 8 of 8")
    time.sleep(3)
    return finish(fake, daemon).sound("status 3, “the host's clock is not set: it is 2007-…”, no store is begun; then stores")


def clock_mended_weeks(folder):
    """a later start is on a clock 1024 weeks slow, which is set right 6 s later"""
    fake = Fake(folder, endpoints=1, name="other")
    owe(folder, "other")
    first = Daemon(folder, plan=f"{folder}/other", name="patrold-0")
    first.says("ready: 1 of 1")
    time.sleep(2)
    before = fake.quit()
    time.sleep(1)
    first.stop()
    row, daemon = mended(folder, -WEEKS, "as the host and its receivers have it", before)
    gaps = ask(daemon.store, "SELECT count(*) FROM gap")[0][0]
    expect(gaps == 0, f"{gaps} gaps were opened")
    windows = ask(daemon.store, "SELECT count(*) FROM duty_window")[0][0]
    expect(windows <= 2, f"{windows} windows were judged")
    return row


ROWS = [clock_on, clock_back, clock_weeks_on, clock_weeks_back, clock_mended, clock_mended_fast, clock_unset, clock_mended_weeks]
