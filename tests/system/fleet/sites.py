"""A lead of one site walks the whole desk, and what is of another site is not there: no name, no host, no laptop, no count."""
import html.parser, json, re, time, urllib.parse
from pathlib import Path

from desk import DESK, Browser
from harness import Agent
from hub_and_hands import PHRASE, Hand, Hub, batch, event, rows, sh

CONSOLE = Path(__file__).resolve().parents[3] / "agent/console"
MARKS = ("york", "nowhere")  # stand in every text that is of others
NO_SITE = "nowhere"


def of_the_source(pattern):
    """Whatever the pages' source says of it."""
    return [found for file in sorted(CONSOLE.rglob("*.cpp")) for found in re.findall(pattern, file.read_text())]


def routes():
    """Every route of every room: a new page is tried by itself."""
    named = dict(name for file in CONSOLE.parent.rglob("*.hpp") for name in re.findall(r'(k\w+Path) = "([^"]+)"', file.read_text()))
    found = of_the_source(r'Route\{\s*"(GET|POST)",\s*(?:"([^"]+)"|(\w+))')
    out = sorted({(method, path or named[name]) for method, path, name in found})
    assert len(out) > 40, out
    return out


# What can hold no name of anything that is recorded: a choice, a date, or what is written down.
OF_A_CHOICE = set("agreement at change csrf digest do expires from kind noise note of outcome owner page password reason risk route says severity since"
                  " span state stored sure text to until urgency url why".split())


def fields():
    """Every field that a page reads of an address and that may name something."""
    out = set(of_the_source(r'form\.(?:line|value|number|has)\(\s*"(\w+)"'))
    assert {"person", "words", "incident", "subject"} <= out, out
    return sorted((out | {"site"}) - OF_A_CHOICE)


class Page(html.parser.HTMLParser):
    """Where the links of a page lead, and what its forms send."""

    def __init__(self, text):
        super().__init__()
        self.links, self.forms, self.choice = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"])
        elif tag == "form":
            self.forms.append((given["method"], given["action"], {}))
        elif self.forms and tag in ("input", "textarea", "button", "select") and given.get("name"):
            self.choice = self.forms[-1][2].setdefault(given["name"], [])
            if tag != "select":
                self.choice.append(given.get("value") or "")
        elif self.forms and tag == "option":
            self.choice.append(given["value"])

    def addresses(self):
        """Each link, and each form that asks: as it is, and once with each choice."""
        out = list(self.links)
        for method, action, named in self.forms:
            if method == "get":
                first = {name: values[0] for name, values in named.items()}
                out += [action + "?" + urllib.parse.urlencode({**first, name: value}) for name, values in named.items() for value in values]
        return out


class Walker(Browser):
    def __init__(self, name):
        super().__init__(DESK)
        self.name = name
        status, page = self.ask("POST", "/sign-in", {"name": name, "password": PHRASE})
        assert status == 303, (status, page)
        self.token = None

    def ask(self, method, path, fields=None):
        """On a machine that is busy with other things an answer may be put off; it is asked for again then."""
        for _ in range(10):
            status, page = super().ask(method, path, fields)
            if status != 503:
                break
        return status, page

    def csrf(self):
        if self.token is None:
            self.token = re.search(r'name="csrf" value="([0-9a-f]+)"', self.ask("GET", "/counts")[1]).group(1)
        return self.token

    def walk(self):
        """Every page that can be come to, by its address."""
        waiting = ["/"] + [path for method, path in routes() if method == "GET" and "{" not in path]
        seen = {}
        while waiting:
            address = waiting.pop()
            # Pages of a form's choices are looked at, not walked on from: they lead to what was seen already.
            if address in seen or address.startswith("/sign-"):
                continue
            status, page = self.ask("GET", address)
            assert status < 500, (self.name, address, status, page)
            seen[address] = page
            if is_page(page):
                found = Page(page)
                waiting += found.links if "?" in address else found.addresses()
            assert len(seen) < 4000, "the walk has no end"
        return seen

    def send_all(self, seen):
        """Sends every form that posts, one of each kind and choice of buttons."""
        sent, answers = set(), []
        for page in seen.values():
            for method, action, named in Page(page).forms if is_page(page) else []:
                kind = (re.sub(r"\d+", "N", action), tuple(sorted(named)), tuple(named.get("do", ())))
                if method != "post" or kind in sent or action == "/sign-out":
                    continue
                sent.add(kind)
                values = {name: (given[-1] if given else "") or "words" for name, given in named.items()}
                good = {"expires": time.strftime("%Y-%m-%d"), "url": "tools.example", "group": "learners"}
                values.update({name: value for name, value in good.items() if name in values})
                answers.append((action, *self.ask("POST", action, values)))
        assert len(sent) > 3, sent
        return answers


class Site:
    """A laptop by hand, and what happened on it; every text of it holds the name of its place."""

    def __init__(self, work, hub, place, site):
        self.place = place
        self.hand = Hand(work, place, hub)
        code = hub.tool("code", "--group", "learners", *(["--site", site] if site else [])).stdout.strip()
        assert self.hand.enrol(code, name=f"{place} laptop")[0] == 200
        now = int(time.time() * 1000)
        events = [event(n, id=self.event(n), time=now - 60000 + n, person=f"{place}-pupil{n}", group="learners", category="test-rules", risk="conduct",
                        severity="high", review="daily", host=f"{place}-host{n}.example", url=f"http://{place}-host{n}.example/{place}-path",
                        words=f"{place} words", rule=f"{place}-host{n}.example", source="content/test-rules.yaml:1", method="GET", level="category")
                  for n in (1, 2, 3)]
        assert self.hand.post("/v1/events", batch(self.hand.device, *events))[0] == 200
        row = {"sequence": 1, "digest": "d" * 64, "event": self.event(1), "time": now, "person": f"{place}-pupil1"}
        said = {**row, "kind": "wrong", "words": f"{place} says"}
        appeal = {**row, "kind": "appeal", "subject": self.event(1), "actor": "", "body": json.dumps(
            {"url": f"http://{place}-host1.example/", "host": f"{place}-host1.example", "rule": f"{place}-rule", "source": "content/test-rules.yaml:1",
             "category": "test-rules", "severity": "high", "group": "learners", "words": f"{place} asks"})}
        agreed = {**row, "sequence": 2, "digest": "e" * 64, "event": "", "kind": "agreement", "subject": "1", "actor": "", "body": "{}",
                  "person": f"{place}-pupil2", "keep": now + 10 ** 9}
        for table, lines in (("reports", [said]), ("entries", [appeal, agreed])):
            status, told, _ = self.hand.post("/v1/book", {"device": self.hand.device, "epoch": 1, "first": 1, "table": table, "rows": lines})
            assert status == 200, told
        health = {"cover": {"state": "covered"}, "bundle": {"version": 1, "refused": f"{place} trouble"}}
        assert self.hand.post("/v1/health", health)[0] == 200

    def event(self, number):
        return f"{self.place}-{number:06}"

    def incidents(self, store):
        return [int(row[0]) for row in rows(store, "SELECT i.number FROM incidents i JOIN devices d ON d.number = i.device"
                                                   f" WHERE d.id = '{self.hand.device}' ORDER BY 1")]


def is_page(text):
    return text.lower().startswith("<!doctype html>")


def without_what_was_typed(page, *texts):
    page = page.partition("<main")[2] or page
    for text in texts:
        for form in {text, urllib.parse.quote(text, safe=""), urllib.parse.quote_plus(text)}:
            page = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", "WHAT-WAS-TYPED", page)
    return page


def without_moments(page):
    """Of one visit alone: the form's token, the time of day, and how long ago something was."""
    page = re.sub(r'value="[0-9a-f]{32,}"', "TOKEN", page)
    return re.sub(r"\d\d:\d\d(:\d\d(\.\d+)?)?", "TIME", re.sub(r"(less than a|\d+) (second|minute|hour)s?", "SPAN", page))


def is_clean(walker, seen):
    for address, page in seen.items():
        for mark in MARKS:
            assert mark not in page.lower(), (walker.name, address, mark, page[max(0, page.lower().find(mark) - 300):][:600])


def everything_happens(work, hub, store, site, lead, words):
    """The organisation's lead looks at the people of a site, decides, and gives tasks to IT."""
    walker = Walker(lead)
    numbers = site.incidents(store)
    assert len(numbers) == 3, numbers
    for number, state in zip(numbers, ("action_taken", "false_positive")):
        sent = walker.ask("POST", f"/incidents/{number}/review", {"csrf": walker.csrf(), "state": state, "note": f"{words} note"})
        assert sent[0] == 303, sent
    seen = walker.walk()
    assert any(f"{site.place}-pupil3" in page for page in seen.values())
    return seen


def guesses(known, nobody):
    """Each route with each id of another site in its path, and each field with each text of it; beside it the same of what is not there."""
    for method, path in routes():
        names = re.findall(r"\{(\w+)\}", path)
        if names:
            for value, otherwise in zip(known, nobody):
                fill = [re.sub(r"\{\w+\}", urllib.parse.quote(one, safe=""), path) for one in (value, otherwise)]
                yield method, fill[0], fill[1], {}, {}, value, otherwise
        for field in fields():
            if "{" in path or path == "/sign-out":
                continue
            # The text that the field is for; a subject may be of several kinds.
            place = {"incident": [0], "before": [0], "words": [2], "site": [5], "subject": range(len(known))}.get(field, [1])
            for value, otherwise in [(known[one], nobody[one]) for one in place]:
                if method == "GET":
                    yield (method, *(path + "?" + urllib.parse.urlencode({field: one}) for one in (value, otherwise)), {}, {}, value, otherwise)
                elif field in ("subject", "title"):
                    more = {"do": "decline", "says": "no"}
                    yield method, path, path, {field: value, **more}, {field: otherwise, **more}, value, otherwise


def each_guess_finds_nothing(walker, known, nobody):
    tried = 0
    for method, address, other, sent, other_sent, value, otherwise in guesses(known, nobody):
        answers = []
        for where, what in ((address, sent), (other, other_sent)):
            status, page = walker.ask(method, where, {**what, "csrf": walker.csrf()} if method == "POST" else None)
            answers.append((status, without_moments(without_what_was_typed(page, value, otherwise))))
            if address.startswith("/access"):  # each look there adds a line to it
                page = without_what_was_typed(page, value)
                assert status in (200, 403) and not any(mark in page.lower() for mark in MARKS), (address, page)
                answers[-1] = status, ""
        assert answers[0] == answers[1], (walker.name, method, address, sent, answers)
        tried += 1
    assert tried > 250, tried
    return tried


def a_lead_of_one_site_meets_nothing_of_another(work, place):
    hub = Hub(work, "hub", place)
    agent = Agent(work)  # for its policy alone
    store = place or f"sqlite:{hub.state}/hub.db"
    refused = agent.tool("user", "add", "nobody", "--role", "lead", "--site", "Leeds")
    assert refused.returncode == 2 and "is no hub's folder" in refused.stderr, refused
    for name, role, *sites in (("whole", "lead"), ("leeds", "lead", "Leeds"), ("leeds-it", "it", "Leeds"), ("leeds-viewer", "viewer", "Leeds"),
                               ("other", "lead", "York"), ("two", "lead", "Leeds", "Hull"), ("two-it", "it", "Leeds", "Hull"),
                               ("two-viewer", "viewer", "Leeds", "Hull")):
        assert "No laptop stands at" in hub.account(name, role, *sites).stderr or not sites
    hub.start("--console", f"127.0.0.1:{DESK}", "--config", agent.config)
    try:
        leeds = Site(work, hub, "leeds", "Leeds")
        Site(work, hub, "hull", "Hull")
        everything_happens(work, hub, store, leeds, "whole", "leeds")
        mine = ("leeds", "leeds-it", "leeds-viewer", "two")
        for name in mine:
            Walker(name).walk()  # what is new since the last look is seen
        before = {name: Walker(name).walk() for name in mine}
        assert any("leeds-pupil3" in page for page in before["leeds"].values())
        assert any("leeds-path" in page for page in before["leeds-it"].values()) and len(before["leeds-it"]) > 2
        assert any("hull-pupil3" in page for page in before["two"].values()) and not any("hull" in page for page in before["leeds"].values())

        york, none = Site(work, hub, "york", "York"), Site(work, hub, NO_SITE, "")
        for site in (york, none):
            seen = everything_happens(work, hub, store, site, "whole", site.place)
        assert any("nowhere-pupil1" in page for page in seen.values()) and "york laptop" in seen["/laptops"]
        for name in mine:
            walker = Walker(name)
            seen = walker.walk()
            is_clean(walker, seen)
            # Pages are as if there were no other site; only who looked, which a person's copy tells too, has grown by this account's looks.
            for address in set(before[name]) | set(seen):
                if not address.startswith("/access") and "/copy" not in address:
                    assert without_moments(before[name].get(address, "")) == without_moments(seen.get(address, "")), (name, address)

        decided = "SELECT kind, count(*) FROM entries WHERE kind NOT IN ('access', 'sign_in', 'export') GROUP BY kind ORDER BY kind"
        states = "SELECT number, state FROM incidents ORDER BY number"
        held = rows(store, decided), rows(store, states)
        tasks = [row[0] for row in rows(store, "SELECT subject FROM entries WHERE kind = 'task' ORDER BY number")]
        number = york.incidents(store)[0]
        known = (str(number), "york-pupil1 on york laptop", "york-host1.example", york.event(1), york.hand.device, "York", tasks[-1])
        nobody = ("987654", "zork-pupil1 on zork laptop", "zork-host1.example", "zork-000001", "z" * len(york.hand.device), "Zork", "task of nobody")
        tried = sum(each_guess_finds_nothing(Walker(name), known, nobody) for name in ("leeds", "leeds-it"))
        assert (rows(store, decided), rows(store, states)) == held
        status, page = Walker("leeds").ask("GET", f"/incidents/{number}")
        assert status == 404 and "york" not in page.lower()

        # That somebody tried is written down, for whoever looks after those people.
        attempt = f"refused: incident {number},"
        assert attempt in Walker("whole").ask("GET", "/access")[1] and attempt in Walker("other").ask("GET", "/access")[1]
        assert attempt not in Walker("leeds").ask("GET", "/access")[1]

        walker = Walker("leeds")
        sent = walker.send_all(walker.walk())
        for action, status, page in sent:
            assert status < 500 and not any(mark in page.lower() for mark in MARKS), (action, status, page)
        is_clean(walker, {address: page for address, page in walker.walk().items()})
        assert any(status == 303 and action == "/appeals" for action, status, _ in sent), sent
        told = [site.place for site in (leeds, york, none) if "tools.example" in json.dumps(site.hand.post("/v1/health", {})[1])]
        assert told == [leeds.place], told
        page = Walker("whole").ask("GET", "/reports/week?site=York")[1]
        assert "Of the laptops of <strong>York</strong> alone" in page

        # Who is no lead cannot choose, and no page says that it was done.
        for name in ("two-it", "two-viewer"):
            walker = Walker(name)
            for address in ("/", "/reports/week?site=Leeds", "/laptops?site=Leeds"):
                status, page = walker.ask("GET", address)
                assert status in (200, 303, 403, 404) and 'name="site"' not in page and "site=Leeds" not in page.replace("%3F", "?"), (name, address, page)
                assert "<strong>Leeds</strong> alone" not in page, (name, address)
        # A lead of two sites who looks at one person is seen by the lead of that one.
        walker = Walker("two")
        assert walker.ask("GET", "/people/leeds-pupil3%20on%20leeds%20laptop")[0] == 200
        assert "two" in re.sub(r"<nav.*?</nav>", "", Walker("leeds").ask("GET", "/access?person=leeds-pupil3%20on%20leeds%20laptop")[1], flags=re.S)

        # A laptop that is moved takes along what it handed in.
        assert "York" in hub.tool("devices").stdout
        assert "there are: Hull, Leeds, York" in hub.tool("move", york.hand.device, "--site", "Yorck", check=False).stderr
        hub.tool("move", york.hand.device, "--site", "Leeds")
        assert Walker("leeds").ask("GET", f"/incidents/{number}")[0] == 200 and Walker("other").ask("GET", f"/incidents/{number}")[0] == 404
        print(f"        {sum(len(pages) for pages in before.values())} pages walked by {len(mine)} accounts, {tried} guesses")
    finally:
        hub.stop()
