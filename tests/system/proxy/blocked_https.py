"""What a person sees of a blocked HTTPS site, with and without an authority on the laptop. Part of proxy_test.py."""
import contextlib, json, os, re, socket, ssl, stat, subprocess, time

from harness import Origin, PROXY, client, wait_for

CONNECT = "CONNECT %s:443 HTTP/1.1\r\nHost: %s:443\r\n\r\n"
NAVIGATION = "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nAccept: text/html\r\n"


@contextlib.contextmanager
def authority(agent):
    """An authority for as long as the test lasts; gives a client's context that trusts it."""
    made = agent.tool("ca", "create", "--config", agent.config, "--device", "lap-7")
    assert made.returncode == 0, made
    try:
        context = ssl.create_default_context(cadata=agent.tool("ca", "show", "--pem").stdout)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        yield context
    finally:
        assert agent.tool("ca", "remove").returncode == 0


def tunnel_socket(host, port=443):
    sock = socket.create_connection(PROXY, timeout=15)
    sock.sendall((CONNECT % (host, host)).replace(":443", f":{port}").encode())
    head = b""
    while b"\r\n\r\n" not in head:
        more = sock.recv(1)  # not a byte of what follows
        if not more:
            break
        head += more
    assert head.startswith(b"HTTP/1.1 200 "), head
    return sock


def tunnel(context, host="blocked.example", name=None, port=443):
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context.wrap_socket(tunnel_socket(host, port), server_hostname=name or host)


def ask(tls, request):
    tls.sendall(request.encode())
    answer = b""
    while True:
        more = tls.recv(65536)
        if not more:
            return answer.decode(errors="replace")
        answer += more


def get(path="/", host="blocked.example", fields=NAVIGATION):
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{fields}\r\n"


def events(agent):
    return [json.loads(line) for line in agent.tool("events", "export", "--format", "jsonl").stdout.splitlines()]


def test_https_without_an_authority_the_tunnel_is_refused(agent):
    assert agent.tool("ca", "show").returncode == 1
    c = client()
    c.send((CONNECT % ("blocked.example", "blocked.example")).encode())
    assert c.head().startswith(b"HTTP/1.1 403 ")


def test_https_with_an_authority_the_page_is_seen_and_the_event_tells_path_and_navigation(agent):
    with authority(agent) as context:
        before = len(events(agent))
        tls = tunnel(context)
        assert tls.selected_alpn_protocol() == "http/1.1"
        certificate = tls.getpeercert()
        assert certificate["subjectAltName"] == (("DNS", "blocked.example"),)
        days = (ssl.cert_time_to_seconds(certificate["notAfter"]) - ssl.cert_time_to_seconds(certificate["notBefore"])) / 86400
        assert days <= 7
        page = ask(tls, get("/lesson/one?word=secret"))
        assert page.startswith("HTTP/1.1 403 ") and "no-store" in page and "Not available." in page
        plain = client()
        plain.send(b"GET http://blocked.example/lesson/one HTTP/1.1\r\nHost: blocked.example\r\nAccept: text/html\r\n\r\n")
        without_id = lambda text: re.sub(r"[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4,}|[0-9a-f-]{16,}", "ID", text.partition("\r\n\r\n")[2])
        # The same page as over HTTP.
        assert len(without_id(page)) > 500
        assert abs(len(without_id(page)) - len(without_id(plain.rest().decode()))) < 200
        rows = events(agent)[before:]
        assert len(rows) == 2, rows
        assert rows[0]["method"] == "GET" and "/lesson/one" in json.dumps(rows[0]) and "https" in json.dumps(rows[0]), rows[0]
        assert rows[0]["navigation"] == "yes" and rows[0]["navigation_sign"] == "Sec-Fetch-Mode", rows[0]
        assert "secret" not in json.dumps(rows)


def test_https_scripts_and_images_get_an_answer_that_fits(agent):
    with authority(agent) as context:
        for destination in ("script", "image", "font", "empty"):
            answer = ask(tunnel(context), get("/x.js", fields=f"Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: {destination}\r\n"))
            head, _, body = answer.partition("\r\n\r\n")
            assert head.startswith("HTTP/1.1 403 ") and "<html" not in body, answer
        assert events(agent)[-1]["navigation"] == "no"


def test_https_what_opens_a_path_opens_nothing_in_a_blocked_tunnel(agent):
    agent.write("content/paths.yaml", "category: paths\ntitle: Paths\nrisk: content\nseverity: low\nsays: Not available.\n"
                "record: path\nblock: {hosts: [watched.example]}\nallow: {paths: [watched.example/open]}\n"
                "tests: {must_block: [watched.example], must_allow: [open.example]}\n")
    policy = open(os.path.join(agent.config, "policy.yaml")).read()
    agent.write("policy.yaml", policy.replace("actions: {", "actions: {paths: block, "))
    agent.tool("reload")
    try:
        with authority(agent) as context:
            answer = ask(tunnel(context, "watched.example"), get("/open", "watched.example"))
            assert answer.startswith("HTTP/1.1 403 ") and "Not available." in answer, answer[:200]
    finally:
        os.remove(os.path.join(agent.config, "content/paths.yaml"))
        agent.write("policy.yaml", policy)
        agent.tool("reload")


def test_https_the_form_of_the_page_is_taken_inside_the_tunnel(agent):
    with authority(agent) as context:
        page = ask(tunnel(context), get())
        action = re.search(r'action="([^"]+)"', page).group(1)
        number = re.search(r'name="id" value="([^"]+)"', page).group(1)
        body = f"id={number}&kind=wrong&words=please"
        answer = ask(tunnel(context), f"POST {action} HTTP/1.1\r\nHost: blocked.example\r\nContent-Length: {len(body)}\r\n"
                                      f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}")
        assert answer.startswith("HTTP/1.1 200 "), answer[:300]


def test_https_a_client_that_does_not_take_the_certificate_is_recorded_once(agent):
    with authority(agent):
        before = len(events(agent))
        try:
            tunnel(ssl.create_default_context())
            raise AssertionError("a certificate of the laptop was taken by a client that does not trust it")
        except (ssl.SSLError, ConnectionError):
            pass
        wait_for(lambda: len(events(agent)) == before + 1)
        assert events(agent)[-1]["method"] == "CONNECT"


def test_https_a_connection_opened_ahead_is_no_attempt(agent):
    with authority(agent) as context:
        before = len(events(agent))
        tunnel(context).close()
        assert ask(tunnel(context), get())  # whatever the first left behind is written by now
        assert len(events(agent)) == before + 1


def test_https_a_client_that_leaves_at_once_is_recorded_too(agent):
    with authority(agent):
        before = len(events(agent))
        c = client()
        c.send((CONNECT % ("blocked.example", "blocked.example")).encode())
        c.sock.close()
        wait_for(lambda: len(events(agent)) == before + 1)


def test_https_a_request_that_comes_with_the_end_is_recorded(agent):
    with authority(agent) as context:
        before = len(events(agent))
        sock = socket.create_connection(PROXY, timeout=15)
        sock.sendall((CONNECT % ("blocked.example", "blocked.example")).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += sock.recv(1)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_hostname="blocked.example")
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                sock.sendall(outgoing.read())
                incoming.write(sock.recv(65536))
        sock.sendall(outgoing.read())
        time.sleep(0.3)  # the handshake is over there too
        tls.write(get("/last").encode())
        with contextlib.suppress(ssl.SSLWantReadError):
            tls.unwrap()
        sock.sendall(outgoing.read())  # in one piece
        sock.close()
        wait_for(lambda: len(events(agent)) == before + 1)
        assert "/last" in json.dumps(events(agent)[-1])


def test_https_slow_bytes_hold_nothing_for_long(agent):
    with authority(agent) as context:
        tls, begin = tunnel(context), time.time()
        with contextlib.suppress(OSError):
            for byte in get("/" + "x" * 100):
                tls.sendall(byte.encode())
                time.sleep(0.7)
        assert 25 < time.time() - begin < 45, time.time() - begin


def test_https_a_blocked_name_in_an_open_tunnel_shows_its_page(agent):
    origin = Origin("127.0.0.10", 8443)
    origin.serve = lambda peer: peer.rest()
    policy = open(os.path.join(agent.config, "policy.yaml")).read()
    agent.write("policy.yaml", policy.replace("connect_ports: [443]", "connect_ports: [443, 8443]"))
    agent.tool("reload")
    with authority(agent) as context:
        answer = ask(tunnel(context, "open.example", "blocked.example", port=8443), get())
        assert answer.startswith("HTTP/1.1 403 ") and "Not available." in answer, answer[:200]
    agent.write("policy.yaml", policy)
    agent.tool("reload")


def test_https_a_certificate_is_made_for_the_blocked_host_alone(agent):
    with authority(agent) as context:
        for name in ("open.example", "sub.blocked.example"):
            try:
                tunnel(context, "blocked.example", name)
                raise AssertionError("a certificate was made for " + name)
            except (ssl.SSLError, ConnectionError):
                pass
        c = client()
        c.send((CONNECT % ("open.example", "open.example")).encode())  # nobody listens there: a plain error, no TLS
        assert c.head().startswith(b"HTTP/1.1 502 ")


def test_https_what_is_no_tls_or_stops_half_way_leaves_nothing_open(agent):
    with authority(agent):
        for rubbish in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01", b"\x16\x03\x01\x40\x00" + b"a" * 100, b""):
            c = client()
            c.send((CONNECT % ("blocked.example", "blocked.example")).encode() + rubbish)
            assert c.head().startswith(b"HTTP/1.1 200 ")
            c.sock.shutdown(socket.SHUT_WR)
            c.rest()
        wait_for(lambda: json.loads(agent.tool("status", "--json").stdout)["open"] == 0)


def test_https_status_tells_of_the_authority_and_warns_before_its_end(agent):
    said = lambda: agent.tool("status").stdout
    assert "authority         none: " in said(), said()
    with authority(agent):
        until = json.loads(agent.tool("status", "--json").stdout)["authority"]["good_until"]
        line = next(line for line in said().splitlines() if line.startswith("authority"))
        assert f"good until {until[:10]}, installed in 0 of 5 places" in line, line
        assert "certificate authority is good until" not in said()
        folder = os.path.join(agent.state, "ca")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "20", "-subj",
                        "/CN=Near its end", "-keyout", folder + "/key.pem", "-out", folder + "/root.pem"], check=True, capture_output=True)
        assert agent.tool("reload").returncode == 0
        assert "warning           The laptop's certificate authority is good until" in said(), said()


def test_https_the_key_stays_with_its_owner(agent):
    with authority(agent):
        folder = os.path.join(agent.state, "ca")
        key = os.path.join(folder, "key.pem")
        assert stat.S_IMODE(os.stat(key).st_mode) == 0o600
        other = subprocess.run(["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "cat", key], capture_output=True)
        assert other.returncode != 0 and b"PRIVATE" not in other.stdout
        assert agent.tool("ca", "create", "--config", agent.config).returncode == 1, "a second authority was made"
        whole = open(key).read()
        with open(key, "w") as f:
            f.write(whole[:80])
        damaged = agent.tool("ca", "show")
        assert damaged.returncode == 3 and "not a private key" in damaged.stderr and "'fairlead ca create'" in damaged.stderr, damaged
        with open(key, "w") as f:
            f.write(whole)
        os.chmod(key, 0o644)
        shown = agent.tool("ca", "show")
        assert shown.returncode == 3 and "0600" in shown.stderr, shown
        agent.tool("reload")
        c = client()
        c.send((CONNECT % ("blocked.example", "blocked.example")).encode())
        assert c.head().startswith(b"HTTP/1.1 403 "), "a key that others may have read is used"
    assert not os.path.exists(folder)
