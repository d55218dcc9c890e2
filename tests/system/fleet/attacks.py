"""What somebody may try against a hub: each refused or without effect, and named in the audit where it was said by somebody."""
import os, socket, ssl, subprocess, threading, time

from hub_and_hands import HOST, Hand, batch, event, sh


def squeeze(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True, check=True).stdout


class Attacks:
    """hub: it serves; count: how many events it holds."""

    def __init__(self, work, hub, count):
        self.work, self.hub, self.count = work, hub, count
        self.good = Hand(work, "good", hub)
        assert self.good.enrol(hub.code())[0] == 200
        self.other = Hand(work, "other", hub)
        assert self.other.enrol(hub.code())[0] == 200
        assert self.events(event(1), event(2))[0] == 200
        self.slow = threading.Thread(target=self.send_slowly)
        self.slow.start()

    def events(self, *rows, hand=None, headers=(), certificate=None, **other):
        hand = hand or self.good
        return hand.post("/v1/events", batch(self.good.device, *rows, **other), headers=headers, certificate=certificate)

    def send_slowly(self):
        begin, self.slow_ended = time.monotonic(), False
        with socket.create_connection((HOST, self.hub.port)) as sock, \
                self.good.context(self.good.certificate).wrap_socket(sock, server_hostname=HOST) as secure:
            secure.settimeout(120)
            secure.sendall(b"POST /v1/events HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
            try:
                while time.monotonic() - begin < 100:
                    secure.sendall(b"{")
                    secure.settimeout(1)
                    try:
                        if secure.recv(1) == b"":
                            self.slow_ended = True
                            break
                    except TimeoutError:
                        pass
            except (OSError, ssl.SSLError):
                self.slow_ended = True

    def forged(self, name, *extensions, days=("-days", "30"), authority=None, subject=None):
        """A certificate over the good device's key by another authority, or by a thief of the hub's own."""
        made = f"{self.work}/{name}.pem"
        if authority is None:
            sh("openssl", "req", "-x509", "-key", self.good.key, "-subj", f"/CN={self.good.device}", *days, "-out", made)
        else:
            folder = f"{self.work}/{name}.ca"
            os.makedirs(folder)
            open(folder + "/index.txt", "w").close()
            with open(folder + "/ca.cnf", "w") as file:
                file.write(f"[ca]\ndefault_ca=a\n[a]\ndatabase={folder}/index.txt\nnew_certs_dir={folder}\nrand_serial=yes\ndefault_md=sha256\n"
                           "policy=p\nx509_extensions=x\n[p]\ncommonName=supplied\n[x]\nbasicConstraints=critical,CA:FALSE\n"
                           + "".join(f"{line}\n" for line in extensions))
            sh("openssl", "ca", "-batch", "-config", folder + "/ca.cnf", "-in", self.good.request, "-subj", subject or f"/CN={self.good.device}",
               "-keyfile", authority + "/authority.key", "-cert", authority + "/authority.pem", "-notext", "-out", made, *days)
        return made

    # --- each returns what was told, and what the audit must say; nothing where nobody proved who it was ---

    def no_certificate(self):
        return self.good.post("/v1/events", batch(self.good.device, event(3)), plain=True)[0] == 401, "no certificate of this organisation"

    def certificate_of_its_own_making(self):
        return self.events(event(3), certificate=self.forged("own"))[0] == 401, "certificate refused: self-signed certificate"

    def expired_certificate(self):
        days = ("-startdate", "20200101000000Z", "-enddate", "20210101000000Z")
        made = self.forged("expired", "extendedKeyUsage=clientAuth", days=days, authority=self.hub.state)
        return self.events(event(3), certificate=made)[0] == 401, "certificate refused: certificate has expired"

    def certificate_for_another_purpose(self):
        made = self.forged("purpose", "extendedKeyUsage=serverAuth", authority=self.hub.state)
        return self.events(event(3), certificate=made)[0] == 401, "certificate refused: unsuitable certificate purpose"

    def certificate_of_a_device_that_nobody_enrolled(self):
        made = self.forged("stranger", "extendedKeyUsage=clientAuth", authority=self.hub.state, subject="/CN=0000000000000000")
        return self.good.post("/v1/events", batch("0000000000000000", event(3)), certificate=made)[0] == 401, "no such device"

    def events_in_the_name_of_another(self):
        return self.other.post("/v1/events", batch(self.good.device, event(3)))[0] == 403, "events of another device"

    def a_book_in_the_name_of_another(self):
        row = {"sequence": 1, "digest": "d" * 64, "event": "", "time": 1, "kind": "wrong", "person": "x", "words": "x"}
        book = {"device": self.good.device, "epoch": 1, "first": 1, "table": "reports", "rows": [row]}
        return self.other.post("/v1/book", book)[0] == 403, "rows of another device"

    def a_book_of_no_table(self):
        book = {"device": self.good.device, "epoch": 1, "first": 1, "table": "devices", "rows": []}
        return self.good.post("/v1/book", book)[0] == 400, "the batch needs a 'table'"

    def the_same_events_again(self):
        status, told, _ = self.events(event(1), event(2))
        return status == 200 and told["high"] == 2, None

    def other_events_of_the_same_numbers(self):
        return self.events(event(2, digest="f" * 64))[0] == 409, "other events of the same numbers"

    def a_code_that_was_never_made(self):
        return Hand(self.work, "c1", self.hub).enrol("K7QM-2D4X-K7QM-2D4X-K7QM")[0] == 403, "no such code"

    def a_stolen_code_used_twice(self):
        code = self.hub.code()
        first, second = Hand(self.work, "c2", self.hub), Hand(self.work, "c3", self.hub)
        return first.enrol(code)[0] == 200 and second.enrol(code)[0] == 403, "code used up"

    def an_enrolment_without_a_code(self):
        return Hand(self.work, "c4", self.hub).enrol(None)[0] == 401, "an unknown device needs a code"

    def a_code_that_is_sql(self):
        return Hand(self.work, "c5", self.hub).enrol("' OR 1=1 --")[0] == 403, "no such code"

    def a_request_of_a_key_that_is_no_devices(self):
        rsa = Hand(self.work, "c6", self.hub, ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"))
        return rsa.enrol(self.hub.code())[0] == 400, "the certificate request cannot be used"

    def a_request_for_a_key_that_is_not_ones_own(self):
        lines = self.other.csr().splitlines()
        lines[2] = lines[2][:-1] + ("A" if lines[2][-1] != "A" else "B")
        told = self.good.post("/v1/enrol", {"request": "\n".join(lines) + "\n", "name": "x", "code": self.hub.code()}, plain=True)
        return told[0] == 400, "the certificate request cannot be used"

    def a_request_without_its_fields(self):
        return self.good.post("/v1/enrol", {"name": 7}, plain=True)[0] == 400, "an enrolment needs"

    def a_revoked_device(self):
        revoked = Hand(self.work, "c7", self.hub)
        assert revoked.enrol(self.hub.code())[0] == 200
        self.hub.tool("revoke", revoked.device)
        anew = revoked.enrol(None)[0]
        return revoked.post("/v1/events", batch(revoked.device, event(1)))[0] == 403 and anew == 403, "device revoked"

    def a_body_that_is_too_large(self):
        told = self.good.raw(b"POST /v1/events HTTP/1.1\r\nHost: h\r\nContent-Length: 20000000\r\n\r\n" + b"x" * 100000)
        return told.startswith(b"HTTP/1.1 413"), "the body is too large"

    def a_stranger_with_much_to_say(self):
        told = self.good.post("/v1/enrol", b"x" * 100_000, plain=True)
        return told[0] == 413, "the body is too large"

    def a_decompression_bomb(self):
        told = self.good.post("/v1/events", squeeze(b" " * 100_000_000), headers=[("Content-Encoding", "zstd")])
        return told[0] == 413, "the body is too large"

    def a_body_in_another_encoding(self):
        return self.good.post("/v1/events", b"\x1f\x8b", headers=[("Content-Encoding", "gzip")])[0] == 415, "only zstd is read"

    def a_body_that_is_no_frame(self):
        return self.good.post("/v1/events", b"text", headers=[("Content-Encoding", "zstd")])[0] == 400, "no Zstandard frame"

    def a_frame_that_is_cut_off(self):
        return self.good.post("/v1/events", squeeze(b"{}" * 500)[:-6], headers=[("Content-Encoding", "zstd")])[0] == 400, None

    def a_hundred_thousand_brackets(self):
        return self.good.post("/v1/events", b"[" * 100000)[0] == 400, "the batch is no JSON object"

    def text_that_is_no_utf8(self):
        return self.good.post("/v1/events", b'{"device":"\xff\xfe"}')[0] == 400, "the batch is no JSON object"

    def a_text_with_nul_in_it(self):
        return self.events(event(3, host="a\0b"))[0] == 400, "row 0 has no 'host'"

    def a_text_longer_than_any(self):
        return self.events(event(3, url="h" * 5000))[0] == 400, "row 0 has no 'url'"

    def more_rows_than_a_batch_has(self):
        return self.events(*(event(n) for n in range(3, 504)))[0] == 413, "too many rows"

    def rows_in_another_order(self):
        return self.events(event(4), event(3))[0] == 400, "row 1 does not ascend"

    def a_sequence_beyond_all_numbers(self):
        return self.events(event(2 ** 63))[0] == 400, "row 0 has no 'sequence'"

    def a_time_beyond_all_times(self):
        return self.events(event(3, time=2 ** 70))[0] == 400, "row 0 has no 'time'"

    def a_kind_of_event_that_is_never_recorded(self):
        return self.events(event(3, kind="allowed"))[0] == 400, "row 0 has no 'kind'"

    def a_health_that_is_a_book(self):
        return self.good.post("/v1/health", {"text": "x" * 10000})[0] == 413, "the body is too large"

    def another_method(self):
        return self.good.post("/v1/events", None, method="GET")[0] == 405, None

    def a_path_beside_the_endpoints(self):
        return self.good.post("/v1/../../etc/passwd", b"")[0] == 404, None

    def two_lengths_of_one_body(self):
        told = self.good.raw(b"POST /v1/health HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        return not told.startswith(b"HTTP/1.1 200"), None

    def a_head_without_an_end(self):
        return self.good.raw(b"POST /v1/health HTTP/1.1\r\nX: " + b"x" * 20000) == b"", None

    def a_session_of_old_tls(self):
        context = self.good.context(self.good.certificate)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
        with socket.create_connection((HOST, self.hub.port), timeout=5) as sock:
            try:
                context.wrap_socket(sock, server_hostname=HOST)
            except (ssl.SSLError, OSError):
                return True, None
        return False, None

    def http_without_tls(self):
        with socket.create_connection((HOST, self.hub.port), timeout=5) as sock:
            sock.sendall(b"GET /v1/authority HTTP/1.1\r\nHost: h\r\n\r\n")
            try:
                return not sock.recv(100).startswith(b"HTTP"), None
            except OSError:
                return True, None

    def a_sender_that_never_ends(self):
        self.slow.join()
        return self.slow_ended, None


def attacks():
    """In the order of the file."""
    own = ("events", "send_slowly", "forged")
    return [name for name, what in vars(Attacks).items() if callable(what) and not name.startswith("_") and name not in own]
