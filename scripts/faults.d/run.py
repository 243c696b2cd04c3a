"""Runs rows of the table of faults and prints it."""

import argparse
import concurrent.futures
import os
import shutil
import signal
import sys
import tempfile
import textwrap
import traceback

import bench
import clocks
import disk
import kills
import links
import real
from bench import Failed, PassedOver, Row

ROWS = {row.__name__.replace("_", "-"): row for part in (links, real, kills, disk, clocks) for row in part.ROWS}
WIDTHS = (21, 46, 8, 8, 5, 8, 56)
HEAD = ("row", "fault", "sent", "stored", "lost", "invented", "what the daemon said and recorded")


def run(name, folder):
    """A row's cells and verdict."""
    os.makedirs(folder)
    row = ROWS[name]
    try:
        result = row(folder)
        verdict = f"FAILED: {result.wrong}" if result.wrong else "ok"
    except PassedOver as reason:
        return Row("", "", "", "", ""), f"passed over: {reason}"
    except Failed as reason:
        return Row("", "", "", "", ""), f"FAILED: {reason}"
    except Exception as error:  # one row's own mistake must not end the others
        traceback.print_exc()
        return Row("", "", "", "", ""), f"FAILED: {error!r}"
    return result, verdict


def show(cells, verdict):
    columns = [textwrap.wrap(str(cell), width) or [""] for cell, width in zip(cells, WIDTHS)]
    ending = textwrap.wrap(verdict, 40)
    for i in range(max(map(len, [*columns, ending]))):
        parts = [(column[i] if i < len(column) else "") for column in columns]
        numbers = (part.rjust(width) if 2 <= n <= 5 else part.ljust(width) for n, (part, width) in enumerate(zip(parts, WIDTHS)))
        print("  ".join([*numbers, ending[i] if i < len(ending) else ""]).rstrip(), flush=True)


def abandon(*_):
    """Leaves nothing running and nothing mounted."""
    for number in signal.SIGINT, signal.SIGTERM:
        signal.signal(number, signal.SIG_IGN)
    for undo in reversed(bench.UNDO):
        undo()
    os._exit(130)


def main():
    arguments = argparse.ArgumentParser(prog="faults", description="Brings faults about and counts what is lost by them.")
    arguments.add_argument("rows", nargs="*", metavar="ROW")
    arguments.add_argument("--list", action="store_true", help="names the rows")
    arguments.add_argument("--kills", type=int, default=5, metavar="N", help="how often a daemon is killed (5)")
    arguments.add_argument("--at-once", type=int, default=3, metavar="N", help="rows beside each other (3)")
    arguments.add_argument("--keep", metavar="FOLDER", help="what was stored and said stays there")
    given = arguments.parse_args()
    if given.list:
        for name, row in ROWS.items():
            print(f"{name:21} {row.__doc__}")
        return 0
    unknown = [name for name in given.rows if name not in ROWS]
    if unknown:
        arguments.error(f"no row {', '.join(unknown)}; --list names them")
    kills.COUNT = given.kills
    for number in signal.SIGINT, signal.SIGTERM:
        signal.signal(number, abandon)
    folder = os.path.abspath(given.keep or tempfile.mkdtemp(prefix="faults-"))
    names = given.rows or list(ROWS)
    verdicts = []
    show(HEAD, "verdict")
    with concurrent.futures.ThreadPoolExecutor(given.at_once) as pool:
        started = [(name, pool.submit(run, name, f"{folder}/{name}")) for name in names]
        for name, future in started:
            row, verdict = future.result()
            verdicts.append(verdict)
            show((name, ROWS[name].__doc__, row.sent, row.stored, row.lost, row.invented, row.said), verdict)
    for undo in reversed(bench.UNDO):
        undo()
    failed = sum(verdict.startswith("FAILED") for verdict in verdicts)
    passed = sum(verdict.startswith("passed over") for verdict in verdicts)
    print(f"\n{len(verdicts) - failed - passed} ok, {failed} failed, {passed} passed over")
    if given.keep or failed:
        print(f"stores and logs: {folder}")
    else:
        shutil.rmtree(folder)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
