"""What the README promises: every suite of tests/run is named, every room is on the map, every path that is named exists."""
import re
import subprocess

from arrows import RANK


def suites(tree):
    done = subprocess.run([str(tree.root / "tests/run"), "--list"], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().split()


def unnamed_suites(tree):
    readme = tree.text("README.md")
    return [f"README.md:1: the suite `{suite}` of tests/run is not named" for suite in suites(tree) if f"`{suite}`" not in readme]


def unnamed_rooms(tree):
    """Each room's folder name stands in the README's map."""
    readme = tree.text("README.md")
    rooms = [room for room in RANK if not room.endswith(".cpp")]
    return [f"README.md:1: the room {room} is not on the map" for room in rooms
            if not re.search(r"\b" + room.split("/")[1] + r"/", readme)]


def broken_paths(tree):
    """`a/b` in backquotes that looks like a path of this repository must be there."""
    found = []
    for name in ("README.md", "SECURITY.md", "CHANGELOG.md"):
        if name not in tree.files:
            found.append(f"{name}:1: is missing")
            continue
        for path in re.findall(r"`((?:agent|rules|tests|installer|categories)/[\w./-]*)`", tree.text(name)):
            if not (tree.root / path).exists():
                found.append(f"{name}:1: `{path}` is not there")
    return found


CHECKS = [unnamed_suites, unnamed_rooms, broken_paths]
