"""A network that lets nothing leave but by its own proxy: what that proxy is asked, and what becomes of its moods. Part of
proxy_test.py. The names behind it (BEHIND) are known to nobody but it."""
import base64, contextlib, json, os, socket, threading

from blocked_https import ask, events, get as inside, tunnel
from harness import CONSOLE, Origin, client
from redirected import hello_for
import inspected_https, names, safe_search

ADDRESS, PORT = "127.0.0.30", 8888
LOGIN = "laptop:a pass%3Aword:with colon"
BEHIND = {"far.example": "127.0.0.31", "safe-host-of-lost.example": "127.0.0.11", "read.example": "127.0.0.20",
          "www.far.example": "127.0.0.31"}
NETWORK = "local_targets: refuse, judge_addresses: false"
PLAIN = Origin("127.0.0.31")
TLS_HELLO = hello_for("far.example")
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class StrictProxy:
    """Wants its login every time, an absolute-form for http and a tunnel for the rest, and none to port 80."""

    def __init__(self):
        self.heads, self.answer, self.held = [], None, []
        self.listen()

    def listen(self):
        self.door = Origin(ADDRESS, PORT)
        self.door.serve = self.serve

    def close(self):
        self.door.listener.shutdown(socket.SHUT_RDWR)
        self.door.listener.close()

    def targets(self):
        return [" ".join(head.split(" ")[:2]) for head in self.heads]

    def serve(self, peer):
        head = peer.head().decode()
        self.heads.append(head)
        lines = head.split("\r\n")
        method, target, version = lines[0].split(" ")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        if self.answer is not None:
            peer.send(self.answer)
            return
        if fields.get("proxy-authorization") != "Basic " + base64.b64encode(LOGIN.encode()).decode():
            peer.send(b"HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
        elif method == "CONNECT":
            host, _, port = target.rpartition(":")
            if port == "80":
                peer.send(b"HTTP/1.1 403 Not to this port\r\nContent-Length: 2\r\n\r\nno")
                return
            out = socket.create_connection((BEHIND[host], int(port)), timeout=15)
            peer.send(b"HTTP/1.1 200 Connection established\r\nVia: strict\r\n\r\n")
            self.relay(peer, out)
        elif not target.startswith("http://"):
            peer.send(b"HTTP/1.1 400 Not for a proxy\r\nContent-Length: 0\r\n\r\n")
        else:
            host, _, path = target[len("http://"):].partition("/")
            out = socket.create_connection((BEHIND[host], 80), timeout=15)
            kept = [line for line in lines[1:] if line and not line.lower().startswith(("proxy-", "connection:"))]
            out.sendall("\r\n".join([f"{method} /{path} {version}", *kept, "Connection: close", "", ""]).encode())
            self.relay(peer, out)

    def relay(self, peer, out):
        out.sendall(peer.buffer)

        def back():
            with contextlib.suppress(OSError):
                while data := out.recv(65536):
                    peer.sock.sendall(data)
                peer.sock.shutdown(socket.SHUT_WR)
        threading.Thread(target=back, daemon=True).start()
        with contextlib.suppress(OSError):
            while data := peer.sock.recv(65536):
                out.sendall(data)
            out.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def behind_proxy(agent, more="", login=LOGIN, network=NETWORK):
    """The policy names the proxy and its login, for as long as the test lasts."""
    policy = open(os.path.join(agent.config, "policy.yaml")).read()
    assert "local_targets: allow, judge_addresses: false" in policy
    with open(os.path.join(agent.config, "proxy-login"), "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as f:
        f.write(login + "\n")
    setting = f"upstream_proxy: {{address: '{ADDRESS}:{PORT}', credentials_file: proxy-login{more}}}"
    changed = policy.replace("connect_ports: [443]", "connect_ports: [443, 8081]")
    agent.write("policy.yaml", changed.replace("local_targets: allow, judge_addresses: false", f"{network}, {setting}"))
    proxy = StrictProxy()
    try:
        done = agent.tool("reload")
        assert done.returncode == 0, done
        yield proxy
    finally:
        proxy.close()
        agent.write("policy.yaml", policy)
        os.remove(os.path.join(agent.config, "proxy-login"))
        assert agent.tool("reload").returncode == 0


@contextlib.contextmanager
def origin(address, port, serve):
    made = Origin(address, port)
    made.serve = serve
    try:
        yield made
    finally:
        made.listener.shutdown(socket.SHUT_RDWR)
        made.listener.close()


def fetch(host, path="/", fields="Accept: text/html\r\n"):
    c = client()
    c.send(f"GET http://{host}{path} HTTP/1.1\r\nHost: {host}\r\n{fields}Connection: close\r\n\r\n".encode())
    return c.rest().decode()


def connect(authority):
    c = client()
    c.send(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode())
    return c, c.head()


def warnings(agent):
    return [line for line in json.loads(agent.tool("status", "--json").stdout)["warnings"] if "upstream proxy" in line]


def test_upstream_proxy_https_goes_through_a_tunnel_untouched(agent):
    seen = []

    def serve(peer):
        seen.append(peer.exactly(len(TLS_HELLO)))
        peer.send(b"\x16 what the origin says")
    with behind_proxy(agent) as proxy, origin("127.0.0.31", 443, serve):
        c, answer = connect("far.example:443")
        assert answer.startswith(b"HTTP/1.1 200 "), answer
        c.send(TLS_HELLO)
        assert c.rest() == b"\x16 what the origin says"
        assert seen == [TLS_HELLO]
        assert proxy.targets() == ["CONNECT far.example:443"]
        assert warnings(agent) == []


def test_upstream_proxy_http_is_asked_for_in_the_absolute_form_and_the_origin_learns_no_login(agent):
    heads = []

    def serve(peer):
        heads.append(peer.head())
        peer.send(HELLO)
    PLAIN.serve = serve
    with behind_proxy(agent) as proxy:
        page = fetch("far.example", "/a?b", "Proxy-Authorization: Basic bWluZTptaW5l\r\n")
        assert page.startswith("HTTP/1.1 200 ") and page.endswith("hello"), page
        assert proxy.targets() == ["GET http://far.example/a?b"]
        assert proxy.heads[0].lower().count("proxy-authorization") == 1
    assert len(heads) == 1 and b"roxy-" not in heads[0], heads


def test_upstream_proxy_a_browsers_tunnel_to_port_80_is_asked_request_by_request(agent):
    def serve(peer):
        peer.head()
        peer.send(HELLO)
    PLAIN.serve = serve
    with behind_proxy(agent) as proxy:
        c, answer = connect("far.example:80")
        assert answer.startswith(b"HTTP/1.1 200 "), answer
        c.send(b"GET /in HTTP/1.1\r\nHost: far.example\r\n\r\n")
        assert c.head().startswith(b"HTTP/1.1 200 ")
        assert proxy.targets() == ["GET http://far.example/in"]


def test_upstream_proxy_what_is_inspected_is_read_and_the_origin_proves_itself(agent):
    with behind_proxy(agent) as proxy, inspected_https.inspecting(agent, "read.example") as context:
        answer = ask(tunnel(context, "read.example"), inside("/room", "read.example", "Connection: close\r\n"))
        assert answer.startswith("HTTP/1.1 200 ") and "GET /room " in answer, answer
        assert "roxy-" not in answer
        assert set(proxy.targets()) == {"CONNECT read.example:443"}, proxy.targets()


def test_upstream_proxy_safe_search_asks_it_for_the_safe_host(agent):
    safe_search.with_engines(agent)
    safe_search.SAFE.serve = lambda peer: peer.rest()
    with behind_proxy(agent) as proxy:
        assert connect("www.lost.example:443")[1].startswith(b"HTTP/1.1 200 ")
        assert proxy.targets() == ["CONNECT safe-host-of-lost.example:443"]
        page = fetch("www.lost.example")
        assert page.startswith("HTTP/1.1 502 "), page  # it refuses a tunnel to port 80, and there is no other safe way
        assert proxy.targets()[1:] == ["CONNECT safe-host-of-lost.example:80"]


def test_upstream_proxy_a_websocket_of_http_goes_through_a_tunnel(agent):
    def serve(peer):
        head = peer.head()
        assert b"Upgrade: websocket" in head and b"roxy-" not in head
        peer.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nfirst")
        peer.send(peer.exactly(4)[::-1])
    with behind_proxy(agent) as proxy, origin("127.0.0.31", 8081, serve):
        key = base64.b64encode(b"0123456789abcdef").decode()
        c = client()
        c.send(("GET http://far.example:8081/ HTTP/1.1\r\nHost: far.example:8081\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
        assert c.head().startswith(b"HTTP/1.1 101 ")
        assert c.exactly(5) == b"first"
        c.send(b"ping")
        assert c.exactly(4) == b"gnip"
        assert proxy.targets() == ["CONNECT far.example:8081"]


def test_upstream_proxy_excepted_and_local_hosts_are_reached_directly(agent):
    def serve(peer):
        assert b"roxy-" not in peer.head()
        peer.send(HELLO)
    names.ORIGIN.serve = serve
    with behind_proxy(agent, ", except: [second.example]", network="local_targets: allow, judge_addresses: false") as proxy:
        assert fetch("second.example").startswith("HTTP/1.1 200 ")
        assert fetch("127.0.0.13").startswith("HTTP/1.1 200 ")
        assert fetch("printer.local").startswith("HTTP/1.1 502 ")
        c = client()
        c.send(f"GET http://{CONSOLE[0]}:{CONSOLE[1]}/why HTTP/1.1\r\nHost: 127.0.0.1:3129\r\nConnection: close\r\n\r\n".encode())
        assert c.head().startswith(b"HTTP/1.1 200 "), "the local pages"
        assert proxy.heads == []


def test_upstream_proxy_local_targets_stay_refused_and_it_is_not_asked_for_them(agent):
    with behind_proxy(agent) as proxy:
        for host in ("192.168.1.1", "127.0.0.10", "localhost"):
            assert fetch(host).startswith("HTTP/1.1 403 "), host
        assert proxy.heads == []


def test_upstream_proxy_is_never_asked_for_what_is_blocked(agent):
    with behind_proxy(agent) as proxy:
        before = len(events(agent))
        assert fetch("www.blocked.example").startswith("HTTP/1.1 403 ")
        assert connect("blocked.example:443")[1].startswith(b"HTTP/1.1 403 ")
        assert proxy.heads == []
        assert len(events(agent)) == before + 2


def test_upstream_proxy_a_wrong_password_is_told_to_it_and_to_no_browser(agent):
    def serve(peer):
        peer.head()
        peer.send(HELLO)
    PLAIN.serve = serve
    with behind_proxy(agent, login="laptop:old") as proxy:
        page = fetch("far.example")
        assert page.startswith("HTTP/1.1 502 ") and "roxy-Authenticate" not in page and "tell IT" in page, page
        assert len(warnings(agent)) == 1 and "407" in warnings(agent)[0]
        assert connect("far.example:443")[1].startswith(b"HTTP/1.1 502 ")
        # The new password is put beside the policy: no restart.
        with open(os.path.join(agent.config, "proxy-login"), "w") as f:
            f.write(LOGIN)
        assert agent.tool("reload").returncode == 0
        assert fetch("far.example").startswith("HTTP/1.1 200 ")
        assert warnings(agent) == []
        assert len(proxy.heads) == 3


def test_upstream_proxy_credentials_that_cannot_be_read_close_the_way(agent):
    for login, mode, words in ((LOGIN, 0o644, "chmod 600"), ("no colon", 0o600, "name:password"), (None, 0o600, "cannot be read")):
        with behind_proxy(agent, login=login or LOGIN) as proxy:
            file = os.path.join(agent.config, "proxy-login")
            os.chmod(file, mode)
            if login is None:
                os.rename(file, file + ".away")
            assert agent.tool("reload").returncode == 0
            assert fetch("far.example").startswith("HTTP/1.1 502 "), words
            assert connect("far.example:443")[1].startswith(b"HTTP/1.1 502 "), words
            assert proxy.heads == [], words
            assert words in warnings(agent)[0], warnings(agent)
            if login is None:
                os.rename(file + ".away", file)


def test_upstream_proxy_that_is_down_or_talks_nonsense_is_told_of(agent):
    with behind_proxy(agent) as proxy:
        for answer, words in ((b"SSH-2.0-proxy\r\n\r\n", "no answer that can be read"), (b"HTTP/1.1 200 OK\nX: y\n\n", "no answer that can be read"),
                              (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 70000 + b"\r\n\r\n", "no answer that can be read"),
                              (b"", "no answer that can be read"), (b"HTTP/1.1 403 Forbidden\r\n\r\n", "403"),
                              (b"HTTP/1.1 502 Bad\r\n\r\n", "502")):
            proxy.answer = answer
            head = connect("far.example:443")[1]
            assert head.startswith(b"HTTP/1.1 502 "), (answer[:40], head)
            assert len(warnings(agent)) == 1 and words in warnings(agent)[0], (answer[:40], warnings(agent))
            assert "far.example" not in warnings(agent)[0]
        proxy.close()
        for head in (connect("far.example:443")[1].decode(), fetch("far.example")):
            assert head.startswith("HTTP/1.1 502 "), head
        assert "cannot be reached" in warnings(agent)[0]
        proxy.answer = None
        proxy.listen()


def test_upstream_proxy_that_does_not_answer_is_not_waited_for_without_end(agent):
    over = threading.Event()
    with behind_proxy(agent) as proxy:
        def serve(peer):
            proxy.heads.append(peer.head().decode())
            over.wait(60)
        proxy.door.serve = serve
        answer = connect("far.example:443")[1]
        over.set()
        assert answer.startswith(b"HTTP/1.1 502 "), answer
        assert len(proxy.heads) == 1


def test_upstream_proxy_bytes_behind_its_200_belong_to_the_tunnel(agent):
    with behind_proxy(agent) as proxy:
        def serve(peer):
            peer.head()
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n\x16 early")
            peer.exactly(len(TLS_HELLO))
        proxy.door.serve = serve
        c, answer = connect("far.example:443")
        assert answer == b"HTTP/1.1 200 Connection established\r\n\r\n", answer
        c.send(TLS_HELLO)
        assert c.rest() == b"\x16 early"


def test_upstream_proxy_gone_from_the_policy_is_not_asked_any_more(agent):
    def serve(peer):
        while True:
            peer.head()
            peer.send(HELLO)
    PLAIN.serve = names.ORIGIN.serve = serve
    c = client()
    with behind_proxy(agent) as proxy:
        c.send(b"GET http://far.example/ HTTP/1.1\r\nHost: far.example\r\n\r\n")
        assert c.head().startswith(b"HTTP/1.1 200 ") and c.exactly(5) == b"hello"
        assert len(proxy.heads) == 1
    c.send(b"GET http://second.example/ HTTP/1.1\r\nHost: second.example\r\n\r\n")
    assert c.head().startswith(b"HTTP/1.1 200 ") and c.exactly(5) == b"hello"
    assert len(proxy.heads) == 1
