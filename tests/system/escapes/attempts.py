"""What people try, as an ordinary account, one line each: how to get to a blocked site past the filter, and how to be rid of the filter. The
threat model of installer/README.md names the same kinds.

ways: (kind, what, words of a command). On a laptop without the filter every one of them reaches the site, which the test shows first.
acts: (kind, what, shell words) that would end or weaken the filter; after each of them it filters as before."""
from world import BLOCKED, NETWORK, NETWORK6, OPEN, address_of

SITE, SITE6 = address_of(BLOCKED), address_of(BLOCKED, v6=True)
PROXY, SERVER, SERVER6 = f"{NETWORK}.200", f"{NETWORK}.201", f"{NETWORK6}c9"
GO = f"GO {BLOCKED}"
CURL = ["curl", "-sS", "--max-time", "6", "-k"]
WAY = ["python3", "/opt/way.py"]
CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--ignore-certificate-errors",
            "--virtual-time-budget=4000", "--timeout=8000", "--dump-dom"]
FIREFOX = ["timeout", "25", "python3", "/opt/way.py", "firefox"]

ways = [
    ("direct", "a program that knows of no proxy, http", [*CURL, f"http://{BLOCKED}/"]),
    ("direct", "the same over https", [*CURL, f"https://{BLOCKED}/"]),
    ("direct", "over IPv4 alone", [*CURL, "-4", f"https://{BLOCKED}/"]),
    ("direct", "over IPv6 alone", [*CURL, "-6", f"https://{BLOCKED}/"]),
    ("direct", "an IPv4 address in an IPv6 socket", [*WAY, "http", "::ffff:" + SITE, "80", BLOCKED]),
    ("direct", "http at 8080", [*CURL, f"http://{BLOCKED}:8080/"]),
    ("direct", "https at 8443", [*CURL, f"https://{BLOCKED}:8443/"]),
    ("direct", "http at a port that nobody watches", [*CURL, f"http://{BLOCKED}:8000/"]),
    ("direct", "https at a port that nobody watches", [*CURL, f"https://{BLOCKED}:4433/"]),
    ("direct", "http over IPv6 at a port that nobody watches", [*CURL, "-6", f"http://{BLOCKED}:5000/"]),
    ("direct", "in capitals, with a dot behind", [*CURL, f"http://{BLOCKED.upper()}./"]),
    ("address", "the address in place of the name", [*CURL, "-H", f"Host: {BLOCKED}", f"http://{SITE}/"]),
    ("address", "the address over https, without a name in TLS", [*CURL, "-H", f"Host: {BLOCKED}", f"https://{SITE}/"]),
    ("address", "the address over IPv6", [*CURL, "-H", f"Host: {BLOCKED}", f"http://[{SITE6}]/"]),
    ("address", "a name of one's own for its address", [*CURL, "--resolve", f"{BLOCKED}:443:{PROXY}", f"https://{BLOCKED}/"]),
    ("settings", "no proxy by the environment", ["env", "no_proxy=*", "NO_PROXY=*", *CURL, f"https://{BLOCKED}/"]),
    ("settings", "another proxy by the environment", ["env", f"https_proxy=http://{PROXY}:3128", *CURL, f"https://{BLOCKED}/"]),
    ("proxy", "somebody else's proxy", [*CURL, "-x", f"http://{PROXY}:3128", f"http://{BLOCKED}/"]),
    ("proxy", "somebody else's proxy, with a tunnel", [*CURL, "-x", f"http://{PROXY}:8118", f"https://{BLOCKED}/"]),
    ("proxy", "somebody else's SOCKS proxy", [*CURL, "-x", f"socks5h://{PROXY}:1080", f"https://{BLOCKED}/"]),
    ("proxy", "Tor's port", [*CURL, "-x", f"socks5h://{PROXY}:9050", f"http://{BLOCKED}/"]),
    ("tunnel", "a server of one's own at the port of ssh", [*WAY, "tcp", SERVER, "22", GO]),
    ("tunnel", "at another port", [*WAY, "tcp", SERVER, "2222", GO]),
    ("tunnel", "at the port of mail", [*WAY, "tcp", SERVER, "993", GO]),
    ("tunnel", "over IPv6", [*WAY, "tcp", SERVER6, "22", GO]),
    ("tunnel", "something that is no TLS at the port of https", [*WAY, "tcp", SERVER, "443", GO]),
    ("tunnel", "multipath TCP, whose packets have no owner", [*WAY, "mptcp", SERVER, "2222", GO]),
    ("tunnel", "data in the first packet (TCP fast open)", [*WAY, "fastopen", SERVER, "2222", GO]),
    ("tunnel", "from a port of one's own", [*WAY, "bound", SERVER, "2222", GO]),
    ("tunnel", "at the network card itself", [*WAY, "device", SERVER, "2222", GO]),
    ("datagrams", "HTTP/3", [*WAY, "udp", SERVER, "443", GO]),
    ("datagrams", "HTTP/3 over IPv6", [*WAY, "udp", SERVER6, "443", GO]),
    ("datagrams", "WireGuard", [*WAY, "udp", SERVER, "51820", GO]),
    ("datagrams", "OpenVPN", [*WAY, "udp", SERVER, "1194", GO]),
    ("datagrams", "IPsec", [*WAY, "udp", SERVER, "4500", GO]),
    ("datagrams", "a port of calls", [*WAY, "udp", SERVER, "3478", GO]),
    ("datagrams", "any port", [*WAY, "udp", SERVER, "33000", GO]),
    ("names", "what is said in names, to a name server of one's own", [*WAY, "dns", f"{NETWORK}.53", BLOCKED.replace(".", "-")]),
    ("names", "the same over TCP", [*WAY, "dnstcp", f"{NETWORK}.53", BLOCKED.replace(".", "-")]),
    ("names", "a name server over TLS", [*CURL, f"https://{BLOCKED}:853/"]),
    ("containers", "a user namespace", ["unshare", "-Ur", *CURL, f"https://{BLOCKED}/"]),
    ("containers", "an account of a container that keeps the laptop's network", ["unshare", "-U", "--map-users", "auto", "--map-groups", "auto",
                                                                                "--setuid", "5", "--setgid", "5", *WAY, "tcp", SERVER, "2222", GO]),
    ("containers", "a container with a network of its own", [*WAY, "slirp", *CURL, f"https://{BLOCKED}/"]),
    ("containers", "another port from there", [*WAY, "slirp", *WAY, "tcp", SERVER, "2222", GO]),
    ("background", "a program that outlives its terminal", ["setsid", "--wait", *CURL, f"https://{BLOCKED}:4433/"]),
    ("chromium", "Chromium as it is", [*CHROMIUM, f"https://{BLOCKED}/"]),
    ("chromium", "told to use no proxy", [*CHROMIUM, "--no-proxy-server", f"https://{BLOCKED}/"]),
    ("chromium", "told of another proxy", [*CHROMIUM, f"--proxy-server=http://{PROXY}:3128", f"https://{BLOCKED}/"]),
    ("chromium", "told where the site is, incognito", [*CHROMIUM, "--incognito", "--no-proxy-server", f"--host-resolver-rules=MAP {OPEN} {SITE}",
                                                       f"http://{BLOCKED}:8000/"]),
    ("firefox", "Firefox in a fresh profile", [*FIREFOX, f"http://{BLOCKED}/"]),
    ("firefox", "a profile that says: no proxy", [*FIREFOX, "direct", f"http://{BLOCKED}:8080/"]),
]

acts = [
    ("end it", "kill the agent", "kill -9 $(pidof fairlead)"),
    ("end it", "stop it where it is", "kill -STOP $(pidof fairlead)"),
    ("end it", "stop the service", "systemctl stop fairlead"),
    ("end it", "stop what keeps the net", "systemctl stop fairlead-cover.timer fairlead-check.timer"),
    ("end it", "mask it for the next start", "systemctl mask fairlead"),
    ("end it", "ask it to pause", "fairlead pause --minutes 5 --because homework"),
    ("end it", "take its port", "python3 /opt/way.py listen 3128"),
    ("end it", "take the port that the net leads to", "python3 /opt/way.py listen 3130"),
    ("net", "empty the firewall", "/usr/sbin/nft flush ruleset"),
    ("net", "empty it in a namespace", "unshare -Urn /usr/sbin/nft flush ruleset; false"),
    ("net", "take the net away", "fairlead cover remove"),
    ("net", "a route of one's own", "ip route add 45.77.10.0/24 via 45.77.9.9"),
    ("files", "change the policy", "echo >>/etc/fairlead/policy.yaml"),
    ("files", "take a category away", "rm /etc/fairlead/conduct/gambling.yaml"),
    ("files", "put another folder in its place", "mv /etc/fairlead /etc/fairlead.old"),
    ("files", "read the key of the authority", "cat /var/lib/fairlead/ca/key.pem"),
    ("files", "take the browsers' policies away", "rm -r /etc/chromium/policies /etc/firefox/policies"),
    ("files", "change what names lead to", "echo 45.77.10.7 timber-frames.example >>/etc/hosts"),
    ("files", "another name server", "echo nameserver 45.77.10.53 >/etc/resolv.conf"),
    ("files", "forget what was recorded", "rm -r /var/lib/fairlead/events"),
    ("trust", "an authority of one's own", "cp /opt/way.py /usr/local/share/ca-certificates/own.crt && update-ca-certificates"),
    ("clock", "set the clock", "date -s 2030-01-01"),
    ("clock", "set it by the system", "timedatectl set-time 2030-01-01"),
    ("rights", "become root", "su -c id root </dev/null"),
    ("rights", "act as the agent", "setpriv --reuid fairlead --clear-groups id"),
    ("rights", "packets of one's own making", "python3 /opt/way.py raw"),
    ("rights", "packets with a mark", "python3 /opt/way.py mark"),
]
