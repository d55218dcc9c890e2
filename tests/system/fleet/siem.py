"""Blocked attempts on their way to collectors of security events that take nothing for granted: RFC 5424 over TCP and TLS, OTLP over HTTP."""
import contextlib, datetime, http.server, json, os, re, signal, socket, ssl, subprocess, threading

from hub_and_hands import AGENT, HOST, Hand, Hub, batch, event, rows, sh, wait_for

SYSLOG, OTLP = 6514, 4318
PRINTABLE, SD_NAME = r"[\x21-\x7e]", r'[\x21\x23-\x3c\x3e-\x5c\x5e-\x7e]{1,32}'
PARAM = re.compile(rf' ({SD_NAME})="((?:[^"\\\]]|\\["\\\]])*)"')
MESSAGE = re.compile(rf"<(0|[1-9][0-9]{{0,2}})>1 ([0-9]{{4}}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{{1,6}}Z|-)"
                     rf" ({PRINTABLE}{{1,255}}) ({PRINTABLE}{{1,48}}) ({PRINTABLE}{{1,128}}) ({PRINTABLE}{{1,32}})"
                     rf" \[({SD_NAME})((?: {SD_NAME}=\"(?:[^\"\\\]]|\\[\"\\\]])*\")*)\]")
ODD = ["a]b", 'x"] <0>1 - - - - - -', "line\nbreak\r\n17 <1>1", "'; DROP TABLE events; --", "back\\slash\\]", "\x01\x1b[31m", "caf\u00e9 \u202e", "%s{}"]
PRIVATE = ("Ada Person", "secret.example", "/the/path")


def parse(message):
    """{name: value} of one message, and its priority."""
    whole = MESSAGE.fullmatch(message)
    assert whole, message
    priority, moment, _, app, _, kind, name, params = whole.groups()
    assert int(priority) <= 191 and app == "fairlead-hub" and kind == "blocked" and name == "fairlead@32473", message
    out = [(key, re.sub(r'\\(["\\\]])', r"\1", value)) for key, value in PARAM.findall(params)]
    assert len(dict(out)) == len(out) and not re.search(r"[\x00-\x1f\x7f]", message), message
    moment = datetime.datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S.%f%z")
    return dict(out) | {"priority": int(priority), "time": round(moment.timestamp() * 1000)}


class SyslogReceiver:
    """certificate: with TLS. A frame that is not right ends the connection, and is told."""

    def __init__(self, certificate=None):
        self.raw, self.records, self.wrong, self.connections = b"", [], [], []
        self.tls = certificate and ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if certificate:
            self.tls.load_cert_chain(*certificate)
        self.server = socket.create_server((HOST, SYSLOG))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.server.accept()
                threading.Thread(target=self.read, args=(connection,), daemon=True).start()

    def read(self, connection):
        with contextlib.suppress(OSError, ssl.SSLError):
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self.connections.append(connection)
            held = b""
            while chunk := connection.recv(4096):
                self.raw += chunk
                held += chunk
                while match := re.match(rb"([1-9][0-9]{0,5}) ", held):
                    end = match.end() + int(match[1])
                    if len(held) < end:
                        break
                    try:
                        self.records.append(parse(held[match.end():end].decode()))
                    except (AssertionError, UnicodeDecodeError) as error:
                        self.wrong.append(repr(error))
                    held = held[end:]
                if held and not re.match(rb"[1-9][0-9]{0,5}( |$)", held):
                    self.wrong.append(repr(held[:80]))
                    return

    def stop(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
                connection.close()


class OtlpReceiver:
    """Answers 503 to the first; of some it keeps what it refuses all the same, as one whose answer is late."""

    def __init__(self, refuse=3, most=1000, unwanted=None):
        """most: records at once; of others it says 413. unwanted: a risk that it answers 400 to."""
        self.raw, self.records, self.wrong, self.refused = b"", [], [], 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.raw += body
                assert self.path == "/v1/logs" and self.headers["Content-Type"] == "application/json"
                count = body.count(b'"timeUnixNano"')
                if count > most or (unwanted and unwanted.encode() in body):
                    self.send_response(413 if count > most else 400)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                refused = outer.refused < refuse
                if not refused or outer.refused % 2 == 1:
                    try:
                        outer.take(json.loads(body))
                    except (AssertionError, KeyError, ValueError) as error:
                        outer.wrong.append(repr(error))
                outer.refused += refused
                answer = b'{"partialSuccess":{}}'
                self.send_response(503 if refused else 200)
                if refused:
                    self.send_header("Retry-After", "1")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer((HOST, OTLP), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, told):
        assert set(told) == {"resourceLogs"}
        for of_resource in told["resourceLogs"]:
            assert {item["key"]: item["value"] for item in of_resource["resource"]["attributes"]}["service.name"] == {"stringValue": "fairlead-hub"}
            for of_scope in of_resource["scopeLogs"]:
                for record in of_scope["logRecords"]:
                    assert set(record) == {"timeUnixNano", "observedTimeUnixNano", "severityNumber", "body", "attributes"}, record
                    assert re.fullmatch("[0-9]{19}", record["timeUnixNano"]) and 1 <= record["severityNumber"] <= 24, record
                    values = {item["key"]: item["value"]["stringValue"] for item in record["attributes"]}
                    assert len(values) == len(record["attributes"]), record
                    self.records.append({"id": values.pop("log.record.uid"), "time": int(record["timeUnixNano"]) // 1_000_000} | values)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Export:
    def __init__(self, hub, mapping, state=None):
        self.hub, self.state, self.file = hub, state or hub.state, (state or hub.state) + "/siem.yaml"
        os.makedirs(self.state, exist_ok=True)
        with open(self.file, "w") as file:
            file.write(mapping)
        self.start()

    def start(self):
        command = [AGENT, "hub", "export", "--state", self.state, "--mapping", self.file, *(["--store", self.hub.store] if self.hub.store else [])]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.hub.log, stderr=self.hub.log)
        return self

    def is_at_work(self):
        assert self.process.poll() is None, open(self.hub.state + ".log").read()[-2000:]
        return "new blocked attempts go" in open(self.hub.state + ".log").read()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(30) == 0


class Attempts:
    """What a laptop hands in: each event with a millisecond of its own, by which the receiver's records are told apart."""

    def __init__(self, work, hub):
        self.hand, self.count, self.expected = Hand(work, "laptop", hub), 0, set()
        assert self.hand.enrol(hub.code())[0] == 200

    def hand_in(self, number, **other):
        sent = [event(self.count + n, group="learners", person="Ada Person", host="secret.example", severity="high", category="gambling",
                      url="https://secret.example/the/path", **other) for n in range(1, number + 1)]
        for first in range(0, number, 100):
            assert self.hand.post("/v1/events", batch(self.hand.device, *sent[first:first + 100]))[0] == 200
        if other.get("kind", "blocked") == "blocked":
            self.expected |= {row["time"] for row in sent}
        self.count += number

    def hand_in_odd(self):
        for text in ODD:
            self.hand_in(1, risk=text)

    def have_arrived(self, receiver):
        return {record["time"] for record in list(receiver.records)} == self.expected


def nobody_is_named_and_ids_are_stable(receiver, attempts):
    assert not receiver.wrong, receiver.wrong[:3]
    for private in (*PRIVATE, attempts.hand.device):
        assert private.encode() not in receiver.raw, private
    by_time = {}
    for record in receiver.records:
        assert set(record) - {"priority"} == {"id", "time", "category", "risk", "severity", "action", "group", "count"}, record
        by_time.setdefault(record["time"], set()).add(record["id"])
    assert all(len(ids) == 1 for ids in by_time.values()) and len({*map(frozenset, by_time.values())}) == len(attempts.expected)


def syslog_gets_all_and_nobody_is_named(work, place):
    hub = Hub(work, "hub", place).start()
    attempts, receiver = Attempts(work, hub), None
    attempts.hand_in(5)  # before there was an export: not told
    attempts.expected = set()
    export = Export(hub, f'syslog: {{server: "tcp://{HOST}:{SYSLOG}"}}\n')
    try:
        wait_for(export.is_at_work)
        attempts.hand_in(300)  # while the receiver is away
        attempts.hand_in(20, kind="observed")
        attempts.hand_in_odd()
        wait_for(lambda: "cannot be reached" in open(hub.state + ".log").read())
        receiver = SyslogReceiver()
        wait_for(lambda: attempts.have_arrived(receiver), 180)
        odd = [record["risk"] for record in receiver.records if record["risk"]]
        assert odd == [re.sub(r"[\x00-\x1f]", lambda found: "#%03o" % ord(found[0]), text) for text in ODD], odd
        assert {record["priority"] for record in receiver.records} == {108}
        for _ in range(5):
            attempts.hand_in(200)
            export.kill()
            export.start()
        wait_for(lambda: attempts.have_arrived(receiver), 180)
        before = receiver
        receiver.stop()  # which the exporter sees when it looks at the connection next
        attempts.hand_in(50)
        receiver = SyslogReceiver()
        receiver.records += before.records
        wait_for(lambda: attempts.have_arrived(receiver), 180)
        nobody_is_named_and_ids_are_stable(receiver, attempts)
        wait_for(lambda: rows(hub.store or f"sqlite:{hub.state}/hub.db", "SELECT count(*) FROM export_queue") == [["0"]])
        export.stop()
        hub.tool("export", "--forget")
        attempts.hand_in(1)
    finally:
        export.stop()
        hub.stop()
        if receiver:
            receiver.stop()


def certificate_for(work, name, host):
    """Of an authority of its own: its file, and (certificate, key)."""
    authority, key, made = f"{work}/{name}-ca.pem", f"{work}/{name}.key", f"{work}/{name}.pem"
    sh("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3", "-subj", "/CN=SIEM authority", "-keyout",
       f"{work}/{name}-ca.key", "-out", authority)
    sh("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3", "-subj", "/CN=siem", "-addext",
       f"subjectAltName=IP:{host}", "-addext", "basicConstraints=CA:FALSE", "-CA", authority, "-CAkey", f"{work}/{name}-ca.key", "-keyout", key, "-out", made)
    return authority, (made, key)


def syslog_over_tls_believes_its_authority_alone(work, place):
    hub = Hub(work, "hub", place).start()
    attempts = Attempts(work, hub)
    authority, certificate = certificate_for(work, "good", HOST)
    _, wrong = certificate_for(work, "wrong", HOST)
    receiver = SyslogReceiver(wrong)
    export = Export(hub, f'syslog: {{server: "tls://{HOST}:{SYSLOG}", ca_file: "{authority}"}}\nfields: {{group: group, person: user.name, url: u}}\n')
    try:
        wait_for(export.is_at_work)
        attempts.hand_in(30)
        wait_for(lambda: "cannot be reached" in open(hub.state + ".log").read())
        assert receiver.raw == b"" and not receiver.records
        receiver.stop()
        receiver = SyslogReceiver(certificate)
        wait_for(lambda: attempts.have_arrived(receiver), 180)
        assert not receiver.wrong, receiver.wrong[:3]
        assert {(record["user.name"], record["u"]) for record in receiver.records} == {("Ada Person", "https://secret.example/the/path")}
        assert attempts.hand.device.encode() not in receiver.raw and b"gambling" not in receiver.raw
    finally:
        export.stop()
        hub.stop()
        receiver.stop()


def otlp_that_answers_503_first_loses_nothing(work, place):
    hub = Hub(work, "hub", place).start()
    attempts, receiver = Attempts(work, hub), OtlpReceiver()
    mapping = f'otlp: {{url: "http://{HOST}:{OTLP}/v1/logs"}}\n'
    exports = [Export(hub, mapping)]
    if place:  # of two that share the store one exports, and the other goes on when that is gone
        wait_for(exports[0].is_at_work)
        exports.append(Export(hub, mapping, work + "/other"))
    try:
        wait_for(exports[0].is_at_work)
        attempts.hand_in(450)
        attempts.hand_in_odd()
        wait_for(lambda: attempts.have_arrived(receiver), 180)
        assert receiver.refused == 3 and len(receiver.records) > len(attempts.expected), "what was kept and refused comes again"
        assert [record["risk"] for record in receiver.records if record["risk"]] == ODD
        known = len(receiver.records)
        attempts.hand_in(100)
        exports[0].kill()
        if not place:
            exports[0].start()
        attempts.hand_in(100)
        wait_for(lambda: attempts.have_arrived(receiver), 180)
        assert len(receiver.records) <= known + 2 * 200
        nobody_is_named_and_ids_are_stable(receiver, attempts)
    finally:
        for export in exports:
            export.stop()
        hub.stop()
        receiver.stop()


def what_otlp_will_not_have_keeps_nothing_back(work, place):
    hub = Hub(work, "hub", place).start()
    attempts, receiver = Attempts(work, hub), OtlpReceiver(refuse=0, most=50, unwanted="unheard-of")
    export = Export(hub, f'otlp: {{url: "http://{HOST}:{OTLP}/v1/logs"}}\n')
    try:
        wait_for(export.is_at_work)
        attempts.hand_in(180)
        wanted = set(attempts.expected)
        attempts.hand_in(1, risk="unheard-of")
        attempts.expected = wanted
        attempts.hand_in(70)
        wait_for(lambda: attempts.have_arrived(receiver), 180)
        wait_for(lambda: "the receiver will not have event" in open(hub.state + ".log").read())
        assert len(receiver.records) == len(attempts.expected), "each once"
    finally:
        export.stop()
        hub.stop()
        receiver.stop()


def a_mapping_with_mistakes_is_refused(work, place):
    hub = Hub(work, "hub", place)
    file = work + "/siem.yaml"
    with open(file, "w") as mapping:
        mapping.write('syslog: {server: "tls://siem.example:6514"}\nfields:\n  persn: user\n')
    refused = hub.tool("export", "--mapping", file, check=False)
    assert refused.returncode == 1 and f"{file}:3:3: error: unknown key 'persn'; write 'person'" in refused.stderr, refused
    with open(file, "w") as mapping:
        mapping.write('syslog: {server: "tls://siem.example:6514"}\n')
    hub.tool("export", "--check", "--mapping", file)
