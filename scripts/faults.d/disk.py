"""Rows of a store that cannot be written, or is not one."""

import errno
import hashlib
import os
import sqlite3
import subprocess
import time

from bench import UNDO, Daemon, Fake, PassedOver, Row, ask, count, expect, finish, preload, stored, until


class Disk:
    """A small disk of its own, in memory."""

    def __init__(self, folder, size="4m"):
        if os.geteuid() != 0:
            raise PassedOver("mounting a small disk takes root")
        self.path = f"{folder}/disk"
        os.makedirs(self.path)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.path]
        if subprocess.run(mount, capture_output=True).returncode != 0:
            raise PassedOver("no tmpfs can be mounted here")
        UNDO.append(self.__exit__)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.path], check=False, capture_output=True)

    def fill(self):
        with open(f"{self.path}/filler", "wb", buffering=0) as file:
            for size in 65536, 4096, 1:
                try:
                    while True:
                        file.write(bytes(size))
                except OSError as error:
                    expect(error.errno == errno.ENOSPC, f"filling the disk: {error}")

    def free(self):
        os.remove(f"{self.path}/filler")

    def remount(self, how):
        subprocess.run(["mount", "-o", f"remount,{how}", self.path], check=True)


def waiting(spill):
    return ask(spill, "SELECT count(*) FROM waiting")[0][0]


def full(folder, spill):
    with Disk(folder) as disk:
        fake = Fake(folder, interval="200ms")
        daemon = Daemon(folder, "--spill", spill(disk), store=f"{disk.path}/s.sqlite")
        daemon.says("ready: 8 of 8")
        time.sleep(3)
        disk.fill()
        daemon.says("the disk is full", 60)
        time.sleep(8)
        yield daemon
        disk.free()
        daemon.says("the store takes again", 45)
        time.sleep(3)
        yield finish(fake, daemon)


def disk_full(folder):
    """the store's disk fills up and is freed again; the spill is elsewhere"""
    run = full(folder, lambda disk: f"{folder}/spill")
    next(run)
    held = waiting(f"{folder}/spill")
    expect(held > 500, f"{held} observations wait in the spill")
    found = next(run)
    run.close()
    expect(waiting(f"{folder}/spill") == 0, "something waits in the spill still")
    return found.sound(f"“cannot store … the disk is full”, {held} waited on the other disk; “the store takes again”")


def disk_full_all(folder):
    """the disk of both the store and the spill fills up and is freed again"""
    run = full(folder, lambda disk: f"{disk.path}/spill")
    daemon = next(run)
    daemon.says("waiting in memory", 1)
    found = next(run)
    run.close()
    return found.sound("“cannot store … the disk is full”, “waiting in memory”; “the store takes again”")


def disk_full_later(folder):
    """the store's disk fills up, unknown handhelds appear, and the daemon is stopped before it is freed"""
    spill = f"{folder}/spill"
    with Disk(folder) as disk:
        store = f"{disk.path}/s.sqlite"
        fake = Fake(folder, "--cue", "refuse 4-7 for 10s", interval="200ms")
        daemon = Daemon(folder, "--spill", spill, store=store)
        daemon.says("ready: 4 of 8")
        time.sleep(2)
        disk.fill()
        daemon.says("the disk is full", 60)
        until(lambda: daemon.said.count("connected to gpsd") >= 8, 40, "the others being reached")
        time.sleep(3)
        sent = fake.quit()
        time.sleep(2)
        expect(daemon.end() == 3, f"stopped with status {daemon.process.returncode}")
        held = waiting(spill)
        disk.free()
        daemon = Daemon(folder, "--spill", spill, store=store, name="patrold-2")
        daemon.says("observations waited in")
        until(lambda: waiting(spill) == 0, 30, "the spill being emptied")
        time.sleep(1)
        daemon.stop()
        found = count(sent, stored(store))
    return found.sound(f"status 3, “{held} observations could not be stored yet; they wait in …”; stored by the next start")


def failing(folder, number, said):
    """Writes to the store fail for 8 s."""
    flag, below = f"{folder}/fails", f"{folder}/s.sqlite"
    env = {"LD_PRELOAD": preload(folder, "failing"), "FAILING": flag, "FAILING_BELOW": below, "FAILING_WITH": str(number)}
    fake = Fake(folder)
    daemon = Daemon(folder, "--spill", f"{folder}/waiting", env=env)
    daemon.says("ready: 8 of 8")
    time.sleep(3)
    open(flag, "w").close()
    daemon.says("cannot store")
    time.sleep(8)
    os.remove(flag)
    daemon.says("the store takes again", 45)
    time.sleep(3)
    found = finish(fake, daemon)
    line = next(line for line in daemon.said.splitlines() if "cannot store" in line)
    told = line.split("cannot store: ")[1].split("; holding")[0].split("sqlite: ")[-1]
    expect(said in line, f"it says “{told}”")
    return found.sound(f"“cannot store: {told}”; “the store takes again”")


def went_read_only(folder):
    """the store's file system goes read-only under the daemon and comes back"""
    return failing(folder, errno.EROFS, "")


def disk_bad(folder):
    """every write to the store's disk fails (EIO) for a while"""
    return failing(folder, errno.EIO, "")


def read_only(folder):
    """the daemon starts on a read-only disk, and again once that is writable"""
    with Disk(folder) as disk:
        fake = Fake(folder)
        store = f"{disk.path}/s.sqlite"
        first = Daemon(folder, "--spill", f"{folder}/spill", store=store, name="patrold-0")
        first.says("ready: 8 of 8")
        time.sleep(2)
        first.stop()
        disk.remount("ro")
        refused = Daemon(folder, "--spill", f"{folder}/spill", store=store, name="patrold-1")
        expect(refused.process.wait(20) == 3, f"status {refused.process.returncode}")
        expect("cannot be written" in refused.said, f"it says “{refused.last_words}”")
        disk.remount("rw")
        daemon = Daemon(folder, "--spill", f"{folder}/spill", store=store, name="patrold-2")
        daemon.says("ready: 8 of 8")
        time.sleep(3)
        found = finish(fake, daemon)
    unheard = sum(map(len, found.lost.values()))
    found.sent, found.lost = found.sent - unheard, {}
    return found.sound("status 3, “cannot be written (read-only file or folder)”; then stores on")


def locked(folder):
    """another program holds the store's write lock for 12 s"""
    fake = Fake(folder)
    daemon = Daemon(folder)
    daemon.says("ready: 8 of 8")
    time.sleep(3)
    other = sqlite3.connect(daemon.store, isolation_level=None, timeout=10)
    other.execute("BEGIN EXCLUSIVE")
    daemon.says("another program", 20)
    time.sleep(6)
    other.execute("ROLLBACK")
    other.close()
    daemon.says("the store takes again", 45)
    time.sleep(2)
    return finish(fake, daemon).sound("“cannot store: … another program … writes to it”; “the store takes again”")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def refusal(folder, spoil, said):
    """Makes a store, spoils it, and checks that a daemon leaves it as it is."""
    fake = Fake(folder, endpoints=1)
    daemon = Daemon(folder, name="patrold-0")
    daemon.says("ready: 1 of 1")
    time.sleep(3)
    daemon.stop()
    spoil(daemon.store)
    before = digest(daemon.store)
    refused = Daemon(folder, name="patrold-1")
    try:
        status = refused.process.wait(15)
    except subprocess.TimeoutExpired:
        expect(False, "the daemon runs on it")
    fake.quit()
    expect(status == 3, f"status {status}: {refused.last_words}")
    expect(said in refused.last_words, f"it says “{refused.last_words}”")
    expect(digest(daemon.store) == before, "the file was changed")
    told = refused.last_words.split("s.sqlite: ")[-1]
    return Row("", "", "", "", f"status 3, “{told}”, the file is untouched")


def overwrite(start, end, with_):
    def spoil(path):
        with open(path, "r+b") as file:
            size = os.path.getsize(path)
            file.seek(start)
            file.write(with_((end or size) - start))

    return spoil


def no_store(folder):
    """the store's file holds noise"""
    return refusal(folder, overwrite(0, None, os.urandom), "not a patrold store")


def damaged_schema(folder):
    """the store's first page is damaged"""
    return refusal(folder, overwrite(100, 4096, os.urandom), "damaged")


def cut_short(folder):
    """the second half of the store is missing"""
    return refusal(folder, lambda path: os.truncate(path, os.path.getsize(path) // 2 // 4096 * 4096), "damaged")


def newer(folder):
    """the store is of a newer version (user_version 99)"""

    def spoil(path):
        base = sqlite3.connect(path)
        base.execute("PRAGMA user_version = 99")
        base.close()

    return refusal(folder, spoil, "a store of version 99")


ROWS = [disk_full, disk_full_all, disk_full_later, went_read_only, disk_bad, read_only, locked]
ROWS += [no_store, damaged_schema, cut_short, newer]
