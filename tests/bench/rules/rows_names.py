"""Rows 1, 2, 6, 7, 8 and 10: names."""

import os
import re
import statistics

from data import text_of
from measuring import attempt
from squidguard import SquidGuard

NAME = re.compile(r"(?:^\|\||=/|\s)([^\s/^]+\.[^\s/^]+)")  # in a line of a hosts file, of dnsmasq or of an Adblock list
TWINS = {
    "drugs": ("hosts/blp-drugs.txt", "dnsmasq/blp-drugs-dnsmasq.txt", "adblock/blp-drugs-ags.txt"),
    "torrent": ("hosts/blp-torrent.txt", "dnsmasq/blp-torrent-dnsmasq.txt", "adblock/blp-torrent-ags.txt"),
    "ransomware": ("hosts/blp-ransomware.txt", "dnsmasq/blp-ransomware-dnsmasq.txt", "adblock/blp-ransomware-ags.txt"),
    "redirect": ("hosts/blp-redirect.txt", "dnsmasq/blp-redirect-dnsmasq.txt"),
}


def compiled_names(bench):
    """The ruleset of names alone, and what compiling it took."""
    path = bench.data.path("names.ruleset")
    return path, bench.once("names", lambda: bench.call("compile", bench.data.manifest(), path))


def by_set(bench):
    data = bench.data
    return bench.once("set", lambda: bench.call("hosts-set", data.manifest(), data.hosts(), data.listed()))


def decisions(bench):
    data = bench.data
    ruleset, _ = compiled_names(bench)
    own = bench.call("hosts", ruleset, data.manifest(), data.hosts(), data.listed())
    against = by_set(bench)
    others = {row: {"unordered_set": against[row]["ns"]} for row in ("real", "unlisted", "hits")}
    guard = attempt("squidGuard", lambda: SquidGuard(data.path("squidguard"), data.manifest()), others["real"])
    if guard:
        built = attempt("squidGuard", lambda: guard.build(600), others["real"])
        if built:
            bench.kept["squidguard"] = {"seconds": built, "bytes": guard.bytes_on_disk()}
            echo = [bench.program, "echo"]
            others["real"]["squidGuard"] = guard.nanoseconds(data.hosts(), echo)
            others["hits"]["squidGuard"] = guard.nanoseconds(data.listed(), echo)
    real, unlisted, hits = own["real"], own["unlisted"], own["hits"]
    grown = f"{data.real_names:,} real names, {data.grown_names:,} grown, {data.in_two_lists:,} of them in two lists"
    bench.note(1, "decision, real hosts", real["ns"], "<= 60 ns (aim 40)", real["ns"] <= 60, "ns", others["real"],
               remark=f"{grown}; {real['hosts']:,} hosts, of which {real['listed']:,} are listed")
    bench.note(1, "decision, real hosts that no list names", unlisted["ns"], "<= 60 ns", unlisted["ns"] <= 60, "ns", others["unlisted"],
               remark=f"{unlisted['hosts']:,} hosts; the filter alone over all real hosts takes {own['filter']['ns']:.0f} ns "
                      f"and lets {own['filter']['listed'] - real['listed']:,} pass in vain")
    bench.note(1, "the same beside unordered_set", others["real"]["unordered_set"] / real["ns"], ">= 4x",
               others["real"]["unordered_set"] >= 4 * real["ns"], "x")
    bench.note(1, "decision, listed hosts, with category and line", hits["ns"], "<= 500 ns", hits["ns"] <= 500, "ns", others["hits"],
               remark=f"{hits['hosts']:,} names in random order; the set and squidGuard do not know the line")
    right = hits["listed"] == hits["hosts"]
    bench.note(1, "listed hosts that were found", hits["listed"], "all", right, result=True)


def sizes(bench):
    data = bench.data
    ruleset, _ = compiled_names(bench)
    def resident(hosts, how):
        return bench.call("resident", ruleset, data.manifest(), hosts, how)
    browsing, every = resident(data.browsed_hosts(), "cold"), resident(data.hosts(), "cold")
    names = every["names"]
    disk = {}
    if "squidguard" in bench.kept:
        disk["squidGuard"] = bench.kept["squidguard"]["bytes"] / names
    on_disk, in_memory = every["size"] / names, browsing["resident"] / names
    bench.note(2, "bytes a name on disk", on_disk, "<= 12 B (aim 9)", on_disk <= 12, "B", disk)
    bench.note(2, "resident bytes a name after recorded browsing", in_memory, "<= 3 B", in_memory <= 3, "B",
               {"unordered_set": by_set(bench)["bytes_a_name"]},
               remark=f"Rss of the mapping in a fresh process, the file dropped from the page cache before: {browsing['resident'] / 2**20:.1f} MiB, "
                      f"{browsing['opened'] / 2**20:.1f} after opening; with a warm page cache {resident(data.browsed_hosts(), 'warm')['resident'] / 2**20:.1f}; "
                      f"after every real host {every['resident'] / 2**20:.1f} ({every['resident'] / names:.1f} B a name). "
                      "The kernel maps 16 pages around each one that is read")


def opening(bench):
    data = bench.data
    ruleset, _ = compiled_names(bench)
    runs = [bench.call("open", ruleset, data.manifest(), "www.example.co.uk") for _ in range(11)]
    middle = statistics.median(run["decided_us"] for run in runs)
    bench.note(6, "open and first decision", middle, "< 1,000 µs", middle < 1000, "µs",
               {"unordered_set (read and built)": by_set(bench)["build_s"] * 1e6},
               remark=f"median of {len(runs)} fresh processes, best {min(run['decided_us'] for run in runs):.0f}; "
                      f"opening alone {statistics.median(run['open_us'] for run in runs):.0f}")


def compiling(bench):
    data = bench.data
    patterns = bench.patterns(10_000 // data.share)
    manifest = data.path("manifest-all.tsv")
    with open(manifest, "w") as file, open(data.manifest()) as names:
        file.write(names.read() + "\t".join(("paths", "ut1", data.paths_list(100_000 // data.share))) + "\n")
    runs = [bench.call("compile", manifest, data.path("all.ruleset"), patterns["patterns"], patterns["filters"]) for _ in range(3)]
    best = min(runs, key=lambda run: run["cpu_s"])
    others = {"unordered_set of the names": by_set(bench)["build_s"]}
    if "squidguard" in bench.kept:
        others["squidGuard, names"] = bench.kept["squidguard"]["seconds"]
    ratio = best["peak"] / best["size"]
    bench.note(7, "compile", best["cpu_s"], "<= 8 s (aim 5)", best["cpu_s"] <= 8, "s", others,
               remark=f"{best['hosts']:,} names, {best['paths']:,} paths, {best['patterns']:,} patterns; CPU time, from text files to the file written")
    bench.note(7, "peak memory beside the file's size", ratio, "<= 4x", ratio <= 4, "x",
               remark=f"{best['peak'] / 2**20:.0f} MiB for {best['size'] / 2**20:.0f} MiB")


def proof(bench):
    ruleset, _ = compiled_names(bench)
    done = bench.call("prove", ruleset, bench.data.manifest(), 10_000_000 // bench.data.share, seconds=1800)
    for name, what in (("listed", "listed names, each asked for"), ("mutated", "random and mutated hosts")):
        part = done[name]
        wrong = part["missing"] + part["false"]
        bench.note(8, f"{what}: missing or false", wrong, "0", wrong == 0, result=True,
                   remark=f"{part['asked']:,} asked, {part['listed']:,} listed: {part['missing']} missing, {part['false']} false"
                          + (f"; left out by the import: {', '.join(done['left_out'])}" if name == "listed" and done["left_out"] else "")
                          + (f"; such as {', '.join(part['examples'])}" if wrong else ""))


def twins(bench):
    for name, corpora in TWINS.items():
        formats = [path.split("/")[0] for path in corpora]
        whole, bare = [], []
        for form, path in zip(formats, corpora):
            whole += [form, bench.data.plain(path)]
            bare += [form, without_comments(bench, path)]
        asked, stripped = bench.call("twins", *whole), bench.call("twins", *bare)
        same = asked["same_names"] and stripped["same_names"] and not stripped["other_sections"]
        other = sorted({section.split()[1] for section in asked["other_sections"]})
        bench.note(10, f"{name}: names from {', '.join(formats)}", asked["names"], "identical", same, result=True,
                   remark=("each section is the same byte for byte when the forms have the same lines" if not stripped["other_sections"]
                           else f"though the forms have the same lines, these sections differ: {', '.join(stripped['other_sections'])}")
                          + (f"; as published {', '.join(other)} differ, since they hold the lines" if other else ""))


def without_comments(bench, corpus):
    """Nothing but the entries, in the order of their names, so that all forms have the same lines."""
    def make(path):
        lines = (line.strip() for line in text_of(corpus).splitlines())
        entries = {NAME.search(line).group(1): line for line in lines if line and line[0] not in "#![" and NAME.search(line)}
        bench.data.write_lines(path, [entries[name] for name in sorted(entries)])
    return bench.data.once("bare-" + os.path.basename(corpus), make)
