#!/usr/bin/env python3
"""Kills the agent again and again under blocked traffic, and looks into its event store as killlog.py looks into a log.

killlog.py reads a text log; the agent's events are in a database. So this program lends killlog.py two things:
  - before every restart, `fairlead events verify` must find the chain of events whole;
  - the "log" is a fresh `fairlead events export --format jsonl`, made at the moment killlog.py reads it.
Options that are not ours go to killlog.py (--rounds N, --sync, --seed N). Needs root: the network is its own.
The last line is "N passed, N failed"."""
import argparse
import os
import subprocess
import sys
import tempfile


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runners", required=True, help="folder of killlog.py and httpconf.py")
    parser.add_argument("--agent", required=True)
    parser.add_argument("--state", required=True)
    parser.add_argument("--addr", required=True)
    parser.add_argument("--cmd", required=True)
    return parser.parse_known_args()


def enter_namespace():
    """The runners re-execute themselves in an own network; that would lose what is lent to them, so it is done here."""
    if os.environ.get("HTTPCONF_NS") == "1":
        return
    os.environ["HTTPCONF_NS"] = "1"
    os.environ["HTTPCONF_TMP"] = tempfile.mkdtemp(prefix="kills.")
    unshare = ["unshare"] + ([] if os.geteuid() == 0 else ["-r"]) + ["-n", "-m"]
    os.execvp(unshare[0], unshare + [sys.executable, os.path.abspath(__file__)] + sys.argv[1:])


class Store:
    """The agent's event store, asked through the agent's own commands."""

    def __init__(self, agent, state):
        self.agent, self.state, self.verified, self.broken = agent, state, 0, []

    def verify(self):
        done = subprocess.run([self.agent, "events", "verify", "--state", self.state], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        self.verified += 1
        if done.returncode != 0:
            self.broken.append(done.stdout.decode("utf-8", "replace").strip())

    def export(self):
        path = os.path.join(os.environ["HTTPCONF_TMP"], "events.jsonl")
        with open(path, "wb") as out:
            subprocess.run([self.agent, "events", "export", "--format", "jsonl", "--state", self.state], stdout=out,
                           check=True)
        return path


def main():
    options, rest = parse_arguments()
    enter_namespace()
    sys.path.insert(0, options.runners)
    import httpconf
    import killlog

    store = Store(options.agent, options.state)
    start = httpconf.Proxy.start

    def verify_then_start(proxy):
        if proxy.starts > 0:
            store.verify()
        return start(proxy)

    class ExportAsLog:
        """Stands for the module `glob` inside killlog.py."""

        @staticmethod
        def glob(_pattern):
            store.verify()
            return [store.export()]

    httpconf.Proxy.start = verify_then_start
    killlog.glob = ExportAsLog
    sys.argv = ["killlog.py", "--addr", options.addr, "--cmd", options.cmd, "--log", "export", "--json"] + rest
    result = killlog.main()
    for text in store.broken[:5]:
        print("events verify:", text)
    print("events verify: %d times, %d times not clean" % (store.verified, len(store.broken)))
    lost_nothing = result == 0
    passed = lost_nothing + (store.verified > 0 and not store.broken)
    print("%d passed, %d failed" % (passed, 2 - passed))
    return 0 if passed == 2 else 1


if __name__ == "__main__":
    sys.exit(main())
