"""People of a laptop try to get round the filter, and get on with their work. Run by ./run."""
import contextlib, ctypes, json, os, subprocess, sys, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../package"))
import attempts, small_debian  # noqa: E402
from laptop import TOP, Count, Laptop, build, needed_by, wait_for  # noqa: E402
from world import BLOCKED, GATEWAY, MARK, OPEN, World, connect  # noqa: E402

PROGRAMS = ["chromium", "firefox-esr", "python3", "slirp4netns", "uidmap", "iproute2"]
BACK_WITHIN = 60  # seconds, for the net that somebody took away


def is_blocked_site(host):
    return "bet365" in host.lower()


class Tried:
    """One attempt of a person: what came of it, and what arrived in the world meanwhile."""

    def __init__(self, laptop, world, command, user="robin"):
        before = len(world.reached)
        home = [f"HOME=/home/{user}"]
        try:
            done = laptop.os.run(*command, user=user, env=home, check=False, timeout=45, stdin=subprocess.DEVNULL)
            self.code, self.said = done.returncode, done.stdout + done.stderr
        except subprocess.TimeoutExpired as late:
            self.code, self.said = None, f"{late.stdout} {late.stderr}"
        self.reached = world.reached[before:]
        self.reached_site = any(is_blocked_site(host) for _, host in self.reached)

    def __repr__(self):
        return f"{self.code}, {self.reached}, {self.said[-400:]}"


class People(Laptop):
    """The laptop, its world, and who uses it."""

    def __init__(self, base, package):
        super().__init__(base, package)
        if not self.os.booted:
            return
        self.world = World(self.os.work)
        connect(self.os.leader)
        self.os.write("/etc/resolv.conf", f"nameserver {GATEWAY}\n".encode())
        with open(HERE + "/way.py", "rb") as file:
            self.os.write("/opt/way.py", file.read())
        with open(self.world.certificate, "rb") as file:
            self.os.write("/usr/local/share/ca-certificates/world.crt", file.read())
        self.os.run("update-ca-certificates")

    def tries(self, *command, user="robin"):
        return Tried(self, self.world, command, user)

    def of(self, person):
        return [event for event in self.events() if event["person"] == person]

    def opens(self, *words, user="robin"):
        """Does the open site open for them, without a word about a proxy?"""
        tried = self.tries("curl", "-sS", "--max-time", "6", *words, user=user)
        return f"{MARK} {OPEN}" in tried.said

    def is_filtered(self):
        tried = self.tries("curl", "-sS", "--max-time", "6", f"http://{BLOCKED}/")
        return not tried.reached_site and "Gambling" in tried.said


# --- what has to go on working ---

def it_is_installed_in_one_step(laptop):
    laptop.answer(organisation="Escapes Ltd", staff_groups="teachers", authority="true")
    laptop.install()
    laptop.running()
    wait_for(lambda: laptop.os.run("nft", "list", "table", "inet", "fairlead", check=False).returncode == 0)


def open_sites_open_for_programs_that_know_of_no_proxy(laptop):
    for words in ([f"http://{OPEN}/"], [f"https://{OPEN}/"], ["-4", f"https://{OPEN}/"], ["-6", f"https://{OPEN}/"],
                  ["-x", "http://127.0.0.1:3128", f"https://{OPEN}/"]):
        assert laptop.opens(*words), words
        assert laptop.opens(*words, user="kim"), words


def open_sites_open_in_both_browsers(laptop):
    for command in ([*attempts.CHROMIUM, f"https://{OPEN}/"], [*attempts.FIREFOX, f"http://{OPEN}/"]):
        tried = laptop.tries(*command)
        assert any(host == OPEN for _, host in tried.reached), (command, tried)


def the_system_itself_is_left_alone(laptop):
    for user in (None, "daemon", "fairlead"):
        done = laptop.os.run("curl", "-sS", "--max-time", "6", f"http://{BLOCKED}:8000/", user=user, check=False)
        assert MARK in done.stdout, (user, done)
    assert laptop.os.run("systemctl", "is-system-running", check=False).stdout.strip() in ("running", "degraded")


def the_page_is_seen_in_a_browser(laptop):
    tried = laptop.tries(*attempts.CHROMIUM, f"https://{BLOCKED}/")
    assert "Gambling" in tried.said and not tried.reached_site, tried


def events_name_who_it_was(laptop):
    before = {person: len(laptop.of(person)) for person in ("robin", "kim")}
    threads = [threading.Thread(target=laptop.tries, args=("curl", "-sS", "--max-time", "6", f"http://{BLOCKED}/"), kwargs={"user": user})
               for user in ("robin", "kim") for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for person, group in (("robin", "learners"), ("kim", "staff")):
        new = laptop.of(person)[before[person]:]
        assert len(new) == 5 and all(event["group"] == group and event["host"] == BLOCKED for event in new), new


def the_laptop_finds_nothing_open(laptop):
    """Asked by a learner, and by the timer's service, which tells the agent."""
    done = laptop.os.run("fairlead", "self-check", user="robin", check=False)
    assert done.returncode == 0, done.stdout
    laptop.os.run("systemctl", "start", "fairlead-check.service")
    cover = json.loads(laptop.os.run("fairlead", "status", "--json").stdout)["cover"]
    assert cover["state"] == "covered", cover


def what_was_done_to_the_net_is_written_down(laptop):
    # The timer may have looked just while the net was away.
    laptop.os.run("systemctl", "start", "fairlead-check.service")
    status = json.loads(laptop.os.run("fairlead", "status", "--json").stdout)
    assert status["cover"]["open"] == [], status["cover"]
    ask = "import sqlite3; print(*(row[0] for row in sqlite3.connect('file:/var/lib/fairlead/events/events.db?mode=ro', uri=True)" \
          ".execute(\"SELECT subject FROM entries WHERE kind = 'health'\")))"
    book = laptop.os.run("python3", "-c", ask).stdout.split()
    assert {"cover_lost", "cover_restored", "agent_stopped"} <= set(book), book


def without_the_agent_there_is_no_web(laptop):
    laptop.os.run("systemctl", "stop", "fairlead")
    try:
        for words in ([f"http://{OPEN}/"], [f"https://{OPEN}/"], ["-6", f"https://{OPEN}/"], [f"http://{BLOCKED}:8000/"]):
            tried = laptop.tries("curl", "-sS", "--max-time", "6", *words)
            assert tried.code not in (0, None) and not tried.reached, (words, tried)
    finally:
        laptop.os.run("systemctl", "start", "fairlead")
    assert laptop.opens(f"https://{OPEN}/") and laptop.is_filtered()


@contextlib.contextmanager
def asked_without_a_pause(laptop):
    """Two people ask for the blocked site all the while, by the filter and past it: when, and what came of each."""
    asked, ended = [], threading.Event()

    def ask(user, *words):
        while not ended.is_set():
            asked.append((time.monotonic(), laptop.tries("curl", "-sS", "--max-time", "3", *words, user=user)))
    ways = [("robin", f"http://{BLOCKED}/"), ("kim", "-x", "http://127.0.0.1:3128", f"http://{BLOCKED}/"), ("robin", f"http://{BLOCKED}:8000/")]
    asking = [threading.Thread(target=ask, args=way) for way in ways]
    for thread in asking:
        thread.start()
    try:
        yield asked
    finally:
        ended.set()
        for thread in asking:
            thread.join()
    assert len(asked) > 10 and not any(tried.reached_site for _, tried in asked)


def shows_the_page_after(asked, moment):
    """Seconds from then until somebody who then asked was shown the page."""
    return next((began - moment for began, tried in list(asked) if began > moment and "Gambling" in tried.said), None)


def a_killed_agent_never_lets_anything_through(laptop):
    away = []
    with asked_without_a_pause(laptop) as asked:
        for _ in range(3):
            main = laptop.shows("MainPID")
            laptop.os.run("systemctl", "kill", "--kill-whom=main", "-s", "KILL", "fairlead")
            killed = time.monotonic()
            wait_for(lambda main=main: laptop.shows("MainPID") not in ("0", main) and laptop.is_filtered())
            wait_for(lambda killed=killed: shows_the_page_after(asked, killed) is not None)
            away.append(shows_the_page_after(asked, killed))
    print("        back after " + ", ".join(f"{seconds:.1f} s" for seconds in away))


def an_upgrade_lets_nothing_through_and_loses_nothing(laptop):
    with asked_without_a_pause(laptop) as asked:
        wait_for(lambda: len(asked) > 10)
        known = laptop.events()
        begin = time.monotonic()
        laptop.install(laptop.upgraded("0.1.9-1"), "-o", "Dpkg::Options::=--force-confold")
        wait_for(lambda: shows_the_page_after(asked, time.monotonic() - 1) is not None)
    pages = [began for began, tried in asked if began > begin and "Gambling" in tried.said]
    print(f"        without an answer for {max((later - before for before, later in zip(pages, pages[1:])), default=0):.1f} s")
    assert laptop.os.run("dpkg-query", "-W", "-f", "${Version}", "fairlead").stdout == "0.1.9-1"
    assert {event["id"] for event in known} <= {event["id"] for event in laptop.events()}
    assert laptop.os.run("fairlead", "events", "verify").returncode == 0 and laptop.opens(f"https://{OPEN}/")


def a_net_that_is_taken_away_comes_back(laptop):
    laptop.os.run("nft", "flush", "ruleset")
    begin = time.monotonic()
    assert laptop.tries("curl", "-sS", "--max-time", "6", f"http://{BLOCKED}:8000/").reached_site, "the net was not what held it"
    wait_for(lambda: laptop.os.run("nft", "list", "table", "inet", "fairlead", check=False).returncode == 0, BACK_WITHIN)
    print(f"        back after {time.monotonic() - begin:.0f} s")
    assert laptop.is_filtered()
    assert not laptop.tries("curl", "-sS", "--max-time", "6", f"http://{BLOCKED}:8000/").reached_site


def a_laptop_that_loses_power_starts_filtered(laptop):
    """Somebody asks from the first process on; the cable is there as soon as the system says that networks may be set up."""
    recorded, asked, ended = len(laptop.events()), [], threading.Event()

    def ask():
        while not ended.is_set():
            asked.append(laptop.tries("curl", "-sS", "--max-time", "2", f"http://{BLOCKED}:8000/"))
    asking = threading.Thread(target=ask)

    def plug_in(leader):
        asking.start()
        wait_for(lambda: laptop.os.run("systemctl", "is-active", "network-pre.target", check=False).returncode == 0, 30)
        connect(leader)
    laptop.os.lose_power(plug_in)
    try:
        wait_for(laptop.is_filtered)
    finally:
        ended.set()
        asking.join()
    assert len(asked) > 2 and not any(tried.reached_site for tried in asked), [tried for tried in asked if tried.reached_site]
    assert len(laptop.events()) > recorded and laptop.os.run("fairlead", "events", "verify").returncode == 0


GOES_ON = [open_sites_open_for_programs_that_know_of_no_proxy, open_sites_open_in_both_browsers, the_system_itself_is_left_alone,
           the_page_is_seen_in_a_browser, events_name_who_it_was, the_laptop_finds_nothing_open]
HOLDS = [without_the_agent_there_is_no_web, a_killed_agent_never_lets_anything_through,
         an_upgrade_lets_nothing_through_and_loses_nothing, a_net_that_is_taken_away_comes_back,
         what_was_done_to_the_net_is_written_down, a_laptop_that_loses_power_starts_filtered]


def try_bare(count, laptop):
    """Each way reaches the site while there is no filter: else it would show nothing."""
    dead = []
    for kind, what, command in attempts.ways:
        tried = laptop.tries(*command)
        if not tried.reached_site:
            dead.append(f"{kind}: {what}: {tried}")

    def every_way_is_one_where_there_is_no_filter():
        assert not dead, "\n".join(dead)
    count.test(every_way_is_one_where_there_is_no_filter)


def try_ways(count, laptop):
    for kind, what, command in attempts.ways:
        before = len(laptop.of("robin"))
        tried = laptop.tries(*command)
        events = laptop.of("robin")[before:]

        def way():
            assert not tried.reached_site, tried
            assert f"{MARK} {BLOCKED}" not in tried.said, tried
            assert events or tried.code != 0, f"neither an event nor refused: {tried}"
        way.__name__ = f"{kind}: {what}: " + ("an event" if events else "refused")
        count.test(way)


def try_acts(count, laptop):
    for kind, what, command in attempts.acts:
        tried = laptop.tries("sh", "-c", command)

        def act():
            assert tried.code not in (0, None), tried
            assert laptop.is_filtered()
            assert not laptop.tries("curl", "-sS", "--max-time", "6", f"http://{BLOCKED}:8000/").reached_site
        act.__name__ = f"{kind}: {what}"
        count.test(act)


def names():
    ways = [f"{kind}: {what}" for kind, what, _ in attempts.ways + attempts.acts]
    return [test.__name__.replace("_", " ") for test in [it_is_installed_in_one_step, *GOES_ON, *HOLDS]] + ways


def run(count, package, base):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000) != 0:  # CLONE_NEWNET
        raise OSError(ctypes.get_errno(), "no network namespace of its own")
    small_debian.enter_mounts()
    laptop = People(base, package)
    try:
        if not laptop.os.booted:
            count.skip(names(), "systemd cannot be booted here: " + laptop.os.why_not)
            return
        try_bare(count, laptop)
        count.test(it_is_installed_in_one_step, laptop)
        for test in GOES_ON:
            count.test(test, laptop)
        try_ways(count, laptop)
        try_acts(count, laptop)
        for test in HOLDS:
            count.test(test, laptop)
    finally:
        laptop.os.close()


def main():
    count = Count()
    if os.geteuid() != 0:
        count.skip(names(), "a Debian of its own needs root")
    else:
        package, hub = build()
        try:
            base = small_debian.make(TOP + "/build/package-root", needed_by(package, hub))
            base = small_debian.add(TOP + "/build/escapes-root", base, PROGRAMS)
        except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
            count.skip(names(), f"no small Debian could be made: {error}")
        else:
            run(count, package, base)
    print(f"{count.passed} passed, {count.failed} failed, {count.skipped} skipped")
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())
