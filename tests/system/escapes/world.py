"""The internet of the laptop under test: names, sites, and the services by which people get round filters, all in one network namespace that the
caller has entered. Every name leads to an address of its own, every address answers, and what arrived is written down."""
import socket, ssl, struct, subprocess, threading

GATEWAY, GATEWAY6 = "45.77.9.1", "2a05:d018:9::1"
LAPTOP, LAPTOP6 = "45.77.9.2", "2a05:d018:9::2"
NETWORK, NETWORK6 = "45.77.10", "2a05:d018:10::"
BLOCKED, OPEN = "www.bet365.com", "timber-frames.example"
NAMES = {BLOCKED: 7, "bet365.com": 8, OPEN: 9, "dns.google": 53, "cloudflare-dns.com": 54, "detectportal.firefox.com": 80}
WEB, TLS = (80, 8080, 8000, 8888, 5000), (443, 8443, 4433)
PROXIES, SOCKS, SERVERS = (3128, 8118), (1080, 9050), (22, 2222, 993)
DATAGRAMS = (443, 853, 51820, 1194, 500, 4500, 3478, 33000)
MARK = "REACHED"
IP_PKTINFO, IPV6_FREEBIND = 8, 78  # Linux; not in Python's socket


def address_of(name, v6=False):
    number = NAMES.get(name.lower().rstrip("."))
    return None if number is None else f"{NETWORK6}{number:x}" if v6 else f"{NETWORK}.{number}"


class World:
    """reached: (how, host) of everything that got through to a site or a service."""

    def __init__(self, work):
        self.reached = []
        self.certificate = work + "/world.crt"
        self._make_certificate(work)
        for port in WEB:
            self._listen(port, self.serve_web)
        for port in TLS:
            self._listen(port, self.serve_tls)
        for port in PROXIES:
            self._listen(port, self.serve_proxy)
        for port in SOCKS:
            self._listen(port, self.serve_socks)
        for port in SERVERS:
            self._listen(port, self.serve_relay)
        self._listen(53, self.serve_names_over_tcp)
        self._listen(853, self.serve_tls)
        for port in DATAGRAMS:
            self._receive(port, lambda data, port=port: self._note(f"udp {port}", data))
        self._receive(53, self.answer_name)

    def _make_certificate(self, work):
        names = ",".join(f"DNS:{name}" for name in NAMES)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
                        "/CN=The world", "-keyout", work + "/world.key", "-out", self.certificate, "-addext", "subjectAltName=" + names],
                       check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, work + "/world.key")

    def _listen(self, port, serve):
        for family, any_address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
            listener = socket.socket(family)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind((any_address, port))
            listener.listen(64)
            threading.Thread(target=self._accept, args=(listener, serve), daemon=True).start()

    def _accept(self, listener, serve):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self._serve, args=(connection, serve), daemon=True).start()

    def _serve(self, connection, serve):
        connection.settimeout(20)
        try:
            serve(connection)
        except (OSError, ValueError, IndexError):
            pass
        finally:
            connection.close()

    def _receive(self, port, answer):
        for family, any_address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
            sock = socket.socket(family, socket.SOCK_DGRAM)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
                sock.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
            else:
                sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
            sock.bind((any_address, port))
            threading.Thread(target=self._answer_all, args=(sock, answer), daemon=True).start()

    def _answer_all(self, sock, answer):
        while True:
            data, extra, _, sender = sock.recvmsg(4096, 256)
            said = answer(data)
            if said:  # from the address that was asked
                level, kind, to = extra[0]
                source = struct.pack("I4s4s", 0, to[8:12], to[8:12]) if kind == IP_PKTINFO else struct.pack("16sI", to[:16], 0)
                sock.sendmsg([said], [(level, kind, source)], 0, sender)

    def _note(self, how, host):
        host = host.decode(errors="replace") if isinstance(host, bytes) else host
        self.reached.append((how, host))
        return f"{MARK} {host}".encode()

    # --- services ---

    def serve_web(self, connection, how="http"):
        received = b""
        while True:
            while b"\r\n\r\n" not in received:
                more = connection.recv(65536)
                if not more:
                    return
                received += more
            head, _, received = received.partition(b"\r\n\r\n")
            lines = head.decode(errors="replace").split("\r\n")
            target = lines[0].split(" ")[1]
            fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            host = fields.get("host", "").rsplit(":", 1)[0]
            if "://" in target:
                host = target.split("/")[2]
            if target == "/success.txt":
                body = b"success\n"
            else:
                body = b"<title>" + self._note(how, host) + b"</title>\n"
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def serve_tls(self, connection):
        """TLS for any name; what does not begin with it is a relay of its own kind."""
        if connection.recv(1, socket.MSG_PEEK) != b"\x16":
            self.serve_relay(connection)
            return
        tls = self.context.wrap_socket(connection, server_side=True)
        try:
            self.serve_web(tls, "https")
        finally:
            tls.close()

    def serve_proxy(self, connection):
        received = b""
        while b"\r\n\r\n" not in received:
            more = connection.recv(65536)
            if not more:
                return
            received += more
        line = received.split(b"\r\n")[0].decode().split(" ")
        if line[0] == "CONNECT":
            self._note("proxy", line[1].rsplit(":", 1)[0])
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            self.serve_tls(connection)
        else:
            body = self._note("proxy", line[1].split("/")[2])
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def serve_socks(self, connection):
        """RFC 1928, with a name and without a password."""
        connection.recv(connection.recv(2)[1])
        connection.sendall(b"\x05\x00")
        request = connection.recv(4)
        if request[3] == 3:
            host = connection.recv(connection.recv(1)[0]).decode()
        else:
            host = socket.inet_ntop(socket.AF_INET if request[3] == 1 else socket.AF_INET6, connection.recv(4 if request[3] == 1 else 16))
        port = int.from_bytes(connection.recv(2), "big")
        self._note("socks", host)
        connection.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        (self.serve_tls if port == 443 else self.serve_web)(connection)

    def serve_relay(self, connection):
        """A server of somebody's own, which fetches what it is told to: "GO host" and a line's end."""
        asked = connection.recv(200).decode(errors="replace").split()
        if asked[:1] == ["GO"]:
            connection.sendall(self._note("relay", asked[1]))

    # --- names ---

    def serve_names_over_tcp(self, connection):
        size = int.from_bytes(connection.recv(2), "big")
        answer = self.answer_name(connection.recv(size))
        connection.sendall(len(answer).to_bytes(2, "big") + answer)

    def answer_name(self, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode(errors="replace"))
            at += 1 + query[at]
        name, kind = ".".join(labels), int.from_bytes(query[at + 1:at + 3], "big")
        question = query[12:at + 5]
        if name.endswith(".tunnel.example"):  # what is said in names arrives with their owner, wherever they are asked
            self._note("dns", labels[0])
            return query[:2] + b"\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00" + question
        address = address_of(name, kind == 28) if kind in (1, 28) else None
        if address is None:
            known = name.lower() in NAMES
            return query[:2] + (b"\x81\x80" if known else b"\x81\x83") + b"\x00\x01\x00\x00\x00\x00\x00\x00" + question
        data = socket.inet_pton(socket.AF_INET6 if kind == 28 else socket.AF_INET, address)
        record = b"\xc0\x0c" + query[at + 1:at + 5] + b"\x00\x00\x00\x3c" + len(data).to_bytes(2, "big") + data
        return query[:2] + b"\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + question + record


def connect(leader):
    """The cable between the world, which this process is in, and the laptop whose first process is `leader`."""
    for command in ("link set lo up", f"link add world type veth peer name eth0 netns {leader}", "link set world up",
                    f"addr add {GATEWAY}/24 dev world", f"-6 addr add {GATEWAY6}/64 dev world nodad",
                    f"route replace local {NETWORK}.0/24 dev lo", f"-6 route replace local {NETWORK6}/64 dev lo"):
        subprocess.run(["ip", *command.split()], check=True)
    for command in ("link set eth0 up", f"addr add {LAPTOP}/24 dev eth0", f"-6 addr add {LAPTOP6}/64 dev eth0 nodad",
                    f"route add default via {GATEWAY}", f"-6 route add default via {GATEWAY6}"):
        subprocess.run(["nsenter", "-t", leader, "-n", "ip", *command.split()], check=True)
