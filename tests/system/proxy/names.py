"""What names and numbers lead to: aliases as a name server tells them, and addresses in place of names. Run by proxy_test.py."""
import json, os, socket, struct, subprocess, threading

from harness import CONSOLE, Origin, client, wait_for

ALIASES = {"innocent.example": ["cdn.blocked.example"], "fine.example": ["cdn.open.example"],
           "three.example": ["a.open.example", "cdn.blocked.example", "c.open.example"],
           "eight.example": [f"n{i}.open.example" for i in range(4)] + ["blocked.example"] + [f"n{i}.open.example" for i in range(4, 7)],
           "open8.example": [f"n{i}.open.example" for i in range(8)], "endless.example": [f"n{i}.open.example" for i in range(17)],
           "circle.example": ["a.open.example", "b.open.example", "a.open.example"]}
ADDRESS, OFFICE = "127.0.0.13", "10.20.30.40"


def wire(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def answer(query):
    """The whole chain of CNAME and, where IPv4 is asked for, the address behind it."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode().lower())
        at += 1 + query[at]
    name, question = ".".join(labels), query[12:at + 5]
    if name not in ALIASES:
        return query[:2] + struct.pack(">HHHHH", 0x8183, 1, 0, 0, 0) + question
    records = []
    for alias in ALIASES[name]:
        records.append(wire(name) + struct.pack(">HHIH", 5, 1, 60, len(wire(alias))) + wire(alias))
        name = alias
    if query[at + 1:at + 3] == b"\0\x01":
        records.append(wire(name) + struct.pack(">HHIH", 1, 1, 60, 4) + socket.inet_aton(ADDRESS))
    return query[:2] + struct.pack(">HHHHH", 0x8180, 1, len(records), 0, 0) + question + b"".join(records)


def name_server():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))

    def serve():
        while True:
            query, peer = server.recvfrom(4096)
            server.sendto(answer(query), peer)

    threading.Thread(target=serve, daemon=True).start()


name_server()
ORIGIN = Origin(ADDRESS)


def hello(peer):
    while True:
        peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")


def ask(host, accept="text/html"):
    c = client()
    c.send(f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\nConnection: close\r\n\r\n".encode())
    return c.rest().decode()


def test_an_alias_of_a_blocked_name_is_blocked_and_recorded_as_it_was_asked_for(agent):
    ORIGIN.serve = hello
    assert ask("fine.example").startswith("HTTP/1.1 200 ")
    before = ORIGIN.connections
    page = ask("innocent.example")
    assert page.startswith("HTTP/1.1 403 ") and "innocent.example" in page and "cdn.blocked.example" in page, page
    assert ORIGIN.connections == before
    rows = [json.loads(line) for line in agent.tool("events", "export", "--format", "jsonl").stdout.splitlines()]
    assert any(row["host"] == "innocent.example" and row["rule"] == "blocked.example" for row in rows), rows[-1]


def test_every_name_of_a_chain_of_aliases_is_judged(agent):
    ORIGIN.serve = hello
    assert ask("open8.example").startswith("HTTP/1.1 200 ")
    before = ORIGIN.connections
    for host, blocked in (("three.example", "cdn.blocked.example"), ("eight.example", "blocked.example")):
        page = ask(host)
        assert page.startswith("HTTP/1.1 403 ") and host in page and blocked in page, (host, page)
    for host in ("endless.example", "circle.example"):
        assert ask(host).startswith("HTTP/1.1 502 "), host
    assert ORIGIN.connections == before


def test_other_names_on_a_line_of_the_hosts_file_are_no_aliases(agent):
    ORIGIN.serve = hello
    page = ask("second.example")
    assert page.startswith("HTTP/1.1 200 "), page


def test_an_address_in_place_of_a_name_is_refused_with_its_own_reason(agent):
    for host in ("93.184.216.34", "0x5db8d822", "1572395042", "[::ffff:93.184.216.34]"):
        page = ask(host)
        assert page.startswith("HTTP/1.1 403 ") and "Addresses made of numbers" in page, (host, page)
    c = client()
    c.send(b"CONNECT 93.184.216.34:443 HTTP/1.1\r\nHost: 93.184.216.34:443\r\n\r\n")
    assert c.head().startswith(b"HTTP/1.1 403 ")
    assert ask(ADDRESS).startswith("HTTP/1.1 200 ")  # local_targets: allow


def test_of_the_addresses_of_an_office_host_only_the_private_network_is_connected_to(agent):
    policy = open(os.path.join(agent.config, "policy.yaml")).read()
    assert "local_targets: allow" in policy
    agent.write("policy.yaml", policy.replace("local_targets: allow", "local_targets: refuse, local_hosts: [office.example]"))
    subprocess.run(["ip", "addr", "add", OFFICE + "/32", "dev", "lo"], check=True)
    try:
        assert agent.tool("reload").returncode == 0
        office, before = Origin(OFFICE), ORIGIN.connections
        office.serve = hello
        assert ask("office.example").startswith("HTTP/1.1 200 ")  # its name leads to 127.0.0.13 as well
        assert (office.connections, ORIGIN.connections) == (1, before)
        assert ask("elsewhere.example").startswith("HTTP/1.1 403 ")
        assert (office.connections, ORIGIN.connections) == (1, before)
    finally:
        subprocess.run(["ip", "addr", "del", OFFICE + "/32", "dev", "lo"], check=True)
        agent.write("policy.yaml", policy)
        assert agent.tool("reload").returncode == 0


def test_an_address_inside_another_decides(agent):
    c = client()
    c.send(b"GET http://wrapper.example/?u=http%3A%2F%2Fblocked.example%2Fx HTTP/1.1\r\nHost: wrapper.example\r\nAccept: text/html\r\n\r\n")
    page = c.rest().decode()
    assert page.startswith("HTTP/1.1 403 ") and "The address holds another one inside: blocked.example." in page, page


def test_a_persons_own_page_says_what_was_opened_and_noted_and_which_other_site_decided(agent):
    c = client()
    c.send(b"GET http://watched.example/ HTTP/1.1\r\nHost: watched.example\r\nAccept: text/html\r\nConnection: close\r\n\r\n")
    c.rest()

    def own():
        c = client(CONSOLE)
        c.send(b"GET /why HTTP/1.1\r\nHost: 127.0.0.1:3129\r\nConnection: close\r\n\r\n")
        return c.rest().decode()

    wait_for(lambda: "watched.example" in own())
    page = own().split("watched.example", 1)[1]
    assert page.split("<p class=\"meta\">", 1)[1].startswith("Opened and noted"), page[:400]
    assert "Because of another site that it leads to: blocked.example" in own()
