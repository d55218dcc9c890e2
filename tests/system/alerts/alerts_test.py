"""Alerts, from the record of an incident to the server that takes the message. The last line is "N passed, N failed"."""
import logging, os, random, socket, sqlite3, subprocess, sys, threading, time, traceback

import harness
from harness import Agent, ConnectProxy, HookServer, Mailbox, MailServer, PlainMailServer, ask, attempt, free_port, told_by_hook, told_by_mail, wait_for, write

KILLS = int(os.environ.get("FAIRLEAD_ALERT_KILLS", "60"))
CASES = []


def case(function):
    CASES.append(function)
    return function


def files(work):
    write(work + "/password", harness.PASSWORD + "\n")
    write(work + "/secret", harness.SECRET + "\n")
    return {"folder": work, "key": "00" * 16}


def mail(work, port, **more):
    return attempt(**{**files(work), "port": port, "user": "fairlead", "password_file": "password", "ca_file": "ca.pem", **more})


def hook(work, port, **more):
    return attempt(**{**files(work), "url": f"https://localhost:{port}/", "secret_file": "secret", "ca_file": "ca.pem", **more})


@case
def mail_is_taken_over_starttls_and_over_tls(work):
    box = Mailbox()
    server = MailServer(box, work)
    assert mail(work, server.port)["verdict"] == "delivered"
    server.stop()
    server = MailServer(box, work, implicit=True)
    assert mail(work, server.port, tls_at_once=True)["verdict"] == "delivered"
    server.stop()
    (message, raw), _ = box.arrived
    assert message["Message-ID"] == "<" + "00" * 16 + "@example.org>" and b"\r\nTo: <lead@example.org>\r\n" in raw, raw
    assert socket.gethostname() not in box.hellos and set(box.hellos) == {"example.org"}, box.hellos


@case
def a_server_that_cannot_prove_itself_gets_nothing(work):
    for certificate in ("stranger", "wrong"):
        box = Mailbox()
        server, hooks = MailServer(box, work, certificate), HookServer(work, certificate)
        for outcome in (mail(work, server.port), hook(work, hooks.port)):
            assert outcome["verdict"] == "retry" and "certificate is not trusted" in outcome["says"], outcome
        assert not box.arrived and hooks.asked == 0
        server.stop()
        hooks.stop()
    # The laptop's own authority vouches for nobody, though ca_file names it.
    box = Mailbox()
    server, hooks, own = MailServer(box, work), HookServer(work), open(work + "/ca.pem").read()
    for outcome in (mail(work, server.port, own_authority=own), hook(work, hooks.port, own_authority=own)):
        assert outcome["verdict"] == "retry", outcome
    # Without ca_file the system's authorities are asked, which do not know this one.
    assert hook(work, hooks.port, ca_file="")["verdict"] == "retry"
    assert not box.arrived and hooks.asked == 0
    server.stop()
    hooks.stop()


@case
def without_encryption_nothing_is_said(work):
    box = Mailbox()
    server = MailServer(box, starttls=False, auth=False)
    outcome = mail(work, server.port)
    assert outcome["verdict"] == "retry" and "no encryption" in outcome["says"], outcome
    assert not box.arrived
    assert mail(work, server.port, plain=True, user="", password_file="")["verdict"] == "delivered"  # on this machine, by policy
    server.stop()


@case
def secrets_that_others_can_read_are_refused(work):
    box = Mailbox()
    server = MailServer(box, work)
    for mode in (0o640, 0o604, 0o660):
        write(work + "/open", harness.PASSWORD, mode)
        outcome = mail(work, server.port, password_file="open")
        assert outcome["verdict"] == "retry" and "can be read by others" in outcome["says"], outcome
    write(work + "/foreign", harness.PASSWORD)
    os.chown(work + "/foreign", 40001, 0)
    assert "neither root nor this account" in mail(work, server.port, password_file="foreign")["says"]
    assert "cannot be read" in mail(work, server.port, password_file="missing")["says"]
    write(work + "/false", "another password")
    outcome = mail(work, server.port, password_file="false")
    assert outcome["verdict"] == "parked" and "refused the account" in outcome["says"], outcome
    assert not box.arrived
    server.stop()


@case
def mail_servers_that_refuse(work):
    box = Mailbox()
    server = MailServer(box, work)
    for reply, verdict in (("451 later", "retry"), ("550 never", "parked"), ("250 taken", "delivered")):
        box.answer = lambda message, reply=reply: reply
        outcome = mail(work, server.port)
        assert outcome["verdict"] == verdict, outcome
        assert verdict == "delivered" or reply in outcome["says"], outcome
        assert not outcome["in_doubt"], outcome  # it said what became of the message
    box.answer = lambda message: None
    outcome = mail(work, server.port)
    assert outcome["verdict"] == "retry" and outcome["in_doubt"] and len(box.arrived) == 2, outcome
    server.stop()


@case
def an_account_that_cannot_be_checked_now_is_not_refused(work):
    for reply, verdict in ((b"454 4.7.0 later", "retry"), (b"421 closing", "retry"), (b"535 5.7.8 no", "parked")):
        with PlainMailServer(reply) as server:
            outcome = mail(work, server.port, plain=True)
        assert outcome["verdict"] == verdict and reply.decode() in outcome["says"] and not outcome["in_doubt"], outcome


@case
def webhooks_go_through_a_proxy_and_mail_does_not(work):
    # Nothing on this machine itself is asked of the proxy.
    hooks, proxy = HookServer(work), ConnectProxy()
    through = f"http://127.0.0.1:{proxy.port}"
    assert hook(work, hooks.port, proxy=through)["verdict"] == "delivered" and not proxy.asked
    outcome = hook(work, hooks.port, proxy=through, url=f"https://hooks.example:{hooks.port}/")
    assert proxy.asked == [f"CONNECT hooks.example:{hooks.port} HTTP/1.1"], proxy.asked
    assert "certificate is not trusted" in outcome["says"], outcome  # the proxy led to a server of another name
    assert hook(work, hooks.port, proxy=f"http://127.0.0.1:{free_port()}", url="https://hooks.example/")["unreachable"]
    box = Mailbox()
    server = MailServer(box, work)
    assert mail(work, server.port, proxy=through)["verdict"] == "delivered" and len(proxy.asked) == 1
    # Where nothing leaves but by the proxy, mail goes through it too, and the proxy alone hears who we are.
    login = "Basic bGFwdG9wOnNlY3JldA=="
    outcome = mail(work, server.port, host="mail.example", proxy=through, proxy_takes_mail=True, proxy_authorization=login)
    assert proxy.asked[1:] == [f"CONNECT mail.example:{server.port} HTTP/1.1"], (proxy.asked, outcome)
    assert f"\r\nProxy-Authorization: {login}\r\n" in proxy.heads[1] and "Proxy-Authorization" not in proxy.heads[0]
    assert mail(work, server.port, proxy=through, proxy_takes_mail=True)["verdict"] == "delivered" and len(proxy.asked) == 2
    server.stop()
    hooks.stop()
    proxy.stop()


@case
def without_the_authority_of_ca_file_nothing_is_sent(work):
    box, hooks = Mailbox(), HookServer(work)
    server = MailServer(box, work)
    write(work + "/empty.pem", "")
    for file in ("missing.pem", "empty.pem"):
        for outcome in (mail(work, server.port, ca_file=file), hook(work, hooks.port, ca_file=file)):
            assert outcome["verdict"] == "retry" and "'ca_file' cannot be read" in outcome["says"], outcome
    assert not box.arrived and hooks.asked == 0
    server.stop()
    hooks.stop()


@case
def servers_that_are_down_or_slow(work):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)  # takes connections and never says a word
        port = deaf.getsockname()[1]
        begin = time.time()
        for outcome in (mail(work, port, limit_ms=700), hook(work, port, limit_ms=700)):
            assert outcome["verdict"] == "retry" and outcome["unreachable"] and "in time" in outcome["says"], outcome
        assert time.time() - begin < 20
    for outcome in (mail(work, free_port()), hook(work, free_port())):
        assert outcome["verdict"] == "retry" and outcome["unreachable"] and "cannot be reached" in outcome["says"], outcome


@case
def webhooks_are_signed_and_their_answers_obeyed(work):
    hooks = HookServer(work)
    assert hook(work, hooks.port)["verdict"] == "delivered"
    for answer, verdict, wait in (((200, {}), "delivered", None), ((503, {"Retry-After": "7"}), "retry", 7), ((429, {"Retry-After": "9"}), "retry", 9),
                                  ((500, {}), "retry", None), ((404, {}), "parked", None), ((410, {}), "parked", None),
                                  ((302, {"Location": "/elsewhere"}), "parked", None)):
        hooks.answer = lambda key, answer=answer: answer
        outcome = hook(work, hooks.port)
        assert (outcome["verdict"], outcome["wait"]) == (verdict, wait), (answer, outcome)
    assert hooks.asked == 8  # the redirect was not followed
    hooks.answer = lambda key: None
    outcome = hook(work, hooks.port)
    assert outcome["verdict"] == "retry" and outcome["in_doubt"], outcome
    hooks.stop()


@case
def no_text_adds_a_header_or_a_recipient(work):
    box = Mailbox()
    server = MailServer(box, work)
    hostile = "x\r\nBcc: other@example.org\r\n\r\n.\r\nMAIL FROM:<a@b.c>\r\n"
    assert mail(work, server.port, subject=hostile, text=hostile)["verdict"] == "delivered"
    (message, _), = box.arrived
    assert message["Bcc"] is None and "other@example.org" in message.get_content(), message.as_string()
    server.stop()


@case
def an_incident_is_told_and_shown(work):
    box, hooks = Mailbox(), HookServer(work)
    server = MailServer(box, work)
    agent = Agent(work, "told", server.port, hooks.port).start()
    tested = agent.tool("alerts", "test")
    assert tested.returncode == 0 and tested.stdout.count("taken by the server") == 2, tested
    assert ask(7) and ask(8, "watched.example")  # blocked, and only observed
    wait_for(lambda: sum(len(told) for _, told, _ in told_by_mail(box)) == 2 and agent.all_told())
    wait_for(lambda: sum(len(told) for _, told, _ in told_by_hook(hooks)) == 2)
    for words in [raw.decode() for _, raw in box.arrived] + [str(body) for _, body in hooks.arrived]:
        assert "person7" not in words and "strangers.example" not in words and "watched.example" not in words, words
    assert "Open the console on the laptop" in told_by_mail(box)[0][2] and "://" not in told_by_mail(box)[0][2]
    assert told_by_hook(hooks)[0][2]["incidents"][0]["link"].startswith("http://127.0.0.1:3129/incidents/")
    shown = agent.tool("status").stdout
    assert "delivered, 0 waiting, 0 refused; the last delivered 20" in shown, shown
    listed = agent.tool("alerts", "list").stdout
    assert listed.count("delivered") >= 2 and "person7" not in listed, listed
    with sqlite3.connect(f"file:{entries_file(agent)}?mode=ro", uri=True) as database:
        book = database.execute("SELECT incident, subject FROM entries WHERE kind = 'alert'").fetchall()
    assert sorted(book) == sorted([(n, way) for n in (1, 2) for way in ("mail, at once", "webhook, at once")]), book
    assert agent.tool("events", "verify").returncode == 0
    # Another channel, by a reload: what waits for nobody is not lost without a word.
    assert agent.stop() == 0
    server.stop()
    hooks.stop()


@case
def a_second_test_is_refused_while_one_is_under_way(work):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(5)
        deaf.settimeout(20)
        port = deaf.getsockname()[1]
        agent = Agent(work, "deaf", port, port).start()
        first = subprocess.Popen([harness.AGENT, "alerts", "test", "--state", agent.state], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        line, _ = deaf.accept()
        begin = time.time()
        second = agent.tool("alerts", "test")
        assert second.returncode == 3 and "another test of the alerts is under way" in second.stderr, second
        assert time.time() - begin < 5
        first.kill()
        first.wait()
        assert agent.stop() == 0
        line.close()


def entries_file(agent):
    for folder, _, names in os.walk(agent.state):
        if "events.db" in names:
            return os.path.join(folder, "events.db")
    raise AssertionError("there is no events.db")


@case
def everything_is_delivered_once_the_servers_are_back(work):
    """Down, then false, then refusing for now and for good, then well: nothing is lost, and nothing said in two messages."""
    box, smtp = Mailbox(), free_port()
    https = free_port()
    agent = Agent(work, "back", smtp, https).start()
    assert ask(1)
    wait_for(lambda: all(route["trouble"] for route in agent.routes()))
    assert "Alerts wait" in str(agent.status()["warnings"]), agent.status()
    server, hooks = MailServer(box, work, "stranger", smtp), HookServer(work, "stranger", https)
    assert ask(2) and agent.tool("alerts", "test").returncode == 1
    server.stop()
    hooks.stop()
    server, hooks = MailServer(box, work, port=smtp), HookServer(work, port=https)
    first = hooks
    box.answer = lambda message: "250 taken" if "test message" in message["Subject"] else "550 never"
    hooks.answer = lambda key: (404, {})
    agent.tool("alerts", "test")
    wait_for(lambda: [route["refused"] for route in agent.routes()][0] == 1)
    assert "alerts were refused" in str(agent.status()["warnings"])
    box.answer, hooks.answer = lambda message: "250 taken", lambda key: (204, {})
    assert agent.tool("alerts", "test").returncode == 0
    assert ask(3)
    wait_for(lambda: {n for _, told, _ in told_by_mail(box) for n in told} == {1, 2, 3})
    wait_for(lambda: {n for _, told, _ in told_by_hook(first) for n in told} == {1, 2, 3})
    wait_for(agent.all_told)
    for told in (told_by_mail(box), told_by_hook(first)):
        numbers = [n for _, listed, _ in told for n in listed]
        assert sorted(numbers) == [1, 2, 3], told
    assert agent.stop() == 0
    server.stop()
    hooks.stop()


@case
def five_hundred_blocks_are_a_few_messages(work):
    box, hooks = Mailbox(), HookServer(work)
    server = MailServer(box, work)
    agent = Agent(work, "storm", server.port, hooks.port, most=3).start()
    for person in range(100):
        assert ask(person, times=5)
    def settled():
        waits = [route["incidents"] for route in agent.routes()]
        counted = (sum(count_of(text) for _, _, text in told_by_mail(box)), sum(body["total"] for _, _, body in told_by_hook(hooks)))
        all_there = counted[0] + waits[0] == counted[1] + waits[1] == 100
        return all_there and (len(told_by_mail(box)) == len(told_by_hook(hooks)) == 3 or waits == [0, 0]) and waits
    wait_for(settled)
    print(f"  500 blocks by 100 people: {len(told_by_mail(box))} mails, {len(told_by_hook(hooks))} posts; {settled()[0]} incidents wait "
          "to be in the next one")
    assert len(told_by_mail(box)) <= 3 and len(told_by_hook(hooks)) <= 3
    assert agent.stop() == 0
    server.stop()
    hooks.stop()


def count_of(text):
    many = harness.re.match(r"(\d+) incidents need", text)
    return int(many.group(1)) if many else 1


@case
def killed_at_any_moment_nothing_is_lost_and_nothing_told_in_two_messages(work):
    chance = random.Random(6)
    box, hooks = Mailbox(), HookServer(work)
    server = MailServer(box, work)
    lock = threading.Lock()

    def mood(*choices):
        with lock:
            return chance.choice(choices)

    def mail_answer(message):
        time.sleep(mood(0, 0, 0.01, 0.05))
        return mood("250 taken", "250 taken", "250 taken", "451 later", "550 never")

    def hook_answer(key):
        time.sleep(mood(0, 0, 0.01, 0.05))
        return mood((204, {}), (200, {}), (204, {}), (500, {}), (503, {"Retry-After": "1"}), (404, {}))

    box.answer, hooks.answer = mail_answer, hook_answer
    agent = Agent(work, "kills", server.port, hooks.port)
    answered = 0
    begin = time.time()
    for person in range(KILLS):
        agent.start()
        answered += ask(person)
        time.sleep(chance.uniform(0, 0.2) if person % 2 else chance.uniform(0.3, 0.9))
        agent.kill()
    box.answer, hooks.answer = lambda message: "250 taken", lambda key: (204, {})
    agent.start()
    assert agent.tool("alerts", "test").returncode == 0
    wait_for(agent.all_told)
    wait_for(lambda: all(len({n for _, told, _ in all_told for n in told}) >= answered for all_told in (told_by_mail(box), told_by_hook(hooks))))
    with sqlite3.connect(f"file:{entries_file(agent)}?mode=ro", uri=True) as database:
        incidents = {n for n, in database.execute("SELECT number FROM incidents")}
    assert len(incidents) >= answered == KILLS, (len(incidents), answered)
    for name, all_told in (("mail", told_by_mail(box)), ("webhook", told_by_hook(hooks))):
        keys = {}
        for key, told, _ in all_told:
            for number in told:
                keys.setdefault(number, []).append(key)
        assert set(keys) == incidents, (name, incidents - set(keys))
        twice = [number for number, seen in keys.items() if len(set(seen)) > 1]
        assert not twice, f"{name}: told in two messages: {twice}"
        copies = len(all_told) - len({key for key, _, _ in all_told})
        print(f"  {name}: {KILLS} kills, {len(incidents)} incidents, {len({key for key, _, _ in all_told})} messages, of which the server has "
              f"{copies} twice under one key")
    print(f"  {time.time() - begin:.0f} s")
    assert agent.tool("events", "verify").returncode == 0
    assert agent.stop() == 0
    server.stop()
    hooks.stop()


def main():
    wanted = sys.argv[1:]
    logging.disable(logging.CRITICAL)  # the mail server's own complaints about what it is made to meet
    work = harness.enter()
    failed = passed = 0
    for function in CASES:
        if wanted and function.__name__ not in wanted:
            continue
        begin = time.time()
        try:
            function(work)
            passed += 1
            print(f"ok      {function.__name__} ({time.time() - begin:.1f} s)", flush=True)
        except Exception:  # the others are looked at all the same
            failed += 1
            print(f"FAILED  {function.__name__}\n{traceback.format_exc()}", flush=True)
            for agent in Agent.made:
                agent.kill()
    print(f"{passed} passed, {failed} failed")
    os._exit(1 if failed else 0)


main()
