"""Sites that are not blocked keep their own certificate and every byte of TLS, whether the laptop has an authority or not. Part of
proxy_test.py."""
import socket, ssl, subprocess, tempfile, threading

from blocked_https import authority, CONNECT
from harness import client, UNTOUCHED, Origin

HTTP = b"GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"


class Recorded:
    """TLS over a socket, with everything that went over it."""

    def __init__(self, sock, context, **names):
        self.sock, self.sent, self.received = sock, b"", b""
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, **names)

    def flush(self):
        data = self.outgoing.read()
        self.sent += data
        self.sock.sendall(data)

    def do(self, step, *arguments):
        while True:
            try:
                done = step(*arguments)
                self.flush()
                return done
            except ssl.SSLWantReadError:
                self.flush()
                data = self.sock.recv(65536)
                if not data:
                    raise EOFError
                self.received += data
                self.incoming.write(data)


def certificates(folder):
    """A certificate for each name, no two alike; all with one key, since keys take their time."""
    key = folder + "/key.pem"
    subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key], check=True)
    contexts = {}
    for name in UNTOUCHED:
        file = f"{folder}/{name}.pem"
        subprocess.run(["openssl", "req", "-x509", "-key", key, "-days", "3", "-subj", f"/O=Origin of its own/CN={name}", "-addext",
                        f"subjectAltName=DNS:{name}", "-out", file], check=True)
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[name].load_cert_chain(file, key)
    return contexts


def der(folder, name):
    with open(f"{folder}/{name}.pem") as file:
        return ssl.PEM_cert_to_DER_cert(file.read())


def test_untouched_two_hundred_sites_show_their_own_certificate_and_every_byte_is_theirs(agent):
    with tempfile.TemporaryDirectory() as folder, authority(agent):
        contexts, served = certificates(folder), {}
        first = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        first.load_cert_chain(f"{folder}/{UNTOUCHED[0]}.pem", folder + "/key.pem")

        def choose(tls, name, _):
            tls.context = contexts[name]
        first.sni_callback = choose
        done = threading.Semaphore(0)

        def serve(peer):
            origin = Recorded(peer.sock, first, server_side=True)
            origin.do(origin.tls.do_handshake)
            asked = origin.do(origin.tls.read, 65536)
            origin.do(origin.tls.write, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            peer.sock.shutdown(socket.SHUT_WR)
            while peer.sock.recv(65536):
                pass
            served[asked.split(b"Host: ")[1].split(b"\r\n")[0].decode()] = origin
            done.release()
        Origin("127.0.0.21", 443).serve = serve
        anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
        anyone.set_alpn_protocols(["h2", "http/1.1"])
        for name in UNTOUCHED:
            tunnel = client()
            tunnel.send((CONNECT % (name, name)).encode())
            assert tunnel.head().startswith(b"HTTP/1.1 200 ") and tunnel.buffer == b"", name
            here = Recorded(tunnel.sock, anyone, server_hostname=name)
            here.do(here.tls.do_handshake)
            assert here.tls.getpeercert(binary_form=True) == der(folder, name), name
            here.do(here.tls.write, HTTP % name.encode())
            assert here.do(here.tls.read, 65536).endswith(b"\r\n\r\nhi"), name
            while data := tunnel.sock.recv(65536):
                here.received += data
            tunnel.sock.close()
            assert done.acquire(timeout=15), name
            assert len(here.sent) > 300 and here.sent == served[name].received, name
            assert len(here.received) > 600 and here.received == served[name].sent, name
        assert len({der(folder, name) for name in UNTOUCHED}) == len(served) == 200
