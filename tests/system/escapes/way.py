"""Ways out of a laptop that no everyday program takes. Runs there, as the person: way.py WAY WORDS... Ends with 0 when something answered."""
import os, signal, socket, struct, subprocess, sys, tempfile, time


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def heard(sock):
    sock.settimeout(3)
    said = sock.recv(4096)
    print(said.decode(errors="replace"))
    return 0 if said else 1


def talk(sock, address, port, text):
    sock.settimeout(3)
    sock.connect((address, int(port)))
    sock.sendall(text.encode() + b"\n")
    return heard(sock)


def tcp(address, port, text):
    return talk(socket.socket(family_of(address)), address, port, text)


def mptcp(address, port, text):
    return talk(socket.socket(family_of(address), socket.SOCK_STREAM, 262), address, port, text)


def bound(address, port, text):
    sock = socket.socket(family_of(address))
    sock.bind(("", 40123))
    return talk(sock, address, port, text)


def device(address, port, text):
    sock = socket.socket(family_of(address))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
    return talk(sock, address, port, text)


def fastopen(address, port, text):
    sock = socket.socket(family_of(address))
    sock.settimeout(3)
    try:
        sock.sendto(text.encode() + b"\n", 0x20000000, (address, int(port)))  # MSG_FASTOPEN
    except BlockingIOError:
        time.sleep(0.5)
        sock.sendall(text.encode() + b"\n")
    return heard(sock)


def udp(address, port, text):
    sock = socket.socket(family_of(address), socket.SOCK_DGRAM)
    sock.connect((address, int(port)))
    sock.send(text.encode())
    return heard(sock)


def http(address, port, host):
    return talk(socket.socket(family_of(address)), address, port, f"GET / HTTP/1.1\r\nHost: {host}\r\n\r")


def query(label):
    name = b"".join(bytes([len(part)]) + part.encode() for part in (label, "tunnel", "example")) + b"\0"
    return b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + name + b"\x00\x01\x00\x01"


def dns(address, label):
    sock = socket.socket(family_of(address), socket.SOCK_DGRAM)
    sock.connect((address, 53))
    sock.send(query(label))
    return heard(sock)


def dnstcp(address, label):
    sock = socket.socket(family_of(address))
    sock.settimeout(3)
    sock.connect((address, 53))
    sock.sendall(len(query(label)).to_bytes(2, "big") + query(label))
    return heard(sock)


def slirp(*command):
    """A network namespace whose traffic a program of the person's own carries outside, as rootless containers have it."""
    ready, inside = os.pipe()
    holder = subprocess.Popen(["unshare", "-Urn", "sh", "-c", f"echo x >&{inside}; exec sleep 30"], pass_fds=[inside])
    os.read(ready, 1)
    carrier = subprocess.Popen(["slirp4netns", "--configure", "--mtu=1500", str(holder.pid), "tap0"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        enter = ["nsenter", "-t", str(holder.pid), "-U", "-n", "--preserve-credentials"]
        for _ in range(50):
            if subprocess.run([*enter, "ip", "route", "show", "default"], capture_output=True).stdout:
                break
            time.sleep(0.1)
        return subprocess.run([*enter, *command], stdin=subprocess.DEVNULL).returncode
    finally:
        for process in (carrier, holder):
            process.send_signal(signal.SIGKILL)
            process.wait()


def firefox(*words):
    """Opens an address in a fresh profile, and waits for a picture of it."""
    with tempfile.TemporaryDirectory(dir=os.path.expanduser("~")) as profile:
        with open(profile + "/user.js", "w") as file:
            if "direct" in words:
                file.write('user_pref("network.proxy.type", 0);\n')
            file.write('user_pref("security.enterprise_roots.enabled", true);\n')
        return subprocess.run(["firefox-esr", "--headless", "--profile", profile, "--no-remote", "--screenshot", profile + "/page.png", words[-1]],
                              stdin=subprocess.DEVNULL, capture_output=True, env={**os.environ, "HOME": profile}).returncode


def listen(port):
    for host in ("127.0.0.1", "0.0.0.0"):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind((host, int(port)))
        sock.listen()
    return 0


def raw():
    for family, kind, protocol in ((socket.AF_PACKET, socket.SOCK_RAW, 3), (socket.AF_INET, socket.SOCK_RAW, 6)):
        try:
            socket.socket(family, kind, protocol)
            return 0
        except PermissionError:
            pass
    return 1


def mark():
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, 36, struct.pack("I", 1))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(globals()[sys.argv[1]](*sys.argv[2:]))
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
