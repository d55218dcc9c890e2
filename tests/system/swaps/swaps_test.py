"""Rules are swapped two hundred times while a thousand requests a second go on. Editions of a list take turns: `always` is in
both, `odd` and `even` in one each. No request may fail, none may be judged by half a set, each event names the set that judged."""
import json, os, subprocess, sys, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "proxy"))
import harness
from harness import AGENT, Agent, Origin, client, enter_network, wait_for

SWAPS, RATE, CLIENTS = 200, 1000, 8
HOSTS = ["open.example", "always.example", "odd.example", "even.example"]
harness.NAMES["127.0.0.10"] += " always.example odd.example even.example"
FILLER = "".join(f"filler{i}.example\n" for i in range(20000))
EDITIONS = {name: "always.example\n%s.example\n" % name + FILLER for name in ("odd", "even")}


def get(host):
    return f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


def hello(peer):
    while True:
        peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")


class Load(threading.Thread):
    """A client that asks its share of the rate; keeps (begin, end, host, status)."""

    def __init__(self, number):
        super().__init__(daemon=True)
        self.number, self.answers, self.failures, self.over = number, [], [], threading.Event()

    def run(self):
        c, n, begun = None, 0, time.monotonic()
        while not self.over.is_set():
            wait = begun + n * CLIENTS / RATE - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            host = HOSTS[(n + self.number) % len(HOSTS)]
            n += 1
            try:
                c = c or client()
                begin = time.monotonic()
                c.send(get(host))
                head = c.head()
                end = time.monotonic()
                status = int(head.split(b" ")[1])
                if status == 200:
                    c.exactly(5)
                else:                       # a block ends the connection
                    c.sock.close()
                    c = None
                self.answers.append((begin, end, host, status))
            except Exception as problem:
                self.failures.append(f"{host}: {problem!r}")
                c = None


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1e6


def main():
    work = enter_network()
    Origin().serve = hello
    agent = Agent(work)
    lists = os.path.join(work, "list.txt")

    def put(edition):
        with open(lists + ".new", "w") as f:
            f.write(EDITIONS[edition])
        os.replace(lists + ".new", lists)

    put("even")
    agent.write("lists.yaml", f"lists:\n  turns: {{title: Turns, from: {lists}, format: domains, licence: ours}}\n")
    with open(os.path.join(agent.config, "content/test-rules.yaml")) as f:
        agent.write("content/test-rules.yaml", f.read() + "lists: [turns]\n")
    agent.start()
    ids = {"even": json.loads(agent.tool("status", "--json").stdout)["rules"]["id"]}
    loads = [Load(i) for i in range(CLIENTS)]
    for load in loads:
        load.start()
    time.sleep(1)
    quiet_until = time.monotonic()
    phases = []                             # (begin of the swap, end of it, edition)
    refused = 0
    for i in range(SWAPS):
        edition = ("odd", "even")[i % 2]
        put(edition)
        begin = time.monotonic()
        answer = agent.tool("reload")
        phases.append((begin, time.monotonic(), edition))
        refused += answer.returncode != 0
        if edition not in ids:
            ids[edition] = json.loads(agent.tool("status", "--json").stdout)["rules"]["id"]
    for load in loads:
        load.over.set()
    for load in loads:
        load.join(30)
    answers = [answer for load in loads for answer in load.answers]
    failures = [failure for load in loads for failure in load.failures]
    rate = len(answers) / (max(a[1] for a in answers) - min(a[0] for a in answers))

    def allowed_statuses(host, begin, end):
        """What may come for a request between these moments: what the sets say that were in force at one of them."""
        if host == "open.example":
            return {200}
        if host == "always.example":
            return {403}
        in_force, edition = set(), "even"
        for swap_begin, swap_end, next_edition in phases:
            if begin <= swap_end:           # the set before was still in force when the request began
                in_force.add(edition)
            if begin <= swap_end and end < swap_begin:
                break
            edition = next_edition
        else:
            in_force.add(edition)
        return {403 if host == f"{name}.example" else 200 for name in in_force}

    wrong = [a for a in answers if a[3] not in allowed_statuses(a[2], a[0], a[1])]
    wait_for(lambda: json.loads(agent.tool("status", "--json").stdout)["events"]["waiting"] == 0)
    events = [json.loads(line) for line in agent.tool("events", "export", "--format", "jsonl").stdout.splitlines()]
    blocks = [e for e in events if e.get("host") in HOSTS]
    mislabelled = [e for e in blocks if e["host"] in ("odd.example", "even.example") and e["ruleset_id"] != ids[e["host"][:-8]]]
    unknown = [e for e in blocks if e["ruleset_id"] not in ids.values()]
    counted = sum(a[3] == 403 for a in answers)
    verified = agent.tool("events", "verify")
    opened = [agent.tool("check", "--config", name, "odd.example").stdout for name in ids.values()]
    agent.stop()

    quiet = [end - begin for begin, end, _, status in answers if status == 200 and end < quiet_until]
    swapping = [end - begin for begin, end, _, status in answers if status == 200 and begin >= quiet_until]
    print(f"{len(answers)} requests, {rate:.0f} a second, {counted} blocked; {SWAPS} swaps in {phases[-1][1] - phases[0][0]:.1f} s; answers of open.example: "
          f"p50 {percentile(quiet, .5):.0f} us, p99 {percentile(quiet, .99):.0f} us before, "
          f"p50 {percentile(swapping, .5):.0f} us, p99 {percentile(swapping, .99):.0f} us while swapping")
    checks = {
        "no request fails": not failures and len(answers) > 5000,
        "every answer is that of a whole set": not wrong and counted > 1000,
        "every swap is made": refused == 0,
        "each event names the set that judged it": not mislabelled and not unknown and len(blocks) == counted,
        "the chain of events holds": verified.returncode == 0,
        "the sets stay readable": sorted(text.split()[0] for text in opened) == ["allow", "block"],
    }
    for name, good in checks.items():
        print(("ok      " if good else "FAILED  ") + name)
    if not all(checks.values()):
        print(failures[:5], wrong[:5], mislabelled[:2], unknown[:2], len(blocks), counted, opened, verified.stdout[-300:])
    failed = sum(not good for good in checks.values())
    print(f"{len(checks) - failed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
