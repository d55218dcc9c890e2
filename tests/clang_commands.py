#!/usr/bin/env python3
"""Writes compile_commands.json as clang-tidy can read it: tests/clang_commands.py BUILD-FOLDER OUT-FOLDER

The build is GCC's. Clang knows neither some of its warnings nor its precompiled headers: those are left out, and a copy of
the header's source, without a compiled one beside it, takes their place."""
import json
import os
import re
import shutil
import sys

UNKNOWN_TO_CLANG = re.compile(r" -W(no-restrict|no-stringop-overflow|no-mismatched-new-delete|invalid-pch)\b")
PRECOMPILED = re.compile(r" -include (\S+/cmake_pch\.hxx)")


def main():
    build, out = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)

    def copied(match):
        name = os.path.join(os.path.abspath(out), re.sub(r"[^a-z0-9]+", "_", os.path.relpath(match.group(1), build)) + ".hxx")
        shutil.copyfile(match.group(1), name)
        return " -include " + name

    for entry in commands:
        entry["command"] = PRECOMPILED.sub(copied, UNKNOWN_TO_CLANG.sub("", entry["command"]))
    with open(os.path.join(out, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(commands, file)


if __name__ == "__main__":
    main()
