"""An agent, an origin and a client for proxy_test.py. Python's standard library only."""
import contextlib, os, shutil, signal, socket, subprocess, tempfile, threading, time

AGENT = os.environ["FAIRLEAD_AGENT"]
HERE = os.path.dirname(os.path.abspath(__file__))
PROXY, CONSOLE, REDIRECTED = ("127.0.0.1", 3128), ("127.0.0.1", 3129), 3130
POLICY = """organisation: Proxy tests
version: "1"
time_zone: Europe/London
groups:
  everybody: {title: Everybody, users: [], os_groups: [], actions: {test-rules: block, watched: observe}, default: allow}
  strict: {title: Strict, users: [], os_groups: [nogroup], actions: {test-rules: block, watched: block}, default: allow}
unknown_person: everybody
network: {connect_ports: [443], plain_connect_ports: [], local_targets: allow, judge_addresses: false}
"""
CATEGORY = """category: %s
title: %s
risk: content
severity: medium
says: Not available.
record: path
block: {hosts: [%s]}
tests: {must_block: [%s], must_allow: [open.example]}
"""
UNTOUCHED = [f"site{number}.untouched.example" for number in range(200)]
NAMES = {"127.0.0.10": "open.example watched.example blocked.example", "127.0.0.11": "safe.example",
         "127.0.0.12": "www.search.example www.search.co.uk lost.example www.lost.example beside.example", "::1": "six.example",
         "127.0.0.20": "read.example other.example late.example monzo.com", "127.0.0.21": " ".join(UNTOUCHED)}

# For network(): the laptop has a way out to addresses of nobody, or none.
ADDRESS = ("addr add 198.51.100.2/24 dev nowhere", "addr del 198.51.100.2/24 dev nowhere")
ROUTE = ("route add 192.0.2.0/24 via 198.51.100.1", "route del 192.0.2.0/24 via 198.51.100.1")
PROHIBIT = ("route add prohibit 192.0.2.1/32", "route del prohibit 192.0.2.1/32")


def enter_network():
    """Inside the namespace: loopback, one address nobody answers on, names from a file of our own."""
    if subprocess.run(["ip", "link", "show", "up"], capture_output=True, check=True).stdout:
        raise SystemExit("this network is in use: what follows would change the machine itself; start tests/system/proxy/run")
    work = tempfile.mkdtemp(prefix="fairlead-proxy-test.")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    # A neighbour that never answers: packets to 2001:db8::/64 and 203.0.113.0/24 leave into nothing.
    for command in ("link add nowhere type veth peer name nobody", "link set nowhere up", "link set nobody up",
                    "-6 addr add 2001:db8::2/64 dev nowhere nodad", "addr add 203.0.113.2/24 dev nowhere"):
        subprocess.run(["ip", *command.split()], check=True)
    with open(work + "/hosts", "w") as f:
        f.write("127.0.0.1 localhost\n::1 localhost\n")
        for address, names in NAMES.items():
            f.write(f"{address} {names}\n")
        f.write("2001:db8::66 both.example\n127.0.0.10 both.example\n")
        f.write("127.0.0.13 first.blocked.example second.example\n")
        f.write("127.0.0.13 office.example elsewhere.example\n10.20.30.40 office.example elsewhere.example\n")
        f.write("2001:db8:64::c000:aa ipv4only.arpa\n64:ff9b::7f00:a loop.nat64.example\n64:ff9b::a00:1 inside.nat64.example\n")
        f.write("64:ff9b:1::a00:1 local.nat64.example\n64:ff9b::cb00:7109 world.nat64.example\n64:ff9b::cb00:7142 numbers.nat64.example\n")
    open(work + "/resolv.conf", "w").write("nameserver 127.0.0.1\n")
    subprocess.run(["mount", "--bind", work + "/hosts", "/etc/hosts"], check=True)
    subprocess.run(["mount", "--bind", work + "/resolv.conf", "/etc/resolv.conf"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)  # no desktop of this machine's own
    os.mkdir("/run/user")
    return work


class Agent:
    def __init__(self, work, name="agent"):
        self.config, self.state = f"{work}/{name}-config", f"{work}/{name}-state"
        os.makedirs(self.config + "/content")
        os.chmod(work, 0o755)
        self.write("policy.yaml", POLICY)
        self.write("content/test-rules.yaml", CATEGORY % ("test-rules", "Test", "blocked.example", "blocked.example"))
        self.write("content/watched.yaml", CATEGORY % ("watched", "Watched", "watched.example", "watched.example"))
        self.process = None

    def write(self, name, text):
        """As an editor does it: a new file moved over the old one."""
        path = os.path.join(self.config, name)
        with open(path + ".new", "w") as f:
            f.write(text)
        os.replace(path + ".new", path)

    def command(self, *extra):
        return [AGENT, "agent", "--config", self.config, "--state", self.state, "--listen", "%s:%d" % PROXY,
                "--console", "%s:%d" % CONSOLE, "--redirected", str(REDIRECTED), *extra]

    def start(self):
        self.log = open(self.state + ".log", "ab")
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        wait_for(lambda: self.tool("status").returncode == 0)
        return self

    def stop(self):
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(15)
        self.process = None
        return code

    def children(self):
        """The numbers of the processes that it started and that are not forgotten yet."""
        tasks = f"/proc/{self.process.pid}/task"
        return [child for task in os.listdir(tasks) for child in open(f"{tasks}/{task}/children").read().split()]

    def tool(self, *arguments):
        return subprocess.run([AGENT, *arguments, "--state", self.state], capture_output=True, text=True, timeout=60)


def wait_for(condition, limit=30):
    end = time.time() + limit
    while time.time() < end:
        if condition():
            return True
        time.sleep(0.05)
    raise AssertionError("did not happen in time")


class Origin:
    """Serves each connection with a function of one argument: a Peer."""

    def __init__(self, address="127.0.0.10", port=80):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.listener = socket.socket(family)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((address, port))
        self.listener.listen(64)
        self.serve, self.connections = None, 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return  # the test is done with it
            self.connections += 1
            threading.Thread(target=self.run, args=(connection,), daemon=True).start()

    def run(self, connection):
        try:
            self.serve(Peer(connection))
        except (OSError, EOFError):
            pass
        finally:
            connection.close()


class Peer:
    """A socket that can be read by heads and lengths."""

    def __init__(self, sock):
        self.sock, self.buffer = sock, b""
        sock.settimeout(15)

    def send(self, data):
        self.sock.sendall(data)

    def more(self):
        data = self.sock.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def until(self, mark):
        while mark not in self.buffer:
            self.more()
        head, _, self.buffer = self.buffer.partition(mark)
        return head + mark

    def head(self):
        return self.until(b"\r\n\r\n")

    def exactly(self, size):
        while len(self.buffer) < size:
            self.more()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def chunked(self):
        body = b""
        while True:
            size = int(self.until(b"\r\n").split(b";")[0], 16)
            if size == 0:
                return body, self.until(b"\r\n") if self.peek() == b"\r\n" else self.head()
            body += self.exactly(size)
            assert self.exactly(2) == b"\r\n"

    def peek(self):
        while len(self.buffer) < 2:
            self.more()
        return self.buffer[:2]

    def rest(self):
        try:
            while True:
                self.more()
        except EOFError:
            pass
        data, self.buffer = self.buffer, b""
        return data

    def ended(self):
        """Has the other side closed, with nothing more sent?"""
        return self.rest() == b""


@contextlib.contextmanager
def network(*commands):
    """Commands of ip(8), each with the one that undoes it, for as long as the test lasts."""
    undo = []
    try:
        for command, reverse in commands:
            subprocess.run(["ip", *command.split()], check=True)
            undo.append(reverse)
        yield
    finally:
        for reverse in reversed(undo):
            subprocess.run(["ip", *reverse.split()], check=True)


def client(at=PROXY):
    return Peer(socket.create_connection(at, timeout=15))


def remove(work):
    shutil.rmtree(work, ignore_errors=True)
