"""A network that asks people to sign in first: a gateway in a network of its own, which answers whatever it is asked over plain
http. Part of proxy_test.py."""
import contextlib, ctypes, json, os, socket, subprocess, threading

from harness import Origin, client, wait_for

LAPTOP, GATEWAY, PRINTER = "192.168.77.2", "192.168.77.1", "192.168.77.9"
WORLD, OTHER = "198.51.100.80", "198.51.100.81"  # of the world; while nobody has signed in, the gateway answers there too
NAMES = f"""{GATEWAY} login.hotel.example www.blocked.example stranger.example
{PRINTER} pay.hotel.example
{WORLD} public.example
"""
NEW_NETWORK = 0x40000000
SIGN_IN_FIRST = "asks people to sign in"


def in_network(process, make):
    """What `make` gives when it is called in the network of that process: sockets stay where they were made."""
    made = []

    def run():
        with open(f"/proc/{process.pid}/ns/net") as network:
            if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), NEW_NETWORK) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        made.append(make())
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return made[0]


class Gateway:
    """Sends everybody to `sign_in`, until it is None."""

    def __init__(self):
        self.process = subprocess.Popen(["unshare", "-n", "sleep", "infinity"])
        own = os.readlink("/proc/self/ns/net")
        wait_for(lambda: os.readlink(f"/proc/{self.process.pid}/ns/net") != own)
        self.ip("link add wifi type veth peer name gate")
        self.ip(f"link set gate netns {self.process.pid}")
        self.ip(f"addr add {LAPTOP}/24 dev wifi")
        self.ip("link set wifi up")
        for command in (f"addr add {GATEWAY}/24 dev gate", f"addr add {PRINTER}/24 dev gate", f"addr add {WORLD}/32 dev gate",
                        f"addr add {OTHER}/32 dev gate", "link set gate up", "link set lo up"):
            subprocess.run(["nsenter", "-t", str(self.process.pid), "-n", "ip", *command.split()], check=True)
        self.ip(f"route add 198.51.100.0/24 via {GATEWAY}")
        self.sign_in, self.asked, self.doors = "http://192.168.77.1/login", [], {}
        for address in (GATEWAY, PRINTER, WORLD, OTHER):
            self.doors[address] = in_network(self.process, lambda: Origin(address))
            self.doors[address].serve = self.serve

    @staticmethod
    def ip(command):
        subprocess.run(["ip", *command.split()], check=True)

    def close(self):
        for door in self.doors.values():
            door.listener.shutdown(socket.SHUT_RDWR)
            door.listener.close()
        self.ip("link del wifi")
        self.process.kill()
        self.process.wait()

    def serve(self, peer):
        lines = peer.head().decode().split("\r\n")
        path = lines[0].split(" ")[1]
        host = next(line.split(": ")[1] for line in lines if line.lower().startswith("host:"))
        self.asked.append(host + path)
        if path == "/login":
            answer = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsign in"
        elif path.startswith("/to/"):
            answer = f"HTTP/1.1 302 Found\r\nLocation: http://{path[4:]}/login\r\nContent-Length: 0\r\n\r\n"
        elif self.sign_in is not None:
            answer = f"HTTP/1.1 302 Found\r\nLocation: {self.sign_in}\r\nContent-Length: 0\r\n\r\n"
        else:
            answer = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsuccess\n"
        peer.send(answer.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").encode())


@contextlib.contextmanager
def hotel(agent, sign_in, probe=WORLD, more=""):
    """An agent that starts in such a network."""
    policy = open(os.path.join(agent.config, "policy.yaml")).read()
    hosts = open("/etc/hosts").read()
    gateway = Gateway()
    agent.stop()
    try:
        gateway.sign_in = sign_in
        agent.write("policy.yaml", policy.replace("local_targets: allow", "local_targets: refuse" + more))
        with open("/etc/hosts", "a") as f:
            f.write(NAMES + f"{probe} detectportal.firefox.com\n")
        agent.start()
        yield gateway
    finally:
        agent.stop()
        with open("/etc/hosts", "w") as f:
            f.write(hosts)
        agent.write("policy.yaml", policy)
        gateway.close()
        agent.start()


def known(agent):
    return json.loads(agent.tool("status", "--json").stdout)["portal"]


def fetch(host, path="/login"):
    c = client()
    c.send(f"GET http://{host}{path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n".encode())
    return c.rest().decode()


def is_refused(host, path="/login"):
    page = fetch(host, path)
    return page.startswith("HTTP/1.1 403 ") and page


def test_portal_its_page_opens_and_nothing_else_until_people_have_signed_in(agent):
    with hotel(agent, "http://192.168.77.1/login") as gateway:
        wait_for(lambda: known(agent) == "http://192.168.77.1/login")
        assert fetch(GATEWAY).endswith("sign in")
        for host in (PRINTER, GATEWAY + ":8080", LAPTOP, "127.0.0.10", "stranger.example", OTHER):
            page = is_refused(host)
            assert page and SIGN_IN_FIRST in page and 'href="http://192.168.77.1/login"' in page, (host, page)
        assert "sign in" in " ".join(json.loads(agent.tool("status", "--json").stdout)["warnings"])
        gateway.sign_in = None
        wait_for(lambda: (fetch("public.example"), known(agent))[1] is None)
        page = is_refused(GATEWAY)
        assert page and SIGN_IN_FIRST not in page, page


def test_portal_a_page_of_strangers_opens_nothing(agent):
    with hotel(agent, "http://login.hotel.example/login"):
        wait_for(lambda: known(agent) == "http://login.hotel.example/login")
        assert is_refused("pay.hotel.example")
        assert fetch("public.example", "/to/pay.hotel.example").startswith("HTTP/1.1 302 ")
        assert is_refused("pay.hotel.example"), "named by a page of the world"
        assert fetch("login.hotel.example").endswith("sign in")
        assert is_refused("pay.hotel.example")
        assert fetch("login.hotel.example", "/to/pay.hotel.example").startswith("HTTP/1.1 302 ")
        assert fetch("pay.hotel.example").endswith("sign in"), "named by the sign-in page"
        assert fetch("pay.hotel.example", "/to/" + PRINTER).startswith("HTTP/1.1 302 ")
        assert is_refused(PRINTER), "named by a page that the sign-in page named"
        assert is_refused("stranger.example")


def test_portal_that_is_blocked_stays_blocked(agent):
    with hotel(agent, "http://www.blocked.example/login") as gateway:
        wait_for(lambda: known(agent) == "http://www.blocked.example/login")
        page = is_refused("www.blocked.example")
        assert page and "Not available." in page, page
        assert not [asked for asked in gateway.asked if "blocked" in asked]


def test_portal_at_an_address_of_the_world_opens_that_address_alone(agent):
    with hotel(agent, f"http://{WORLD}/login"):
        wait_for(lambda: known(agent) is not None)
        assert fetch(WORLD).endswith("sign in")
        page = is_refused(WORLD, "/login?next=http%3A%2F%2Fwww.blocked.example%2F")
        assert page and "Not available." in page, page
        page = is_refused(OTHER)
        assert page and "Addresses made of numbers" in page, page


def test_portal_never_leads_to_this_machine(agent):
    for address in ("127.0.0.10", LAPTOP):
        with hotel(agent, f"http://{address}/login"):
            door = None if address.startswith("127.") else Origin(address)
            wait_for(lambda: known(agent) is not None)
            assert is_refused(address), address
            if door:
                assert door.connections == 0
                door.listener.close()


def test_portal_that_takes_the_names_of_the_world_for_its_own(agent):
    with hotel(agent, "http://login.hotel.example/login", probe=GATEWAY):
        wait_for(lambda: known(agent) == "http://login.hotel.example/login")
        assert fetch("detectportal.firefox.com").endswith("sign in")
        assert is_refused("stranger.example")


def test_portal_is_not_looked_for_where_everything_goes_through_a_proxy(agent):
    with hotel(agent, "http://192.168.77.1/login", more=f", upstream_proxy: {{address: '{OTHER}:80'}}") as gateway:
        assert is_refused(GATEWAY)
        assert fetch("public.example").startswith("HTTP/1.1 302 ")  # by the proxy, which the gateway is as well
        assert known(agent) is None
        assert gateway.asked == ["public.example" + "http://public.example/login"], gateway.asked
