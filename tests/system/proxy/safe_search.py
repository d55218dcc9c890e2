"""Search engines held to their safe mode: where the agent connects to, and that nothing else changes. Part of proxy_test.py.

The safe host is 127.0.0.11 and the engines themselves are 127.0.0.12 (harness.NAMES); a name that is nowhere in the
file of names is asked of a name server that is not there."""
import json, subprocess

from harness import AGENT, Origin, client, wait_for

CONNECT = "CONNECT %s:443 HTTP/1.1\r\nHost: %s:443\r\n\r\n"
ENGINES = """engines:
  - {id: search, hosts: [search.example, "search.{}"], to: safe.example, parameter: safe=on}
  - {id: lost, hosts: [lost.example], to: safe-host-of-lost.example}
"""
# A ClientHello as browsers send it: 512 bytes that must arrive one by one as they are. Its name is www.search.co.uk.
NAME = b"www.search.co.uk"
ITSELF, SAFE = Origin("127.0.0.12", 443), Origin("127.0.0.11", 443)
SAFE_PLAIN = Origin("127.0.0.11", 80)
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def sized(data, width):
    return len(data).to_bytes(width, "big") + data


def client_hello():
    names = sized(b"\0" + sized(NAME, 2), 2)
    extensions = b"\0\0" + sized(names, 2) + b"\0\x15" + sized(b"\0" * 300, 2)
    body = b"\3\3" + bytes(range(32)) + sized(b"", 1) + sized(b"\x13\x01\x13\x02", 2) + sized(b"\0", 1) + sized(extensions, 2)
    return b"\x16\3\1" + sized(b"\1" + sized(body, 3), 2)


def with_engines(agent, policy=None):
    agent.write("safe_search.yaml", ENGINES)
    if policy:
        agent.write("policy.yaml", policy)
    assert agent.tool("reload").returncode == 0


def tunnel(host):
    c = client()
    c.send((CONNECT % (host, host)).encode())
    return c, c.head()


def refused_count(agent):
    return json.loads(agent.tool("status", "--json").stdout)["without_safe_search"]


def check(agent, *words):
    done = subprocess.run([AGENT, "check", "--config", agent.config, *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done
    return done.stdout


def test_safe_search_a_tunnel_leads_to_the_safe_host_and_its_bytes_are_unchanged(agent):
    with_engines(agent)
    seen = []

    def serve(peer):
        seen.append(peer.exactly(len(client_hello())))
        peer.send(b"\x16 what the safe host says")
    SAFE.serve, before = serve, ITSELF.connections
    c, answer = tunnel("www.search.co.uk")
    assert answer.startswith(b"HTTP/1.1 200 "), answer
    hello = client_hello()
    c.send(hello[:100])
    c.send(hello[100:])
    assert c.rest() == b"\x16 what the safe host says"
    assert seen == [hello]
    assert ITSELF.connections == before


def test_safe_search_plain_http_goes_there_too_with_the_name_that_was_asked_for(agent):
    with_engines(agent)
    heads = []

    def serve(peer):
        while True:
            heads.append(peer.head())
            peer.send(HELLO)
    SAFE_PLAIN.serve, before = serve, SAFE_PLAIN.connections
    c = client()
    for path in ("/find?q=roof&safe=off", "/find?safe=off&q=roof&%73afe=none"):
        c.send(f"GET http://www.search.example{path} HTTP/1.1\r\nHost: www.search.example\r\n\r\n".encode())
        assert c.head().startswith(b"HTTP/1.1 200 ")
        assert c.exactly(5) == b"hello"
    for head in heads:
        assert head.startswith(b"GET /find?q=roof&safe=on HTTP/1.1\r\nHost: www.search.example\r\n"), head
    assert len(heads) == 2 and SAFE_PLAIN.connections == before + 1


def test_safe_search_without_its_host_the_engine_is_refused_and_never_reached(agent):
    with_engines(agent)
    before, refused = ITSELF.connections, refused_count(agent)
    _, answer = tunnel("lost.example")
    assert answer.startswith(b"HTTP/1.1 502 "), answer
    c = client()
    c.send(b"GET http://www.lost.example/ HTTP/1.1\r\nHost: www.lost.example\r\nAccept: text/html\r\n\r\n")
    page = c.rest()
    assert page.startswith(b"HTTP/1.1 502 "), page
    assert b"safe search unavailable: safe-host-of-lost.example" in page and b">www.lost.example<" in page, page
    assert ITSELF.connections == before
    assert refused_count(agent) == refused + 2


def test_safe_search_status_names_a_safe_host_that_is_not_found(agent):
    with_engines(agent)
    c = client()
    c.send(b"CONNECT both.example:443 HTTP/1.1\r\nHost: both.example:443\r\n\r\n")  # the name leads out into the world

    def missing():
        return [w for w in json.loads(agent.tool("status", "--json").stdout)["warnings"] if w.startswith("Safe search: ")]

    wait_for(missing)
    assert [w.split()[2] for w in missing()] == ["safe-host-of-lost.example"], missing()


def test_safe_search_a_name_in_tls_does_not_lead_round_it(agent):
    with_engines(agent)
    seen = []
    ITSELF.serve = lambda peer: seen.append(peer.rest())
    c, answer = tunnel("beside.example")
    assert answer.startswith(b"HTTP/1.1 200 "), answer
    c.send(client_hello())
    assert c.rest() == b"\x15\3\3\0\2\2\x31"
    assert seen in ([], [b""]), seen


def test_safe_search_a_group_without_it_goes_where_it_asks_and_check_says_so(agent):
    policy = open(f"{agent.config}/policy.yaml").read()
    free = policy.replace("default: allow}\n  strict", "default: allow, safe_search: {engines: false}}\n  strict")
    assert free != policy
    with_engines(agent, free)
    try:
        seen = []
        ITSELF.serve, before = lambda peer: seen.append(peer.exactly(10)), SAFE.connections
        c, answer = tunnel("www.search.co.uk")
        assert answer.startswith(b"HTTP/1.1 200 "), answer
        c.send(client_hello())
        assert c.rest() == b"" and seen == [client_hello()[:10]]
        assert SAFE.connections == before
        assert "safe search none for this group (safe_search.yaml:2)" in check(agent, "www.search.co.uk")
        assert "safe search connects to safe.example (safe_search.yaml:2)" in check(agent, "www.search.co.uk", "--as", "strict")
        live = subprocess.run([AGENT, "check", "--config", agent.config, "--state", agent.state, "--live", "--json",
                               "search.example"], capture_output=True, text=True, timeout=60)
        assert live.returncode == 0, live
        assert json.loads(live.stdout)[0]["safe_search"]["connects_to"] is None
    finally:
        with_engines(agent, policy)
