"""A laptop, an internet and a container for cover_test.py, and accounts that try to get out. Python's standard library only."""
import ctypes, errno, json, os, pickle, re, shutil, socket, struct, subprocess, sys, tempfile, threading

FAIRLEAD = os.environ["FAIRLEAD_AGENT"]
HERE = os.path.dirname(os.path.abspath(__file__))

PERSON, SCANNER, AGENT = 2000, 2001, 1500
PEOPLE = {"a person": PERSON, "the last local one": 61183, "a directory's": 1000000, "a rootless container's": 100033}
OTHERS = {"root": 0, "a service": 900, "systemd's for a service": 61200, "nobody": 65534, "an exempt account": SCANNER, "the agent": AGENT}

# The laptop is .1, the internet beyond has all others.
SITE, SITE6 = "203.0.113.9", "2001:db8:2::9"
OPENED, OPENED6 = "198.51.100.7", "2001:db8:3::7"
SERVER, SERVER6, NEXT_SERVER = "192.0.2.53", "2001:db8:1::53", "192.0.2.54"
LAPTOP, LAPTOP6 = "192.0.2.1", "2001:db8:1::1"
CONTAINER = "10.0.3.2"

WEB = (80, 443, 8080, 8443)
KNOWN_TCP = (853, 1080, 1194, 1723, 3128, 4500, 8118, 8388, 8888, 9001, 9030, 9040, 9050, 9051, 9150)
KNOWN_UDP = (853, 500, 1080, 1194, 1701, 4500, 5443, 8388, 9993, 41641, 51820)
OTHER_TCP, OTHER_UDP = (22, 25, 5222), (123, 3478, 9999)
TCP = WEB + KNOWN_TCP + OTHER_TCP + (53,)
UDP = WEB + KNOWN_UDP + OTHER_UDP + (53,)

REFUSED = {errno.ECONNREFUSED, errno.EPERM, errno.ECONNRESET, errno.EHOSTUNREACH, errno.EACCES, errno.EPIPE}


def ip(*words):
    for line in words:
        subprocess.run(["ip", *line.split()], check=True)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class Laptop:
    """The namespaces, joined; and the files that the laptop has of its own."""

    def __init__(self):
        if subprocess.run(["ip", "link", "show", "up"], capture_output=True, check=True).stdout:
            raise SystemExit("this network is in use: what follows would change the machine itself; start tests/system/cover/run")
        self.work = tempfile.mkdtemp(prefix="fairlead-cover-test.")
        os.chmod(self.work, 0o755)
        self.config = self.work + "/config"
        os.mkdir(self.config)
        self.beyond = [subprocess.Popen(["unshare", "-n", "sh", "-c", "echo ready; exec sleep infinity"], stdout=subprocess.PIPE)
                       for _ in range(2)]
        for process in self.beyond:
            process.stdout.readline()
        self.join()
        self.own_files()
        self.internet = subprocess.Popen(
            [*self.inside(0), sys.executable, HERE + "/internet.py", ",".join(map(str, TCP)), ",".join(map(str, UDP))],
            stdout=subprocess.PIPE)
        self.internet.stdout.readline()

    def inside(self, number):
        return ["nsenter", "-t", str(self.beyond[number].pid), "-n"]

    def join(self):
        internet, container = (process.pid for process in self.beyond)
        ip("link set lo up", f"link add wire type veth peer name eth0 netns {internet}",
           f"link add bridge0 type veth peer name eth0 netns {container}",
           "link set wire up", "link set bridge0 up", f"addr add {LAPTOP}/24 dev wire", f"addr add {LAPTOP6}/64 dev wire nodad",
           "addr add 10.0.3.1/24 dev bridge0")
        for number, address, address6 in ((0, "192.0.2.2/24", "2001:db8:1::2/64"), (1, CONTAINER + "/24", "fd00::2/64")):
            for line in ("link set lo up", "link set eth0 up", f"addr add {address} dev eth0", f"addr add {address6} dev eth0 nodad"):
                subprocess.run([*self.inside(number), "ip", *line.split()], check=True)
        for address in (SITE, SITE6, OPENED, OPENED6, SERVER, SERVER6, NEXT_SERVER):
            subprocess.run([*self.inside(0), "ip", "addr", "add", address, "dev", "lo"], check=True)
        subprocess.run([*self.inside(0), "ip", "route", "add", "10.0.3.0/24", "via", LAPTOP], check=True)
        subprocess.run([*self.inside(1), "ip", "route", "add", "default", "via", "10.0.3.1"], check=True)
        ip("route add default via 192.0.2.2", "-6 route add default via 2001:db8:1::2",
           f"route add {SERVER} via 192.0.2.2", f"route add {NEXT_SERVER} via 192.0.2.2", f"-6 route add {SERVER6} via 2001:db8:1::2")
        # What arrives beyond and is meant for the laptop itself, or for nobody's loopback.
        subprocess.run([*self.inside(0), "nft", "-f", "-"], input=f"""table inet seen {{
          chain seen {{
            type filter hook prerouting priority -300; policy accept;
            iifname eth0 ip daddr {{ 127.0.0.0/8, {LAPTOP} }} counter
            iifname eth0 ip6 daddr {{ ::1, {LAPTOP6} }} counter
          }}
        }}""", text=True, check=True)
        write("/proc/sys/net/ipv4/ip_forward", "1")
        write("/proc/sys/net/ipv4/ping_group_range", "0 2147483647")

    def strangers(self):
        """How many packets arrived beyond that should never have left."""
        listed = subprocess.run([*self.inside(0), "nft", "list", "table", "inet", "seen"], capture_output=True, text=True, check=True).stdout
        return sum(map(int, re.findall(r"packets (\d+)", listed)))

    def own_files(self):
        shutil.copy("/etc/passwd", self.work + "/passwd")
        with open(self.work + "/passwd", encoding="utf-8") as file:
            entries = [line for line in file if not line.startswith(("scanner:", "fairlead:"))]
        for name, number in (("scanner", SCANNER), ("fairlead", AGENT)):
            entries.append(f"{name}:x:{number}:{number}::/nonexistent:/bin/false\n")
        write(self.work + "/passwd", "".join(entries))
        self.ask(SERVER)
        for name in ("passwd", "resolv.conf"):
            subprocess.run(["mount", "--bind", f"{self.work}/{name}", f"/etc/{name}"], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)

    def ask(self, *servers):
        """The name servers of the network in which the laptop is now."""
        write(self.work + "/resolv.conf", "".join(f"nameserver {server}\n" for server in (*servers, SERVER6)))

    def policy(self, profile, exempt="[scanner, nobody-knows]"):
        write(self.config + "/policy.yaml", f"""cover:
  profile: {profile}
  exempt: {exempt}
  open:
    - {{to: [{OPENED}, "2001:db8:3::/64"], tcp: [5222, 8443], udp: [3478-3481], because: Calls.}}
""")

    def keep(self):
        """The exit code, the result, and what it says to people."""
        done = subprocess.run([FAIRLEAD, "cover", "keep", "--config", self.config], capture_output=True, text=True, timeout=60)
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr

    def keep_as(self, profile):
        self.policy(profile)
        code, result, said = self.keep()
        assert code == 0, said
        return result

    def remove(self):
        subprocess.run([FAIRLEAD, "cover", "remove"], check=True, timeout=60)

    def rules(self):
        """What the kernel has of ours; nothing when there is nothing."""
        return subprocess.run(["nft", "-s", "list", "table", "inet", "fairlead"], capture_output=True, text=True).stdout

    def close(self):
        for process in (self.internet, *self.beyond):
            process.kill()
            process.wait()
        shutil.rmtree(self.work, ignore_errors=True)


class Filter:
    """In the agent's place: takes what is led to it, and says where that wanted to go."""
    ORIGINAL_DESTINATION = 80  # of both families

    def __enter__(self):
        self.ears = [socket.create_server((address, 3130), family=family)
                     for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))]
        for ear in self.ears:
            threading.Thread(target=self.serve, args=(ear,), daemon=True).start()
        return self

    def __exit__(self, *_):
        for ear in self.ears:
            ear.shutdown(socket.SHUT_RDWR)
            ear.close()

    def serve(self, ear):
        v6 = ear.family == socket.AF_INET6
        while True:
            try:
                talk = ear.accept()[0]
            except OSError:
                return
            with talk:
                raw = talk.getsockopt(socket.IPPROTO_IPV6 if v6 else socket.IPPROTO_IP, self.ORIGINAL_DESTINATION, 28 if v6 else 16)
                port = struct.unpack_from(">H", raw, 2)[0]
                address = socket.inet_ntop(ear.family, raw[8:24] if v6 else raw[4:8])
                talk.sendall(f"filter {address} {port}".encode())


def as_account(number, function, *arguments):
    """What the function gives in a process of that account, which has no name and no group."""
    read, written = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(number)
            os.setuid(number)
            result = function(*arguments)
        except BaseException as error:  # noqa: BLE001  told by the parent
            result = error
        os.write(written, pickle.dumps(result))
        os._exit(0)
    os.close(written)
    with os.fdopen(read, "rb") as pipe:
        result = pickle.loads(pipe.read())
    os.waitpid(child, 0)
    if isinstance(result, BaseException):
        raise result
    return result


LIBC = ctypes.CDLL(None)


def become_root_of_a_namespace():
    """What everybody may: an account that is root among accounts of its own, and in nothing else."""
    before = os.getuid()
    LIBC.prctl(4, 1)  # PR_SET_DUMPABLE, as after an exec: the process' own files in /proc are its own again
    if LIBC.unshare(0x10000000) != 0:  # CLONE_NEWUSER
        raise OSError(ctypes.get_errno(), "no namespace of accounts")
    write("/proc/self/uid_map", f"0 {before} 1")


def socket_of(number, *kind):
    """A socket that belongs to an account, made with root's rights: what the account would have to be given."""
    LIBC.setfsuid(number)
    try:
        return socket.socket(*kind)
    finally:
        LIBC.setfsuid(0)


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def answer(sock):
    """The first bytes that come; or why none do."""
    try:
        return sock.recv(64).decode()
    except TimeoutError:
        return "nothing"
    except OSError as error:
        return "refused" if error.errno in REFUSED else str(error)


def tcp(address, port, family=None, protocol=0):
    with socket.socket(family or family_of(address), socket.SOCK_STREAM, protocol) as sock:
        sock.settimeout(10)
        try:
            sock.connect((address, port))
        except TimeoutError:
            return "nothing"
        except OSError as error:
            return "refused" if error.errno in REFUSED else str(error)
        return answer(sock)


def udp(address, port):
    with socket.socket(family_of(address), socket.SOCK_DGRAM) as sock:
        sock.settimeout(10)
        try:
            sock.connect((address, port))
            sock.send(b"")
        except OSError as error:
            return "refused" if error.errno in REFUSED else str(error)
        return answer(sock)


def send_raw(number, address, protocol):
    """A packet of another protocol from a socket of that account."""
    with socket_of(number, family_of(address), socket.SOCK_RAW, protocol) as sock:
        try:
            sock.sendto(b"\0" * 32, (address, 0))
        except OSError as error:
            return "refused" if error.errno in REFUSED else str(error)
        return "sent"


def echo(address):
    """ICMP, which everybody may send."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP) as sock:
        sock.settimeout(10)
        try:
            sock.sendto(b"\x08\0\0\0\0\0\0\1tunnel", (address, 0))
            return "answered" if sock.recv(64) else ""
        except OSError as error:
            return "refused" if error.errno in REFUSED else str(error)
