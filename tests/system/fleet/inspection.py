"""A network that breaks TLS open: a middle box, trusted by the laptop's system, that reads what laptops and hub say to each other, and tries what
such a box could try. Where it succeeds, events would be lost that the laptop believes to be delivered."""
import base64, hashlib, http.client, http.server, json, os, ssl, threading, time

from harness import Agent, client
from hub_and_hands import HOST, Hand, Hub, batch, event, rows, sh, wait_for
from laptops import Laptops, lost_and_doubled

PORT, BOX = 8443, 8444  # of the hub, of the box before it
PROOF = ("Content-Digest", "Signature-Input", "Signature", "ETag", "Retry-After")


class Box:
    """Ends TLS with a certificate of its own, and hands on what `how` makes of it."""

    def __init__(self, work, hub):
        self.hub, self.how, self.seen, self.answers = hub, self.honest, [], []
        key, authority = f"{work}/box.key", f"{work}/box-ca.pem"
        sh("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{work}/box-ca.key", "-subj", "/CN=School network", "-days", "30", "-out",
           authority)
        sh("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-subj", f"/CN={HOST}", "-days", "30", "-addext",
           f"subjectAltName=IP:{HOST}", "-addext", "basicConstraints=critical,CA:FALSE", "-CA", authority, "-CAkey", f"{work}/box-ca.key", "-out", f"{work}/box.pem")
        # In a mount namespace of the suite: the laptop's system trusts whoever runs its network.
        sh("mount", "--bind", authority, "/etc/ssl/certs/ca-certificates.crt")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{work}/box.pem", key)
        box = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                box.seen.append((self.command, self.path, dict(self.headers), body))
                status, fields, text = box.how(*box.seen[-1])
                self.send_response_only(status)
                for name, value in {**fields, "Content-Length": str(len(text))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)
            do_GET = do_POST

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):  # a laptop that does not believe it hangs up
                pass
        self.server = Server((HOST, BOX), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        sh("umount", "/etc/ssl/certs/ca-certificates.crt")

    def ask(self, method, path, fields, body):
        """The hub: status, fields that matter, body."""
        connection = http.client.HTTPSConnection(HOST, PORT, context=ssl.create_default_context(cafile=self.hub.state + "/authority.pem"), timeout=20)
        try:
            connection.request(method, path, body, fields)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, {name: answer.headers[name] for name in PROOF if answer.headers[name]}, text
        finally:
            connection.close()

    def honest(self, *request):
        self.answers.append((request, self.ask(*request)))
        return self.answers[-1][1]

    # --- what it may try with a request for events; all else passes ---

    def only_events(trick):  # noqa: N805
        return lambda self: lambda *request: trick(self, *request) if request[1] == "/v1/events" else self.ask(*request)

    @only_events
    def acknowledges_what_never_arrives(self, *_):
        return 200, {}, b'{"high":1000000,"missing":[]}'

    @only_events
    def acknowledges_with_an_older_answer(self, *_):
        return next(answer for request, answer in self.answers if request[1] == "/v1/events" and answer[0] == 200)

    @only_events
    def acknowledges_more_than_the_hub(self, *request):
        status, fields, text = self.ask(*request)
        told = {**json.loads(text), "high": 1000000}
        body = json.dumps(told).encode()
        digest = "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"
        return status, {**fields, "Content-Digest": digest}, body

    @only_events
    def says_that_the_hub_does_not_know_the_laptop(self, *request):
        _, fields, text = self.ask(*request)
        return 401, fields, text

    @only_events
    def asks_twice_and_hands_on_the_second_answer(self, *request):
        self.ask(*request)
        return self.ask(*request)

    @only_events
    def answers_a_question_with_the_answer_to_another(self, *request):
        """A laptop of its own asks in the place of this one, and the hub signs what that one is told."""
        status, fields, text = self.own.signed(1)
        assert status == 200
        return status, {name: fields[name] for name in PROOF if fields[name]}, json.dumps(text).encode()

    @only_events
    def lets_the_hub_read_something_else(self, method, path, fields, body):
        return self.ask(method, path, fields, body[:-1] + b" ")

    @only_events
    def calls_the_body_something_else(self, method, path, fields, body):
        return self.ask(method, path, {**fields, "Content-Encoding": "gzip"}, body)

    @only_events
    def makes_the_body_too_long(self, method, path, fields, body):
        return self.ask(method, path, {**fields, "Content-Length": "20000000"}, body)


def tricks():
    return [name for name, what in vars(Box).items() if callable(what) and name not in ("close", "ask", "honest", "only_events") and name[0] != "_"]


class SigningHand(Hand):
    """Signs its requests itself."""

    def fields(self, method, path, body, created=None, certificate=None, key=None):
        """certificate, key: others than its own."""
        with open(certificate or self.certificate) as file:
            der = ssl.PEM_cert_to_DER_cert(file.read())
        public = sh("openssl", "pkey", "-in", self.key, "-pubout", "-outform", "DER", text=False).stdout[-32:]
        covered = {"@method": method, "@authority": f"{HOST}:{PORT}", "@path": path,
                   "content-digest": "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":",
                   "client-cert": ":" + base64.b64encode(der).decode() + ":"}
        created = int(time.time()) if created is None else created
        nonce = base64.b64encode(os.urandom(18)).decode()
        parameters = "(" + " ".join(f'"{name}"' for name in covered) + f');created={created};nonce="{nonce}";keyid="{base64.b64encode(public).decode()}"'
        text = "".join(f'"{name}": {value}\n' for name, value in covered.items()) + f'"@signature-params": {parameters}'
        with open(self.key + ".text", "w") as file:
            file.write(text)
        made = sh("openssl", "pkeyutl", "-sign", "-inkey", key or self.key, "-rawin", "-in", self.key + ".text", text=False).stdout
        return {**{name.title(): value for name, value in covered.items() if name[0] != "@"}, "Signature-Input": "fairlead=" + parameters,
                "Signature": "fairlead=:" + base64.b64encode(made).decode() + ":"}

    def signed(self, number, device=None, path="/v1/events", sent=None, more=(), **how):
        """What the hub says to an event that is signed, without a certificate in TLS. path: that is signed; sent: a body in the place of the signed one."""
        body = json.dumps(batch(device or self.device, event(number))).encode()
        return self.post("/v1/events", sent or body, plain=True, headers=[*self.fields("POST", path, body, **how).items(), *more])


class Signatures:
    """What somebody may try against a hub that accepts signatures; each returns whether it was refused, and what the audit says of it."""

    def __init__(self, work, hub):
        self.work, self.hub = work, hub
        self.good, self.other = SigningHand(work, "good", hub), SigningHand(work, "other", hub)
        for hand in (self.good, self.other):
            assert hand.enrol(hub.code())[0] == 200
        assert self.good.signed(1)[0] == 200

    def a_signed_request_again(self):
        body = json.dumps(batch(self.good.device, event(1))).encode()
        fields = self.good.fields("POST", "/v1/events", body).items()
        (first, _, _), (again, _, proof) = (self.good.post("/v1/events", body, plain=True, headers=fields) for _ in range(2))
        return first == 200 and again == 401 and not proof["Signature"], "it was there before"

    def a_signature_over_another_body(self):
        body = json.dumps(batch(self.good.device, event(2))).encode()
        status, _, fields = self.good.signed(1, sent=body)
        return status == 401 and not fields["Signature"], "it is of another body"

    def a_signature_over_another_path(self):
        return self.good.signed(2, path="/v1/health")[0] == 401, "it is another's"

    def a_signature_of_another_key(self):
        return self.good.signed(2, key=self.other.key)[0] == 401, "it is another's"

    def a_signature_that_leaves_a_field_out(self):
        return self.good.signed(2, more=[("Content-Encoding", "zstd")])[0] == 401, "it does not cover the request"

    def a_signed_request_with_another_ones_certificate(self):
        return self.good.signed(2, device=self.other.device, certificate=self.other.certificate)[0] == 401, "the certificate is another's"

    def a_signed_request_with_a_certificate_of_its_own_making(self):
        made = self.work + "/own.pem"
        sh("openssl", "req", "-x509", "-key", self.good.key, "-subj", f"/CN={self.other.device}", "-days", "30", "-out", made)
        return self.good.signed(2, device=self.other.device, certificate=made)[0] == 401, "certificate: self-signed certificate"

    def signed_events_in_the_name_of_another(self):
        return self.good.signed(2, device=self.other.device)[0] == 403, "events of another device"

    def a_signed_request_of_an_hour_ago(self):
        status, _, fields = self.good.signed(2, created=int(time.time()) - 3600)
        return status == 401 and "created=" in fields["Signature-Input"], "it was made at another time"

    def a_signed_request_of_the_next_hour(self):
        return self.good.signed(2, created=int(time.time()) + 3600)[0] == 401, "it was made at another time"

    def a_signed_request_of_a_revoked_device(self):
        self.hub.tool("revoke", self.other.device)
        return self.other.signed(2)[0] == 403, "device revoked"


def attacks():
    return [name for name, what in vars(Signatures).items() if callable(what) and name[0] != "_"]


def signatures_are_taken_where_the_hub_says_so_alone(work, place):
    hub = Hub(work, "hub", place).start()
    try:
        hand = SigningHand(work, "hand", hub)
        assert hand.enrol(hub.code())[0] == 200
        status, _, fields = hand.signed(1)
        assert status == 401 and not fields["Signature"]
    finally:
        hub.stop()


def an_agent_reports_through_an_inspected_network(work, place):
    """It joins, tells, and learns through the box, where the administrator allowed it; else not."""
    hub = Hub(work, "hub", place).start("--accept-signatures")
    box = Box(work, hub)
    agent = Agent(work).start()
    try:
        wanted = ("fleet", "join", f"https://{HOST}:{BOX}", "--code", hub.code(), "--authority", hub.fingerprint(), "--name", "Laptop 7")
        refused = agent.tool(*wanted)
        assert refused.returncode == 1 and "is not the organisation's hub" in refused.stderr, refused
        joined = agent.tool(*wanted, "--through-inspection")
        assert joined.returncode == 0, joined
        browser = client()
        browser.send(b"GET http://blocked.example/ HTTP/1.1\r\nHost: blocked.example\r\n\r\n")
        assert b" 403 " in browser.head()
        arrived = "SELECT e.id FROM events e JOIN devices d ON d.number = e.device WHERE d.name = 'Laptop 7'"
        wait_for(lambda: len(rows(f"sqlite:{hub.state}/hub.db", arrived)) == 1)
        wait_for(lambda: "never told" not in hub.tool("devices").stdout)
        assert {path for _, path, _, _ in box.seen} >= {"/v1/authority", "/v1/enrol", "/v1/events", "/v1/health"}
        assert json.loads(agent.tool("status", "--json").stdout)["fleet"]["trouble"] == ""
    finally:
        agent.stop()
        box.close()
        hub.stop()


def behind_the_box(work, hub, box, clock=None):
    laptops = Laptops(work, 1, lambda _: clock)
    laptops.join(hub, hub.code())
    file = laptops.groups[0] + "/laptop0/fleet/membership.json"
    with open(file) as kept:
        membership = json.load(kept)
    with open(file, "w") as kept:
        json.dump({**membership, "hub": f"https://{HOST}:{BOX}", "through_inspection": True}, kept)
    return laptops


def a_wrong_clock_behind_a_box_keeps_nothing_back(work, place):
    hub = Hub(work, "hub", place).start("--accept-signatures")
    box = Box(work, hub)
    try:
        for clock in ("-400d", "+400d"):
            laptops = behind_the_box(f"{work}/clock{clock}", hub, box, clock)
            laptops.start_all(3)
            wait_for(laptops.done, 180)
            assert lost_and_doubled(f"sqlite:{hub.state}/hub.db", laptops) == (0, 0)
    finally:
        box.close()
        hub.stop()


def try_tricks(count, work):
    hub = Hub(work, "hub").start("--accept-signatures")
    box = Box(work, hub)
    laptops = behind_the_box(work + "/laptops", hub, box)
    [group] = laptops.groups
    box.own = SigningHand(work, "own", hub)
    assert box.own.enrol(hub.code())[0] == 200
    laptops.start(group)
    wait_for(laptops.done, 180)

    def trick(name):
        box.how, begin = getattr(box, name)(), len(box.seen)
        laptops.start(group, 3)
        try:
            wait_for(lambda: sum(path == "/v1/events" for _, path, _, _ in box.seen[begin:]) >= 3)
            # It asks what the hub has, and as long as it believes nothing of what it hears it does nothing else.
            asked = [(path, fields, body) for _, path, fields, body in box.seen[begin:] if path != "/v1/health"]
            assert all(path == "/v1/events" and "Content-Encoding" not in fields and not json.loads(body)["rows"] for path, fields, body in asked), asked
            assert not laptops.done(), "it believes that all arrived"
        finally:
            box.how = box.honest
        wait_for(laptops.done, 180)
        assert lost_and_doubled(f"sqlite:{hub.state}/hub.db", laptops) == (0, 0)
    try:
        for name in tricks():
            count.test("a box " + name.replace("_", " "), trick, name)
    finally:
        laptops.close()
        box.close()
        hub.stop()


def try_attacks(count, work):
    hub = Hub(work, "hub").start("--accept-signatures")
    try:
        trial = Signatures(work, hub)

        def attack(name):
            known = hub.audit().count("\n")
            refused, audit = getattr(trial, name)()
            assert refused
            new = "\n".join(hub.audit().splitlines()[:hub.audit().count("\n") - known])
            assert audit in new, new
            assert len(rows(f"sqlite:{hub.state}/hub.db", "SELECT 1 FROM events")) == 1
        for name in attacks():
            count.test("attack: " + name.replace("_", " "), attack, name)
    finally:
        hub.stop()


def try_all(count, folder):
    for test in (signatures_are_taken_where_the_hub_says_so_alone, an_agent_reports_through_an_inspected_network,
                 a_wrong_clock_behind_a_box_keeps_nothing_back):
        count.test("sqlite: " + test.__name__.replace("_", " "), test, folder(test.__name__), None)
    try_attacks(count, folder("signatures"))
    try_tricks(count, folder("box"))
