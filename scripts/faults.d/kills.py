"""Rows of a daemon that is killed (SIGKILL) again and again."""

import json
import os
import random
import subprocess
import time

import plan
from bench import BIN, Count, Daemon, Fake, ask, count, expect, finish, now_ms, outages, stored, until

COUNT = 5
SPEED = 60
# Of the fleet's clock. People are on duty from 06:00 on, and handhelds have stored all since.
BEGINS = "2026-11-20T08:30:00+08:00"
BEGINS_MS = 1_795_134_600_000


def listed(store, kind, without):
    """What patrolctl lists, but for these columns, in an order of its own."""
    words = [f"{BIN}/patrolctl", kind, "--store", store, "--format", "json"]
    rows = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    return sorted(json.dumps({k: v for k, v in row.items() if k not in without}, sort_keys=True) for row in rows)


class Evening:
    """A rig of 16 handhelds that store and forward, at 60 times the pace of things, with windows of 15 minutes and more."""

    def __init__(self, folder, name, minutes, posts=None):
        more = ["--start", BEGINS, "--speed", SPEED, "--backlog", "3h", "--redeliver"]
        self.name, self.folder = name, f"{folder}/{name}"
        os.makedirs(self.folder)
        self.fake = Fake(self.folder, *more, endpoints=4, interval="10s", name="fleet")
        self.clock = self.fake.ready["clock"]
        self.real = int(self.clock.split("@")[1])
        closes = 9 * 60 + minutes
        self.over = BEGINS_MS + (closes - 8 * 60 - 30 + 5) * 60_000
        # Both evenings' are the first one's: what is heard first depends on the moment.
        self.posts = posts or plan.walks(self.fake)
        plan.write(self.fake, f"{self.folder}/plan", self.posts, "09:00", f"{closes // 60:02}:{closes % 60:02}", "5m", 10)

    @property
    def now(self):
        return BEGINS_MS + (now_ms() - self.real) * SPEED

    def start(self, number):
        return Daemon(self.folder, "--clock", self.clock, name=f"patrold-{number}")

    def end(self, daemon):
        until(lambda: self.now > self.over, 600, "the evening's end", every=0.2)
        daemon.stop()
        self.sent = self.fake.quit()
        return daemon.store


def kills_forwarded(folder):
    """the daemon is killed at random; handhelds store and forward"""
    calm = Evening(folder, "calm", 30 + 3 * COUNT)
    wild = Evening(folder, "wild", 30 + 3 * COUNT, calm.posts)
    undisturbed = calm.start(0)
    chance, times = random.Random(1), 0
    daemon = wild.start(times)
    while times < COUNT:
        time.sleep(chance.uniform(0.1, 4))
        expect(daemon.process.poll() is None, f"the daemon ended by itself: {daemon.last_words}")
        daemon.kill()
        times += 1
        daemon = wild.start(times)
    expect(wild.now < wild.over, "the kills outlasted the evening")
    stores = calm.end(undisturbed), wild.end(daemon)
    down = len(outages(stores[1], "daemon_down"))
    without = {"id", "flagged_at", "revision"}
    gaps = [listed(store, "gaps", without) for store in stores]
    windows = [listed(store, "windows", set()) for store in stores]
    kept = [within(stored(store)) for store in stores]
    found = Count(sent=sum(map(len, kept[0].values())), stored=sum(map(len, kept[1].values())))
    found.lost = {name: kept[0][name] - kept[1].get(name, set()) for name in kept[0]}
    found.invented = {name: kept[1][name] - kept[0].get(name, set()) for name in kept[1]}
    row = found.sound(f"{times} kills, {down} outages; compared with an undisturbed run: {len(gaps[1])} gaps, {len(windows[1])} windows")
    if not gaps[0]:
        row.wrong = "there were no gaps to compare"
    if gaps[0] != gaps[1]:
        row.wrong = f"{len(set(gaps[0]) ^ set(gaps[1]))} gaps differ from those of an undisturbed run"
    elif windows[0] != windows[1]:
        row.wrong = f"{len(set(windows[0]) ^ set(windows[1]))} windows differ from those of an undisturbed run"
    return row


def within(times):
    """From the shift's beginning to the windows' end: before, handhelds delivered by when they were connected to."""
    first, last = BEGINS_MS - 150 * 60_000, BEGINS_MS + (60 + 3 * COUNT) * 60_000
    return {name: {t for t in all_of_it if first <= t < last} for name, all_of_it in times.items()}


def rows(store):
    return set(ask(store, "SELECT row, handheld, received_ms, time_ms, lat_e7, lon_e7 FROM fix"))


def kills_live(folder):
    """the daemon is killed at random; what is not heard is lost"""
    fake = Fake(folder, interval="200ms")
    chance, spans, committed = random.Random(2), [], set()
    daemon = Daemon(folder, name="patrold-0")
    daemon.says("ready: 8 of 8")
    began = now_ms()
    for number in range(1, COUNT + 1):
        time.sleep(chance.uniform(0.5, 4))
        committed |= rows(daemon.store)
        killed = now_ms()
        daemon.kill()
        gone = committed - rows(daemon.store)
        expect(not gone, f"{len(gone)} committed rows are gone after kill {number}")
        daemon = Daemon(folder, name=f"patrold-{number}")
        daemon.says("ready: 8 of 8")
        spans.append((killed, now_ms()))
    time.sleep(3)
    found = finish(fake, daemon)
    expect(not committed - rows(daemon.store), "committed rows are gone")
    # A second is a transaction: what came since the last one goes with the daemon.
    excused = {name: {t for t in lost if t < began or any(a - 2500 <= t <= b + 500 for a, b in spans)} for name, lost in found.lost.items()}
    unheard = sum(map(len, excused.values()))
    found.lost = {name: lost - excused[name] for name, lost in found.lost.items()}
    down = [(a, b) for _, a, b in outages(daemon.store, "daemon_down")]
    for killed, back in spans:
        expect(any(a <= killed + 500 and b and killed < b <= back for a, b in down), "a kill is not on record as an outage")
    found.sent -= unheard
    return found.sound(f"{COUNT} kills, {len(committed)} committed rows all there, an outage for each; {unheard} fixes unheard in them")


ROWS = [kills_forwarded, kills_live]
