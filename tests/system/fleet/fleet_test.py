"""Laptops and their hub. Run by ./run inside namespaces of its own."""
import argparse, json, os, re, shutil, socket, sys, tempfile, time, traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../proxy"))
import postgres  # noqa: E402
from attacks import Attacks, attacks  # noqa: E402
from harness import Agent, client  # noqa: E402
from hub_and_hands import DRIVER, HOST, Hand, Hub, batch, event, rows, sh, wait_for  # noqa: E402
from laptops import EACH, Laptops, lost_and_doubled  # noqa: E402
import chaos  # noqa: E402
import desk  # noqa: E402
import hammering  # noqa: E402
import hard_times  # noqa: E402
import inspection  # noqa: E402
import keeping  # noqa: E402
import metrics  # noqa: E402
import rules  # noqa: E402
import several_hubs  # noqa: E402
import siem  # noqa: E402
import sites  # noqa: E402

def laptops_join_and_what_they_recorded_arrives(work, place):
    hub = Hub(work, "hub", place).start()
    try:
        laptops = Laptops(work + "/few", 5)
        laptops.join(hub, hub.code(uses=5))
        laptops.start_all()
        wait_for(laptops.done, 180)
        assert lost_and_doubled(hub.store or f"sqlite:{hub.state}/hub.db", laptops) == (0, 0)
        assert hub.audit().count("enrolled") == 5 and len(hub.tool("devices").stdout.splitlines()) == 5
    finally:
        hub.stop()


def ask_for_blocked(times):
    for _ in range(times):
        browser = client()
        browser.send(b"GET http://blocked.example/ HTTP/1.1\r\nHost: blocked.example\r\n\r\n")
        assert b" 403 " in browser.head()


def an_agent_reports_what_it_stopped(work, place):
    hub = Hub(work, "hub", place).start()
    agent = Agent(work).start()
    try:
        ask_for_blocked(3)
        refused = agent.tool("fleet", "join", hub.url, "--code", hub.code(), "--authority", "0" * 64)
        assert refused.returncode == 1 and "is not the organisation's hub" in refused.stderr, refused
        joined = agent.tool("fleet", "join", hub.url, "--code", hub.code(), "--authority", hub.fingerprint(), "--name", "Laptop 7")
        assert joined.returncode == 0, joined
        ask_for_blocked(2)
        events = json.loads(agent.tool("events", "list", "--json").stdout)
        arrived = "SELECT e.id FROM events e JOIN devices d ON d.number = e.device WHERE d.name = 'Laptop 7' ORDER BY e.sequence"
        wait_for(lambda: len(rows(hub.store or f"sqlite:{hub.state}/hub.db", arrived)) == len(events) >= 5, 180)
        told = {row[0] for row in rows(hub.store or f"sqlite:{hub.state}/hub.db", arrived)}
        assert told == {event["id"] for event in events}
        wait_for(lambda: json.loads(agent.tool("status", "--json").stdout)["fleet"]["waiting"] == 0)
        wait_for(lambda: "Laptop 7  learners  -  seen" in hub.tool("devices").stdout and "never told" not in hub.tool("devices").stdout)
        assert agent.tool("fleet", "leave").returncode == 0
    finally:
        agent.stop()
        hub.stop()


def a_laptop_that_is_a_copy_of_another_loses_nothing(work, place):
    hub = Hub(work, "hub", place).start()
    try:
        first = Laptops(work + "/first", 3)
        first.join(hub, hub.code(uses=3))
        first.start_all()
        wait_for(first.done, 180)
        copy = Laptops(work + "/copy", 0)
        shutil.copytree(first.groups[0], work + "/copy/group0")
        copy.groups = [work + "/copy/group0"]
        for laptops in (first, copy):
            laptops.start_all(10)
        wait_for(lambda: first.done() and copy.done(), 180)
        held = {row[0] for laptops in (first, copy) for state in os.listdir(laptops.groups[0])
                for row in rows(f"sqlite:{laptops.groups[0]}/{state}/events/events.db", "SELECT id FROM events")}
        there = [row[0] for row in rows(hub.store or f"sqlite:{hub.state}/hub.db", "SELECT id FROM events")]
        assert len(held) == 3 * (EACH + 20) and len(there) == len(held) and set(there) == held, (len(held), len(there), len(set(there)))
        assert "other events of the same numbers" in hub.audit()
    finally:
        for laptops in (first, copy):
            for process in laptops.processes.values():
                process.kill()
                process.wait()
        hub.stop()


def a_hub_restored_from_its_backup_gets_the_rest_again(work, place, elsewhere=None):
    """The page for the admin, line by line: the restored hub stands on another machine and has nothing but the backup."""
    hub = Hub(work, "hub", place).start()
    laptops = Laptops(work + "/laptops", 3)
    try:
        hub.account("lead", "lead")
        laptops.join(hub, hub.code(uses=3))
        laptops.start_all()
        wait_for(laptops.done, 180)
        hub.tool("backup", work + "/backup")
        if place:
            sh(postgres.programs() + "/pg_dump", "-Fc", "-f", work + "/events.dump", place)
        laptops.start_all(10)
        wait_for(laptops.done, 180)
        hub.stop()
        shutil.copytree(work + "/backup", work + "/restored")
        if place:
            sh(postgres.programs() + "/pg_restore", "-d", elsewhere, work + "/events.dump")
        hub = Hub(work, "restored", elsewhere).start()
        assert hub.accounts().startswith("lead  lead  since "), "whoever could sign in there can sign in here"
        there = elsewhere or f"sqlite:{hub.state}/hub.db"
        assert lost_and_doubled(there, laptops) == (30, 0), "the backup is as new as what it takes the place of"
        laptops.start_all()
        wait_for(laptops.done, 180)
        assert lost_and_doubled(there, laptops) == (0, 0)
    finally:
        hub.stop()


def a_clock_that_is_wrong_by_a_year_keeps_nothing_back(work, place):
    hub = Hub(work, "hub", place).start()
    try:
        for clock in ("-400d", "+400d"):
            laptops = Laptops(work + "/clock" + clock, 1, lambda _, clock=clock: clock)
            laptops.join(hub, hub.code())
            laptops.start_all(3)
            wait_for(laptops.done, 180)
            assert lost_and_doubled(f"sqlite:{hub.state}/hub.db", laptops) == (0, 0)
    finally:
        hub.stop()


def what_the_hub_does_not_take_stays_and_the_rest_goes_on(work, place):
    hub = Hub(work, "hub", place).start()
    laptops = Laptops(work + "/laptops", 1)
    try:
        laptops.join(hub, hub.code())
        laptops.start(laptops.groups[0], 2, "poison")
        wait_for(laptops.done, 180)
        laptops.start(laptops.groups[0], 5)
        wait_for(laptops.done, 180)
        assert lost_and_doubled(f"sqlite:{hub.state}/hub.db", laptops) == (2, 0)
    finally:
        hub.stop()


def a_laptop_without_a_good_certificate_gets_another(work, place):
    hub = Hub(work, "hub", place).start()
    laptops = Laptops(work + "/laptops", 1)
    try:
        laptops.join(hub, hub.code())
        file = laptops.groups[0] + "/laptop0/fleet/membership.json"
        with open(file) as kept:
            membership = json.load(kept)
        with open(file, "w") as kept:
            json.dump({**membership, "certificate": ""}, kept)
        laptops.start_all()
        wait_for(laptops.done, 180)
        assert lost_and_doubled(f"sqlite:{hub.state}/hub.db", laptops) == (0, 0)
        assert "certificate renewed" in hub.audit()
    finally:
        hub.stop()


def any_text_arrives_as_it_was(work, place):
    hub = Hub(work, "hub", place).start()
    try:
        hand = Hand(work, "writer", hub)
        assert hand.enrol(hub.code())[0] == 200
        texts = ["", "\\", "\\\\N", "\\N", "\t\n\r\b\f\v", "'; DROP TABLE events; --", '"{}[]', "\\.", "\\x00", "caf\u00e9 \U0001f600 \u202e", "\x01\x7f", " end "]
        sent = [event(n + 1, words=text, person=text[:100]) for n, text in enumerate(texts)]
        assert hand.post("/v1/events", batch(hand.device, *sent))[0] == 200
        place = hub.store or f"sqlite:{hub.state}/hub.db"
        write = "encode(convert_to({0}, 'UTF8'), 'hex')" if hub.store else "lower(hex({0}))"
        found = rows(place, f"SELECT {write.format('e.words')}, {write.format('p.name')} FROM events e JOIN devices d ON d.number = e.device"
                            " JOIN people p ON p.number = e.person"
                            f" WHERE d.id = '{hand.device}' ORDER BY e.sequence")
        assert [bytes.fromhex(words).decode() for words, _ in found] == texts
        assert [bytes.fromhex(person).decode() for _, person in found] == texts
    finally:
        hub.stop()


def the_units_of_the_hub_hold(schemas, _):
    """Every test of the hub that is over SQLite in the unit tests, each in a schema of its own."""
    tests = os.path.join(os.path.dirname(DRIVER), "../../unit/agent/hub/agent_hub_test")
    done = sh(tests, env={**os.environ, "FAIRLEAD_TEST_STORE": schemas}, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-5000:]
    counted = re.search(r"test cases: +(\d+) \| +(\d+) passed \| 0 failed \| 0 skipped", done.stdout)
    assert counted and int(counted[1]) == int(counted[2]) > 80, done.stdout[-300:]


class Count:
    passed = failed = skipped = 0

    def test(self, name, test, *given):
        begin = time.monotonic()
        try:
            test(*given)
            self.passed += 1
            print(f"ok      {name} ({time.monotonic() - begin:.1f} s)", flush=True)
        except Exception:
            self.failed += 1
            traceback.print_exc(file=sys.stdout)
            print(f"FAILED  {name}", flush=True)


def try_attacks(count, work, place):
    hub = Hub(work, "attacked", place).start()
    try:
        trial = Attacks(work, hub, lambda: len(rows(place or f"sqlite:{hub.state}/hub.db", "SELECT 1 FROM events")))
        held = trial.count()

        def attack(name):
            known = hub.audit().count("\n")
            refused, audit = getattr(trial, name)()
            assert refused
            new = "\n".join(hub.audit().splitlines()[:hub.audit().count("\n") - known])
            assert audit is None or audit in new, new
            assert trial.count() == held and hub.process.poll() is None
        for name in attacks():
            count.test("attack: " + name.replace("_", " "), attack, name)
    finally:
        hub.stop()


def sessions_are_taken_up_again_by_whom_they_belong_to(work, place):
    hub = Hub(work, "hub", place).start()
    try:
        one, other = Hand(work, "one", hub), Hand(work, "other", hub)
        assert [hand.enrol(hub.code())[0] for hand in (one, other)] == [200, 200]

        def ask(context, session=None):
            with socket.create_connection((HOST, hub.port), timeout=20) as sock, \
                    context.wrap_socket(sock, server_hostname=HOST, session=session) as secure:
                secure.sendall(b"POST /v1/health HTTP/1.1\r\nHost: hub\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
                answer = b""
                while chunk := secure.recv(65536):
                    answer += chunk
                return int(answer.split()[1]), secure.session, secure.session_reused
        context = one.context(one.certificate)
        status, session, again = ask(context)
        assert (status, again) == (200, False)
        status, session, again = ask(context, session)
        assert (status, again) == (200, True), "both certificates travel anew each time"
        # Who it was is asked of the store each time.
        hub.tool("revoke", one.device)
        assert ask(context, session)[0::2] == (403, True)
        # A session of somebody without a certificate stays one.
        nobody = one.context()
        status, session, _ = ask(nobody)
        assert status == 401
        nobody.load_cert_chain(other.certificate, other.key)
        assert ask(nobody, session)[0] == 401
    finally:
        hub.stop()


def many_requests_are_put_off(work, place):
    hub = Hub(work, "hurried", place).start(requests=20)
    try:
        hand = Hand(work, "hurried-hand", hub)
        assert hand.enrol(hub.code())[0] == 200
        begin = time.monotonic()
        told = [hand.post("/v1/events", batch(hand.device, event(1))) for _ in range(60)]
        minutes = (time.monotonic() - begin) / 60
        taken = sum(status == 200 for status, _, _ in told)
        assert 20 <= taken <= 21 + 20 * minutes, taken  # a slow machine asks for longer
        assert all(status == 200 or status == 429 and int(fields["Retry-After"]) > 0 for status, _, fields in told)
    finally:
        hub.stop()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--laptops", type=int, default=60)
    chosen = arguments.parse_args()
    sh("ip", "link", "set", "lo", "up")
    sh("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/mnt")
    work = tempfile.mkdtemp(prefix="fairlead-fleet-test.", dir="/mnt")
    os.chmod(work, 0o755)
    count = Count()

    def folder(name):
        made = f"{work}/{name}{len(os.listdir(work))}"
        os.mkdir(made)
        return made
    count.test("sqlite: laptops join and what they recorded arrives", laptops_join_and_what_they_recorded_arrives, folder("a"), None)
    count.test("sqlite: an agent reports what it stopped", an_agent_reports_what_it_stopped, folder("b"), None)
    count.test("sqlite: a laptop that is a copy of another loses nothing", a_laptop_that_is_a_copy_of_another_loses_nothing, folder("j"), None)
    count.test("sqlite: a hub restored from its backup gets the rest again", a_hub_restored_from_its_backup_gets_the_rest_again, folder("k"), None)
    count.test("sqlite: a clock that is wrong by a year keeps nothing back", a_clock_that_is_wrong_by_a_year_keeps_nothing_back, folder("l"), None)
    count.test("sqlite: what the hub does not take stays and the rest goes on", what_the_hub_does_not_take_stays_and_the_rest_goes_on, folder("m"), None)
    count.test("sqlite: a laptop that hammers sends little and nothing is lost", hammering.a_laptop_that_hammers_sends_little_and_nothing_is_lost,
               folder("h"), None)
    count.test("sqlite: a laptop without a good certificate gets another", a_laptop_without_a_good_certificate_gets_another, folder("n"), None)
    count.test("sqlite: any text arrives as it was", any_text_arrives_as_it_was, folder("i"), None)
    count.test("sqlite: what is said and decided travels both ways", desk.what_is_said_and_decided_travels, folder("p"), None)
    count.test("sqlite: what the desk opens holds over every bundle", desk.what_the_desk_opens_holds_over_every_bundle, folder("p"))
    count.test("sqlite: what IT answers is read on the laptop", desk.what_it_answers_is_read_on_the_laptop, folder("p"))
    count.test("sqlite: metrics tell what a hub does", metrics.metrics_tell_what_a_hub_does, folder("v"), None)
    count.test("siem: a mapping with mistakes is refused", siem.a_mapping_with_mistakes_is_refused, folder("t"), None)
    count.test("sqlite: syslog gets all and nobody is named", siem.syslog_gets_all_and_nobody_is_named, folder("u"), None)
    count.test("sqlite: syslog over TLS believes its authority alone", siem.syslog_over_tls_believes_its_authority_alone, folder("v"), None)
    count.test("sqlite: what OTLP will not have keeps nothing back", siem.what_otlp_will_not_have_keeps_nothing_back, folder("n"), None)
    count.test("sqlite: OTLP that answers 503 first loses nothing", siem.otlp_that_answers_503_first_loses_nothing, folder("w"), None)
    count.test("sqlite: a lead of one site meets nothing of another", sites.a_lead_of_one_site_meets_nothing_of_another, folder("q"), None)
    count.test("sqlite: sessions are taken up again by whom they belong to", sessions_are_taken_up_again_by_whom_they_belong_to, folder("z"), None)
    count.test("sqlite: many requests are put off", many_requests_are_put_off, folder("c"), None)
    inspection.try_all(count, folder)
    config = Agent(folder("q")).config
    state = folder("r")
    count.test("sqlite: erased people are in no file", keeping.erased_people_are_in_no_file, state, None, config, lambda: None, [state + "/hub"])
    count.test("sqlite: what is past its time goes", keeping.what_is_past_its_time_goes_with_its_tables, folder("s"), None)
    rules.try_all(count, folder, chosen.laptops // 3)
    if postgres.programs() is None:
        print("SKIPPED PostgreSQL: it is not installed")
        count.skipped += 1
        try_attacks(count, folder("d"), None)
    else:
        pair = postgres.Pair(folder("e"))
        try:
            try_attacks(count, folder("d"), pair.database("attacked"))
            count.test("postgresql: any text arrives as it was", any_text_arrives_as_it_was, folder("h"), pair.database("texts"))
            count.test("postgresql: a lead of one site meets nothing of another", sites.a_lead_of_one_site_meets_nothing_of_another, folder("r"),
                       pair.database("sites"))
            count.test("postgresql: the hub's unit tests", the_units_of_the_hub_hold, f"postgresql://{postgres.ACCOUNT}@127.0.0.1:{pair.first.port}/units",
                       pair.database("units"))
            count.test("postgresql: whoever signs in at one hub is signed in at all", several_hubs.whoever_signs_in_at_one_hub_is_signed_in_at_all,
                       folder("s"), pair.database("several"))
            count.test("postgresql: laptops join and what they recorded arrives", laptops_join_and_what_they_recorded_arrives, folder("f"), pair.database("few"))
            count.test("postgresql: a hub restored from its backup gets the rest again", a_hub_restored_from_its_backup_gets_the_rest_again, folder("o"),
                       pair.database("before"), pair.database("after"))
            count.test("postgresql: a laptop that hammers sends little and nothing is lost",
                       hammering.a_laptop_that_hammers_sends_little_and_nothing_is_lost, folder("v"), pair.database("hammered"), pair.database("put_back"))
            count.test("postgresql: metrics tell what a hub does", metrics.metrics_tell_what_a_hub_does, folder("w"), pair.database("metrics"))
            count.test("postgresql: metrics say that the store is away", metrics.metrics_say_that_the_store_is_away, folder("x"), pair)
            count.test("postgresql: syslog gets all and nobody is named", siem.syslog_gets_all_and_nobody_is_named, folder("x"), pair.database("siem"))
            count.test("postgresql: OTLP that answers 503 first loses nothing", siem.otlp_that_answers_503_first_loses_nothing, folder("y"),
                       pair.database("otlp"))
            state = folder("t")
            count.test("postgresql: erased people are in no file of primary and standby", keeping.erased_people_are_in_no_file, state, pair.database("erased"),
                       config, pair.settle, [state + "/hub", pair.first.data, pair.second.data])
            count.test("postgresql: what is past its time goes with its tables", keeping.what_is_past_its_time_goes_with_its_tables, folder("u"),
                       pair.database("kept"))
            hard_times.try_all(count, folder, pair)
            count.test("postgresql: nothing is lost or doubled whatever happens", chaos.nothing_is_lost_or_doubled, folder("g"), pair,
                       chosen.laptops)
        finally:
            pair.close()
    shutil.rmtree(work)
    print(f"{count.passed} passed, {count.failed} failed, {count.skipped} skipped")
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())
