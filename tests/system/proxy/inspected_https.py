"""What is said inside TLS is read where the policy asks, nowhere else, and kept nowhere. Part of proxy_test.py."""
import contextlib, os, pathlib, socket, ssl, subprocess, threading

from blocked_https import ask, authority, events, tunnel, tunnel_socket
from harness import Peer, wait_for

ADDRESS = "127.0.0.20"
READ, OTHER, LATE, BANK = "read.example", "other.example", "late.example", "monzo.com"


class TlsOrigin:
    """Answers every request with its line and fields; a path of /ws becomes an echo of bytes."""

    def __init__(self, work, name, days=7):
        self.key, self.certificate = f"{work}/{name}.key", f"{work}/{name}.crt"
        self.requests, self.served = [], 0
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.key,
                        "-subj", "/CN=" + name, "-out", self.certificate + ".csr"], check=True, capture_output=True)
        extensions = f"{work}/{name}.ext"
        open(extensions, "w").write(f"subjectAltName=DNS:{name},DNS:www.{name}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
        subprocess.run(["openssl", "x509", "-req", "-in", self.certificate + ".csr", "-CA", f"{work}/origins-root.crt", "-CAkey",
                        f"{work}/origins-root.key", "-CAcreateserial", "-days", str(days), "-extfile", extensions, "-out", self.certificate],
                       check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, self.key)
        self.context.set_alpn_protocols(["h2", "http/1.1"])

    def der(self):
        return ssl.PEM_cert_to_DER_cert(open(self.certificate).read())

    def serve(self, sock):
        tls = self.context.wrap_socket(sock, server_side=True)
        self.served += 1
        peer = Peer(tls)
        while True:
            try:
                head = peer.head().decode()
            except (EOFError, OSError):
                return
            self.requests.append(head)
            target = head.split(" ")[1]
            if target == "/ws":
                tls.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
                while True:
                    data = peer.buffer or tls.recv(65536)
                    peer.buffer = b""
                    if not data:
                        tls.unwrap()
                        return
                    tls.sendall(data.upper())
            if target == "/big":
                tls.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                for _ in range(64):
                    tls.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
                tls.sendall(b"0\r\n\r\n")
            elif target == "/cut":
                tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
                return  # without the end of TLS
            else:
                length = next((int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length:")), 0)
                body = (head + peer.exactly(length).decode()).encode()
                tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


class Origins:
    """All names on one address, told apart by the server name."""

    def __init__(self, work):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
                        "/CN=Roots of the tests", "-keyout", f"{work}/origins-root.key", "-out", f"{work}/origins-root.crt", "-addext",
                        "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"], check=True, capture_output=True)
        self.root = f"{work}/origins-root.crt"
        self.by_name = {name: TlsOrigin(work, name) for name in (READ, OTHER, BANK)}
        self.by_name[LATE] = TlsOrigin(work, LATE, days=-1)
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((ADDRESS, 443))
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.run, args=(connection,), daemon=True).start()

    def run(self, connection):
        try:
            hello = connection.recv(16384, socket.MSG_PEEK)
            origin = next(o for name, o in self.by_name.items() if name.encode() in hello)
            origin.serve(connection)
        except (OSError, StopIteration, EOFError):
            pass
        finally:
            connection.close()


ORIGINS = None


def start_origins(work):
    """Before the agent starts, which takes the root of these origins for the system's."""
    global ORIGINS
    ORIGINS = Origins(work)
    os.environ["SSL_CERT_FILE"] = ORIGINS.root


@contextlib.contextmanager
def inspecting(agent, hosts=f"{READ}, {LATE}, com.example", search="false"):
    """The policy asks for inspection, for as long as the test lasts; gives a context that trusts the laptop alone."""
    policy = open(os.path.join(agent.config, "policy.yaml")).read()
    agent.write("policy.yaml", policy + f"inspect: {{search: {search}, hosts: [{hosts}]}}\n")
    try:
        with authority(agent) as context:
            assert agent.tool("reload").returncode == 0
            assert "nothing is inspected" not in agent.tool("status").stdout
            yield context
    finally:
        agent.write("policy.yaml", policy)
        assert agent.tool("reload").returncode == 0


def trusting_origins():
    return ssl.create_default_context(cafile=ORIGINS.root)


def request(path, host=READ, fields=""):
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{fields}\r\n"


def test_inspected_a_request_is_rebuilt_and_the_origin_is_another_connection(agent):
    read = ORIGINS.by_name[READ]
    with inspecting(agent) as context:
        tls = tunnel(context, READ)
        assert tls.selected_alpn_protocol() == "http/1.1"
        assert tls.getpeercert()["subjectAltName"] == (("DNS", READ),)
        served = read.served
        answer = ask(tls, request("/a/%7eb/../c?q=1", fields="Connection: close, X-Mine\r\nX-Mine: 1\r\nX-Theirs: 2\r\n"))
        assert answer.startswith("HTTP/1.1 200 "), answer[:200]
        sent = read.requests[-1]
        assert sent.startswith(f"GET /a/c?q=1 HTTP/1.1\r\nHost: {READ}\r\n"), sent
        assert "X-Theirs: 2" in sent and "X-Mine" not in sent
        assert read.served - served <= 1  # the connection made with the tunnel serves its first request


def test_inspected_paths_are_judged_and_the_event_tells_them(agent):
    agent.write("content/paths.yaml", "category: paths\ntitle: Paths\nrisk: content\nseverity: low\nsays: Not this page.\n"
                f"record: path\nblock: {{paths: [{READ}/casino]}}\ntests: {{must_block: ['https://{READ}/casino'], must_allow: [open.example]}}\n")
    policy = open(os.path.join(agent.config, "policy.yaml")).read()
    agent.write("policy.yaml", policy.replace("actions: {", "actions: {paths: block, "))
    try:
        with inspecting(agent) as context:
            read, before = ORIGINS.by_name[READ], len(events(agent))
            asked = len(read.requests)
            tls = tunnel(context, READ)
            tls.sendall(request("/lesson").encode())
            peer = Peer(tls)
            head = peer.head()
            assert head.startswith(b"HTTP/1.1 200 "), head
            peer.exactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
            tls.sendall(request("/%63asino/x?secret=1", fields="Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nAccept: text/html\r\n").encode())
            page = peer.rest().decode()
            assert page.startswith("HTTP/1.1 403 ") and "Not this page." in page, page[:200]
            assert len(read.requests) == asked + 1
            row = events(agent)[before:]
            assert len(row) == 1 and "/casino/x" in row[0]["url"] and row[0]["navigation"] == "yes", row
            assert "secret" not in str(row)
    finally:
        os.remove(os.path.join(agent.config, "content/paths.yaml"))
        agent.write("policy.yaml", policy)
        agent.tool("reload")


def test_inspected_what_is_observed_is_recorded_once_by_its_request_or_by_its_tunnel(agent):
    agent.write("content/noted.yaml", f"category: noted\ntitle: Noted\nrisk: content\nseverity: low\nsays: Noted.\nrecord: path\n"
                f"block: {{hosts: [{READ}]}}\ntests: {{must_block: [{READ}], must_allow: [open.example]}}\n")
    policy = open(os.path.join(agent.config, "policy.yaml")).read()
    agent.write("policy.yaml", policy.replace("actions: {", "actions: {noted: observe, "))
    try:
        with inspecting(agent) as context:
            before = len(events(agent))
            assert ask(tunnel(context, READ), request("/lesson", fields="Connection: close\r\n")).startswith("HTTP/1.1 200 ")
            wait_for(lambda: len(events(agent)) > before)
            assert [row["url"] for row in events(agent)[before:]] == [f"https://{READ}/lesson"]
            # A connection that is only made ready asks for nothing; one in which nothing could be read was there all the same.
            tunnel(context, READ).close()
            tunnel_socket(READ).close()
            wait_for(lambda: len(events(agent)) == before + 2)
            assert events(agent)[-1]["url"] in (f"https://{READ}", f"https://{READ}/"), events(agent)[-1]
    finally:
        os.remove(os.path.join(agent.config, "content/noted.yaml"))
        agent.write("policy.yaml", policy)
        agent.tool("reload")


def test_inspected_other_hosts_and_confidential_ones_keep_their_own_certificate(agent):
    with inspecting(agent, hosts=f"{READ}, google.com"):
        for name in (OTHER, BANK):
            tls = tunnel(trusting_origins(), name)
            assert tls.getpeercert(binary_form=True) == ORIGINS.by_name[name].der(), name


def test_inspected_nothing_without_an_authority(agent):
    policy = open(os.path.join(agent.config, "policy.yaml")).read()
    agent.write("policy.yaml", policy + f"inspect: {{hosts: [{READ}]}}\n")
    try:
        assert agent.tool("reload").returncode == 0
        assert tunnel(trusting_origins(), READ).getpeercert(binary_form=True) == ORIGINS.by_name[READ].der()
        assert "there is no certificate authority: nothing is inspected" in agent.tool("status").stdout
    finally:
        agent.write("policy.yaml", policy)
        agent.tool("reload")


def test_inspected_an_origin_that_cannot_prove_itself_gets_nothing_and_the_person_is_told(agent):
    with inspecting(agent) as context:
        late = ORIGINS.by_name[LATE]
        page = ask(tunnel(context, LATE), request("/private?word=1", LATE, "Accept: text/html\r\n"))
        assert page.startswith("HTTP/1.1 502 ") and "could not prove who it is" in page and "expired" in page, page[:300]
        assert late.requests == []


def test_inspected_websockets_pass_both_ways(agent):
    with inspecting(agent) as context:
        tls = tunnel(context, READ)
        tls.sendall(request("/ws", fields="Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n").encode())
        peer = Peer(tls)
        assert peer.head().startswith(b"HTTP/1.1 101 ")
        for piece in (b"ping", *[b"x" * 50000] * 4):
            tls.sendall(piece)  # one after the other: Python's TLS sockets are for one thread
            assert peer.exactly(len(piece)) == piece.upper()


def test_inspected_large_answers_are_whole_and_cut_ones_are_seen_to_be_cut(agent):
    with inspecting(agent) as context:
        tls = tunnel(context, READ)
        tls.sendall(request("/big").encode())
        peer = Peer(tls)
        assert peer.head().startswith(b"HTTP/1.1 200 ")
        assert len(peer.chunked()[0]) == 64 * 65536
        cut = tunnel(context, READ)
        cut.sendall(request("/cut").encode())
        try:
            answer = Peer(cut).rest()
        except (ssl.SSLError, ConnectionError):
            answer = b""
        assert not answer.endswith(b"\r\n\r\n" + b"h" * 1000) and len(answer.partition(b"\r\n\r\n")[2]) < 1000


def test_inspected_a_body_is_sent_on_whole(agent):
    with inspecting(agent) as context:
        body = "b" * 300000
        tls = tunnel(context, READ)
        tls.sendall(f"POST /p HTTP/1.1\r\nHost: {READ}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        head = Peer(tls).head()
        assert head.startswith(b"HTTP/1.1 200 ") and int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]) > len(body)


def test_inspected_a_program_that_refuses_three_times_is_passed_through_and_it_is_told(agent):
    with inspecting(agent) as context:
        before = len(events(agent))
        refused = 0
        for _ in range(3):
            try:
                tunnel(trusting_origins(), READ)
            except (ssl.SSLError, ConnectionError):
                refused += 1
        assert refused == 3
        wait_for(lambda: len(events(agent)) == before + 1)
        row = events(agent)[-1]
        assert row["kind"] == "passed_through" and row["host"] == READ and not row["person"], row
        assert tunnel(trusting_origins(), READ).getpeercert(binary_form=True) == ORIGINS.by_name[READ].der()
        # Another program beside it (here: one that offers other suites) is inspected as before.
        context.set_ciphers("ECDHE+AESGCM")
        assert tunnel(context, READ).getpeercert(binary_form=True) != ORIGINS.by_name[READ].der()


def leave_in_the_middle(context):
    """Says hello, hears the certificate, and goes."""
    sock = tunnel_socket(READ)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname=READ)
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        pass
    sock.sendall(outgoing.read())
    assert sock.recv(65536)
    sock.close()


def test_inspected_leaving_in_the_middle_opens_nothing(agent):
    with inspecting(agent) as context:
        context.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
        for _ in range(5):
            leave_in_the_middle(context)
        assert tunnel(context, READ).getpeercert(binary_form=True) != ORIGINS.by_name[READ].der()


def on_disk(agent):
    held = b""
    for path in sorted(pathlib.Path(agent.state).rglob("*")):
        if path.is_file() and "ca" not in path.relative_to(agent.state).parts:
            held += path.read_bytes()
    return held + open(agent.state + ".log", "rb").read()


def test_inspected_a_thousand_allowed_searches_leave_nothing_on_the_disk(agent):
    agent.write("search_engines.yaml", f"engines:\n  - {{name: Finder, hosts: [{READ}], paths: [/search], params: [q]}}\n")
    try:
        with inspecting(agent, hosts="", search="true") as context:
            context.set_ciphers("ECDHE+CHACHA20")
            read, asked = ORIGINS.by_name[READ], len(ORIGINS.by_name[READ].requests)
            kept, tls = len(events(agent)), tunnel(context, READ)
            assert tls.getpeercert(binary_form=True) != read.der()
            peer = Peer(tls)
            for number in range(1000):
                tls.sendall(request(f"/search?q=plasterboard+zzq{number}xyzzy").encode())
                head = peer.head()
                assert head.startswith(b"HTTP/1.1 200 "), head
                peer.exactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
            assert len(read.requests) == asked + 1000
            held = on_disk(agent)
            assert b"xyzzy" not in held and b"plasterboard" not in held
            assert len(events(agent)) == kept
    finally:
        os.remove(os.path.join(agent.config, "search_engines.yaml"))
        agent.tool("reload")
