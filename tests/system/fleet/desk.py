"""What a learner says reaches the organisation's desk, and what is decided there reaches the laptop."""
import http.client, json, re, urllib.parse

from harness import AGENT, CONSOLE, PROXY, Agent, wait_for as wait_here
from hub_and_hands import Hub, sh

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
        added = sh("sh", "-c", f"echo 'a long pass phrase' | {AGENT} user add lead --role lead --state {hub.state}")
        assert added.returncode == 0, added
        assert agent.tool("fleet", "join", hub.url, "--code", hub.code(), "--authority", hub.fingerprint(), "--name", "Laptop 7").returncode == 0
        through = http.client.HTTPConnection(*PROXY, timeout=20)
        through.request("GET", "http://blocked.example/", headers={"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})
        assert through.getresponse().status == 403
        event = json.loads(agent.tool("events", "list", "--json").stdout)[-1]
        status, _ = Browser(CONSOLE[1]).ask("POST", "/report", {"id": event["id"], "kind": "wrong", "words": "I need it for the course"})
        assert status in (200, 303), status
        desk = Browser(DESK)
        assert desk.ask("POST", "/sign-in", {"name": "lead", "password": "a long pass phrase"})[0] == 303
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
