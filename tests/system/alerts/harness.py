"""Mail and webhook servers that can misbehave, an agent that tells them of incidents, and many people who cause some."""
import email, email.policy, hashlib, hmac, http.server, json, os, re, signal, socket, ssl, struct, subprocess, tempfile, threading, time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

AGENT, DRIVER = os.environ["FAIRLEAD_AGENT"], os.environ["FAIRLEAD_ALERT_DRIVER"]
PROXY = ("127.0.0.1", 3128)
SECRET, PASSWORD = "a secret of the test", "a password of the test"
PEOPLE = 150
POLICY = """organisation: Alert tests
version: "1"
time_zone: Etc/UTC
groups:
  everybody: {title: Everybody, users: [], os_groups: [], actions: {strangers: block, watched: observe}, default: allow}
unknown_person: everybody
network: {connect_ports: [443], plain_connect_ports: [], local_targets: allow, judge_addresses: false}
alerts:
  channels:
    - mail: {server: "smtp://localhost:%(smtp)d", from: fairlead@example.org, to: [lead@example.org], user: fairlead,
        password_file: password, ca_file: ca.pem}
    - webhook: {url: "https://localhost:%(https)d/alerts", secret_file: secret, ca_file: ca.pem}
  rules: {severity: {critical: at_once, high: at_once, medium: none, low: none}}
  fold: {most: %(most)d, within: 10m}
"""
CATEGORY = """category: %s
title: %s
risk: contact
severity: high
says: Not available.
help: [line]
record: path
block: {hosts: [%s]}
tests: {must_block: [%s], must_allow: [open.example]}
"""
SIGNPOSTS = 'signposts:\n  line: {name: A line, kind: help, for: all, phone: "", sms: "", url: "https://line.example/"}\n'


def openssl(*words, given=None):
    return subprocess.run(["openssl", *words], input=given, capture_output=True, check=True).stdout


def make_certificates(folder):
    """ca.pem vouches for server.pem; stranger.pem vouches for itself; wrong.pem is by ca.pem, for another name."""
    new = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    for name in ("ca", "stranger"):
        openssl(*new, "-x509", "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost",
                "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem")
    for name, host in (("server", "localhost"), ("wrong", "elsewhere.example")):
        request = openssl(*new, "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}", "-keyout", f"{folder}/{name}.key")
        leaf = openssl("x509", "-req", "-days", "2", "-CA", folder + "/ca.pem", "-CAkey", folder + "/ca.key", "-copy_extensions",
                       "copyall", given=request)
        with open(f"{folder}/{name}.pem", "wb") as out:
            out.write(leaf)


def server_context(folder, name="server"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/{name}.pem", f"{folder}/{name}.key")
    return context


class Mailbox:
    """What a mail server does with each message: `answer(self, message)` says its reply; what it takes is in `arrived`."""

    def __init__(self):
        self.arrived, self.hellos, self.answer = [], [], lambda message: "250 taken"

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        self.hellos.append(hostname)
        return responses

    async def handle_DATA(self, server, session, envelope):
        raw = envelope.content
        message = email.message_from_bytes(raw, policy=email.policy.default)
        reply = self.answer(message)
        if reply is None:  # taken, and the line is cut before the answer
            self.arrived.append((message, raw))
            server.transport.abort()
            return "250 nobody hears this"
        if reply.startswith("250"):
            self.arrived.append((message, raw))
        return reply

    def authenticate(self, server, session, envelope, mechanism, data):
        good = getattr(data, "login", b"") == b"fairlead" and getattr(data, "password", b"") == PASSWORD.encode()
        return AuthResult(success=good, handled=False)


class MailServer:
    def __init__(self, mailbox, folder=None, certificate="server", port=0, starttls=True, implicit=False, auth=True):
        self.mailbox = mailbox
        context = server_context(folder, certificate) if folder else None

        class Control(Controller):
            def factory(self):
                more = {"tls_context": context, "require_starttls": True} if starttls and context and not implicit else {}
                if auth:
                    more.update(authenticator=mailbox.authenticate, auth_required=True, auth_require_tls=not implicit)
                return SMTP(self.handler, enable_SMTPUTF8=False, hostname="mail.example.org", **more)

        port = port or free_port()
        self.control = Control(mailbox, hostname="127.0.0.1", port=port, ssl_context=context if implicit else None,
                               server_hostname="mail.example.org")
        self.control.start()
        self.port = port

    def stop(self):
        self.control.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Hook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        stamp = self.headers["Fairlead-Timestamp"]
        proof = "v1=" + hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        assert hmac.compare_digest(proof, self.headers["Fairlead-Signature"]), "a signature that does not fit"
        assert abs(time.time() - int(stamp)) < 60
        key = self.headers["Idempotency-Key"]
        answer = self.server.answer(key)
        self.server.asked += 1
        if answer is None or 200 <= answer[0] < 300:
            self.server.arrived.append((key, json.loads(body)))
        if answer is None:  # taken, and the line is cut before the answer
            self.connection.close()
            self.close_connection = True
            return
        status, fields = answer
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class HookServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder, certificate="server", port=0):
        super().__init__(("127.0.0.1", port), Hook)
        self.context = server_context(folder, certificate)
        self.arrived, self.asked, self.answer = [], 0, lambda key: (204, {})
        self.port = self.server_address[1]
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def finish_request(self, request, client_address):
        request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)
        request.close()

    def handle_error(self, request, client_address):
        pass

    def stop(self):
        self.shutdown()
        self.server_close()


class OneAtATime:
    """Takes connections one after the other, in a thread of its own; `serve(line)` speaks to each."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with line:
                try:
                    self.serve(line)
                except OSError:
                    pass

    def stop(self):
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class PlainMailServer(OneAtATime):
    """A mail server without TLS that answers every account with `reply`."""

    def __init__(self, reply):
        self.reply = reply
        super().__init__()

    def serve(self, line):
        line.sendall(b"220 here\r\n")
        with line.makefile("rb") as said:
            for word in said:
                if word.upper().startswith(b"EHLO"):
                    line.sendall(b"250-here\r\n250 AUTH PLAIN\r\n")
                elif word.upper().startswith(b"AUTH"):
                    line.sendall(self.reply + b"\r\n")
                elif word.upper().startswith(b"QUIT"):
                    return
                else:
                    line.sendall(b"334 \r\n" if b" " not in word.strip() else b"503 not now\r\n")


class ConnectProxy(OneAtATime):
    """A proxy that leads every CONNECT to that port of this machine."""

    def __init__(self):
        self.asked, self.heads = [], []
        super().__init__()

    def serve(self, line):
        head = b""
        while b"\r\n\r\n" not in head:
            head += line.recv(4096) or b"\r\n\r\n"
        self.asked.append(head.split(b"\r\n")[0].decode())
        self.heads.append(head.decode())
        port = int(self.asked[-1].split()[1].rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), 10) as there:
            line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=pour, args=(there, line), daemon=True)
            back.start()
            pour(line, there)
            back.join(10)


def pour(source, target):
    try:
        while some := source.recv(65536):
            target.sendall(some)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def attempt(**given):
    """One attempt by the driver; its outcome."""
    done = subprocess.run([DRIVER], input=json.dumps(given), capture_output=True, text=True, timeout=30)
    assert done.returncode in (0, 1), done
    return json.loads(done.stdout)


def write(path, text, mode=0o600):
    with open(path, "w") as out:
        out.write(text)
    os.chmod(path, mode)


def enter():
    """Inside the namespaces: loopback, and people whom the system knows."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    work = tempfile.mkdtemp(prefix="fairlead-alerts-test.")
    os.chmod(work, 0o755)
    with open("/etc/passwd") as known, open(work + "/passwd", "w") as people:
        people.write(known.read())
        for number in range(PEOPLE):
            people.write(f"person{number}:x:{40000 + number}:65534::/nonexistent:/usr/sbin/nologin\n")
    subprocess.run(["mount", "--bind", work + "/passwd", "/etc/passwd"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)  # no desktop of this machine's own
    make_certificates(work)
    return work


class Agent:
    made = []

    def __init__(self, work, name, smtp, https, most=1000):
        self.config, self.state = f"{work}/{name}-config", f"{work}/{name}-state"
        os.makedirs(self.config + "/contact")
        write(self.config + "/policy.yaml", POLICY % {"smtp": smtp, "https": https, "most": most}, 0o644)
        for category, host in (("strangers", "strangers.example"), ("watched", "watched.example")):
            write(f"{self.config}/contact/{category}.yaml", CATEGORY % (category, category.capitalize(), host, host), 0o644)
        write(self.config + "/signposts.yaml", SIGNPOSTS, 0o644)
        write(self.config + "/password", PASSWORD + "\n")
        write(self.config + "/secret", SECRET + "\n")
        os.link(work + "/ca.pem", self.config + "/ca.pem")
        self.process = None
        Agent.made.append(self)

    def start(self, wait=True):
        self.log = open(self.state + ".log", "ab")
        self.process = subprocess.Popen([AGENT, "agent", "--config", self.config, "--state", self.state, "--listen", "%s:%d" % PROXY],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        if wait:
            wait_for(self.answers)
        return self

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(PROXY) == 0

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(15)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def tool(self, *arguments):
        return subprocess.run([AGENT, *arguments, "--state", self.state], capture_output=True, text=True, timeout=90)

    def status(self):
        return json.loads(self.tool("status", "--json").stdout)

    def routes(self):
        return self.status()["alerts"]["routes"]

    def all_told(self):
        return all(route["incidents"] + route["waiting"] + route["refused"] == 0 for route in self.routes())


def ask(person, host="strangers.example", times=1):
    """Somebody goes there in a browser; whether the block (or a gateway's error, where it is only observed) was answered."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65534)
            os.setuid(40000 + person)
            for _ in range(times):
                with socket.create_connection(PROXY, 10) as line:
                    line.settimeout(10)
                    line.sendall(f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
                                 "Accept: text/html\r\n\r\n".encode())
                    os.write(writer, b"." if line.recv(100).startswith((b"HTTP/1.1 403", b"HTTP/1.1 502", b"HTTP/1.1 504")) else b"")
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answered:
        count = len(answered.read())
    os.waitpid(child, 0)
    return count == times


def wait_for(condition, limit=40):
    end = time.time() + limit
    while time.time() < end:
        if condition():
            return True
        time.sleep(0.05)
    raise AssertionError("did not happen in time")


def told_by_mail(mailbox):
    """(Message-ID, the incidents it tells of) for each mail that is no test."""
    out = []
    for message, _ in mailbox.arrived:
        if "test message" not in message["Subject"]:
            text = message.get_content()
            out.append((message["Message-ID"], [int(n) for n in re.findall(r"^Incident (\d+)", text, re.M)], text))
    return out


def told_by_hook(hooks):
    return [(key, [one["number"] for one in body["incidents"]], body) for key, body in hooks.arrived if body["kind"] != "test"]
