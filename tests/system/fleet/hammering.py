"""A laptop whose applications hammer at blocked hosts: little of it travels, and the hub knows how much there was, to the last event."""
import re, shutil, subprocess

import postgres
from desk import DESK, Browser
from harness import Agent
from hub_and_hands import DRIVER, PHRASE, Hub, rows, sh, wait_for
from laptops import Laptops

EVENTS, WORDS = 30_000, 30


def merged_of(place):
    """{id: the row that stands for it}"""
    return {one.partition("=")[2]: row for row, ids in rows(place, "SELECT id, merged_ids FROM events WHERE merged > 0") for one in ids.split()}


def compare(place, laptop):
    """What a hub and the laptop's own store say of the same events."""
    own = f"sqlite:{laptop}/events/events.db"
    held = sorted(row[0] for row in rows(own, "SELECT id FROM events"))
    there = sorted([row[0] for row in rows(place, "SELECT id FROM events")] + list(merged_of(place)))
    assert len(held) == EVENTS and there == held, (len(held), len(there), len(set(there)))
    for counts in ("SELECT day, category, group_id, kind, CAST(sum(events) AS BIGINT), CAST(sum(navigations) AS BIGINT) FROM totals"
                   " GROUP BY day, category, group_id, kind",
                   "SELECT category, categories, severity, pattern, first, last, count, visits, days, reports FROM incidents"):
        assert sorted(rows(place, counts)) == sorted(rows(own, counts)), (rows(place, counts), rows(own, counts))
    assert rows(place, "SELECT CAST(sum(count) AS BIGINT), CAST(sum(merged) AS BIGINT) FROM incidents") == [[str(EVENTS), str(len(merged_of(place)))]]


def the_desk_tells_of_them(hub, place):
    hub.account("lead", "lead")
    desk = Browser(DESK)
    assert desk.ask("POST", "/sign-in", {"name": "lead", "password": PHRASE})[0] == 303
    number, merged = rows(place, "SELECT number, merged FROM incidents ORDER BY merged DESC LIMIT 1")[0]
    status, page = desk.ask("GET", f"/incidents/{number}")
    assert status == 200 and f"{merged} of them kept on the laptop alone" in page, page
    last = re.search(r"Page 1 of (\d+)", page).group(1)
    pages = [desk.ask("GET", f"/incidents/{number}?page={which}")[1] for which in range(1, int(last) + 1)]
    assert all('class="reference"' in page for page in pages), "a page without entries"
    told = [int(more) for page in pages for more in re.findall(r"and (\d+) more like it until \d\d:\d\d, kept on the laptop", page)]
    assert sum(told) == int(merged), (told, merged)


class Sending:
    """The driver at its work, until this ends."""

    def __init__(self, group):
        self.process = subprocess.Popen([DRIVER, "send", group], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def say(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def end(self):
        self.process.stdin.close()
        self.process.wait(60)


def a_laptop_that_hammers_sends_little_and_nothing_is_lost(work, place, elsewhere=None):
    """The hub is killed on the way and put back from a backup of the middle of it; learners say something of events that stayed on the laptop."""
    hub = Hub(work, "hub", place).start()
    laptops = Laptops(work + "/laptops", 0)
    group, there = work + "/laptops/group0", place or f"sqlite:{hub.state}/hub.db"
    laptops.groups = [group]
    laptops.driver("hammer", group, str(EVENTS))
    laptops.join(hub, hub.code())
    sending = Sending(group)

    def has(place, events, words):
        return rows(place, "SELECT (SELECT coalesce(max(high), 0) FROM streams), (SELECT count(*) FROM reports)") == [[str(events), str(words)]]
    try:
        for turn in range(3):
            high = rows(there, "SELECT coalesce(max(high), 0) FROM streams")
            wait_for(lambda: rows(there, "SELECT coalesce(max(high), 0) FROM streams") != high)
            hub.kill()
            if turn == 1:
                hub.tool("backup", work + "/backup")
                if place:
                    sh(postgres.programs() + "/pg_dump", "-Fc", "-f", work + "/middle.dump", place)
            hub.start()
        wait_for(lambda: has(there, EVENTS, WORDS))
        compare(there, group + "/laptop0")
        travelled = int(rows(there, "SELECT count(*) FROM events")[0][0])
        print(f"        {EVENTS} events, {travelled} of them rows at the hub")
        assert travelled < EVENTS / 10
        own = f"sqlite:{group}/laptop0/events/events.db"
        spoken_of = {row[0] for row in rows(own, "SELECT e.id FROM reports r JOIN events e ON e.sequence = r.event")}
        assert len(spoken_of) == WORDS and spoken_of <= {row[0] for row in rows(there, "SELECT id FROM events")}
        event, row = list(merged_of(there).items())[-1]
        sending.say("word " + event)
        wait_for(lambda: has(there, EVENTS, WORDS + 1))
        assert [row] in rows(there, "SELECT event FROM reports WHERE time = (SELECT max(time) FROM reports)")
        compare(there, group + "/laptop0")
        sending.end()
        hub.stop()
        shutil.copytree(work + "/backup", work + "/restored")
        if place:
            sh(postgres.programs() + "/pg_restore", "-d", elsewhere, work + "/middle.dump")
        hub = Hub(work, "restored", elsewhere).start("--console", f"127.0.0.1:{DESK}", "--config", Agent(work).config)
        there = elsewhere or f"sqlite:{hub.state}/hub.db"
        assert not has(there, EVENTS, WORDS + 1), "the backup is as new as what it takes the place of"
        sending = Sending(group)
        wait_for(lambda: has(there, EVENTS, WORDS + 1))
        compare(there, group + "/laptop0")
        the_desk_tells_of_them(hub, there)
    finally:
        sending.end()
        hub.stop()
