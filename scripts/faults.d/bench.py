"""What every row needs: a fake gpsd, a daemon, a look into the store, and the count of one against the other."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from dataclasses import dataclass, field

# What is to be undone where all of this is ended half-way.
UNDO = []

BIN = os.environ.get("PATROL_BIN", ".build/release")


class Failed(Exception):
    """What was expected did not come about."""


class PassedOver(Exception):
    """The row cannot be run here."""


def expect(holds, text):
    if not holds:
        raise Failed(text)


def until(question, seconds, what, every=0.05):
    """Asks again and again; returns the first answer that is true."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        expect(time.monotonic() < end, f"{what}: not within {seconds:g} s")
        time.sleep(every)


def now_ms():
    return int(time.time() * 1000)


class Child:
    """A program that ends with this one."""

    def __init__(self, words, log, env=None, stdin=None, stdout=None):
        self.log = log
        self.out = open(log, "ab")
        self.process = subprocess.Popen(
            [str(word) for word in words],
            stdin=stdin,
            stdout=stdout or self.out,
            stderr=self.out,
            env={**os.environ, **(env or {})},
        )
        UNDO.append(self.kill)

    @property
    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def says(self, text, seconds=20, times=1):
        def heard():
            expect(self.process.poll() is None or self.said.count(text) >= times, f"ended without saying “{text}”")
            return self.said.count(text) >= times

        until(heard, seconds, f"saying “{text}”")

    def send(self, number):
        self.process.send_signal(number)

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.process.wait()

    def end(self, seconds=60):
        """Asks it to stop; returns its status."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(seconds)


class Fake(Child):
    """A fake gpsd of so many endpoints with four devices each."""

    def __init__(self, folder, *more, endpoints=8, interval="500ms", name="plan"):
        self.folder = folder
        words = [f"{BIN}/patrolctl", "rig", "fake-gpsd", "--port", 0, "--endpoints", endpoints]
        words += ["--devices", 4, "--interval", interval, "--write-plan", f"{folder}/{name}", "--times", *more]
        super().__init__(words, f"{folder}/fake.log", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.lines = []
        threading.Thread(target=self._listen, daemon=True).start()
        self.ready = until(lambda: self._event("ready"), 20, "fake-gpsd's ready")
        places = f"{folder}/{name}/places.geojson"
        until(lambda: os.path.exists(places) and os.path.getsize(places), 5, "fake-gpsd's plan")
        with open(f"{folder}/{name}/plan.yaml", encoding="utf-8") as plan:
            self.ports = [int(port) for port in re.findall(r"id: h-(\d+)-0,", plan.read())]

    def _listen(self):
        for line in self.process.stdout:
            self.lines.append(json.loads(line))

    def _event(self, kind):
        return next((line for line in self.lines if line["event"] == kind), None)

    def cue(self, *texts):
        for text in texts:
            self.process.stdin.write((text + "\n").encode())
        self.process.stdin.flush()

    def quit(self):
        """Ends it once its clients have read everything; returns what was sent of each handheld."""
        self.quitted = now_ms()
        self.cue("quit")
        self.process.wait(30)
        time.sleep(0.1)
        return {handheld(line): Sent(line) for line in self.lines if line["event"] == "sent"}


def handheld(line):
    number = re.search(r"\d+$", line["device"])
    return f"h-{line['port']}-{number.group()}" if number else f"{line['port']}, no device"


class Sent:
    """Times that left as they are, and times that a fault altered, in milliseconds since 1970."""

    def __init__(self, line):
        runs = ((first, last, step or 1) for first, last, step in line["runs_ms"])
        self.times = {t for first, last, step in runs for t in range(first, last + 1, step)}
        self.altered = set(line["altered_ms"])


class Daemon(Child):
    def __init__(self, folder, *more, plan=None, store=None, env=None, name="patrold"):
        self.store = store or f"{folder}/s.sqlite"
        words = [f"{BIN}/patrold", "--plan", plan or f"{folder}/plan", "--store", self.store]
        words += ["--devices", "devices", *more]
        super().__init__(words, f"{folder}/{name}.log", env=env)

    def stop(self):
        expect(self.end() == 0, f"the daemon ended with status {self.process.returncode}: {self.last_words}")

    @property
    def last_words(self):
        return (self.said.strip().splitlines() or ["nothing"])[-1]


def preload(folder, name):
    """Builds one of the libraries here that make a program's host misbehave; returns where it lies."""
    if not shutil.which("cc"):
        raise PassedOver("no C compiler is here")
    source, library = os.path.join(os.path.dirname(__file__), f"{name}.c"), f"{folder}/{name}.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-o", library, source, "-ldl"], check=True)
    return library


def ask(store, sql, *values):
    """A query to a store, beside whoever writes it."""
    base = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=10)
    try:
        return base.execute(sql, values).fetchall()
    finally:
        base.close()


def stored(store):
    """Times by handheld, in milliseconds since 1970, however they were gated."""
    times = {}
    sql = "SELECT h.id, f.time_ms FROM fix f JOIN handheld h ON h.n = f.handheld WHERE f.time_ms IS NOT NULL"
    for name, at in ask(store, sql):
        times.setdefault(name, set()).add(at)
    return times


@dataclass
class Count:
    """What was sent against what is stored."""

    sent: int = 0
    stored: int = 0
    lost: dict = field(default_factory=dict)
    invented: dict = field(default_factory=dict)
    altered: int = 0

    def row(self, *said):
        lost, invented = (sum(map(len, times.values())) for times in (self.lost, self.invented))
        return Row(self.sent, self.stored, lost, invented, "; ".join(said))

    def sound(self, *said):
        """A row that is right only where nothing is lost and nothing invented."""
        row = self.row(*said)
        if row.sent == 0:
            row.wrong = "nothing was sent"
        elif row.lost or row.invented:
            row.wrong = f"{row.lost} lost, {row.invented} invented"
        return row


@dataclass
class Row:
    sent: int
    stored: int
    lost: int
    invented: int
    said: str
    wrong: str = ""


def count(sent, kept):
    """Compares times of `sent`, by handheld, with those of a store."""
    result = Count()
    for name in sent.keys() | kept.keys():
        out = sent[name].times if name in sent else set()
        altered = sent[name].altered if name in sent else set()
        have = kept.get(name, set())
        result.sent += len(out)
        result.stored += len(have & out)
        result.altered += len(have & altered)
        if out - have:
            result.lost[name] = out - have
        if have - out - altered:
            result.invented[name] = have - out - altered
    return result


def outages(store, kind):
    """Spans in milliseconds, by handheld; open ones end with None."""
    return ask(store, "SELECT handheld, began_ms, ended_ms FROM outage WHERE kind = ? ORDER BY began_ms", kind)


def finish(fake, daemon, rest=2):
    """Ends the fake once it is read, then the daemon; returns the count."""
    sent = fake.quit()
    time.sleep(rest)
    daemon.stop()
    return count(sent, stored(daemon.store))
