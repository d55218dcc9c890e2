"""A publisher over HTTPS and HTTP that can misbehave, keys to sign with, and the updater. Python's standard library and the
openssl command."""
import base64, hashlib, http.server, json, os, shutil, socket, ssl, struct, subprocess, tempfile, threading

DRIVER = os.environ["FAIRLEAD_UPDATE_DRIVER"]
OLD = b"# The edition in force\n" + b"".join(b"old-%05d.example\n" % n for n in range(4000))
NEW = b"# The edition to come\n" + b"".join(b"new-%05d.example\n" % n for n in range(12000))


def openssl(*words, given=None):
    return subprocess.run(["openssl", *words], input=given, capture_output=True, check=True).stdout


def make_certificates(folder):
    """An authority and a publisher's certificate by it; and one that nobody vouches for."""
    ca, key = folder + "/ca.pem", folder + "/key.pem"
    for name, subject in (("ca", "/CN=Fairlead test authority"), ("stranger", "/CN=A stranger")):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", subject,
                "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem")
    request = openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost",
                      "-addext", "subjectAltName=DNS:localhost", "-keyout", key)
    leaf = openssl("x509", "-req", "-days", "2", "-CA", ca, "-CAkey", folder + "/ca.key", "-copy_extensions", "copyall", given=request)
    with open(folder + "/publisher.pem", "wb") as f:
        f.write(leaf)
    return ca


class Signer:
    """A minisign key pair; signs as minisign does (https://jedisct1.github.io/minisign/)."""

    def __init__(self, folder, name):
        self.folder, self.key_id = folder, hashlib.sha256(name.encode()).digest()[:8]
        self.pem = f"{folder}/{name}.pem"
        openssl("genpkey", "-algorithm", "ed25519", "-out", self.pem)
        public = openssl("pkey", "-in", self.pem, "-pubout", "-outform", "DER")[-32:]
        self.public_key = base64.b64encode(b"Ed" + self.key_id + public).decode()

    def ed25519(self, message):
        with tempfile.NamedTemporaryFile(dir=self.folder) as file:
            file.write(message)
            file.flush()
            return openssl("pkeyutl", "-sign", "-inkey", self.pem, "-rawin", "-in", file.name)

    def minisig(self, body, key_id=None, comment=b"timestamp:1767225600", algorithm=b"ED"):
        signature = self.ed25519(body if algorithm == b"Ed" else hashlib.blake2b(body).digest())
        return b"untrusted comment: made for a test\n%s\ntrusted comment: %s\n%s\n" % (
            base64.b64encode(algorithm + (key_id or self.key_id) + signature), comment,
            base64.b64encode(self.ed25519(signature + comment)))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.server.requests.append((self.path, dict(self.headers.items())))
        self.server.answers[self.path](self)

    def log_message(self, *_):
        pass

    def head(self, status, **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def drop(self, reset=False):
        """The line is cut: no more bytes, no proper end of TLS."""
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        descriptor = self.connection.detach() if isinstance(self.connection, ssl.SSLSocket) else os.dup(self.connection.fileno())
        raw = socket.socket(fileno=descriptor)
        if not reset:
            raw.shutdown(socket.SHUT_RDWR)
        raw.close()
        raise ConnectionAbortedError


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, certificate=None, key=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.context, self.answers, self.requests = None, {}, []
        scheme = "http"
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate, key)
            scheme = "https"
        self.base = f"{scheme}://localhost:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def finish_request(self, request, client_address):
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)  # in the thread of the request
        super().finish_request(request, client_address)
        request.close()

    def handle_error(self, request, client_address):
        pass


def edition(body, etag=None, cut_at=None, reset=False, ranges=True, **more):
    """Answers as an honest server does, until `cut_at` bytes of the file have gone out."""
    def answer(handler):
        tag = etag or '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        fields, ranged = handler.headers, {}
        if fields.get("If-None-Match") == tag:
            return handler.head(304, ETag=tag)
        begin = 0
        if ranges and "Range" in fields and fields.get("If-Range") == tag:
            begin = int(fields["Range"].removeprefix("bytes=").removesuffix("-"))
            if begin >= len(body):
                return handler.head(416, Content_Range=f"bytes */{len(body)}", Content_Length=0)
            ranged["Content_Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
        handler.head(206 if begin else 200, ETag=tag, Content_Type="text/plain", Content_Length=len(body) - begin,
                     **ranged, **more)
        handler.wfile.write(body[begin:len(body) if cut_at is None else cut_at])
        if cut_at is not None:
            handler.drop(reset)
        return None
    return answer


def plain(status, body, **fields):
    """The same answer whatever was asked."""
    def answer(handler):
        handler.head(status, Content_Length=len(body), **fields)
        handler.wfile.write(body)
    return answer


class World:
    """A state folder in which OLD is in force, as /list of the publisher had it."""

    def __init__(self, work, publisher, name):
        self.publisher, self.folder = publisher, os.path.join(work, name)
        self.state = self.folder + "/state"
        os.makedirs(self.state)
        self.options = {"state": self.state, "authorities": work + "/ca.pem", "proxy": "", "proxy_authorization": "", "proxy_except": "",
                        "total_limit_ms": 20000, "lowest_speed": 1,
                        "own_authority": "", "refused": []}
        self.source = {"id": "trades", "from": publisher.base + "/list", "most_bytes": 1 << 20, "public_key": "", "sha256": ""}

    def command(self, **changes):
        source = {**self.source, **{k: v for k, v in changes.items() if k in self.source}}
        options = {**self.options, **{k: v for k, v in changes.items() if k in self.options}, "lists": [source]}
        with open(self.folder + "/update.json", "w", encoding="utf-8") as f:
            json.dump(options, f)
        return [DRIVER, self.folder + "/update.json"]

    def update(self, **changes):
        """The outcome of one update of the list."""
        done = subprocess.run(self.command(**changes), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode in (0, 1), done
        return json.loads(done.stdout)[0]

    def begin(self, **changes):
        self.publisher.answers["/list"] = edition(OLD)
        assert self.update(**changes)["outcome"] == "staged"
        assert self.list() == OLD
        self.publisher.requests.clear()
        return self

    def remember(self):
        """For put_back(): what lies in the state folder now."""
        shutil.copytree(self.state, self.folder + "/before")

    def put_back(self):
        shutil.rmtree(self.state)
        shutil.copytree(self.folder + "/before", self.state)

    def path(self, name):
        return os.path.join(self.state, "trades", name)

    def read(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def list(self):
        return self.read("list")

    def meta(self):
        return json.loads(self.read("meta.json"))

    def check_invariant(self):
        """The list is the old or the new edition, whole, and meta.json knows which."""
        body = self.list()
        assert body in (OLD, NEW), f"{len(body)} bytes that are neither edition"
        known = [self.meta()[name]["sha256"] for name in ("current", "previous") if self.meta()[name]]
        assert hashlib.sha256(body).hexdigest() in known, "meta.json does not know the list"
        return body

    def refuses(self, code, words, **changes):
        """The update fails for this reason, OLD stays in force, and nothing of the new edition lies about."""
        outcome = self.update(**changes)
        assert outcome["outcome"] == "failed" and outcome["code"] == code and words in outcome["reason"], outcome
        assert self.check_invariant() == OLD
        assert self.meta()["last_error"] == outcome["reason"], self.meta()
        assert not os.path.exists(self.path("candidate"))
        return outcome
