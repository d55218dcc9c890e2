"""What a person is told on the desktop when no page can be shown: a real bus of theirs, and who listens there. Part of
proxy_test.py; started as a program, it is the listener."""
import contextlib, json, os, pwd, socket, subprocess, sys

from blocked_https import authority, CONNECT
from harness import PROXY, wait_for

WHERE = "http://127.0.0.1:3129/why"
HELLO = """
import socket, ssl, sys
proxy, trusted, host, text = ("%s", %d), sys.argv[1], sys.argv[2], sys.argv[3].encode()
sock = socket.create_connection(proxy, timeout=10)
sock.sendall(text)
if host:
    sock.recv(4096)
    sock = ssl.create_default_context(cafile=trusted or None).wrap_socket(sock, server_hostname=host)
    sock.sendall(f"GET / HTTP/1.1\\r\\nHost: {host}\\r\\nAccept: text/html\\r\\n\\r\\n".encode())
while data := sock.recv(65536):
    sys.stdout.write(data.decode(errors="replace"))
""" % PROXY


def listen(bus):
    """A desktop: takes the name, and prints each notice as a line of JSON."""
    from gi.repository import Gio, GLib
    connection = Gio.DBusConnection.new_for_address_sync(
        f"unix:path={bus}", Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
    node = Gio.DBusNodeInfo.new_for_xml("""<node><interface name="org.freedesktop.Notifications"><method name="Notify">
        <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
        <arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
        <arg type="u" direction="out"/></method></interface></node>""")

    def called(_connection, _sender, _path, _interface, _method, arguments, invocation):
        print(json.dumps(arguments.unpack()), flush=True)
        invocation.return_value(GLib.Variant("(u)", (1,)))
    connection.register_object("/org/freedesktop/Notifications", node.interfaces[0], called, None, None)
    Gio.bus_own_name_on_connection(connection, "org.freedesktop.Notifications", Gio.BusNameOwnerFlags.NONE,
                                   lambda *_: print("ready", flush=True), None)
    GLib.MainLoop().run()


class Person:
    """Somebody with an account, who runs programs of their own."""

    def __init__(self, account):
        self.number = pwd.getpwnam(account).pw_uid
        self.folder = f"/run/user/{self.number}"
        self.bus = self.folder + "/bus"
        self.before = ["setpriv", "--reuid", account, "--regid", "nogroup", "--clear-groups"]
        os.makedirs(self.folder, 0o700, exist_ok=True)
        os.chown(self.folder, self.number, -1)

    def ask(self, request, host="", trusted=""):
        """What their program reads; with a host, inside TLS to it."""
        return subprocess.run([*self.before, sys.executable, "-c", HELLO, trusted, host, request], capture_output=True, text=True, timeout=30).stdout

    @contextlib.contextmanager
    def desktop(self, work):
        """A session bus with a desktop on it; gives a function that tells what was shown so far."""
        started = [subprocess.Popen([*self.before, "dbus-daemon", "--session", f"--address=unix:path={self.bus}", "--nofork", "--nopidfile"])]
        log = f"{work}/desktop-{self.number}"
        try:
            wait_for(lambda: os.path.exists(self.bus))
            with open(log, "w") as out:
                started.append(subprocess.Popen([*self.before, "/usr/bin/python3", __file__, self.bus], stdout=out))
            lines = lambda: open(log).read().splitlines()
            wait_for(lambda: lines() == ["ready"])
            yield lambda: [json.loads(line) for line in lines()[1:]]
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(15)

    def programs(self, name):
        """The numbers of their processes of that name."""
        found = []
        for number in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if os.stat(f"/proc/{number}").st_uid == self.number and open(f"/proc/{number}/comm").read().strip() == name:
                    found.append(number)
        return found


def sockets_of(process):
    links = [os.readlink(f"/proc/{process}/fd/{name}") for name in os.listdir(f"/proc/{process}/fd")]
    return {link for link in links if link.startswith("socket:")}


def work_of(agent):
    return os.path.dirname(agent.state)


def test_desktop_a_refused_tunnel_is_told_once_and_a_page_is_not(agent):
    person = Person("games")
    with person.desktop(work_of(agent)) as shown:
        assert "Not available." in person.ask("GET http://blocked.example/ HTTP/1.1\r\nHost: blocked.example\r\nAccept: text/html\r\n\r\n")
        for _ in range(3):
            assert person.ask(CONNECT % ("blocked.example", "blocked.example")).startswith("HTTP/1.1 403 ")
        wait_for(shown)
        name, replaces, _, title, text, actions, hints, expires = shown()[0]
        assert (name, replaces, actions, hints, expires) == ("Fairlead", 0, [], {}, -1)
        assert title == "Stopped: blocked.example" and text.endswith(WHERE) and "<" not in text, (title, text)
        wait_for(lambda: not person.programs("busctl"))
        assert len(shown()) == 1


def test_desktop_a_certificate_that_is_not_taken_is_told_and_one_that_is_is_not(agent):
    person = Person("daemon")
    with authority(agent), person.desktop(work_of(agent)) as shown:
        trusted = work_of(agent) + "/trusted.pem"
        with open(trusted, "w") as file:
            file.write(agent.tool("ca", "show", "--pem").stdout)
        os.chmod(trusted, 0o644)
        begin = CONNECT % ("blocked.example", "blocked.example")
        assert "Not available." in person.ask(begin, "blocked.example", trusted)
        assert shown() == []
        assert person.ask(begin, "blocked.example") == ""
        wait_for(shown)
        assert [one[3] for one in shown()] == ["Stopped: blocked.example"]


def test_desktop_who_does_not_answer_holds_nobody_and_gets_nothing_of_the_agents(agent):
    person = Person("bin")
    deaf = socket.socket(socket.AF_UNIX)
    deaf.bind(person.bus)
    os.chown(person.bus, person.number, -1)
    deaf.listen(1)
    assert person.ask(CONNECT % ("blocked.example", "blocked.example")).startswith("HTTP/1.1 403 ")
    wait_for(lambda: person.programs("busctl"))
    caller = person.programs("busctl")[0]
    assert sockets_of(caller).isdisjoint(sockets_of(agent.process.pid)) and len(sockets_of(caller)) <= 1
    assert int(open(f"/proc/{caller}/status").read().split("Uid:")[1].split()[1]) == person.number
    for _ in range(20):
        assert person.ask(CONNECT % ("blocked.example", "blocked.example")).startswith("HTTP/1.1 403 ")
    assert person.programs("busctl") == [caller]
    assert "\nState:\tZ" not in "".join(open(f"/proc/{one}/status").read() for one in agent.children())
    deaf.close()


if __name__ == "__main__":
    listen(sys.argv[1])
