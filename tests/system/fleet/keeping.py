"""What is past its time goes with the tables that held it, and whoever asked to be erased stands in no file of any database."""
import json, os, subprocess, time

from desk import Browser
from hub_and_hands import PHRASE, Hand, Hub, at_another_time, batch, event, rows, sh, wait_for

DESK, DAY = 3132, 86_400_000
# In no other test of these databases: every file of them is looked through.
NAME, HOST, WORDS = "zzlindenzz", "zzmarketzz.example", "zzbecausezz"


def desk_of(hub):
    hub.account("lead", "lead")
    desk = Browser(DESK)
    assert desk.ask("POST", "/sign-in", {"name": "lead", "password": PHRASE})[0] == 303
    return desk


def files_with(folders, *texts):
    """Files below these folders that hold one of the texts."""
    patterns = [part for text in texts for part in ("-e", text)]
    done = subprocess.run(["grep", "-rlaF", *patterns, *folders], capture_output=True, text=True)
    return done.stdout.splitlines()


def handed_in(hand, sequence, person=NAME, host=HOST, **other):
    row = event(sequence, id=f"K-{sequence}", person=person, host=host, url="https://" + host, group="learners", category="gambling",
                severity="medium", time=int(time.time() * 1000), **other)
    status, told, _ = hand.post("/v1/events", batch(hand.device, row))
    assert status == 200, told
    return row


def erased_people_are_in_no_file(work, place, config, settle, folders):
    """settle: makes the database let go of what it wrote before."""
    hub = Hub(work, "hub", place)
    hub.start("--console", f"127.0.0.1:{DESK}", "--config", config)
    try:
        desk = desk_of(hub)
        hand = Hand(work, "laptop", hub)
        assert hand.enrol(hub.code())[0] == 200
        handed_in(hand, 1)
        handed_in(hand, 2, "ben", "shop.example")
        said = {"sequence": 1, "digest": "%064x" % 9, "event": "K-1", "time": int(time.time() * 1000), "kind": "wrong", "person": NAME, "words": WORDS}
        status, told, _ = hand.post("/v1/book", {"device": hand.device, "epoch": 1, "first": 1, "table": "reports", "rows": [said]})
        assert status == 200, told
        assert files_with(folders, HOST), "it has to be there before it can go"
        path = "/people/" + NAME + "%20on%20by%20hand"
        page = desk.ask("GET", path)[1]
        assert "Erase their details" in page, page
        status, page = desk.post(path + "/erase", page, {"sure": "yes", "reason": "asked in writing"})
        assert status == 200 and "lost every personal detail" in page, (status, page)
        assert NAME not in desk.ask("GET", "/incidents")[1] and HOST not in desk.ask("GET", "/events")[1]
        handed_in(hand, 3)  # by a laptop that has not heard of it yet
        page = desk.ask("GET", "/laptops")[1]
        assert "0 of 1 laptop has done the same" in page, page

        def gone():
            settle()
            return not files_with(folders, NAME, HOST, WORDS)
        wait_for(gone, 180)
        notices = hand.post("/v1/health", {})[1]["notices"]
        assert [one["kind"] for one in notices] == ["erasure"], notices
        assert hand.post("/v1/health", {"heard": [notices[0]["id"]]})[1]["notices"] == []
        assert "1 of 1 laptop has done the same" in desk.ask("GET", "/laptops")[1]
        assert "ben on by hand" in desk.ask("GET", "/incidents")[1]
        assert files_with(folders, "shop.example"), "nothing of others went"
    finally:
        hub.stop()


def what_is_past_its_time_goes_with_its_tables(work, place):
    hub = Hub(work, "hub", place).start()
    where = place or f"sqlite:{hub.state}/hub.db"
    try:
        hand = Hand(work, "laptop", hub)
        assert hand.enrol(hub.code())[0] == 200
        now = int(time.time() * 1000)
        for sequence, (severity, age) in enumerate([("low", 32), ("low", 28), ("medium", 92), ("high", 179), ("critical", 300), ("critical", 390)], 1):
            # A laptop has erased by itself what is past its time.
            over = sequence in (1, 3, 6)
            row = event(sequence, id=f"K-{sequence}", person="" if over else "quincy", severity=severity, time=now - age * DAY,
                        **({"erased": True} if over else {}))
            assert hand.post("/v1/events", batch(hand.device, row))[0] == 200
        tables = "SELECT relname FROM pg_class WHERE relname LIKE 'events\\_%\\_%' AND relkind = 'r'"
        # One whose clock is behind by more than a year has not: these are kept from today on.
        row = event(7, id="K-7", person="quincy", severity="low", time=now - 390 * DAY)
        assert hand.post("/v1/events", batch(hand.device, row))[0] == 200
        assert place is None or len(rows(where, tables)) == 7
        hub.stop()
        hub.start()
        wait_for(lambda: [row[0] for row in rows(where, "SELECT id FROM events ORDER BY id")] == ["K-2", "K-4", "K-5", "K-7"], 180)
        assert place is None or len(rows(where, tables)) == 4
        # A clock that has run ahead takes nothing with it.
        hub.stop()
        hub.start(under=at_another_time("+1100d"))
        wait_for(lambda: "nothing is dropped until" in open(hub.state + ".log").read(), 180)
        assert len(rows(where, "SELECT id FROM events")) == 4
    finally:
        hub.stop()
