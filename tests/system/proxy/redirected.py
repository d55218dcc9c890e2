"""Programs that know of no proxy and are brought here by the firewall. Part of proxy_test.py."""
import contextlib, os, pwd, socket, ssl, subprocess

from blocked_https import ask, authority, events, get
from harness import Origin, Peer, REDIRECTED

PERSON = pwd.getpwnam("nobody").pw_uid
WORLD, WORLD6 = "203.0.113.9", "2001:db8::9"  # nobody answers there: what arrives somewhere was brought there by name
NET = """table inet redirected {
  chain output {
    type nat hook output priority -100
    oifname != lo meta skuid %d tcp dport { 80, 443, 8080, 8443 } redirect to :%d
  }
}
"""


@contextlib.contextmanager
def firewall():
    subprocess.run(["nft", "-f", "-"], input=NET % (PERSON, REDIRECTED), text=True, check=True)
    try:
        yield
    finally:
        subprocess.run(["nft", "delete", "table", "inet", "redirected"], check=True)


def person_connects(address, port, family=None):
    """A socket of the person's own."""
    os.seteuid(PERSON)
    try:
        sock = socket.socket(family or (socket.AF_INET6 if ":" in address else socket.AF_INET))
    finally:
        os.seteuid(0)
    sock.settimeout(15)
    sock.connect((address, port))
    return sock


def hello_for(name):
    """What a TLS client says first."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname=name)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return outgoing.read()


def test_redirected_tls_reaches_the_host_that_it_names_and_nobody_touches_it(agent):
    seen = []

    def serve(peer):
        peer.more()
        seen.append(peer.buffer)
        peer.send(b"answer")
    origin = Origin("127.0.0.10", 443)
    origin.serve = serve
    hello = hello_for("open.example")
    with firewall():
        for address, family in ((WORLD, None), (WORLD6, None), ("::ffff:" + WORLD, socket.AF_INET6)):
            seen.clear()
            peer = Peer(person_connects(address, 443, family))
            peer.send(hello)
            assert peer.exactly(6) == b"answer", address
            assert seen == [hello], address
            peer.sock.close()
    origin.listener.close()


def test_redirected_tls_to_a_blocked_host_is_stopped_and_told_of_whom(agent):
    before = len(events(agent))
    with firewall():
        peer = Peer(person_connects(WORLD, 443))
        peer.send(hello_for("www.blocked.example"))
        assert peer.rest() == b"\x15\x03\x03\x00\x02\x02\x31", "a TLS alert: access denied"
        with authority(agent) as context:
            tls = context.wrap_socket(person_connects(WORLD6, 443), server_hostname="blocked.example")
            answer = ask(tls, get("/room"))
            assert answer.startswith("HTTP/1.1 403 ") and "Not available." in answer, answer[:300]
    new = events(agent)[before:]
    assert [(event["url"], event["person"]) for event in new] == [("https://www.blocked.example/", "nobody"),
                                                                  ("https://blocked.example/room", "nobody")], new


def test_redirected_requests_are_judged_by_host_and_person(agent):
    def serve(peer):
        while True:
            peer.head()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    origin = Origin("127.0.0.10", 8080)
    origin.serve = serve
    with firewall():
        for address, family in ((WORLD, None), (WORLD6, None), ("::ffff:" + WORLD, socket.AF_INET6)):
            peer = Peer(person_connects(address, 8080, family))
            for host, answer in (("open.example", b"200"), ("open.example", b"200"), ("watched.example", b"403")):
                peer.send(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                assert peer.head().split()[1] == answer, (address, host)  # the group of this account is a strict one
                if answer == b"200":
                    assert peer.exactly(5) == b"hello"
        peer = Peer(person_connects(WORLD, 8080))
        peer.send(b"CONNECT blocked.example:443 HTTP/1.1\r\nHost: blocked.example\r\n\r\n")
        assert peer.head().startswith(b"HTTP/1.1 403 "), "somebody else's proxy is ours"
    assert events(agent)[-1]["person"] == "nobody"
    origin.listener.close()


def test_what_comes_straight_to_the_port_was_on_the_way_to_nowhere(agent):
    with firewall():
        for address in ("127.0.0.1", "::1"):
            peer = Peer(person_connects(address, REDIRECTED))
            assert peer.ended(), address


def test_without_the_filter_the_firewall_leads_to_nothing(agent):
    agent.stop()
    try:
        with firewall():
            for address in (WORLD, WORLD6):
                try:
                    person_connects(address, 443)
                except ConnectionRefusedError:
                    continue
                raise AssertionError(address)
    finally:
        agent.start()
