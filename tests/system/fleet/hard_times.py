"""A hub whose database is away, full or locked while it starts, or that has no more descriptors to give: it goes on, and says why it cannot take
anything yet."""
import http.client, json, socket, subprocess, time

from hub_and_hands import HOST, Hand, Hub, batch, event, rows, sh, wait_for


def log_of(hub):
    with open(hub.state + ".log") as file:
        return file.read()


def hand_of(work, hub):
    hand = Hand(work, "hand", hub)
    wait_for(lambda: hand.enrol(hub.code())[0] == 200)
    return hand


def is_put_off(hand, *, then, number):
    """A laptop is told to come again, as long as the trouble lasts; then its events are taken."""
    status, told, fields = hand.post("/v1/events", batch(hand.device, event(number)))
    assert status == 503 and int(fields["Retry-After"]) > 0, (status, told)
    then()
    wait_for(lambda: hand.post("/v1/events", batch(hand.device, event(number)))[0] == 200)


class Session:
    """Somebody at psql, who leaves the database when this ends."""

    def __init__(self, place, sql=""):
        self.process = subprocess.Popen(["psql", place, "-X", "-q"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process.stdin.write(sql.encode() + b"\n")
        self.process.stdin.flush()

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()


def a_hub_starts_before_its_database(work, pair):
    hub = Hub(work, "hub", pair.database("early")).start()

    def begin():
        pair.begin()
        pair.both_there()
    try:
        hand = hand_of(work, hub)
        hub.stop()
        pair.first.kill()
        hub.start()
        assert "laptops have to wait for the store: no connection to the database" in log_of(hub)
        is_put_off(hand, then=begin, number=1)
        wait_for(lambda: "works again" in log_of(hub))
    finally:
        if pair.first.process.poll() is not None:
            begin()
        hub.stop()


def a_hub_starts_while_its_database_has_no_place_left(work, pair):
    place = pair.database("crowded")
    hub = Hub(work, "hub", place).start()
    crowd = []

    def go():
        for one in crowd:
            one.end()
    try:
        hand = hand_of(work, hub)
        hub.stop()
        while sh("psql", place, "-X", "-c", "SELECT 1", check=False).returncode == 0:
            crowd += [Session(place) for _ in range(10)]
            time.sleep(0.3)
        hub.start()
        assert "too many clients" in log_of(hub)
        is_put_off(hand, then=go, number=1)
    finally:
        go()
        hub.stop()


def a_hub_starts_while_its_tables_are_locked(work, pair):
    """As one that begins beside another that makes them; it waits, but not for ever."""
    place = pair.database("locked")
    hub = Hub(work, "hub", place).start()
    hub.stop()
    lock = Session(place, "SELECT pg_advisory_lock(7019871);")
    waits = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'advisory'"
    try:
        wait_for(lambda: rows(place, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted"))
        hub.begin()
        wait_for(lambda: rows(place, waits))
        # What the server does after statement_timeout.
        rows(place, f"SELECT pg_cancel_backend(pid) FROM ({waits}) w")
        wait_for(hub.answers)
        assert "laptops have to wait for the store: another transaction was in the way" in log_of(hub)
    finally:
        lock.end()
        hub.stop()


def a_hub_keeps_descriptors_for_its_database(work, pair):
    """Many hang on a hub while its database begins anew: it must still reach it."""
    hub = Hub(work, "hub", pair.database("hung_on")).start(under=["prlimit", "--nofile=200"])
    hangers = []
    try:
        hand = hand_of(work, hub)
        laptop = http.client.HTTPSConnection(HOST, hub.port, context=hand.context(hand.certificate), timeout=20)

        def status(number):
            laptop.request("POST", "/v1/events", json.dumps(batch(hand.device, event(number))))
            answer = laptop.getresponse()
            answer.read()
            return answer.status
        assert status(1) == 200
        hangers += [socket.create_connection((HOST, hub.port)) for _ in range(300)]
        pair.first.kill()
        pair.begin()
        pair.both_there()
        wait_for(lambda: status(2) == 200, 180)
    finally:
        for hanger in hangers:
            hanger.close()
        hub.stop()


def try_all(count, folder, pair):
    for test in (a_hub_starts_before_its_database, a_hub_starts_while_its_database_has_no_place_left, a_hub_starts_while_its_tables_are_locked,
                 a_hub_keeps_descriptors_for_its_database):
        count.test("postgresql: " + test.__name__.replace("_", " "), test, folder(test.__name__), pair)
