"""What every file must keep: its size, its name, and what must not stand in it."""
import re
import shutil
import subprocess

from source_tree import CPP, line_of

SCRIPTS = (".py", ".sh", ".mjs", ".js")
LIMIT = 600
LONGER_FILES = {}    # name: the reason why it is one room with one purpose

NAME = re.compile(r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")
HYPHENATED = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$")
FIXED_NAMES = {"CMakeLists.txt", "CMakePresets.json", "README.md", "FORMAT.md", "LICENSE", "SECURITY.md", "CHANGELOG.md",
               "package-lock.json"}
# Category and policy files are named after ids, which have hyphens; pages for browsers follow the web's habit.
HYPHENS_ALLOWED = ("categories/", "tests/system/", "tests/cases/", "tests/conformance/config/", "tests/fuzz/seeds/",
                   "installer/", "agent/console/assets/")

# Written in two halves, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b")
MACHINE_PATH = re.compile("|".join(["/" + "work/", "/" + "root/", "/" + r"home/[a-z]", "/" + "Users/", "/" + "mnt/"]))
LOCK = re.compile(r"pg_(?:try_)?advisory_(?:xact_)?lock\((\d+)\)")
SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep)\b|(?<![\w.:])sleep\(")


def too_long(tree):
    found = []
    for name in tree.matching(*CPP, *SCRIPTS):
        lines = tree.text(name).count("\n")
        if lines > LIMIT and name not in LONGER_FILES:
            found.append(f"{name}:{LIMIT}: {lines} lines; split it, or give the reason in tests/repo/files.py")
    return found


def badly_named(tree):
    found = []
    for name in tree.files:
        for part in name.split("/"):
            plain = part.removeprefix(".")
            if part in FIXED_NAMES or NAME.match(plain) or part.startswith("."):
                continue
            if HYPHENATED.match(plain) and name.startswith(HYPHENS_ALLOWED):
                continue
            found.append(f"{name}:1: '{part}' is not in snake_case")
    return found


def _lines_with(tree, names, pattern, what):
    found = []
    for name in names:
        if not tree.is_text(name):
            continue
        text = tree.text(name)
        found += [f"{name}:{line_of(text, match.start())}: {what} ({match.group(0).strip()})" for match in pattern.finditer(text)]
    return found


def unfinished_marks(tree):
    return _lines_with(tree, [name for name in tree.files if not name.endswith("package-lock.json")], UNFINISHED,
                       "unfinished: do it, or leave it out")


def machine_paths(tree):
    return _lines_with(tree, tree.files, MACHINE_PATH, "a path of one machine")


def sleeping_tests(tree):
    return _lines_with(tree, tree.matching(*CPP, under="tests/"), SLEEP, "a test that sleeps for luck")


def headers_without_pragma(tree):
    return [f"{name}:1: a header begins with #pragma once and says what it is" for name in tree.matching(".hpp")
            if not re.match(r"#pragma once\n//", tree.text(name))]


def locks_of_two(tree):
    """A lock of PostgreSQL is a number: two who mean different things by it wait for each other."""
    found, known = [], {}
    for name in tree.matching(*CPP, under="agent/"):
        text = tree.text(name)
        for lock in LOCK.finditer(text):
            if lock[1] in known:
                found.append(f"{name}:{line_of(text, lock.start())}: {known[lock[1]]} has the lock {lock[1]} already")
            known[lock[1]] = name
    return found


def unformatted(tree):
    """clang-format's opinion. Without the tool the caller skips this check."""
    names = [name for name in tree.matching(*CPP)]
    if not names:
        return []
    done = subprocess.run(["clang-format", "--dry-run", "--Werror", "--style=file"] + names, cwd=tree.root,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode == 0:
        return []
    wrong = sorted({line.split(":")[0] for line in done.stderr.decode().split("\n") if "clang-format-violations" in line})
    return [f"{name}:1: run clang-format -i" for name in wrong] or [done.stderr.decode()[:500]]


def can_format():
    return shutil.which("clang-format") is not None


CHECKS = [too_long, badly_named, unfinished_marks, machine_paths, sleeping_tests, headers_without_pragma, locks_of_two]
