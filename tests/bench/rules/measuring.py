"""Runs the measuring program and its competitors, and keeps what they say."""

import json
import os
import resource
import subprocess
import sys

MOST_BYTES = 12 << 30  # of address space, of any program that is measured


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


class Skip(Exception):
    """Why something cannot be measured here."""


class Bench:
    def __init__(self, program, data, out):
        self.program, self.data = program, data
        self.out = open(out, "w") if out else None
        self.rows = []
        self.kept = {}

    def call(self, *arguments, seconds=900):
        """One row of the measuring program."""
        return run_json([self.program, *map(str, arguments)], seconds)

    def once(self, name, make):
        """What more than one row needs."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    def note(self, row, what, figure, bar=None, met=None, unit="", others=None, result=False, remark=""):
        """One line of the table.
        bar     what is asked for, in words; met: whether it is; result: a bar on what was answered, not on time
        others  alternatives on the same data: name -> figure, or name -> why there is none"""
        line = {"row": row, "what": what, "figure": figure, "unit": unit, "bar": bar, "met": met, "result": result,
                "others": others or {}, "remark": remark}
        self.rows.append(line)
        if self.out:
            self.out.write(json.dumps(line) + "\n")
            self.out.flush()
        say(f"{row}  {what}: {show(figure)} {unit}")


def say(text):
    print(text, file=sys.stderr, flush=True)


def run_json(command, seconds, cwd=None):
    """The JSON line that a command prints. Raises Skip with the reason when it prints none in time."""
    name = " ".join(os.path.basename(part) for part in command[:3])
    try:
        done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=seconds,
                              preexec_fn=None if "node" in command[0] else limit_memory, check=False)
    except subprocess.TimeoutExpired:
        raise Skip(f"not ready after {seconds} s") from None
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().split("\n")[-1][:120]
        raise Skip(f"{name} ended with {done.returncode}: {reason}")
    return json.loads(done.stdout)


def attempt(name, measure, others):
    """The figure of a competitor, or the reason why there is none."""
    try:
        return measure()
    except Skip as skip:
        say(f"*** SKIPPED {name}: {skip} ***")
        others[name] = str(skip)
        return None


def show(value):
    if isinstance(value, str) or value is None:
        return value or "–"
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def table(rows):
    print("| row | what | bar | Fairlead | | others (times ours) |\n| ---: | --- | --- | ---: | --- | --- |")
    for line in rows:
        verdict = {True: "met", False: "**NOT met**", None: ""}[line["met"]]
        others = "; ".join(cell(name, value, line["figure"]) for name, value in line["others"].items())
        print(f"| {line['row']} | {line['what']} | {line['bar'] or ''} | {show(line['figure'])} {line['unit']} | {verdict} | {others} |")
    print()
    for line in rows:
        if line["remark"]:
            print(f"- row {line['row']}, {line['what']}: {line['remark']}")


def cell(name, value, own):
    if isinstance(value, str):
        return f"{name}: {value}"
    if isinstance(own, str) or not own:
        return f"{name} {show(value)}"
    return f"{name} {show(value)} ({value / own:.1f}x)"
