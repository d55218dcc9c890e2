"""The agent's life beside its requests. Each test is a function; run by ./run inside a namespace of its own."""
import contextlib, json, os, shutil, signal, sqlite3, subprocess, sys, traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "proxy"))

from harness import ADDRESS, AGENT, CATEGORY, POLICY, PROHIBIT, ROUTE, Agent, Origin, client, enter_network, network, remove, wait_for

WORK = enter_network()
SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3, "categories")
NOBODY, PERSON, LED_TO = 65534, 61183, 3130
ORIGIN, OTHER = Origin(), Origin("127.0.0.14")
ROUTE6 = ("-6 route add 2001:db8:ffff::/48 via 2001:db8::1", "-6 route del 2001:db8:ffff::/48 via 2001:db8::1")
PROHIBIT6 = ("-6 route add prohibit 2001:db8:ffff::1/128", "-6 route del prohibit 2001:db8:ffff::1/128")


class Installed(Agent):
    """As the package has it: its state folder closed, its socket where everybody reaches it. Accounts of `nogroup` are staff."""

    def __init__(self):
        super().__init__(WORK, "installed")
        shutil.rmtree(self.config)
        shutil.copytree(SHIPPED, self.config)
        with open(self.config + "/policy.yaml") as file:
            policy = file.read()
        assert policy.count("os_groups: [staff]") == 1
        self.write("policy.yaml", policy.replace("os_groups: [staff]", "os_groups: [nogroup]"))
        os.chmod(self.config, 0o750)
        self.state = "/var/lib/fairlead"
        os.mkdir(self.state, 0o700)

    def start(self):
        self.log = open(WORK + "/installed.log", "ab")
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        wait_for(lambda: self.tool("status").returncode == 0)
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(15)
        self.process = None

    def status(self):
        return json.loads(self.tool("status", "--json").stdout)


def run_as(account, *command):
    return subprocess.run(["setpriv", f"--reuid={account}", f"--regid={account}", "--clear-groups", *command], capture_output=True, text=True, timeout=90)


def tool_as(account, *arguments):
    """A copy of the program that everybody may run: a checkout may be closed to them."""
    if not os.path.exists(WORK + "/fairlead"):
        shutil.copy(AGENT, WORK + "/fairlead")
        os.chmod(WORK + "/fairlead", 0o755)
    return run_as(account, WORK + "/fairlead", *arguments)


ASK = """import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect("/run/fairlead/control.sock"); s.sendall(sys.argv[1].encode() + b"\\n")
print(s.makefile().readline())"""


def ask(asker, **request):
    return json.loads(run_as(asker, "python3", "-c", ASK, json.dumps(request)).stdout)


def entries(agent, *subjects):
    """What the book says of the filter: (subject, body), the oldest first."""
    with contextlib.closing(sqlite3.connect(f"file:{agent.state}/events/events.db?mode=ro", uri=True)) as store:
        rows = store.execute("SELECT subject, body, actor, person FROM entries WHERE kind = 'health' ORDER BY sequence").fetchall()
    assert all(not actor and not person for _, _, actor, person in rows), rows
    return [(subject, json.loads(body)) for subject, body, _, _ in rows if not subjects or subject in subjects]


def events(agent):
    return json.loads(agent.tool("events", "list", "--json").stdout)


def self_check(account, *arguments):
    told = tool_as(account, "self-check", "--json", *arguments)
    assert told.returncode in (0, 1), told
    return {row["way"]: row for row in json.loads(told.stdout)}


def test_what_building_the_rules_took_is_given_back(agent):
    """At its first start it has built them: many times what is left of that."""
    fields = dict(line.split(":", 1) for line in open(f"/proc/{agent.process.pid}/status") if ":" in line)
    assert int(fields["RssAnon"].split()[0]) < 12 * 1024, fields  # the rest is libraries, of which systems map more or less


def test_everyone_may_ask_how_it_is_and_nothing_of_others(agent):
    told = tool_as(PERSON, "status", "--json")
    assert told.returncode == 0, told
    status = json.loads(told.stdout)
    assert status["rules"]["categories"] > 0
    assert "alerts" not in status and "warnings" not in status and "problems" not in status["rules"], status.keys()
    assert tool_as(PERSON, "status").returncode == 0
    for request in ({"do": "reload"}, {"do": "cover", "part": "ways", "state": "in_force"}, {"do": "check", "url": "http://x.example/"},
                    {"do": "pause", "minutes": 5, "because": "x"}, {"do": 5}, {}):
        assert "error" in ask(PERSON, **request), request
    assert tool_as(PERSON, "pause", "--minutes", "5", "--because", "x").returncode == 3
    assert agent.status()["cover"]["state"] == "unknown", "a stranger's report was believed"


def test_a_learner_may_look_for_ways_round_and_leaves_no_trace(agent):
    assert tool_as(PERSON, "rules", "lint", "--config", agent.config).returncode != 0, "the files are meant to be closed"
    before, counted = len(events(agent)), agent.status()["blocked"]
    rows = self_check(PERSON)
    for way in ("doh", "web-proxy", "ip-literal", "agent", "clock", "rules-fresh", "through-proxy"):
        assert rows[way]["state"] == "closed", rows[way]
    assert len(events(agent)) == before and agent.status()["blocked"] == counted


def test_each_account_is_told_of_itself_alone(agent):
    assert " for learners: " in tool_as(PERSON, "self-check").stdout
    assert " for staff: " in tool_as(NOBODY, "self-check").stdout
    assert ask(PERSON, do="self_check", **{"as": "staff", "account": NOBODY})["group"] == "learners"


def test_strangers_who_say_nothing_keep_nobody_out(agent):
    hold = "import socket, sys\ns = [socket.socket(socket.AF_UNIX) for _ in range(200)]\n" \
           "for one in s: one.connect('/run/fairlead/control.sock')\nprint('held', flush=True); sys.stdin.read()"
    holding = subprocess.Popen(["setpriv", f"--reuid={PERSON}", "--clear-groups", "python3", "-c", hold], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    try:
        assert holding.stdout.readline() == b"held\n"
        assert agent.tool("status").returncode == 0
        wait_for(lambda: len(os.listdir(f"/proc/{agent.process.pid}/fd")) < 150, 5)
    finally:
        holding.communicate()


def test_a_way_out_is_open_refused_or_led_into_the_filter(agent):
    assert self_check(PERSON)["other-program"]["state"] == "not covered", "there is no network"
    with network(ADDRESS, ROUTE, ROUTE6):
        rows = self_check(PERSON)  # nothing is led anywhere
        for way in ("other-program", "other-program-ipv6", "other-ports", "ssh", "quic", "quic-ipv6", "vpn-ports", "dns-over-tls"):
            assert rows[way]["state"] == "open", rows[way]
        with network(PROHIBIT, PROHIBIT6):
            rows = self_check(PERSON)
            for way in ("other-program", "other-program-ipv6", "quic", "quic-ipv6", "ssh"):
                assert rows[way]["state"] == "closed", rows[way]
            # A network that answers in the world's place, as that of a hotel does, is not the filter.
            with network(("addr add 192.0.2.1/32 dev lo", "addr del 192.0.2.1/32 dev lo")), listening(NOBODY, "192.0.2.1", 443):
                row = self_check(PERSON)["other-program"]
                assert row["state"] == "open" and "leaves this laptop" in row["because"], row
        with redirection():
            rows = self_check(PERSON)
            assert rows["other-program"]["state"] == "closed" and "led into the filter" in rows["other-program"]["because"], rows
            assert rows["ssh"]["state"] == "open"


@contextlib.contextmanager
def redirection():
    table = "table inet led {\nchain out {\ntype nat hook output priority -100\n" \
            f"ip daddr 192.0.2.0/24 tcp dport {{ 80, 443 }} redirect to :{LED_TO}\n}}\n}}\n"
    subprocess.run(["nft", "-f", "-"], input=table, text=True, check=True)
    try:
        yield
    finally:
        subprocess.run(["nft", "delete", "table", "inet", "led"], check=True)


LISTEN = """import socket, sys
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind((sys.argv[1], int(sys.argv[2]))); s.listen(16)
print("listens", flush=True)
while True: kept = s.accept()"""


@contextlib.contextmanager
def listening(account, address, port):
    """A program of this account takes what comes there."""
    listener = subprocess.Popen(["setpriv", f"--reuid={account}", "--clear-groups", "--inh-caps=+net_bind_service",
                                 "--ambient-caps=+net_bind_service", "python3", "-c", LISTEN, address, str(port)], stdout=subprocess.PIPE)
    try:
        assert listener.stdout.readline() == b"listens\n"
        yield
    finally:
        listener.kill()
        listener.wait()


def test_what_the_timer_reports_is_kept_told_and_written_down(agent):
    with network(ADDRESS, ROUTE):
        told = agent.tool("self-check", "--report")
        assert told.returncode == 1 and "open: quic" in told.stdout, told
        status = agent.status()
        assert status["cover"]["state"] == "open" and any(one.startswith("quic: ") for one in status["cover"]["open"]), status["cover"]
        assert any("quic" in warning for warning in status["warnings"])
        wait_for(lambda: entries(agent, "cover_lost"))
        (_, lost), = entries(agent, "cover_lost")
        assert lost["part"] == "ways" and any(one.startswith("quic: ") for one in lost["what"]), lost
        assert agent.tool("self-check", "--report").returncode == 1
    lost_still = {way for way in lost["open"]} - {one for one in lost["open"] if "browser-policy" in one}
    agent.tool("self-check", "--report")
    wait_for(lambda: entries(agent, "cover_restored"))
    restored = {one for _, body in entries(agent, "cover_restored") for one in body["what"]}
    assert restored == lost_still, (restored, lost_still)
    assert len(entries(agent, "cover_lost")) == 1, "the same was told twice"
    assert run_as(PERSON, "true").returncode == 0
    refused = tool_as(PERSON, "self-check", "--report")
    assert refused.returncode == 3 and "only root" in refused.stderr, refused


def test_a_firewall_that_was_gone_and_is_back_is_written_down_twice(agent):
    known = len(entries(agent))
    assert ask(0, do="cover", part="firewall", state="was_gone") == {"taken": True}
    assert ask(0, do="cover", part="firewall", state="in_force") == {"taken": True}
    wait_for(lambda: len(entries(agent)) == known + 2)
    assert [subject for subject, _ in entries(agent)[known:]] == ["cover_lost", "cover_restored"]
    assert "error" in ask(0, do="cover", part="Fire wall!", state="in_force")


def test_a_firewall_that_was_gone_while_the_agent_was_is_written_down_later(agent):
    def keep():
        return json.loads(agent.tool("cover", "keep", "--config", agent.config).stdout)["firewall"]
    try:
        assert keep() == "put" and keep() == "in_force"
        known = len(entries(agent))
        assert agent.stop() == 0
        subprocess.run(["nft", "flush", "ruleset"], check=True)
        assert keep() == "was_gone" and keep() == "in_force"
        agent.start()
        assert keep() == "in_force"
        wait_for(lambda: len(entries(agent)) == known + 3)
        assert [subject for subject, _ in entries(agent)[known:]] == ["agent_stopped", "cover_lost", "cover_restored"]
        assert keep() == "in_force" and len(entries(agent)) == known + 3
    finally:
        subprocess.run([AGENT, "cover", "remove"], check=True)


def test_a_kill_and_an_orderly_end_are_told_apart(agent):
    agent.kill()
    agent.start()
    wait_for(lambda: len(entries(agent, "agent_stopped")) == 2)
    _, (_, killed) = entries(agent, "agent_stopped")
    assert killed["ended"] == "unexpectedly" and not killed["laptop_was_off"] and killed["from"] <= killed["to"], killed
    assert agent.stop() == 0
    agent.start()
    wait_for(lambda: len(entries(agent, "agent_stopped")) == 3)
    assert entries(agent, "agent_stopped")[2][1]["ended"] == "told_to"
    # What was lost before is not lost again.
    lost = len(entries(agent, "cover_lost"))
    agent.tool("self-check", "--report")
    assert len(entries(agent, "cover_lost")) == lost
    assert agent.tool("events", "verify").returncode == 0


def get(host):
    return f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


def serve_name(name):
    def serve(peer):
        while True:
            peer.head()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + name)
    return serve


def visit(host):
    c = client()
    c.send(get(host))
    status = int(c.head().split()[1])
    return status, c.exactly(5) if status == 200 else b""


def test_a_pause_lets_through_records_and_ends(_):
    agent = Agent(WORK, "paused")
    agent.write("policy.yaml", POLICY.replace("judge_addresses: false", "judge_addresses: true"))
    agent.write("content/test-rules.yaml", CATEGORY % ("test-rules", "Test", "blocked.example, 127.0.0.14", "blocked.example"))
    name_at("127.0.0.14")
    agent.start()
    ORIGIN.serve, OTHER.serve = serve_name(b"first"), serve_name(b"other")
    try:
        assert visit("blocked.example")[0] == visit("moving.example")[0] == 403
        assert agent.tool("pause", "--minutes", "61", "--because", "x").returncode == 2
        assert agent.tool("pause", "--minutes", "5").returncode == 2
        begun = agent.tool("pause", "--minutes", "5", "--because", "The maths site")
        assert begun.returncode == 0 and "rests until" in begun.stdout, begun
        assert visit("blocked.example") == (200, b"first") and visit("moving.example") == (200, b"other")
        status = json.loads(agent.tool("status", "--json").stdout)
        assert status["pause"]["because"] == "The maths site" and any("rests" in one for one in status["warnings"])
        wait_for(lambda: [event["kind"] for event in events(agent)].count("observed") == 2)
        assert agent.tool("pause", "--end").returncode == 0
        assert visit("blocked.example")[0] == 403
        wait_for(lambda: len(entries(agent, "pause_ended")) == 1)
        (_, begin), (_, end) = entries(agent, "pause_begun", "pause_ended")
        assert begin["because"] == end["because"] == "The maths site" and end["how"] == "ended" and end["begun"] <= begin["until"]
        # Nothing brings it back after a start.
        assert agent.tool("pause", "--minutes", "5", "--because", "again").returncode == 0
        agent.process.send_signal(signal.SIGKILL)
        agent.process.wait(15)
        agent.start()
        assert visit("blocked.example")[0] == 403
        assert json.loads(agent.tool("status", "--json").stdout)["pause"] is None
    finally:
        agent.stop()


def test_another_network_makes_it_look_names_up_anew(_):
    agent = Agent(WORK, "moved").start()
    ORIGIN.serve, OTHER.serve = serve_name(b"first"), serve_name(b"other")
    try:
        name_at("127.0.0.10")
        assert visit("moving.example") == (200, b"first")
        name_at("127.0.0.14")
        assert visit("moving.example") == (200, b"first"), "nothing was kept: this test shows nothing"
        with network(ADDRESS):
            wait_for(lambda: visit("moving.example") == (200, b"other"), 20)
    finally:
        agent.stop()


def name_at(address):
    with open("/etc/hosts") as file:
        lines = [line for line in file if "moving.example" not in line]
    with open("/etc/hosts", "w") as file:
        file.writelines([*lines, f"{address} moving.example\n"])


def main():
    os.chmod(WORK, 0o755)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/var/lib"], check=True)  # the package's folders, and nobody else's
    tests = [(name, test) for name, test in globals().items() if name.startswith("test_")]
    installed = [test for test in tests if test[1].__code__.co_varnames[0] == "agent"]
    failed = 0
    agent = Installed().start()
    for name, test in installed + [test for test in tests if test not in installed]:
        if (name, test) not in installed and agent.process:
            agent.stop()
        try:
            test(agent)
            print("ok     ", name[5:].replace("_", " "), flush=True)
        except Exception:
            failed += 1
            print("FAILED ", name[5:].replace("_", " "))
            traceback.print_exc(file=sys.stdout)
    agent.stop()
    remove(WORK)
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
