#!/usr/bin/env python3
"""Runs the attacks of the other files against the updater; the last line is "N passed, N failed"."""
import inspect
import shutil
import sys
import tempfile
import traceback

import disks
import downloads
import proofs
from harness import Server, World, make_certificates


def main():
    work = tempfile.mkdtemp(prefix="fairlead-lists-test.")
    make_certificates(work)
    publisher = Server(work + "/publisher.pem", work + "/key.pem")
    tests = [(name, test) for room in (downloads, proofs, disks) for name, test in vars(room).items()
             if name.startswith("test_") and inspect.isfunction(test)]
    failed = 0
    for name, test in tests:
        publisher.answers.clear()
        try:
            test(World(work, publisher, name))
            print("ok     ", name[5:].replace("_", " "), flush=True)
        except Exception:
            failed += 1
            print("FAILED ", name[5:].replace("_", " "))
            traceback.print_exc(file=sys.stdout)
    shutil.rmtree(work, ignore_errors=True)
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
