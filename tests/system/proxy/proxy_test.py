"""What the built agent does as a proxy. Each test is a function; run by ./run inside a namespace of its own."""
import base64, hashlib, json, os, shutil, subprocess, sys, tempfile, time, traceback

import blocked_https, desktop, inspected_https, nat64, portal, redirected, self_check, untouched
from harness import AGENT, Agent, Origin, client, enter_network, remove, wait_for

WORK = enter_network()
import names, safe_search, upstream_proxy  # noqa: E402  they listen on addresses of that network
ORIGIN, ORIGIN6 = Origin(), Origin("::1", 8080)
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def get(path="/", host="open.example", fields=""):
    return f"GET http://{host}{path} HTTP/1.1\r\nHost: {host}\r\n{fields}\r\n".encode()


def hello(peer):
    while True:
        peer.head()
        peer.send(HELLO)


def test_a_waiting_client_hears_100_before_it_sends(agent):
    def serve(peer):
        assert b"Expect: 100-continue" in peer.head()
        peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        assert peer.exactly(4) == b"data"
        peer.send(HELLO)
    ORIGIN.serve = serve
    c = client()
    c.send(b"PUT http://open.example/ HTTP/1.1\r\nHost: open.example\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
    assert c.head().startswith(b"HTTP/1.1 100 ")
    c.send(b"data")
    assert c.head().startswith(b"HTTP/1.1 200 ")
    assert c.exactly(5) == b"hello"


def test_an_early_answer_to_an_upload_arrives(agent):
    def serve(peer):
        peer.head()
        peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
    ORIGIN.serve = serve
    c = client()
    c.send(b"PUT http://open.example/ HTTP/1.1\r\nHost: open.example\r\nContent-Length: 100000000\r\n\r\n" + b"x" * 1000)
    assert c.head().startswith(b"HTTP/1.1 413 ")
    assert c.exactly(2) == b"no"
    assert c.ended()


def test_answers_without_a_body_leave_the_connection_usable(agent):
    answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", b"HTTP/1.1 204 No Content\r\n\r\n",
               b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", HELLO]

    def serve(peer):
        for answer in answers:
            peer.head()
            peer.send(answer)
    ORIGIN.serve = serve
    c = client()
    c.send(b"HEAD http://open.example/ HTTP/1.1\r\nHost: open.example\r\n\r\n")
    assert b"Content-Length: 99" in c.head()
    for status in (b"204", b"304", b"200"):
        c.send(get())
        assert c.head().split(b" ")[1] == status
    assert c.exactly(5) == b"hello"


def test_early_hints_and_ranges_pass(agent):
    def serve(peer):
        assert b"Range: bytes=1-3" in peer.head()
        peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 206 Partial Content\r\n"
                  b"Content-Range: bytes 1-3/5\r\nContent-Length: 3\r\n\r\nell")
    ORIGIN.serve = serve
    c = client()
    c.send(get(fields="Range: bytes=1-3\r\n"))
    assert c.head().startswith(b"HTTP/1.1 103 ")
    assert b"Content-Range: bytes 1-3/5" in c.head()
    assert c.exactly(3) == b"ell"


def test_the_head_of_a_stream_that_has_not_begun_arrives(agent):
    def serve(peer):
        peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        peer.more()  # until the client goes
    ORIGIN.serve = serve
    c = client()
    c.send(get())
    assert b"text/event-stream" in c.head()


def test_trailers_are_dropped_both_ways(agent):
    seen = {}

    def serve(peer):
        peer.head()
        seen["body"], seen["end"] = peer.chunked()
        peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n")
    ORIGIN.serve = serve
    c = client()
    c.send(b"PUT http://open.example/ HTTP/1.1\r\nHost: open.example\r\nTransfer-Encoding: chunked\r\n\r\n"
           b"4\r\ndata\r\n0\r\nX-Secret: 1\r\n\r\n")
    c.head()
    assert c.chunked() == (b"abc", b"\r\n")
    assert seen == {"body": b"data", "end": b"\r\n"}


def test_a_large_upload_arrives_whole(agent):
    block, seen = os.urandom(1 << 20), {}

    def serve(peer):
        peer.head()
        digest = hashlib.sha256()
        for _ in range(64):
            digest.update(peer.exactly(1 << 20))
        seen["digest"] = digest.digest()
        peer.send(HELLO)
    ORIGIN.serve = serve
    c = client()
    c.send(b"POST http://open.example/ HTTP/1.1\r\nHost: open.example\r\nContent-Length: %d\r\n\r\n" % (64 << 20))
    digest = hashlib.sha256()
    for _ in range(64):
        digest.update(block)
        c.send(block)
    assert c.head().startswith(b"HTTP/1.1 200 ")
    assert seen["digest"] == digest.digest()


def test_a_websocket_passes_both_ways(agent):
    def serve(peer):
        assert b"Upgrade: websocket" in peer.head()
        peer.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  b"Sec-WebSocket-Accept: x\r\n\r\nfirst")
        peer.send(peer.exactly(4)[::-1])
    ORIGIN.serve = serve
    c = client()
    key = base64.b64encode(b"0123456789abcdef").decode()
    c.send(get(fields=f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"))
    assert c.head().startswith(b"HTTP/1.1 101 ")
    assert c.exactly(5) == b"first"
    c.send(b"ping")
    assert c.exactly(4) == b"gnip"


def test_a_tunnel_to_port_80_is_judged_request_by_request(agent):
    ORIGIN.serve = hello
    before = ORIGIN.connections
    c = client()
    c.send(b"CONNECT open.example:80 HTTP/1.1\r\nHost: open.example:80\r\n\r\n")
    assert c.head().startswith(b"HTTP/1.1 200 ")
    c.send(b"GET /open HTTP/1.1\r\nHost: open.example\r\n\r\n")
    assert c.head().startswith(b"HTTP/1.1 200 ")
    assert c.exactly(5) == b"hello"
    assert ORIGIN.connections == before + 1  # the one that the tunnel opened
    c.send(b"GET /hidden HTTP/1.1\r\nHost: blocked.example\r\n\r\n")
    assert c.head().startswith(b"HTTP/1.1 403 ")


def test_a_kept_connection_that_died_is_replaced(agent):
    def serve(peer):
        peer.head()
        peer.send(HELLO)  # and closes, although it said nothing of it
    ORIGIN.serve = serve
    c = client()
    for _ in range(5):
        c.send(get())
        c.head()
        assert c.exactly(5) == b"hello"


def test_a_request_that_a_kept_connection_swallowed_is_sent_once_more(agent):
    def serve(peer):
        peer.head()
        peer.send(HELLO)
        peer.head()  # and closes without an answer
    ORIGIN.serve = serve
    c = client()
    c.send(get() + get() + get())
    for _ in range(3):
        head = c.head()
        assert head.startswith(b"HTTP/1.1 200 "), head
        assert c.exactly(5) == b"hello"


def test_a_body_cut_short_does_not_look_whole(agent):
    def serve(peer):
        peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf")
    ORIGIN.serve = serve
    c = client()
    c.send(get())
    c.head()
    assert c.rest() == b"half"


def test_ipv6_origins_by_name_and_address(agent):
    ORIGIN6.serve = hello
    for host in ("six.example:8080", "[::1]:8080"):
        c = client()
        c.send(get(host=host))
        assert c.head().startswith(b"HTTP/1.1 200 "), host


def test_a_silent_ipv6_address_does_not_hold_up_ipv4(agent):
    ORIGIN.serve = hello
    begin = time.time()
    c = client()
    c.send(get(host="both.example"))
    assert c.head().startswith(b"HTTP/1.1 200 ")
    assert time.time() - begin < 5, "IPv4 was tried only after IPv6 had timed out"


def test_one_event_for_each_blocked_request_and_none_for_the_rest(agent):
    ORIGIN.serve = hello
    before = int(json.loads(agent.tool("status", "--json").stdout)["events"]["recorded"])
    for _ in range(3):
        c = client()
        c.send(get("/gone?secret=1", "blocked.example"))
        assert c.head().startswith(b"HTTP/1.1 403 ")
        assert c.rest()
    c = client()
    for i in range(300):
        c.send(get(f"/private-{i}"))
        c.head()
        c.exactly(5)
    assert int(json.loads(agent.tool("status", "--json").stdout)["events"]["recorded"]) == before + 3
    rows = [json.loads(line) for line in agent.tool("events", "export", "--format", "jsonl").stdout.splitlines()]
    assert all("secret" not in json.dumps(row) for row in rows)
    for folder, _, files in os.walk(agent.state):
        for name in files:
            if not name.endswith((".sock", ".rules")):  # compiled rules hold the tests of the files, not what was asked
                assert b"open.example" not in open(os.path.join(folder, name), "rb").read(), name
    assert b"open.example" not in open(agent.state + ".log", "rb").read()


def test_observed_sites_open_and_are_recorded(agent):
    ORIGIN.serve = hello
    c = client()
    c.send(get(host="watched.example"))
    assert c.head().startswith(b"HTTP/1.1 200 ")
    wait_for(lambda: "watched" in agent.tool("events", "export", "--format", "jsonl").stdout)


def test_the_person_is_the_owner_of_the_socket_and_brings_the_group(agent):
    before = blocked_https.events(agent)
    code = ("import socket; s = socket.create_connection(('127.0.0.1', 3128)); "
            "s.sendall(b'GET http://watched.example/ HTTP/1.1\\r\\nHost: watched.example\\r\\n\\r\\n'); print(s.recv(12))")
    run = subprocess.run(["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "/usr/bin/python3", "-c", code],
                         capture_output=True, text=True, timeout=30)
    assert "403" in run.stdout, run
    mine = blocked_https.events(agent)[len(before):]
    assert len(mine) == 1 and mine[0]["person"] == "nobody" and mine[0]["group"] == "strict" and mine[0]["found"] == "socket_owner", mine


def test_an_edit_is_in_force_soon_and_a_broken_one_is_not(agent):
    ORIGIN.serve = hello
    status = lambda: json.loads(agent.tool("status", "--json").stdout)["rules"]
    good = status()["id"]
    agent.write("content/test-rules.yaml", "category: test-rules\nblock: [oops\n")
    wait_for(lambda: status()["last_load_refused"])
    assert status()["id"] == good
    assert any("content/test-rules.yaml:" in problem for problem in status()["problems"])
    c = client()
    c.send(get(host="blocked.example"))
    assert c.head().startswith(b"HTTP/1.1 403 ")
    agent.write("content/test-rules.yaml", """category: test-rules
title: Test
risk: content
severity: low
says: Not available.
record: path
block: {hosts: [blocked.example, open.example]}
tests: {must_block: [open.example], must_allow: [other.example]}
""")
    wait_for(lambda: status()["id"] != good)
    c = client()
    c.send(get())
    assert c.head().startswith(b"HTTP/1.1 403 ")


def test_requests_go_on_while_rules_are_swapped(agent):
    ORIGIN.serve = hello
    reloads = [subprocess.Popen([AGENT, "reload", "--state", agent.state], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
               for _ in range(5)]
    c = client()
    for _ in range(300):
        c.send(get(host="both.example"))
        assert c.head().startswith(b"HTTP/1.1 200 ")
        c.exactly(5)
    assert [reload.wait(30) for reload in reloads] == [0] * 5


def test_the_local_pages_answer_through_the_proxy_too(agent):
    c = client()
    c.send(get("/why", "127.0.0.1:3129"))
    assert c.head().startswith(b"HTTP/1.1 200 ")


def test_a_second_agent_is_refused_and_the_first_stays(agent):
    second = subprocess.run(agent.command(), capture_output=True, text=True, timeout=30)
    assert second.returncode == 3 and "another agent" in second.stderr, second
    assert agent.tool("status").returncode == 0


def test_the_end_is_clean_and_the_chain_holds(agent):
    assert agent.stop() == 0
    verified = agent.tool("events", "verify")
    assert verified.returncode == 0, verified.stdout
    agent.start()


def test_evidence_for_a_case_is_one_file_that_verifies_elsewhere(agent):
    folder = tempfile.mkdtemp()
    pack = os.path.join(folder, "case.html")
    rows = json.loads(agent.tool("events", "list", "--json").stdout)
    chosen = next(row for row in rows if row["kind"] == "blocked" and row["person"])
    made = agent.tool("events", "pack", "--event", chosen["id"].lower().replace("-", ""), "--by", "lead", "--out", pack)
    assert made.returncode == 0, made.stderr
    assert os.stat(pack).st_mode & 0o077 == 0
    # Without the store: the command alone, as on another machine.
    verify = [agent.command()[0], "events", "verify", pack]
    checked = subprocess.run(verify, capture_output=True, text=True, timeout=30)
    assert checked.returncode == 0 and checked.stdout.startswith("clean: 1 events"), checked
    assert subprocess.run(verify + ["--device", chosen["device"]], capture_output=True, timeout=30).returncode == 0
    assert subprocess.run(verify + ["--device", "0" * 16], capture_output=True, timeout=30).returncode == 1
    with open(pack, encoding="utf-8") as file:
        text = file.read()
    with open(pack, "w", encoding="utf-8") as file:
        file.write(text.replace('"url": "http', '"url": "ftp', 1))
    checked = subprocess.run(verify, capture_output=True, text=True, timeout=30)
    assert checked.returncode == 1 and checked.stdout.startswith("NOT CLEAN: events[0].url"), checked
    assert agent.tool("events", "pack", "--incident", "999999", "--out", pack).returncode == 1
    assert agent.tool("events", "pack", "--out", pack).returncode == 2
    shutil.rmtree(folder)


def test_with_every_file_broken_the_built_in_minimum_holds(agent):
    agent.stop()
    broken = Agent(WORK, "broken")
    for name in ("policy.yaml", "content/test-rules.yaml", "content/watched.yaml"):
        broken.write(name, "\x00\xff{{{")
    broken.start()
    try:
        c = client()
        c.send(get(host="www.pornhub.com"))
        assert c.head().startswith(b"HTTP/1.1 403 ")
        rules = json.loads(broken.tool("status", "--json").stdout)["rules"]
        assert rules["builtin"] and len(rules["problems"]) >= 3
    finally:
        broken.stop()
    agent.start()


def main():
    inspected_https.start_origins(WORK)
    agent = Agent(WORK).start()
    parts = [blocked_https, inspected_https, untouched, safe_search, desktop, names, redirected, upstream_proxy, nat64, portal, self_check]
    named = [item for part in parts for item in vars(part).items()] + [*globals().items()]
    tests = [(name, test) for name, test in named if name.startswith("test_")]
    failed = 0
    for name, test in tests:
        try:
            test(agent)
            print("ok     ", name[5:].replace("_", " "))
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
