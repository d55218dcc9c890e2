"""What people's programs reach while the net is in force, in both profiles, and what keeps it there. Each test is a function; run
by ./run inside namespaces of its own."""
import os, socket, subprocess, sys, traceback

from harness import (FAIRLEAD, KNOWN_TCP, KNOWN_UDP, LAPTOP, LAPTOP6, NEXT_SERVER, OPENED, OPENED6, OTHERS, PEOPLE, PERSON, REFUSED, SERVER,
                     SERVER6, SITE, SITE6, TCP, UDP, WEB, Filter, Laptop, answer, as_account, become_root_of_a_namespace, echo, send_raw, socket_of, tcp, udp, write)

LAPTOP_ITSELF = Laptop()
GRE, ESP, AH, SCTP, UDPLITE, MPTCP = 47, 50, 51, 132, 136, 262
PROFILES = ("standard", "strict")


def says(expected, function, *arguments, account=PERSON):
    got = as_account(account, function, *arguments)
    assert got == expected, f"account {account}, {function.__name__}{arguments}: {got}, not {expected}"


def in_both(test):
    """The test once for each profile."""
    def run(laptop):
        for profile in PROFILES:
            laptop.keep_as(profile)
            with Filter():
                test(laptop, profile)
    run.__name__ = test.__name__
    return run


def test_without_rules_everything_is_reached(laptop):
    for port in TCP:
        says("internet", tcp, SITE, port)
        says("internet", tcp, SITE6, port)
    for port in UDP:
        says("internet", udp, SITE, port)
        says("internet", udp, SITE6, port)
    says("answered", echo, SITE)
    assert send_raw(PERSON, SITE, GRE) == "sent"
    assert in_container("tcp") == "internet" and in_container("udp") == "internet"


@in_both
def test_the_web_leads_to_the_filter(laptop, profile):
    for account in PEOPLE.values():
        for port in WEB:
            says(f"filter {SITE} {port}", tcp, SITE, port, account=account)
            says(f"filter {SITE6} {port}", tcp, SITE6, port, account=account)
            # A socket of IPv6 that asks for an address of IPv4: it leaves as IPv4.
            says(f"filter {SITE} {port}", tcp, "::ffff:" + SITE, port, socket.AF_INET6, account=account)


def test_the_web_is_refused_while_the_agent_is_not_there(laptop):
    for profile in PROFILES:
        laptop.keep_as(profile)
        for port in WEB:
            says("refused", tcp, SITE, port)
            says("refused", tcp, SITE6, port)


@in_both
def test_connections_of_many_paths_lead_to_the_filter_too(laptop, profile):
    says(f"filter {SITE} 443", tcp, SITE, 443, socket.AF_INET, MPTCP)
    says("refused", tcp, SITE, 9001, socket.AF_INET, MPTCP)


@in_both
def test_nothing_for_the_laptop_itself_leaves_by_its_wire(laptop, profile):
    """A program may bind its socket to a device: then what is led to the filter, or to the laptop itself, would go out there, to a
    neighbour that may know what to do with it."""
    def try_all():
        for address, port in ((SITE, 443), (SITE6, 443), ("127.0.0.1", 9999), (LAPTOP, 9999), ("::1", 9999)):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind) as sock:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"wire")
                    sock.settimeout(0.2)
                    try:
                        sock.connect((address, port))
                        sock.send(b"out")
                    except OSError:
                        pass
    before = laptop.strangers()
    as_account(PERSON, try_all)
    assert laptop.strangers() == before


@in_both
def test_quic_and_encrypted_names_are_refused(laptop, profile):
    for account in PEOPLE.values():
        for address in (SITE, SITE6):
            for port in WEB + (853,):
                says("refused", udp, address, port, account=account)
            says("refused", tcp, address, 853, account=account)


@in_both
def test_known_ways_out_are_refused(laptop, profile):
    for address in (SITE, SITE6):
        for port in KNOWN_TCP:
            says("refused", tcp, address, port)
        for port in KNOWN_UDP:
            says("refused", udp, address, port)
    for protocol in (GRE, ESP, AH, SCTP, UDPLITE):
        for address in (SITE, SITE6):
            assert send_raw(PERSON, address, protocol) == "refused", (protocol, address)
            assert send_raw(0, address, protocol) == "sent", (protocol, address)


@in_both
def test_what_stays_on_the_laptop_passes(laptop, profile):
    for address in ("127.0.0.1", "127.0.0.99", "::1", LAPTOP, LAPTOP6):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        for port in (3128, 8080, 9050, 22000):
            with socket.create_server((address, port), family=family) as ear:
                def speak(ear=ear, address=address, port=port, family=family):
                    with socket.socket(family) as sock:
                        sock.settimeout(10)
                        sock.connect((address, port))
                        with ear.accept()[0] as talk:
                            talk.sendall(b"own")
                            return answer(sock)
                says("own", speak)
        with socket.socket(family, socket.SOCK_DGRAM) as ear:
            ear.bind((address, 443))

            def send(ear=ear, address=address, family=family):
                with socket.socket(family, socket.SOCK_DGRAM) as sock:
                    sock.sendto(b"own", (address, 443))
                    return answer(ear)
            says("own", send)


@in_both
def test_other_accounts_are_left_alone(laptop, profile):
    for account in OTHERS.values():
        for address in (SITE, SITE6):
            for port in (443, 853, 9001, 5222):
                says("internet", tcp, address, port, account=account)
            for port in (443, 51820, 123):
                says("internet", udp, address, port, account=account)
        says("answered", echo, SITE, account=account)


@in_both
def test_openings_pass_at_their_ports_alone(laptop, profile):
    for address in (OPENED, OPENED6):
        says("internet", tcp, address, 5222)
        says("internet", tcp, address, 8443)  # a port of the web: past the filter, as it is written
        says("internet", udp, address, 3478)
        says(f"filter {address} 443", tcp, address, 443)
        says("refused", udp, address, 443)
        says("refused", udp, address, 8443)
    if profile == "strict":
        says("refused", tcp, OPENED, 22)
        says("refused", udp, OPENED, 9999)
        says("refused", udp, SITE, 3478)


def test_standard_lets_everything_else_pass(laptop):
    laptop.keep_as("standard")
    for address in (SITE, SITE6):
        for port in (22, 25, 5222, 53):
            says("internet", tcp, address, port)
        for port in (53, 123, 9999):
            says("internet", udp, address, port)
    says("answered", echo, SITE)


def test_strict_lets_names_pass_and_nothing_else(laptop):
    laptop.keep_as("strict")
    for account in PEOPLE.values():
        for server in (SERVER, SERVER6):
            says("internet", udp, server, 53, account=account)
            says("internet", tcp, server, 53, account=account)
            says("refused", udp, server, 123, account=account)
            says("refused", tcp, server, 22, account=account)
        for address in (SITE, SITE6):
            for port in (22, 25, 5222, 53):
                says("refused", tcp, address, port, account=account)
            for port in (53, 123, 9999):
                says("refused", udp, address, port, account=account)
        says("refused", echo, SITE, account=account)

    def to_all():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            try:
                sock.sendto(b"who", ("224.0.0.251", 5353))
                return "sent"
            except OSError as error:
                return "refused" if error.errno in REFUSED else str(error)
    says("refused", to_all)


def test_strict_follows_the_name_servers(laptop):
    laptop.keep_as("strict")
    laptop.ask(NEXT_SERVER)
    try:
        assert laptop.keep()[1]["firewall"] == "put"
        says("internet", udp, NEXT_SERVER, 53)
        says("refused", udp, SERVER, 53)
    finally:
        laptop.ask(SERVER)


def test_flows_from_before_the_rules_are_judged(laptop):
    for profile in PROFILES:
        laptop.remove()
        before = [(port, own) for port in (443, 853, 5222) for own in (PERSON, 900)]
        socks = []
        for port, own in before:
            sock = socket_of(own, socket.AF_INET, socket.SOCK_STREAM)
            sock.settimeout(10)
            sock.connect((SITE, port))
            assert sock.recv(64) == b"internet"
            socks.append(sock)
        tunnel = socket_of(PERSON, socket.AF_INET, socket.SOCK_DGRAM)
        tunnel.settimeout(10)
        tunnel.connect((SITE, 51820))
        tunnel.send(b"")
        assert tunnel.recv(64) == b"internet"
        laptop.keep_as(profile)
        for (port, own), sock in zip(before, socks):
            passes = own != PERSON or (profile == "standard" and port == 5222)
            try:
                sock.sendall(b"more")
                got = answer(sock)
            except OSError as error:
                got = "refused" if error.errno in REFUSED else str(error)
            assert got == ("more" if passes else "refused"), (profile, port, own, got)
            sock.close()
        try:
            tunnel.send(b"more")
            raise AssertionError("a datagram of an old tunnel left")
        except OSError as error:
            assert error.errno in REFUSED, error
        tunnel.close()


IN_PYTHON = """
import socket, sys
kind = socket.SOCK_STREAM if sys.argv[1] == "tcp" else socket.SOCK_DGRAM
sock = socket.socket(socket.AF_INET, kind)
sock.settimeout(10)
try:
    sock.connect((sys.argv[2], int(sys.argv[3])))
    if kind == socket.SOCK_DGRAM: sock.send(b"")
    print(sock.recv(64).decode(), end="")
except TimeoutError: print("nothing", end="")
except OSError as error: print("refused", end="")
"""


def in_container(kind, port=443):
    inside = LAPTOP_ITSELF.inside(1)
    done = subprocess.run([*inside, sys.executable, "-c", IN_PYTHON, kind, SITE, str(port)], capture_output=True, text=True, timeout=60)
    return done.stdout


@in_both
def test_what_is_forwarded_is_refused(laptop, profile):
    for port in (443, 53):
        assert in_container("tcp", port) == "refused"
        assert in_container("udp", port) == "refused"


@in_both
def test_a_namespace_of_accounts_is_no_way_out(laptop, profile):
    def inside(function, *arguments):
        become_root_of_a_namespace()
        assert os.getuid() == 0
        return function(*arguments)
    says(f"filter {SITE} 443", inside, tcp, SITE, 443)
    says("refused", inside, tcp, SITE, 9001)
    says("refused", inside, udp, SITE, 443)
    if profile == "strict":
        says("refused", inside, udp, SITE, 53)


@in_both
def test_what_was_refused_is_counted(laptop, profile):
    laptop.remove()
    laptop.keep_as(profile)
    for port, times in ((443, 2), (51820, 3)):
        for _ in range(times):
            says("refused", udp, SITE, port)
    in_container("udp")
    refused = laptop.keep()[1]["refused"]
    assert (refused["quic"], refused["vpn"], refused["forwarded"]) == (2, 3, 1), refused


def test_nothing_is_done_while_nothing_changed(laptop):
    laptop.remove()
    assert laptop.keep_as("strict")["firewall"] == "put"
    says("refused", udp, SITE, 443)
    for _ in range(2):
        code, result, said = laptop.keep()
        assert (code, result["firewall"], said) == (0, "in_force", ""), (code, result, said)
        assert result["refused"] == {"quic": 1}, result  # the very same rules
    assert laptop.keep_as("standard")["firewall"] == "put"
    assert laptop.keep_as("standard")["firewall"] == "in_force"


def test_rules_that_were_taken_away_come_back(laptop):
    laptop.keep_as("strict")
    for words in (["flush", "ruleset"], ["delete", "table", "inet", "fairlead"]):
        subprocess.run(["nft", *words], check=True)
        says("internet", tcp, SITE, 9001)
        code, result, said = laptop.keep()
        assert (code, result["firewall"]) == (0, "was_gone"), (code, result)
        assert "gone" in said
        says("refused", tcp, SITE, 9001)
    assert laptop.keep()[1]["firewall"] == "in_force"


def test_rules_that_were_changed_are_put_again(laptop):
    laptop.keep_as("strict")
    for words in ("insert rule inet fairlead people accept", "flush chain inet fairlead out", "add element inet fairlead nothing { 1 }",
                  "delete element inet fairlead people { 1000-1499 }"):
        changed = subprocess.run(["nft", *words.split(" ")], capture_output=True).returncode == 0
        code, result, said = laptop.keep()
        assert (code, result["firewall"]) == (0, "was_changed" if changed else "in_force"), (words, code, result)
        assert ("changed" in said) == changed
        says("refused", tcp, SITE, 9001)


def test_other_rules_of_the_laptop_stay(laptop):
    subprocess.run(["nft", "add", "table", "inet", "office"], check=True)
    laptop.keep_as("strict")
    laptop.remove()
    assert subprocess.run(["nft", "list", "tables"], capture_output=True, text=True, check=True).stdout == "table inet office\n"
    subprocess.run(["nft", "delete", "table", "inet", "office"], check=True)


def test_a_policy_that_cannot_be_read_changes_nothing(laptop):
    laptop.keep_as("standard")
    before = laptop.rules()
    for text in ("cover: {profile: stict}\n", "cover: [\n", "covr: {profile: off}\n", None):
        if text is None:
            os.remove(laptop.config + "/policy.yaml")
        else:
            write(laptop.config + "/policy.yaml", text)
        code, result, said = laptop.keep()
        assert (code, result["firewall"], result["policy"]) == (1, "in_force", False), (text, code, result)
        assert "policy.yaml" in said
        assert laptop.rules() == before
    subprocess.run(["nft", "flush", "ruleset"], check=True)
    assert laptop.keep()[1]["firewall"] == "was_gone"
    assert laptop.rules() == before


def test_without_a_policy_from_the_start_the_net_is_strict(laptop):
    laptop.remove()
    write(laptop.config + "/policy.yaml", "cover: {profile: of}\n")
    code, result, said = laptop.keep()
    assert (code, result["firewall"]) == (1, "put"), (code, result)
    assert "strict" in said
    says("refused", tcp, SITE, 5222)
    says("internet", udp, SERVER, 53)


def test_a_pipe_in_place_of_the_policy_holds_nobody_up(laptop):
    laptop.keep_as("strict")
    os.remove(laptop.config + "/policy.yaml")
    os.mkfifo(laptop.config + "/policy.yaml")
    try:
        assert laptop.keep()[0] == 1
    finally:
        os.remove(laptop.config + "/policy.yaml")


def test_off_takes_the_net_away(laptop):
    laptop.keep_as("strict")
    assert laptop.keep_as("off")["firewall"] == "removed"
    assert laptop.rules() == ""
    assert laptop.keep_as("off")["firewall"] == "off"
    says("internet", tcp, SITE, 9001)
    assert laptop.keep_as("strict")["firewall"] == "put"


def test_remove_leaves_nothing(laptop):
    laptop.keep_as("strict")
    laptop.remove()
    laptop.remove()
    assert laptop.rules() == ""
    assert sorted(os.listdir("/run/fairlead-cover")) in ([], ["lock"])


def test_only_root_keeps_and_removes(laptop):
    laptop.keep_as("strict")
    before = laptop.rules()
    for words in (["keep", "--config", laptop.config], ["remove"]):
        done = subprocess.run(["setpriv", f"--reuid={PERSON}", f"--regid={PERSON}", "--clear-groups", FAIRLEAD, "cover", *words],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 3 and done.stderr.startswith("fairlead: "), done
    assert laptop.rules() == before


def test_show_tells_plan_rules_and_state(laptop):
    laptop.keep_as("strict")
    says("refused", udp, SITE, 443)

    def show(*before):
        done = subprocess.run([*before, FAIRLEAD, "cover", "show", "--config", laptop.config], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done
        return " ".join(done.stdout.split())
    shown = show()
    for part in ("profile strict", "left alone scanner (2001)", "left alone nobody-knows (this laptop knows no such account)",
                 f"opened {OPENED}/32 2001:db8:3::/64 tcp 5222 tcp 8443 udp 3478-3481 (Calls.)", f"name server {SERVER}/32", "in force yes",
                 "packets 1 refused (quic)", "udp 51820 (vpn: WireGuard)", "table inet fairlead"):
        assert part in shown, (part, shown)
    assert "in force only root is told" in show("setpriv", f"--reuid={PERSON}", f"--regid={PERSON}", "--clear-groups")
    subprocess.run(["nft", "flush", "ruleset"], check=True)
    assert "in force no" in show()


def main():
    passed = failed = 0
    tests = [value for name, value in sorted(globals().items()) if name.startswith("test_")]
    only = sys.argv[1:]
    try:
        for test in tests:
            if only and not any(word in test.__name__ for word in only):
                continue
            LAPTOP_ITSELF.policy("off")
            LAPTOP_ITSELF.remove()
            try:
                test(LAPTOP_ITSELF)
                passed += 1
                print(f"ok      {test.__name__}", flush=True)
            except Exception:  # noqa: BLE001  every failure is told
                failed += 1
                print(f"FAILED  {test.__name__}\n{traceback.format_exc()}", flush=True)
    finally:
        LAPTOP_ITSELF.close()
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return failed > 0


sys.exit(main())
