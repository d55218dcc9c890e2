"""The data of the bench of rules, made from the corpora beside the repository: the same bytes every time.

The 2.6 million real names are grown to five million: a new name is made of two real ones. The label that somebody chose
("casino-royal" of "www.casino-royal.co.uk") is cut in each at a place of its own, the left piece of the first joins the
right piece of the second; labels in front come from the first, what stands behind and the theme from the second. One in
a hundred new names stands in another theme too. Every theme label is one list, in which the new names follow the real
ones.
"""

import json
import os
import random
import re
import subprocess
import urllib.parse

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SECOND_LEVEL = {"ac", "co", "com", "edu", "gov", "gob", "ne", "net", "nom", "or", "org"}
LABEL = re.compile(r"^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$")


class Absent(Exception):
    """A corpus that is not there."""


def corpus(name):
    shared = os.environ.get("FAIRLEAD_SHARED") or os.path.join(TOP, "..", "shared")
    for path in (os.path.join(shared, "corpora", name), os.path.join(shared, "corpora", name + ".zst")):
        if os.path.exists(path):
            return path
    raise Absent(f"{name} is not beside this repository")


def text_of(name):
    path = corpus(name)
    if not path.endswith(".zst"):
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    return subprocess.run(["zstd", "-dc", "--long=27", path], stdout=subprocess.PIPE, check=True).stdout.decode(errors="replace")


class Data:
    """Files in `folder`, made when they are first asked for. `share` 50 takes a fiftieth of everything large."""

    def __init__(self, folder, share):
        self.folder, self.share = folder, share
        self.made = {}

    def path(self, name):
        return os.path.join(self.folder, name)

    def once(self, name, make):
        if name not in self.made:
            make(self.path(name))
            self.made[name] = self.path(name)
        return self.made[name]

    def write_lines(self, path, lines):
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)

    def plain(self, name):
        """A corpus, unpacked."""
        return self.once(os.path.basename(name), lambda path: self.write_lines(path, text_of(name).splitlines()))

    # ---- names

    def manifest(self):
        """The lists of names: "id TAB format TAB path"."""
        return self.once("manifest.tsv", self.make_lists)

    def make_lists(self, path):
        rows = [line.split("\t") for line in text_of("scale/domains-2.6m.tsv").splitlines()[::self.share]]
        lists = {}
        for name, theme in rows:
            lists.setdefault(theme, []).append(name)
        self.real_names, self.grown_names, self.in_two_lists = len(rows), 0, 0
        self.grow(rows, lists, 5_000_000 // self.share)
        os.makedirs(self.path("lists"), exist_ok=True)
        manifest = []
        for theme, names in sorted(lists.items()):
            list_id = theme.replace("/", "-")
            self.write_lines(self.path(f"lists/{list_id}.txt"), names)
            manifest.append("\t".join((list_id, "domains", self.path(f"lists/{list_id}.txt"))))
        self.write_lines(path, manifest)
        turn = random.Random(3)
        listed = [name for names in lists.values() for name in turn.sample(names, len(names) // 10)]
        turn.shuffle(listed)
        self.write_lines(self.path("listed.txt"), listed[:200_000])

    def grow(self, rows, lists, count):
        turn, known = random.Random(5), {name for name, _ in rows}
        split = [(parts, theme) for parts, theme in ((cut(name), theme) for name, theme in rows) if parts]
        themes = sorted(lists)
        while len(known) < count:
            (front, left, _), _ = split[int(turn.random() * len(split))]
            (_, right, behind), theme = split[int(turn.random() * len(split))]
            label = left[:1 + int(turn.random() * len(left))] + right[int(turn.random() * len(right)):]
            name = front + label + behind
            if name in known or len(label) < 5 or len(name) > 200 or not LABEL.match(label):
                continue
            known.add(name)
            lists[theme].append(name)
            self.grown_names += 1
            if turn.random() < 0.01:
                other = themes[int(turn.random() * len(themes))]
                if other != theme:
                    lists[other].append(name)
                    self.in_two_lists += 1

    def listed(self):
        """Listed names in random order."""
        self.manifest()
        return self.path("listed.txt")

    def hosts(self):
        """Real hosts, each once: top sites, and hosts of recorded requests."""
        def make(path):
            hosts = []
            for name in sorted(os.listdir(corpus("topsites"))):
                hosts += [line.strip().lower() for line in text_of("topsites/" + name.removesuffix(".zst")).splitlines()
                          if line and not line.startswith("#")]
            for line in text_of("streams/requests-typed.jsonl").splitlines():
                request = json.loads(line)
                hosts += [urllib.parse.urlsplit(request[key]).hostname or "" for key in ("url", "frameUrl")]
            unique = [host for host in dict.fromkeys(hosts) if "." in host and " " not in host]
            random.Random(1).shuffle(unique)
            self.write_lines(path, unique[::min(self.share, 10)])
        return self.once("hosts.txt", make)

    # ---- paths, patterns and requests

    def ut1_urls(self):
        """UT1's entries of host and path."""
        def make(path):
            lines = []
            for category in sorted(os.listdir(corpus("ut1"))):
                try:
                    lines += text_of(f"ut1/{category}/urls").splitlines()
                except Absent:
                    pass
            plain = re.compile(r"^[a-z0-9.-]+/[A-Za-z0-9_./~-]{3,80}$")
            self.write_lines(path, dict.fromkeys(line for line in lines if plain.match(line)))
        return self.once("ut1-urls.txt", make)

    def words(self):
        """Words of real names and paths: runs of four to nine letters that stand in more than one of them."""
        def make(path):
            counts = {}
            sources = text_of("scale/domains-2.6m.tsv").splitlines()[::40] + text_of("streams/urls-mixed.tsv").splitlines()[::10]
            for line in sources:
                for word in set(re.findall(r"[a-z]{4,9}", line.split("\t")[0])):
                    counts[word] = counts.get(word, 0) + 1
            self.write_lines(path, sorted(word for word, count in counts.items() if 2 <= count <= 200))
        return self.once("words.txt", make)

    def paths_list(self, count):
        """A folder as squidGuard reads it, with `count` entries of host and path: UT1's, then made ones."""
        def make(path):
            os.makedirs(path, exist_ok=True)
            with open(self.ut1_urls()) as file:
                lines = file.read().splitlines()[:count]
            with open(self.words()) as file:
                words = file.read().splitlines()
            with open(self.listed()) as file:
                hosts = file.read().splitlines()
            turn = random.Random(7)
            while len(lines) < count:
                lines.append(f"{turn.choice(hosts)}/{turn.choice(words)}/{turn.choice(words)}-{turn.randrange(999)}")
            self.write_lines(os.path.join(path, "urls"), lines)
        return self.once(f"paths-{count}", make)

    def easylist(self):
        return [self.plain("adblock/easylist-2026-07.txt"), self.plain("adblock/easyprivacy-2026-07.txt")]

    def both_easylists(self):
        def make(path):
            lines = []
            for name in self.easylist():
                with open(name) as file:
                    lines += file.read().splitlines()
            self.write_lines(path, lines)
        return self.once("easylists.txt", make)

    def urls(self):
        def make(path):
            lines = text_of("streams/urls-mixed.tsv").splitlines()
            self.write_lines(path, [line.split("\t")[0] for line in lines][::self.share])
        return self.once("urls.txt", make)

    def browsed_hosts(self):
        """The hosts that recorded browsing asks for, each once."""
        def make(path):
            requests = map(json.loads, text_of("streams/requests-typed.jsonl").splitlines()[::self.share])
            hosts = dict.fromkeys(urllib.parse.urlsplit(request["url"]).hostname or "" for request in requests)
            self.write_lines(path, [host for host in hosts if host])
        return self.once("browsed-hosts.txt", make)

    def requests(self):
        def make(path):
            self.write_lines(path, text_of("streams/requests-typed.jsonl").splitlines()[::self.share])
        return self.once("requests.jsonl", make)


def cut(name):
    """The labels in front, the label that somebody chose, and what stands behind; nothing of names in another script."""
    labels = name.split(".")
    at = len(labels) - 2
    if at > 0 and labels[at] in SECOND_LEVEL:
        at -= 1
    if at < 0 or len(labels[at]) < 3 or "xn--" in name:
        return None
    return "".join(label + "." for label in labels[:at]), labels[at], "." + ".".join(labels[at + 1:])
