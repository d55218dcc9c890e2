"""Several hubs over one database: whatever spreads connections, the desk is the same at each of them."""
import os, re, shutil

from desk import DESK, Browser
from harness import Agent
from hub_and_hands import AGENT, PHRASE, Hub, rows, sh, wait_for
from siem import Export

OTHER = DESK + 1
WRONG = {"name": "it", "password": "not the pass phrase"}


def hubs_over(work, place, config):
    """Two, with the same authority."""
    one = Hub(work, "hub", place)
    shutil.copytree(one.state, work + "/other")
    other = Hub(work, "other", place, one.port + 1)
    for hub, port in ((one, DESK), (other, OTHER)):
        hub.start("--console", f"127.0.0.1:{port}", "--config", config)
    return one, other


def whoever_signs_in_at_one_hub_is_signed_in_at_all(work, place):
    laptop = Agent(work)
    one, other = hubs_over(work, place, laptop.config)
    # One that holds its lock as long as it runs, before anybody signs in.
    export = Export(one, 'syslog: {server: "tcp://127.0.0.1:6514"}\n')
    try:
        wait_for(export.is_at_work)
        one.account("lead", "lead")
        assert "there is an account of that name already" in other.account("lead", "lead", check=False).stderr
        one.account("it", "it")
        misplaced = sh(AGENT, "user", "list", "--state", laptop.state, "--store", place, check=False)
        assert misplaced.returncode == 2 and "is no hub's folder" in misplaced.stderr, misplaced
        # Who forgets to name the database makes no other store by the way.
        for command in (("hub", "code"), ("user", "list")):
            forgotten = sh(AGENT, *command, "--state", one.state, check=False)
            assert forgotten.returncode == 3 and "holds no store of a hub" in forgotten.stderr and not os.path.exists(one.state + "/hub.db"), forgotten
        browser, there = Browser(DESK), Browser(OTHER)
        assert browser.ask("POST", "/sign-in", {"name": "lead", "password": PHRASE})[0] == 303
        there.cookie = browser.cookie
        assert there.ask("GET", "/incidents")[0] == 200
        # A page of one hub, sent to the other.
        saved = there.post("/views", browser.ask("GET", "/incidents")[1], {"title": "Mine", "address": "/incidents?state=new"})
        assert saved[0] == 303, saved
        assert ">Mine<" in browser.ask("GET", "/incidents")[1]
        # Wrong passwords count together.
        answers = [Browser(port).ask("POST", "/sign-in", WRONG)[0] for port in (DESK, OTHER, DESK, OTHER, DESK)]
        assert answers == [403, 403, 403, 403, 429], answers
        assert Browser(OTHER).ask("POST", "/sign-in", {**WRONG, "password": PHRASE})[0] == 429
        # No session stands in the database as a browser sends it.
        token = browser.cookie.partition("=")[2]
        assert len(token) == 64 and token not in str(rows(place, "SELECT * FROM sessions"))
        # Connections that were cut meanwhile are nobody's trouble: neither a page nor a right password is refused for them.
        for refused in (lambda: there.ask("GET", "/incidents")[0] != 200,
                        lambda: Browser(OTHER).ask("POST", "/sign-in", {"name": "lead", "password": PHRASE})[0] != 303):
            rows(place, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = 'several' AND pid <> pg_backend_pid()")
            assert not refused()
        # A hub that begins anew knows who is signed in; whoever signs out is signed out everywhere.
        one.stop()
        one.start("--console", f"127.0.0.1:{DESK}", "--config", laptop.config)
        page = browser.ask("GET", "/incidents")[1]
        assert re.search("Sign out", page), page
        assert browser.post("/sign-out", page, {})[0] == 303
        assert there.ask("GET", "/incidents")[0] == 303
        # Nor does it help to try a name that nobody has at another of them.
        answers = [Browser(port).ask("POST", "/sign-in", {**WRONG, "name": "nobody"})[0] for port in (DESK, OTHER, DESK, OTHER, DESK, OTHER)]
        assert answers == [403, 403, 403, 403, 429, 429], answers
    finally:
        export.stop()
        one.stop()
        other.stop()
