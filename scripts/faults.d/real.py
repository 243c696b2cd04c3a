"""Rows with Debian's own gpsd, fed NMEA over UDP."""

import datetime
import os
import signal
import socket
import threading
import time

from bench import Child, Daemon, PassedOver, Row, expect, now_ms, outages, stored

GPSD = "/usr/sbin/gpsd"
PLAN = """\
brigade: {{id: real, name: Real}}
timezone: Asia/Shanghai
day_starts: "06:00"
places: places.geojson
rig: true
squadrons: [{{id: all, name: All, groups: [{{id: all-1, name: All, handhelds: [h-1, h-2]}}]}}]
shifts: [{{id: day, from: "06:00", to: "18:00"}}, {{id: night, from: "18:00", to: "06:00"}}]
duties:
  - {{id: post, group: all-1, places: [post], days: daily, from: "06:00", to: "18:00", every: 60m, stay: 1m}}
handhelds:
  - {{id: h-1, source: "127.0.0.1:{port}:udp://127.0.0.1:{feeds[0]}", model: generic, travel: foot}}
  - {{id: h-2, source: "127.0.0.1:{port}:udp://127.0.0.1:{feeds[1]}", model: generic, travel: foot}}
"""
PLACES = """\
{"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"id": "post", "kind": "point", "name": "Post"},
   "geometry": {"type": "Point", "coordinates": [115.9, 28.7]}}]}
"""


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def sentence(body):
    check = 0
    for byte in body.encode():
        check ^= byte
    return f"${body}*{check:02X}\r\n"


class Feed:
    """Two receivers on foot, a report a second each."""

    def __init__(self, ports):
        self.ports, self.sent, self.ended = ports, [], threading.Event()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.ended.wait(1 - time.time() % 1):
            at = int(time.time())
            clock = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
            north = 40 + (at % 3000) * 0.0007
            place = f"28{north:07.4f},N,11554.0000,E"
            text = sentence(f"GPRMC,{clock:%H%M%S}.00,A,{place},2.5,0.0,{clock:%d%m%y},,,A")
            text += sentence(f"GPGGA,{clock:%H%M%S}.00,{place},1,09,0.9,20.0,M,0.0,M,,")
            for port in self.ports:
                self.socket.sendto(text.encode(), ("127.0.0.1", port))
            self.sent.append(at * 1000)

    def end(self):
        self.ended.set()
        self.thread.join()
        return self.sent


def gpsd(folder, port, feeds):
    """As the one who calls; a gpsd of root's would become somebody else."""
    words = [GPSD, "-N", "-n", "-S", port, "-P", ""] + [f"udp://127.0.0.1:{feed}" for feed in feeds]
    return Child(words, f"{folder}/gpsd.log")


def begin(folder):
    if not os.access(GPSD, os.X_OK):
        raise PassedOver("no gpsd is installed here")
    port = free_port(socket.SOCK_STREAM)
    feeds = [free_port(socket.SOCK_DGRAM) for _ in range(2)]
    os.makedirs(f"{folder}/plan")
    for name, text in ("plan.yaml", PLAN.format(port=port, feeds=feeds)), ("places.geojson", PLACES):
        with open(f"{folder}/plan/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    real = gpsd(folder, port, feeds)
    time.sleep(0.5)
    daemon = Daemon(folder)
    daemon.says("connected to gpsd")
    feed = Feed(feeds)
    time.sleep(8)
    return real, daemon, feed, port, feeds


def end(feed, daemon, gone, back, *said):
    """What was fed while gpsd was gone could reach nobody; all else must be stored."""
    time.sleep(8)
    sent = feed.end()
    time.sleep(2)
    daemon.stop()
    kept = stored(daemon.store)
    spans = outages(daemon.store, "unreachable")
    expect(len(spans) == 2 and all(last for _, _, last in spans), f"outages {spans}")
    # The first second of a device is gpsd's to recognise it in, and one may be on its way when it goes.
    out = {t for t in sent if not gone - 1000 <= t <= back + 2000 and t > sent[0] + 1000}
    lost = sum(len(out - kept.get(name, set())) for name in ("h-1", "h-2"))
    invented = sum(len(times - set(sent)) for times in kept.values())
    row = Row(2 * len(out), sum(len(times & out) for times in kept.values()), lost, invented, "; ".join(said))
    if lost or invented:
        row.wrong = f"{lost} lost, {invented} invented"
    return row


def real_stopped(folder):
    """a real gpsd is stopped (SIGSTOP) for 16 s and continued"""
    real, daemon, feed, _, _ = begin(folder)
    gone = now_ms()
    real.send(signal.SIGSTOP)
    daemon.says("nothing received for 10 s", 15)
    took = (now_ms() - gone) / 1000
    expect(9 <= took <= 12.5, f"declared unreachable after {took:.1f} s")
    time.sleep(max(0, gone / 1000 + 16 - time.time()))
    real.send(signal.SIGCONT)
    daemon.says("connected to gpsd", 25, times=2)
    return end(feed, daemon, gone, now_ms(), f"unreachable after {took:.1f} s", "2 outages")


def real_killed(folder):
    """a real gpsd is killed and started again 4 s later"""
    real, daemon, feed, port, feeds = begin(folder)
    gone = now_ms()
    real.kill()
    daemon.says("not reachable", 5)
    time.sleep(4)
    gpsd(folder, port, feeds)
    daemon.says("connected to gpsd", 25, times=2)
    return end(feed, daemon, gone, now_ms(), "“not reachable”", "2 outages")


ROWS = [real_stopped, real_killed]
