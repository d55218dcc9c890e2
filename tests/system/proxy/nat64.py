"""Networks in which IPv4 is reached by way of IPv6 alone. Part of proxy_test.py. A translator is an address of this machine:
what arrives there would have been sent to the IPv4 address inside."""
import contextlib, os, socket, subprocess

from harness import Origin, client

WORLD, WORLD_TRANSLATED = "203.0.113.9", "2001:db8:64::cb00:7109"  # the prefix is what ipv4only.arpa tells (harness.NAMES)
NUMBERS = """category: numbers
title: Numbers
risk: content
severity: medium
says: Not available.
block: {hosts: [203.0.113.66]}
tests: {must_block: ["http://203.0.113.66/"], must_allow: [open.example]}
"""


@contextlib.contextmanager
def policy(agent, network):
    before = open(os.path.join(agent.config, "policy.yaml")).read()
    assert "local_targets: allow, judge_addresses: false" in before
    agent.write("policy.yaml", before.replace("local_targets: allow, judge_addresses: false", network))
    try:
        done = agent.tool("reload")
        assert done.returncode == 0, done
        yield
    finally:
        agent.write("policy.yaml", before)
        assert agent.tool("reload").returncode == 0


@contextlib.contextmanager
def numbers_blocked(agent):
    agent.write("content/numbers.yaml", NUMBERS)
    groups = open(os.path.join(agent.config, "policy.yaml")).read()
    agent.write("policy.yaml", groups.replace("test-rules: block,", "test-rules: block, numbers: block,"))
    try:
        yield
    finally:
        agent.write("policy.yaml", groups)
        os.remove(os.path.join(agent.config, "content/numbers.yaml"))
        assert agent.tool("reload").returncode == 0


@contextlib.contextmanager
def translator(address):
    subprocess.run(["ip", "-6", "addr", "add", address + "/128", "dev", "lo", "nodad"], check=True)
    origin = Origin(address)
    origin.serve = hello
    try:
        yield origin
    finally:
        origin.listener.shutdown(socket.SHUT_RDWR)
        origin.listener.close()
        subprocess.run(["ip", "-6", "addr", "del", address + "/128", "dev", "lo"], check=True)


@contextlib.contextmanager
def without_ipv4():
    subprocess.run(["ip", "addr", "del", "203.0.113.2/24", "dev", "nowhere"], check=True)
    try:
        yield
    finally:
        subprocess.run(["ip", "addr", "add", "203.0.113.2/24", "dev", "nowhere"], check=True)


def hello(peer):
    peer.head()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")


def fetch(host):
    c = client()
    c.send(f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n".encode())
    return c.rest().decode()


def test_nat64_a_name_that_leads_inside_by_way_of_a_translator_is_refused(agent):
    with policy(agent, "local_targets: refuse, judge_addresses: false"):
        for name, address in (("loop.nat64.example", "64:ff9b::7f00:a"), ("inside.nat64.example", "64:ff9b::a00:1"),
                              ("local.nat64.example", "64:ff9b:1::a00:1")):
            with translator(address) as origin:
                for host in (name, f"[{address}]"):
                    page = fetch(host)
                    assert page.startswith("HTTP/1.1 403 ") and "private network" in page, (host, page)
                assert origin.connections == 0, name


def test_nat64_a_name_of_the_world_is_reached_and_judged_by_its_ipv4_address(agent):
    with numbers_blocked(agent):
        with policy(agent, "local_targets: refuse, judge_addresses: true"):
            with translator("64:ff9b::cb00:7109") as origin:
                page = fetch("world.nat64.example")
                assert page.startswith("HTTP/1.1 200 "), page
                assert origin.connections == 1
            with translator("64:ff9b::cb00:7142") as origin:
                page = fetch("numbers.nat64.example")
                assert page.startswith("HTTP/1.1 403 ") and "Not available." in page, page
                assert origin.connections == 0


def test_nat64_a_blocked_address_is_blocked_in_its_other_spelling_too(agent):
    with numbers_blocked(agent):
        with policy(agent, "local_targets: refuse, judge_addresses: false, address_targets: allow"):
            with translator("64:ff9b::cb00:7142") as origin:
                page = fetch("[64:ff9b::cb00:7142]")
                assert page.startswith("HTTP/1.1 403 ") and "Not available." in page, page
                assert origin.connections == 0


def test_nat64_an_address_that_may_be_asked_for_is_reached_without_ipv4(agent):
    with policy(agent, f"local_targets: refuse, judge_addresses: false, allowed_addresses: [{WORLD}]"), without_ipv4():
        with translator(WORLD_TRANSLATED) as origin:
            assert fetch(WORLD).startswith("HTTP/1.1 200 ")
            assert origin.connections == 1
            assert fetch("203.0.113.10").startswith("HTTP/1.1 403 "), "another address"
            assert origin.connections == 1
