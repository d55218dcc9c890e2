"""Rows 3, 4, 5 and 9: patterns and filters."""

import os
import shutil
import subprocess

from data import TOP
from measuring import Skip, attempt, run_json

HERE = os.path.dirname(os.path.abspath(__file__))
# engine: (each n-th URL, MiB that it may take, seconds)
ENGINES = {
    10_000: {"hyperscan": (1, 0, 400), "re2-set": (20, 2048, 120), "re2": (2000, 0, 120)},
    100_000: {"hyperscan": (1, 0, 300), "re2-set": (400, 6144, 240), "re2": (20000, 0, 240)},
}
LONGEST_IN_QUICK = 20
NAMES = {"hyperscan": "Hyperscan", "re2-set": "RE2::Set", "re2": "RE2 one by one"}


def pairs_of(path, every):
    """(URL in the whole stream, pattern) of each match."""
    with open(path) as file:
        return {(int(url) * every, int(pattern)) for url, pattern in (line.split() for line in file)}


def difference(own, other, every):
    """In words, how the matches of a competitor differ over the URLs that it saw."""
    ours = {pair for pair in own if pair[0] % every == 0}
    if ours == other:
        return f"the same {len(ours):,} matches"
    return f"{len(other):,} matches: {len(ours - other)} only by Fairlead, {len(other - ours)} only by it"


def many_patterns(bench, row, count):
    data = bench.data
    made = bench.patterns(count // data.share)
    empty = data.once("no-lists.tsv", lambda path: data.write_lines(path, []))
    ruleset = data.path(f"patterns-{count}.ruleset")
    built = bench.call("compile", empty, ruleset, made["patterns"], made["filters"])

    def measure(engine, every, mib, seconds):
        pairs = data.path(f"pairs-{engine}-{count}")
        result = bench.call("patterns", engine, made["patterns"], made["filters"], data.urls(), every, pairs, ruleset, mib, seconds=seconds)
        result["pairs"] = pairs_of(pairs, every)
        return result

    own = measure("fairlead", 1, 0, 900)
    own["build_ms"] += built["seconds"] * 1000
    others, remarks, wrong = {key: {} for key in ("ns", "ns_with_parsing", "p99_ns", "build_ms", "mib")}, [], False
    for engine, (every, mib, seconds) in ENGINES[count].items():
        every = max(1, every // data.share)
        seconds = min(seconds, LONGEST_IN_QUICK) if data.share > 1 else seconds
        name = NAMES[engine]
        result = attempt(name, lambda: measure(engine, every, mib, seconds), others["ns"])
        if not result:
            continue
        for key, values in others.items():
            values[name] = result[key]
        remark = f"{name} over {result['urls']:,} URLs: {difference(own['pairs'], result['pairs'], every)}"
        if result["refused"]:
            remark += f"; it refused {result['refused']} patterns"
        if result["failures"]:
            remark += f"; it could not judge {result['failures']} texts"
        remark += f"; {result['mib']:.0f} MiB when built, {result['mib_used']:.0f} after use"
        wrong = wrong or {pair for pair in result["pairs"] if pair not in own["pairs"]} != set()
        remarks.append(remark)
    patterns = f"{built['patterns']:,} patterns"
    mix = (f"{made['expressions']:,} expressions, {made['easylist']:,} filters of EasyList, {made['ut1']:,} of UT1's urls, "
           f"{made['pieces']:,} made of words; {own['urls']:,} URLs, {own['matches']:,} matches, {own['failures']} unclear")
    bench.note(row, f"{patterns}, a URL", own["ns"], unit="ns", others=others["ns"], remark=mix)
    bench.note(row, f"{patterns}, a URL with its parsing", own["ns_with_parsing"], unit="ns", others=others["ns_with_parsing"])
    bench.note(row, f"{patterns}, p99 with parsing", own["p99_ns"], unit="ns", others=others["p99_ns"])
    bench.note(row, f"{patterns}, build", own["build_ms"], unit="ms", others=others["build_ms"])
    bench.note(row, f"{patterns}, memory before first use", own["mib"], unit="MiB", others=others["mib"],
               remark=f"resident; the file has {built['size'] / 2**20:.1f} MiB; after use {own['mib_used']:.1f} MiB")
    bench.note(row, f"{patterns}, matches that only others found", "none" if not wrong else "some", "none", not wrong,
               result=True, remark="; ".join(remarks))


def blocked(path):
    with open(path) as file:
        return [line == "1\n" for line in file]


def browsers(bench):
    """The competitors from npm, installed here when they are not."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise Skip("nodejs and npm are not installed")
    if not os.path.isdir(os.path.join(HERE, "node_modules", "@gorhill")):
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise Skip("npm ci could not get the engines")
    return ["node", os.path.join(HERE, "browser_blockers.mjs")]


def requests(bench):
    data = bench.data
    lists = data.easylist()
    verdicts = data.path("blocked-fairlead")
    own = bench.call("requests", data.requests(), verdicts, *lists)
    ours = blocked(verdicts)
    with open(data.requests()) as file:
        asked = file.read().splitlines()
    others, remarks, examples = {}, [], []
    command = attempt("browsers' blockers", lambda: browsers(bench), others)
    for engine, name in (("ubo", "uBlock Origin"), ("ghostery", "Ghostery")) if command else ():
        path = data.path(f"blocked-{engine}")
        result = attempt(name, lambda: run_json([*command, engine, data.requests(), path, *lists], 300), others)
        if not result:
            continue
        others[name] = result["us"]
        theirs = blocked(path)
        known = ['"frameUrl":"http' in line for line in asked]
        less = [i for i, verdict in enumerate(theirs) if verdict and not ours[i]]
        more = [i for i, verdict in enumerate(theirs) if not verdict and ours[i]]
        remarks.append(f"{name} blocks {result['blocked']:,}: {len(less):,} that Fairlead does not ({sum(known[i] for i in less)} of "
                       f"them from a page that is known), and {len(more)} the other way round")
        some = [i for i in less if known[i]][:2] + more[:2]
        examples += [f"{'only ' + name if theirs[i] else 'not ' + name}: {asked[i][:160]}" for i in some]
    target = min([value for value in others.values() if not isinstance(value, str)], default=None)
    bench.note(5, "EasyList and EasyPrivacy, a request with its parsing", own["us"], "faster than both",
               None if target is None else own["us"] < target, "µs", others,
               remark=f"{own['requests']:,} requests, {own['blocked']:,} blocked; with the page's URL parsed too {own['us_with_page']:.2f} µs; "
                      f"built in {own['build_ms']:.0f} ms. " + "; ".join(remarks + examples))
    expected(bench)


def expected(bench):
    """Not smaller in a quick run: it takes seconds."""
    rows = bench.data.plain("streams/ghostery-expected-matches.jsonl")
    done = bench.call("expected", rows, bench.data.folder)
    bench.note(5, "filters that must match a request and do", done["matched"], f"all {done['pairs']:,}", done["matched"] == done["pairs"],
               result=True, remark=f"{done['filters']:,} filters, each compiled alone; {done['no_requests']} rows hold no request"
               + (f"; missed: {'; '.join(done['missed'])}" if done["missed"] else ""))


def hostile(bench):
    made = bench.patterns(100_000 // bench.data.share)
    done = bench.call("hostile", os.path.join(TOP, "categories"), made["patterns"], made["filters"], bench.data.words(), *bench.data.easylist())
    for attack in sorted(done["attacks"], key=lambda one: -one["us"]):
        remark = f"{attack['bytes']:,} bytes; parsing {attack['parse_us']:.1f} µs more; {attack['matches']} matches, {attack['unclear']} unclear"
        bench.note(9, attack["name"], "refused" if attack["refused"] else attack["us"], "<= 50 µs", attack["us"] <= 50,
                   "" if attack["refused"] else "µs", remark=remark)
