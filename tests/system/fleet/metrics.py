"""What Prometheus is told: asked of a hub that works, and read as strictly as the format says."""
import http.client, math, re

from hub_and_hands import HOST, Hand, Hub, batch, event, wait_for
from rules import Desk

PORT = 9464
NAME, LABEL = r"[a-zA-Z_:][a-zA-Z0-9_:]*", r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*"'
SAMPLE = re.compile(rf"({NAME})(\{{(?:{LABEL}(?:,{LABEL})*)?\}})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|[+-]Inf|NaN)")
HELP, TYPE = re.compile(rf"# HELP ({NAME}) ([^\n]+)"), re.compile(rf"# TYPE ({NAME}) (counter|gauge|histogram)")


def read(text):
    """{sample with its labels: value}. Text format 0.0.4: each family once and whole, its HELP and TYPE before its samples, no sample twice."""
    assert text.endswith("\n")
    out, families, current, kind = {}, set(), None, None
    lines = iter(text[:-1].split("\n"))
    for line in lines:
        if line.startswith("#"):
            current = HELP.fullmatch(line)[1]
            assert current not in families, current
            families.add(current)
            named, kind = TYPE.fullmatch(next(lines)).groups()
            assert named == current
            continue
        name, labels, value = SAMPLE.fullmatch(line).groups()
        assert name in ([current + "_bucket", current + "_sum", current + "_count"] if kind == "histogram" else [current]), line
        assert (kind == "counter") == name.endswith("_total") and name + (labels or "") not in out, line
        out[name + (labels or "")] = float(value)
        assert kind == "gauge" or float(value) >= 0 and not math.isnan(float(value)), line
    for family in (name[:-len("_count")] for name in out if name.endswith("_count")):
        buckets = [value for name, value in out.items() if name.startswith(family + '_bucket{le="')]
        assert buckets == sorted(buckets) and out[family + '_bucket{le="+Inf"}'] == buckets[-1] == out[family + "_count"], family
    return {name.removeprefix("fairlead_hub_"): value for name, value in out.items()}


def ask(method="GET", path="/metrics"):
    connection = http.client.HTTPConnection(HOST, PORT, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def scrape():
    status, text, fields = ask()
    assert status == 200 and fields["Content-Type"].startswith("text/plain; version=0.0.4"), (status, dict(fields))
    return read(text)


def metrics_tell_what_a_hub_does(work, place):
    hub = Hub(work, "hub", place).start("--metrics", f"{HOST}:{PORT}")
    try:
        hand, gone = Hand(work, "counted", hub), Hand(work, "gone", hub)
        assert hand.enrol(hub.code())[0] == 200 and gone.enrol(hub.code())[0] == 200
        hub.tool("revoke", gone.device)
        sent = [event(number, person="Ada Person", host="secret.example", url="https://secret.example/x") for number in range(1, 6)]
        assert hand.post("/v1/events", batch(hand.device, *sent))[0] == 200
        assert hand.post("/v1/events", batch(hand.device, *sent[3:], event(6)))[0] == 200
        assert hand.post("/v1/events", batch(hand.device, event(2, digest="f" * 64)))[0] == 409
        assert hand.post("/v1/events", b"no")[0] == 400
        assert hand.post("/v1/health", {"cover": {"state": "covered"}})[0] == 200
        assert hand.post("/v1/nothing-%d" % 7, {})[0] == 404
        told = scrape()
        assert {name: told[f'rows_total{{table="events",became="{name}"}}'] for name in ("taken", "doubled", "refused")} == \
            {"taken": 6, "doubled": 2, "refused": 1}
        assert told['batches_total{table="events"}'] == 3 == told["taking_seconds_count"] and told["taking_seconds_sum"] > 0
        assert told['answers_total{endpoint="events",status="2xx"}'] == 2 == told['answers_total{endpoint="events",status="4xx"}']
        assert told['answers_total{endpoint="enrol",status="2xx"}'] == 2 and told['answers_total{endpoint="other",status="4xx"}'] == 1
        desk = Desk(work)
        desk.make()
        desk.sign(3)
        desk.publish(hub, "5,100", 24)
        hub.tool("rollout", "--stop")
        expected = {'laptops{state="known"}': 1, 'laptops{state="heard"}': 1, 'laptops{state="revoked"}': 1, "store_up": 1, "rollout_version": 3,
                    "rollout_percent": 5, "rollout_stopped": 1, "notices_waiting": 0}
        wait_for(lambda: {name: scrape().get(name) for name in expected} == expected)
        text = ask()[1]
        for private in ("Ada Person", "secret.example", hand.device, "nothing-7", HOST):
            assert private not in text, private
        assert ask("POST")[0] == 405 and ask(path="/")[0] == 404 and ask("HEAD")[0] == 405
    finally:
        hub.stop()


def metrics_say_that_the_store_is_away(work, pair):
    hub = Hub(work, "hub", pair.database("counted")).start("--metrics", f"{HOST}:{PORT}")
    try:
        wait_for(lambda: scrape()["store_up"] == 1 and 'laptops{state="known"}' in scrape())
        pair.first.kill()
        wait_for(lambda: scrape()["store_up"] == 0)
        assert 'laptops{state="known"}' not in scrape()
        pair.begin()
        pair.both_there()
        wait_for(lambda: scrape()["store_up"] == 1)
    finally:
        hub.stop()
