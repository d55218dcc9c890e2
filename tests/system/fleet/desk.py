"""What a learner says reaches the organisation's desk, and what is decided there reaches the laptop."""
import contextlib, datetime, http.client, json, re, sqlite3, time, urllib.parse

from harness import CONSOLE, PROXY, Agent, Origin, wait_for as wait_here
from hub_and_hands import PHRASE, Hub, at_another_time, sh, wait_for
from rules import Desk as RulesDesk

DESK = 3131


class Browser:
    """Keeps the session of the desk's pages, as a browser does."""

    def __init__(self, port):
        self.port, self.cookie = port, ""

    def ask(self, method, path, fields=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookie}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urllib.parse.urlencode(fields) if fields is not None else None, headers)
        answer = connection.getresponse()
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return answer.status, answer.read().decode()

    def post(self, path, page, fields):
        token = re.search(r'name="([^"]*)" value="([0-9a-f]{32,})"', page)
        return self.ask("POST", path, {**fields, token.group(1): token.group(2)})


def what_is_said_and_decided_travels(work, place):
    hub = Hub(work, "hub", place)
    agent = Agent(work)
    hub.start("--console", f"127.0.0.1:{DESK}", "--config", agent.config)
    agent.start()
    try:
        hub.account("lead", "lead")
        assert agent.tool("fleet", "join", hub.url, "--code", hub.code(), "--authority", hub.fingerprint(), "--name", "Laptop 7").returncode == 0
        through = http.client.HTTPConnection(*PROXY, timeout=20)
        through.request("GET", "http://blocked.example/", headers={"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})
        assert through.getresponse().status == 403
        event = json.loads(agent.tool("events", "list", "--json").stdout)[-1]
        status, _ = Browser(CONSOLE[1]).ask("POST", "/report", {"id": event["id"], "kind": "wrong", "words": "I need it for the course"})
        assert status in (200, 303), status
        desk = Browser(DESK)
        assert desk.ask("POST", "/sign-in", {"name": "lead", "password": PHRASE})[0] == 303
        wait_here(lambda: "I need it for the course" in desk.ask("GET", "/appeals")[1])
        page = desk.ask("GET", "/")[1]
        assert "of 1 laptop" in page and "Laptop 7" in desk.ask("GET", "/laptops")[1], page
        person = f"{event['person']} on Laptop 7"
        page = desk.ask("GET", "/appeals")[1]
        assert person in page, page
        declined = desk.post("/appeals", page, {"subject": event["id"], "do": "decline", "says": "It stays closed for now"})
        assert declined[0] == 303, declined
        number = re.search(r"/incidents/(\d+)", page).group(1)
        page = desk.ask("GET", f"/incidents/{number}")[1]
        reviewed = desk.post(f"/incidents/{number}/review", page, {"state": "no_action", "note": "talked about it"})
        assert reviewed[0] == 303, reviewed
        assert agent.tool("fleet", "update").returncode == 0
        wait_here(lambda: "It stays closed for now" in Browser(CONSOLE[1]).ask("GET", "/answers")[1])
        wait_here(lambda: json.loads(agent.tool("events", "list", "--json").stdout)[-1]["id"] == event["id"])
        verified = agent.tool("events", "verify")
        assert verified.returncode == 0, verified
        # What the laptop wrote because it was told is no news to the desk.
        assert desk.ask("GET", f"/incidents/{number}")[1].count("talked about it") == 1
    finally:
        agent.stop()
        hub.stop()


def asked_for(host, account=None):
    """The status of the answer through the proxy, for a page that somebody opens. account: who asks, instead of root."""
    who = ["setpriv", f"--reuid={account}", f"--regid={account}", "--clear-groups"] if account else []
    return sh(*who, "curl", "-s", "-m", "20", "-o", "/dev/null", "-w", "%{http_code}", "-x", "http://%s:%d" % PROXY, "-H", "Sec-Fetch-Mode: navigate",
              "-H", "Sec-Fetch-Dest: document", f"http://{host}/").stdout


def ask_wrongly_stopped(agent, host):
    """Somebody says that it was stopped wrongly. The event."""
    assert asked_for(host) == "403"
    event = json.loads(agent.tool("events", "list", "--json").stdout)[-1]
    status, _ = Browser(CONSOLE[1]).ask("POST", "/report", {"id": event["id"], "kind": "wrong", "words": "I need it for the course"})
    assert status in (200, 303), status
    return event


def sign_in(hub, name, role):
    hub.account(name, role)
    browser = Browser(DESK)
    assert browser.ask("POST", "/sign-in", {"name": name, "password": PHRASE})[0] == 303
    return browser


def what_the_desk_opens_holds_over_every_bundle(work):
    """The laptop is the internet too: 127.0.0.10 answers as blocked.example."""
    origin, strict = Origin(), 65534  # an account of the policy's group 'strict'
    origin.serve = lambda peer: (peer.head(), peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"))
    with open(work + "/hosts", "w") as file:
        file.write("127.0.0.1 localhost\n127.0.0.10 blocked.example second.example\n")
    sh("mount", "--bind", work + "/hosts", "/etc/hosts")
    rules, hub, agent = RulesDesk(work), Hub(work, "hub"), Agent(work)
    hub.start("--console", f"127.0.0.1:{DESK}", "--config", agent.config)
    agent.start()

    def status():
        return json.loads(agent.tool("status", "--json").stdout)

    def has_bundle():
        agent.tool("fleet", "update")
        time.sleep(0.3)
        return status().get("fleet", {}).get("bundle", {}).get("digest") == digest

    def join():
        joined = agent.tool("fleet", "join", hub.url, "--code", hub.code(group="everybody"), "--authority", hub.fingerprint(), "--name", "Laptop 7",
                            "--rules-key", rules.rules_key)
        assert joined.returncode == 0, joined
        wait_for(has_bundle)

    def open_it():
        """Somebody asks for it, and the lead opens it."""
        event = ask_wrongly_stopped(agent, "blocked.example")
        wait_here(lambda: event["id"] in lead.ask("GET", "/appeals")[1])
        last_day = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
        opened = lead.post("/appeals", lead.ask("GET", "/appeals")[1], {
            "subject": event["id"], "do": "except", "url": "blocked.example", "group": "everybody", "owner": "the office", "reason": "a course",
            "expires": last_day, "says": "Thank you for telling us."})
        assert opened[0] == 303, opened
        agent.tool("fleet", "update")
        wait_for(lambda: asked_for("blocked.example") == "200")

    def explained():
        config = f"{agent.state}/bundles/{digest}/config"
        return json.loads(agent.tool("check", "http://blocked.example/", "--as", "everybody", "--json", "--live", "--config", config).stdout)[0]
    try:
        digest = rules.make("everybody")
        rules.sign(1)
        rules.publish(hub)
        join()
        bundle_id = status()["rules"]["id"]
        lead = sign_in(hub, "lead", "lead")
        open_it()
        assert asked_for("blocked.example", strict) == "403", "it is for one group"
        wait_here(lambda: "Thank you for telling us." in Browser(CONSOLE[1]).ask("GET", "/answers")[1])
        told = explained()
        assert (told["verdict"], told["level"], told["winner"]["file"], told["winner"]["line"]) == ("allow", "exception", "fleet/exceptions.yaml", 4), told
        assert told["ruleset"] == bundle_id == status()["rules"]["id"]
        # It is closed again, and whoever asked for it reads why; another is opened.
        page = lead.ask("GET", "/opened")[1]
        assert "blocked.example" in page and "No longer open" not in page, page
        closed = lead.post("/opened", page, {"opened": re.search(r'name="opened" value="([^"]*)"', page).group(1), "says": "The course is over."})
        assert closed[0] == 303, closed
        agent.tool("fleet", "update")
        wait_for(lambda: asked_for("blocked.example") == "403")
        wait_here(lambda: "is closed again. The course is over." in Browser(CONSOLE[1]).ask("GET", "/answers")[1])
        page = lead.ask("GET", "/opened")[1]
        assert "Nothing is open." in page and "by lead" in page, page
        open_it()
        # A laptop that joins anew is told what stands.
        assert agent.tool("fleet", "leave").returncode == 0
        wait_for(lambda: asked_for("blocked.example") == "403")
        join()
        wait_for(lambda: asked_for("blocked.example") == "200")
        # After the next bundle, after a start without a hub, and after the last rules were gone back to.
        rules.block("blocked.example, second.example")
        digest = rules.make("everybody")
        rules.sign(2)
        rules.publish(hub)
        wait_for(lambda: has_bundle() and asked_for("second.example") == "403")
        assert asked_for("blocked.example") == "200" and asked_for("blocked.example", strict) == "403"
        assert explained()["ruleset"] == status()["rules"]["id"] != bundle_id
        hub.stop()
        agent.stop()
        agent.start()
        assert asked_for("blocked.example") == "200" and asked_for("second.example") == "403"
        assert agent.tool("rules", "rollback").returncode == 0
        wait_for(lambda: asked_for("second.example") == "200")
        assert asked_for("blocked.example") == "200" and status()["rules"]["id"] == bundle_id
        # It ends by itself.
        agent.stop()
        command = agent.command
        agent.command = lambda: [*at_another_time("+31d"), *command()]
        agent.start()
        assert asked_for("blocked.example") == "403"
    finally:
        agent.stop()
        hub.stop()
        origin.listener.close()
        sh("umount", "/etc/hosts")


def what_it_answers_is_read_on_the_laptop(work):
    hub, agent = Hub(work, "hub"), Agent(work)
    hub.start("--console", f"127.0.0.1:{DESK}", "--config", agent.config)
    agent.start()
    try:
        joined = agent.tool("fleet", "join", hub.url, "--code", hub.code(), "--authority", hub.fingerprint(), "--name", "Laptop 7")
        assert joined.returncode == 0, joined
        event = ask_wrongly_stopped(agent, "blocked.example")
        lead, it = sign_in(hub, "lead", "lead"), sign_in(hub, "it-a", "it")
        wait_here(lambda: "I need it for the course" in lead.ask("GET", "/appeals")[1])
        number = re.search(r"/incidents/(\d+)", lead.ask("GET", "/appeals")[1]).group(1)
        reviewed = lead.post(f"/incidents/{number}/review", lead.ask("GET", f"/incidents/{number}")[1], {"state": "false_positive", "note": "a mistake"})
        assert reviewed[0] == 303, reviewed
        page = it.ask("GET", "/it/tasks")[1]
        task = re.search(r'name="subject" value="(wrongly stopped: [^"]*)"', page).group(1)
        before = Browser(CONSOLE[1]).ask("GET", "/answers")[1]
        assert "Not answered yet" in before, before
        answered = it.post("/it/tasks", page, {"subject": task, "do": "rule", "says": "The rule was too wide, and is mended"})
        assert answered[0] == 303, answered
        assert agent.tool("fleet", "update").returncode == 0
        wait_here(lambda: "it is open as soon as the laptop has the new rules. The rule was too wide, and is mended" in Browser(CONSOLE[1]).ask("GET", "/answers")[1])
        assert "The rule was too wide, and is mended" in Browser(CONSOLE[1]).ask("GET", "/why")[1]
        # Nobody's word but IT's came, and it is no news to the desk.
        with contextlib.closing(sqlite3.connect(f"file:{agent.state}/events/events.db?mode=ro", uri=True)) as store:
            came = [body for body, in store.execute("SELECT body FROM entries WHERE kind IN ('task', 'task_answer')")]
        assert len(came) == 2 and all('"from_hub":true' in body for body in came), came
        assert not any(word in body for body in came for word in ("it-a", "a mistake", "course")), came
        agent.tool("fleet", "update")
        wait_here(lambda: json.loads(agent.tool("status", "--json").stdout)["fleet"]["waiting"] == 0)
        assert it.ask("GET", "/it/tasks")[1].count("<strong>Answered:</strong> The rule was put right: it is open as soon as the laptop has the new rules. The rule was too wide") == 1
        verified = agent.tool("events", "verify")
        assert verified.returncode == 0, verified
        assert event["id"] in before
    finally:
        agent.stop()
        hub.stop()
