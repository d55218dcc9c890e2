"""squidGuard as a competitor of row 1: the same lists in its own databases, asked over its redirector protocol."""

import os
import shutil
import subprocess
import time

from measuring import Skip

ROUNDS = 3


class SquidGuard:
    def __init__(self, folder, manifest):
        self.program = shutil.which("squidGuard")
        if not self.program:
            raise Skip("squidguard is not installed")
        self.folder, self.config = folder, os.path.join(folder, "squidGuard.conf")
        os.makedirs(folder, exist_ok=True)
        with open(manifest) as file:
            lists = [line.rstrip("\n").split("\t") for line in file]
        names = []
        for number, (_, _, path) in enumerate(lists):
            names.append(f"list{number}")
            shutil.copy(path, os.path.join(folder, names[-1]))
        with open(self.config, "w") as file:
            file.write(f"dbhome {folder}\nlogdir {folder}\n")
            file.writelines(f"dest {name} {{\n  domainlist {name}\n}}\n" for name in names)
            denied = " ".join("!" + name for name in names)
            file.write(f"acl {{\n  default {{\n    pass {denied} all\n    redirect http://localhost/\n  }}\n}}\n")

    def build(self, seconds):
        """Seconds that its compiler takes."""
        begin = time.monotonic()
        try:
            done = subprocess.run([self.program, "-c", self.config, "-C", "all"], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            raise Skip(f"its databases were not built after {seconds} s") from None
        if done.returncode != 0:
            raise Skip(f"its compiler ended with {done.returncode}")
        return time.monotonic() - begin

    def bytes_on_disk(self):
        return sum(os.path.getsize(os.path.join(self.folder, name)) for name in os.listdir(self.folder) if name.endswith(".db"))

    def nanoseconds(self, hosts, echo):
        """Of one URL, less what a redirector takes that answers every line and decides nothing."""
        with open(hosts) as file:
            lines = [f"http://{host.strip()}/ 10.0.0.1/- - GET\n" for host in file][:50_000]
        asked, one = os.path.join(self.folder, "asked"), os.path.join(self.folder, "one")
        for path, some in ((asked, lines), (one, lines[:1])):
            with open(path, "w") as file:
                file.writelines(some)
        own = [self.program, "-c", self.config]
        whole = fastest(own, asked) - fastest(own, one)
        return (whole - (fastest(echo, asked) - fastest(echo, one))) / len(lines) * 1e9


def fastest(command, asked):
    best = float("inf")
    for _ in range(ROUNDS):
        with open(asked) as file:
            begin = time.monotonic()
            subprocess.run(command, stdin=file, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300, check=False)
            best = min(best, time.monotonic() - begin)
    return best
