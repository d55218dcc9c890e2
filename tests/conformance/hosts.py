#!/usr/bin/env python3
"""Does our URL reader see the host that a browser sees?

Runs the outside comparer url_diff.py (Node's reader, the web platform's URL tests and mutated URLs) once a seed, and the
web platform's own tables of international names. Refusing what a browser accepts is safe; another host is not.
--seed and --gen replace the three seeds and 100,000 mutations. The last line is "N passed, N failed[, N skipped]"."""
import argparse
import base64
import json
import os
import shutil
import subprocess
import sys


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runners", required=True)
    parser.add_argument("--wpt", required=True, help="urltestdata.json")
    parser.add_argument("--idna", required=True, help="folder of toascii.json and IdnaTestV2.json.zst")
    parser.add_argument("--reader", required=True)
    parser.add_argument("--seed", type=int, action="append")
    parser.add_argument("--gen", type=int, default=100000)
    return parser.parse_known_args()


def compare_with_browser(options, rest, seed):
    command = [sys.executable, os.path.join(options.runners, "url_diff.py"), "--wpt", options.wpt, "--gen",
               str(options.gen), "--seed", str(seed), "--cmd", options.reader] + rest
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    print("seed %d:" % seed)
    print(done.stdout.decode("utf-8", "replace"), end="", flush=True)
    return done.returncode == 0


def read_table(path):
    text = subprocess.run(["zstd", "-dcf", path], stdout=subprocess.PIPE, check=True).stdout
    return [row for row in json.loads(text) if isinstance(row, dict) and row["input"]]


def hosts_of(reader, names):
    lines = [base64.b64encode(("https://%s/" % name).encode("utf-8", "surrogatepass")) for name in names]
    done = subprocess.run([reader], input=b"\n".join(lines) + b"\n", stdout=subprocess.PIPE, check=True)
    return [None if line == "ERR" else line.split("\t")[0] for line in done.stdout.decode().split("\n")[:len(names)]]


def check_names(reader, path):
    """Every name is read as the table says, or refused; none that the table refuses is accepted."""
    rows = read_table(path)
    same = refused = 0
    wrong = []
    for row, ours in zip(rows, hosts_of(reader, [row["input"] for row in rows])):
        wanted = row["output"]
        if ours == (wanted[:-1] if wanted and wanted.endswith(".") else wanted):
            same += 1
        elif ours is None:
            refused += 1
        else:
            wrong.append((row["input"], wanted, ours))
    for name, wanted, ours in wrong[:10]:
        print("  %r: table %s, ours %s" % (name, wanted, ours))
    print("%s: %d names as the table says, %d refused by us alone, %d WRONG" % (os.path.basename(path), same, refused,
                                                                              len(wrong)))
    return not wrong and same > 0


def main():
    options, rest = parse_arguments()
    results = [compare_with_browser(options, rest, seed) for seed in options.seed or (7, 8, 9)]
    skipped = 0
    for name in ("toascii.json", "IdnaTestV2.json.zst"):
        path = os.path.join(options.idna, name)
        if os.path.exists(path) and shutil.which("zstd"):
            results.append(check_names(options.reader, path))
        else:
            print("SKIPPED %s: the table or zstd is not there" % name)
            skipped += 1
    print("%d passed, %d failed, %d skipped" % (sum(results), len(results) - sum(results), skipped))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
