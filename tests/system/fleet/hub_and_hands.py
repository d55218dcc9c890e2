"""A hub on loopback, and whoever speaks to it: the driver's laptops, and hands that write their own requests."""
import glob, http.client, json, os, signal, socket, sqlite3, ssl, subprocess, time

AGENT, DRIVER = os.environ["FAIRLEAD_AGENT"], os.environ["FAIRLEAD_FLEET_DRIVER"]
HOST = "127.0.0.1"
PHRASE = "a long pass phrase"
AN_HOUR_AGO = int(time.time() * 1000) - 3_600_000  # what lies further back than it is kept is of a clock that is wrong


def sh(*command, check=True, **how):
    done = subprocess.run(command, capture_output=True, text=how.pop("text", True), timeout=how.pop("timeout", 60), **how)
    assert not check or done.returncode == 0, (command, done.stdout[-1000:], done.stderr[-1000:])
    return done


def wait_for(what, seconds=90):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def at_another_time(offset):
    """What stands before a program that is told another time ("+400d"); killing the program kills it alone."""
    library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")[0]
    return ["env", f"LD_PRELOAD={library}", f"FAKETIME={offset}", "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1"]


class Hub:
    def __init__(self, work, name, store=None, port=8443):
        self.state, self.store, self.port, self.process = f"{work}/{name}", store, port, None
        self.log = open(self.state + ".log", "ab")
        if not os.path.exists(self.state):
            self.tool("init", "--organisation", "Test Trades")

    def tool(self, *arguments, check=True):
        return sh(AGENT, "hub", *arguments, "--state", self.state, *(["--store", self.store] if self.store else []), check=check)

    def begin(self, *more, requests=100000, under=()):
        """under: a program that starts it."""
        command = [*under, AGENT, "hub", "serve", "--state", self.state, "--listen", f"{HOST}:{self.port}", "--host", HOST, "--requests", str(requests), *more]
        self.process = subprocess.Popen(command + (["--store", self.store] if self.store else []), stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log)

    def start(self, *more, **how):
        self.begin(*more, **how)
        wait_for(self.answers, 180)
        return self

    def answers(self):
        assert self.process.poll() is None, "the hub ended: " + open(self.state + ".log").read()[-2000:]
        with socket.socket() as sock:
            return sock.connect_ex((HOST, self.port)) == 0

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(60) == 0

    @property
    def url(self):
        return f"https://{HOST}:{self.port}"

    def fingerprint(self):
        text = sh("openssl", "x509", "-in", self.state + "/authority.pem", "-noout", "-fingerprint", "-sha256").stdout
        return text.strip().partition("=")[2].replace(":", "").lower()

    def code(self, uses=1, days=7, group="learners"):
        return self.tool("code", "--uses", str(uses), "--days", str(days), "--group", group).stdout.strip()

    def account(self, name, role, *sites, check=True):
        """At the desk of this hub, with PHRASE."""
        chosen = [word for site in sites for word in ("--site", site)]
        return sh(AGENT, "user", "add", name, "--role", role, *chosen, "--state", self.state, *(["--store", self.store] if self.store else []),
                  input=PHRASE, check=check)

    def accounts(self):
        return sh(AGENT, "user", "list", "--state", self.state, *(["--store", self.store] if self.store else [])).stdout

    def audit(self):
        return self.tool("audit", "--lines", "5000").stdout


def rows(place, sql):
    """What a database says, column by column as text."""
    if place.startswith("sqlite:"):
        with sqlite3.connect(f"file:{place[7:]}?mode=ro", uri=True) as database:
            return [[str(value) for value in row] for row in database.execute(sql)]
    done = sh("psql", place, "-X", "-q", "-t", "-A", "-F", "\t", "-c", sql)
    return [line.split("\t") for line in done.stdout.splitlines()]


class Hand:
    """A device that somebody writes by hand: its key, and what the hub gave it for that."""

    def __init__(self, work, name, hub, kind=("-algorithm", "ed25519")):
        self.hub, self.key, self.request = hub, f"{work}/{name}.key", f"{work}/{name}.csr"
        self.certificate = f"{work}/{name}.pem"
        sh("openssl", "genpkey", *kind, "-out", self.key)
        sh("openssl", "req", "-new", "-key", self.key, "-subj", "/", "-out", self.request)
        self.device = None

    def csr(self):
        with open(self.request) as file:
            return file.read()

    def enrol(self, code, **more):
        status, told, _ = self.post("/v1/enrol", {"request": self.csr(), "name": "by hand", **({"code": code} if code else {}), **more}, plain=True)
        if status == 200:
            self.device = told["device"]
            with open(self.certificate, "w") as file:
                file.write(told["certificate"])
        return status, told

    def context(self, certificate=None):
        context = ssl.create_default_context(cafile=self.hub.state + "/authority.pem")
        if certificate:
            context.load_cert_chain(certificate, self.key)
        return context

    def post(self, path, body, plain=False, certificate=None, headers=(), method="POST"):
        """Status, JSON, fields. plain: without a certificate."""
        context = self.context(None if plain else certificate or self.certificate)
        connection = http.client.HTTPSConnection(HOST, self.hub.port, context=context, timeout=20)
        try:
            data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
            connection.request(method, path, data, dict(headers))
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None, answer.headers
        finally:
            connection.close()

    def raw(self, data, wait=5):
        """What comes back for these very bytes; b"" when the hub only closes."""
        with socket.create_connection((HOST, self.hub.port), timeout=wait) as sock, \
                self.context(self.certificate).wrap_socket(sock, server_hostname=HOST) as secure:
            out = b""
            try:
                secure.sendall(data)
                while chunk := secure.recv(65536):
                    out += chunk
                    if b"\r\n\r\n" in out and b"Connection: close" not in out:
                        break
            except (OSError, ssl.SSLError):
                pass
            return out


def event(sequence, **other):
    row = {name: "" for name in ("id", "found", "group", "method", "navigation_sign", "category", "risk", "severity", "review", "rule", "source",
                                 "level", "ruleset", "policy", "person", "url", "host", "words", "span")}
    row.update(sequence=sequence, time=AN_HOUR_AGO + sequence, kind="blocked", navigation="yes", digest="%064x" % sequence, losers="[]")
    row.update(other)
    return row


def batch(device, *rows, **other):
    return {"device": device, "epoch": 1, "first": 1, "rows": list(rows), **other}
