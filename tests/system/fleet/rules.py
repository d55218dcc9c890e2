"""Rules on their way from a desk to laptops: made, signed, published in stages, taken over; and what somebody may try on that way."""
import contextlib, hashlib, io, json, os, random, shutil, sqlite3, subprocess, tarfile, time

from cutting import Cutter
from harness import CATEGORY, POLICY, Agent, client
from hub_and_hands import AGENT, DRIVER, Hand, Hub, sh, wait_for

RULES_DRIVER = os.path.join(os.path.dirname(DRIVER), "rules_driver")
ORGANISATION = "Test Trades"
A_PROCESS = 20  # laptops of a process of the driver


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Desk:
    """Who writes rules: a folder of them, a root key, a bundle key, and what was made of them."""

    def __init__(self, work, name="desk"):
        self.config, self.out, self.state = f"{work}/{name}-config", f"{work}/{name}-out", f"{work}/{name}-state"
        self.root, self.key = f"{work}/{name}-root", f"{work}/{name}-key"
        os.makedirs(self.config + "/content")
        os.makedirs(self.state)
        self.write("policy.yaml", POLICY)
        self.write("content/watched.yaml", CATEGORY % ("watched", "Watched", "watched.example", "watched.example"))
        self.block("blocked.example")
        self.rules_key = self.tool("key", "--root", self.root).stdout.strip()
        self.tool("key", "--bundle", self.key, "--signed-by", self.root)

    def tool(self, *arguments, check=True):
        return sh(AGENT, "bundle", *arguments, check=check)

    def write(self, name, text):
        with open(f"{self.config}/{name}", "w") as file:
            file.write(text)

    def block(self, host, ballast=0):
        """ballast: so many hosts more, so that unpacking and compiling take a while, and a delta is worth it."""
        hosts = ",\n    ".join([host] + [f"host{number}.ballast.example" for number in range(ballast)])
        self.write("content/test-rules.yaml", CATEGORY % ("test-rules", "Test", hosts, host))

    def make(self, group="learners", before=None):
        """The digest."""
        delta = ("--delta-from", f"{self.out}/{before}.tar") if before else ()
        return self.tool("make", "--config", self.config, "--state", self.state, "--group", group, "--out", self.out, *delta).stdout.split()[1]

    def sign(self, version, *more, key=None, organisation=ORGANISATION):
        self.tool("sign", self.out, "--key", key or self.key, "--organisation", organisation, "--version", str(version), *more)
        return self.out + "/manifest.json"

    def publish(self, hub, stages="100", wait=0, check=True):
        return hub.tool("publish", self.out + "/manifest.json", "--bundles", self.out, "--rules-key", self.rules_key, "--stages", stages, "--wait",
                        str(wait), check=check)

    def rig(self, members, group="learners"):
        """A bundle of these very members, as nobody would make it with `bundle make`. members: (TarInfo or name, bytes)."""
        plain = io.BytesIO()
        with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for info, data in members:
                if isinstance(info, str):
                    info = tarfile.TarInfo(info)
                    info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        packed = subprocess.run(["zstd", "-q", "-c"], input=plain.getvalue(), capture_output=True, check=True).stdout
        os.makedirs(self.out, exist_ok=True)
        with open(f"{self.out}/{sha256(packed)}", "wb") as file:
            file.write(packed)
        with open(f"{self.out}/{group}.group.json", "w") as file:
            json.dump({"digest": sha256(plain.getvalue()), "size": len(plain.getvalue()), "deltas": [],
                       "whole": {"digest": sha256(packed), "size": len(packed)}}, file)
        return sha256(plain.getvalue())

    def handed(self):
        """What a hub would hand out of the files in `out`."""
        def text(name):
            with open(f"{self.out}/{name}") as file:
                return file.read()
        return {"manifest": text("manifest.json"), "signature": text("manifest.json.minisig"), "key": text("bundle.pub"),
                "key_signature": text("bundle.pub.minisig"), "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}


class Laptops:
    """Folders of laptops, some to a process, so that killing one takes some of them."""

    def __init__(self, work, hub, desk, count, group="learners", url=None):
        """url: of what lies before the hub."""
        self.work, self.groups, self.processes, self.clock = work, [], {}, []  # clock: a program that tells them another time
        self.log = open(work + "/laptops.log", "ab")
        self.between = max(200, 5 * count)  # so that all of them are no more than a hub can answer beside them on one machine
        code = hub.code(uses=count, group=group)
        for number in range(0, count, A_PROCESS):
            folder = f"{work}/rules{number}"
            sh(RULES_DRIVER, "join", folder, url or hub.url, code, hub.fingerprint(), desk.rules_key, str(min(A_PROCESS, count - number)), timeout=600)
            self.groups.append(folder)

    def start(self, *folders):
        for folder in folders or self.groups:
            self.processes[folder] = subprocess.Popen([*self.clock, RULES_DRIVER, "update", folder, str(self.between)], stdin=subprocess.PIPE, stderr=self.log)

    def kill(self, folder):
        self.processes[folder].kill()
        self.processes.pop(folder).wait()

    def stop(self):
        for folder in list(self.processes):
            self.kill(folder)

    def told(self):
        """Of each: version, digest, and the digest of what really lies there."""
        out = []
        for folder in self.groups:
            out += json.loads(sh(RULES_DRIVER, "told", folder, timeout=300).stdout).values()
        return out

    def said(self):
        with open(self.work + "/laptops.log") as file:
            return file.read()


def is_blocked(host):
    browser = client()
    browser.send(f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return b" 403 " in browser.head()


def an_agent_takes_rules_over_and_gives_them_back(work):
    desk, hub = Desk(work), Hub(work, "hub").start()
    agent = Agent(work)
    agent.write("content/test-rules.yaml", CATEGORY % ("test-rules", "Test", "local.example", "local.example"))
    agent.start()

    def bundle():
        return json.loads(agent.tool("status", "--json").stdout).get("fleet", {}).get("bundle", {})

    def asked_and_there(digest):
        agent.tool("fleet", "update")
        time.sleep(0.3)
        return bundle().get("digest") == digest
    try:
        first = desk.make()
        desk.sign(1)
        desk.publish(hub)
        line = hub.tool("code").stderr
        assert "--rules-key " + desk.rules_key in line, line
        joined = agent.tool("fleet", "join", hub.url, "--code", hub.code(), "--authority", hub.fingerprint(), "--rules-key", desk.rules_key)
        assert joined.returncode == 0, joined
        wait_for(lambda: asked_and_there(first) and is_blocked("blocked.example"))
        assert not is_blocked("local.example")
        desk.block("second.example")
        second = desk.make(before=first)
        desk.sign(2)
        desk.publish(hub)
        wait_for(lambda: asked_and_there(second) and is_blocked("second.example"))
        assert not is_blocked("blocked.example")
        wait_for(lambda: "1 laptops have it" in hub.tool("rollout").stdout.splitlines()[0])
        # What was taken over is there again after a start without any hub, and nobody changes it here.
        hub.stop()
        agent.stop()
        agent.start()
        assert is_blocked("second.example") and not is_blocked("local.example")
        checked = agent.tool("check", "second.example", "--json", "--config", f"{agent.state}/bundles/{second}/config")
        assert checked.returncode == 1 and "test-rules.yaml" in checked.stdout, checked
        refused = agent.tool("lists", "update", "--config", f"{agent.state}/bundles/{second}/config")
        assert refused.returncode == 3 and "come from its fleet" in refused.stderr, refused
        assert agent.tool("fleet", "leave").returncode == 0
        wait_for(lambda: is_blocked("local.example") and not is_blocked("second.example"))
        assert not os.path.exists(agent.state + "/bundles")
    finally:
        agent.stop()
        hub.stop()


def every_laptop_is_on_the_old_or_the_new_rules_whatever_is_killed(work, count):
    desk, hub = Desk(work), Hub(work, "hub").start()
    dice = random.Random(20261129)
    digests, killed, begin = {}, 0, time.monotonic()
    digests[1] = desk.make()
    desk.sign(1)
    desk.publish(hub)
    laptops = Laptops(work, hub, desk, count)
    try:
        laptops.start()
        for version in range(2, 5):
            wait_for(lambda: all(told[0] == version - 1 for told in laptops.told()), 600)
            desk.block(f"version{version}.example", ballast=3000)
            digests[version] = desk.make(before=digests[version - 1] if version == 3 else None)
            desk.sign(version)
            desk.publish(hub)
            for _ in range(6):
                time.sleep(dice.uniform(0.1, 3) * laptops.between / 1000)
                chosen = dice.sample(laptops.groups, max(1, len(laptops.groups) // 3))
                for folder in chosen:
                    laptops.kill(folder)
                    killed += A_PROCESS
                for told in laptops.told():
                    assert told[0] in (version - 1, version) and told[1] == told[2] == digests[told[0]], (version, told)
                laptops.start(*chosen)
        wait_for(lambda: all(told == [4, digests[4], digests[4]] for told in laptops.told()), 600)
        print(f"        {count} laptops through 4 versions, killed {killed} times: each on the old or the new one by digest;"
              f" {time.monotonic() - begin:.0f} s")
    finally:
        laptops.stop()
        hub.stop()


def usual(blocked, tested):
    """The members of a small bundle, with a test that holds where both are the same."""
    files = {"policy.yaml": POLICY, "content/watched.yaml": CATEGORY % ("watched", "Watched", "watched.example", "watched.example"),
             "content/test-rules.yaml": CATEGORY % ("test-rules", "Test", blocked, tested)}
    return [("bundle.json", b'{"fairlead":"bundle 1","group":"learners"}'), *((f"config/{name}", text.encode()) for name, text in files.items())]


class ForgedRules:
    """A hub whose database is in the hands of somebody who has no key: what it hands out, and what a laptop says of that."""

    def __init__(self, work):
        self.work, self.desk, self.hub = work, Desk(work), Hub(work, "hub").start()
        self.staff = self.desk.make("staff")
        self.digest = self.desk.make()
        self.desk.sign(5)
        self.good = self.desk.handed()
        self.desk.publish(self.hub)
        self.laptops = Laptops(work, self.hub, self.desk, 1)
        self.laptops.start()
        self.row = 5
        wait_for(lambda: self.stands(5, self.digest))

    def stands(self, version, digest):
        return self.laptops.told() == [[version, digest, digest]]

    def hand_out(self, handed, files=True):
        """As the newest release, past `hub publish`."""
        self.row += 1
        if files:
            for name in os.listdir(self.desk.out):
                if len(name) == 64:
                    shutil.copy(f"{self.desk.out}/{name}", f"{self.hub.state}/bundles/{name}")
        self.in_database("INSERT INTO releases VALUES (?, ?, ?, ?, ?, 0, '100', 0, 0, 0, '')", self.row, handed["manifest"], handed["signature"],
                         handed["key"], handed["key_signature"])

    def in_database(self, sql, *values):
        with contextlib.closing(sqlite3.connect(self.hub.state + "/hub.db")) as database, database:
            database.execute(sql, values)

    def is_refused(self, why, handed=None, files=True):
        self.hand_out(handed or self.desk.handed(), files)
        wait_for(lambda: why in self.hub.audit())
        assert self.stands(5, self.digest), self.laptops.told()
        self.in_database("DELETE FROM releases WHERE version = ?", self.row)

    def rigged(self, why, *members, tested="x.example"):
        self.desk.rig([*usual("x.example", tested), *members])
        self.desk.sign(self.row + 1)
        self.is_refused(why)

    def end(self):
        self.laptops.stop()
        self.hub.stop()

    # --- what is tried ---

    def signed_under_another_root(self):
        other = Desk(self.work, "thief")
        other.make()
        other.sign(self.row + 1)
        self.is_refused("the root key does not vouch for the bundle key", other.handed())

    def changed_after_it_was_signed(self):
        self.desk.sign(self.row + 1)
        handed = self.desk.handed()
        self.is_refused("the bundle key did not sign the manifest", {**handed, "manifest": handed["manifest"].replace(self.digest, self.staff)})

    def signed_by_a_key_that_nobody_vouches_for(self):
        self.desk.tool("key", "--root", self.work + "/loose")
        shutil.copy(self.desk.key + ".pub.minisig", self.work + "/loose.pub.minisig")
        self.desk.sign(self.row + 1, key=self.work + "/loose")
        self.is_refused("the root key does not vouch for the bundle key: the signature is not one over this text")

    def signed_by_a_key_that_is_out_of_date(self):
        old = self.work + "/old"
        sh("env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", "-400d", AGENT, "bundle", "key", "--bundle", old, "--signed-by", self.desk.root)
        self.desk.sign(self.row + 1, key=old)
        self.is_refused("the bundle key was good until")

    def rolled_back(self):
        self.desk.sign(4)
        self.is_refused("rolled back: version 4 is lower than 5")

    def another_under_the_same_version(self):
        self.desk.block("other.example")
        self.desk.make()
        self.desk.sign(5)
        self.is_refused("another bundle under version 5")

    def of_another_organisation(self):
        self.desk.sign(self.row + 1, organisation="Other Trades")
        self.is_refused("of another organisation")

    def of_another_group(self):
        shutil.copy(self.desk.out + "/staff.group.json", self.desk.out + "/learners.group.json")
        self.desk.sign(self.row + 1)
        self.is_refused("of another group, 'staff'")

    def a_bundle_that_is_another_file(self):
        self.desk.block("fresh.example")
        self.desk.make()
        self.desk.sign(self.row + 1)
        with open(self.desk.out + "/learners.group.json") as file:
            packed = json.load(file)["whole"]["digest"]
        os.remove(f"{self.desk.out}/{packed}")
        with open(f"{self.hub.state}/bundles/{packed}", "wb") as file:
            file.write(b"x" * 100)
        self.is_refused("is not the one that the manifest names", files=False)

    def a_way_out_of_its_folder(self):
        self.rigged("a name that may not be", ("config/../../../../escaped", b"x"))
        assert not [name for _, _, names in os.walk(self.work) for name in names if name == "escaped"]

    def a_link_out_of_its_folder(self):
        link = tarfile.TarInfo("config/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        self.rigged("which is no regular file", (link, b""), ("config/link/escaped", b"x"))
        assert not os.path.exists("/etc/escaped")

    def more_than_its_manifest_says(self):
        self.desk.rig([("bundle.json", b"0" * 50_000_000)])
        with open(self.desk.out + "/learners.group.json") as file:
            told = json.load(file)
        with open(self.desk.out + "/learners.group.json", "w") as file:
            json.dump({**told, "size": 10_000}, file)
        self.desk.sign(self.row + 1)
        self.is_refused("larger than its manifest says")

    def a_test_that_fails(self):
        self.rigged("a test in them fails: content/test-rules.yaml:8", tested="never-blocked.example")


def forged_rules():
    helpers = ("stands", "hand_out", "in_database", "is_refused", "rigged", "end")
    return [name for name in vars(ForgedRules) if not name.startswith("_") and name not in helpers]


def try_forged_rules(count, work):
    trial = ForgedRules(work)
    try:
        for name in forged_rules():
            count.test("rules: " + name.replace("_", " "), getattr(trial, name))
    finally:
        trial.end()


def a_roll_out_stops_itself_where_laptops_refuse(work):
    desk, hub = Desk(work), Hub(work, "hub").start()
    good = desk.make()
    desk.sign(1)
    desk.publish(hub)
    laptops = Laptops(work, hub, desk, 12)
    try:
        laptops.start()
        wait_for(lambda: all(told[0] == 1 for told in laptops.told()))
        desk.rig(usual("blocked.example", "never-blocked.example"))
        desk.sign(2)
        desk.publish(hub, stages="50,100", wait=0.0005)
        wait_for(lambda: "STOPPED" in hub.tool("rollout").stdout)
        told = hub.tool("rollout").stdout
        assert "version 2" in told.splitlines()[0] and "50 %" in told.splitlines()[0] and "laptops cannot use it" in told and "a test in them fails: content/test-rules.yaml:8" in told, told
        assert "rules stopped" in hub.audit()
        assert all(told == [1, good, good] for told in laptops.told())
        # What comes after it goes its way, stage by stage.
        desk.block("later.example")
        better = desk.make()
        desk.sign(3)
        assert desk.publish(hub, check=False, stages="9,5").returncode == 3
        desk.publish(hub, stages="40,100", wait=0.0005)
        wait_for(lambda: all(told == [3, better, better] for told in laptops.told()), 180)
        assert "version 3 to 100 %" in hub.audit()
        desk.sign(2)
        refused = desk.publish(hub, check=False)
        assert refused.returncode == 1 and "versions only grow" in refused.stderr, refused
        assert "rules not published" in hub.audit()
    finally:
        laptops.stop()
        hub.stop()


def a_network_that_breaks_off_stops_no_roll_out(work):
    """Rules that cannot be fetched are not rules that cannot be used."""
    desk, hub = Desk(work), Hub(work, "hub").start()
    good = desk.make()
    desk.sign(1)
    desk.publish(hub)
    cutter = Cutter(8461, hub.port)
    laptops = Laptops(work, hub, desk, 4, url=cutter.url)
    try:
        laptops.start()
        wait_for(lambda: all(told == [1, good, good] for told in laptops.told()))
        cutter.share = 1.0
        desk.block("later.example", ballast=5_000)
        better = desk.make()
        desk.sign(2)
        desk.publish(hub)
        wait_for(lambda: cutter.cut >= 60)
        assert all(told == [1, good, good] for told in laptops.told())
        told = hub.tool("rollout").stdout
        assert "STOPPED" not in told and "refused" not in hub.audit(), told
        cutter.share = 0.0
        wait_for(lambda: all(told == [2, better, better] for told in laptops.told()))
    finally:
        laptops.stop()
        cutter.close()
        hub.stop()


def a_clock_that_is_wrong_by_a_year_neither_stops_nor_turns_back_rules(work):
    desk, hub = Desk(work), Hub(work, "hub").start()
    first = desk.make()
    desk.sign(1)
    desk.publish(hub)
    laptops = Laptops(work, hub, desk, 1)
    try:
        for version, clock in enumerate(("-400d", "+400d"), 2):
            laptops.clock = ["env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1", "faketime", "-f", clock]
            laptops.start()
            wait_for(lambda: laptops.told()[0][0] == version - 1)
            desk.block(f"version{version}.example")
            digest = desk.make()
            desk.sign(version)
            desk.publish(hub)
            wait_for(lambda: laptops.told() == [[version, digest, digest]])
            laptops.stop()
        # One whose time has not come is waited for, whatever the laptop's clock says.
        desk.block("later.example")
        desk.make()
        desk.sign(4, "--not-before", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400)))
        desk.publish(hub)
        laptops.start()
        time.sleep(4)
        assert laptops.told() == [[3, digest, digest]] and first != digest
        assert "refused" not in hub.audit(), hub.audit()
    finally:
        laptops.stop()
        hub.stop()


def who_may_fetch_rules(work):
    desk, hub = Desk(work), Hub(work, "hub").start()
    try:
        hand = Hand(work, "hand", hub)
        assert hand.enrol(hub.code())[0] == 200
        wait_for(lambda: hand.post("/v1/manifest", None, method="GET")[0] == 404)
        desk.make()
        desk.sign(1)
        desk.publish(hub)
        wait_for(lambda: hand.post("/v1/manifest", None, method="GET")[0] == 200)
        _, handed, fields = hand.post("/v1/manifest", None, method="GET")
        assert fields["ETag"] == '"1"' and json.loads(handed["manifest"])["version"] == 1
        assert hand.post("/v1/manifest", None, method="GET", headers={"If-None-Match": '"1"'})[:2] == (304, None)
        assert hand.post("/v1/manifest", None, method="GET", plain=True)[0] == 401
        assert hand.post("/v1/manifest", {})[0] == 405
        for path in ("/v1/bundle/" + "0" * 64, "/v1/bundle/../authority.key", "/v1/bundle/..%2fauthority.key", "/v1/bundle/"):
            assert hand.post(path, None, method="GET", plain=True)[0] in (404, 405), path
        hub.tool("revoke", hand.device)
        wait_for(lambda: hand.post("/v1/manifest", None, method="GET")[0] == 403)
        assert "device revoked" in hub.audit() and "no certificate of this organisation" in hub.audit()
    finally:
        hub.stop()


def try_all(count, folder, laptops):
    """count: how tests are counted; folder: makes one."""
    count.test("rules: an agent takes them over and gives them back", an_agent_takes_rules_over_and_gives_them_back, folder("rules-a"))
    count.test("rules: who may fetch them", who_may_fetch_rules, folder("rules-b"))
    count.test("rules: a roll-out stops itself where laptops refuse", a_roll_out_stops_itself_where_laptops_refuse, folder("rules-c"))
    count.test("rules: a network that breaks off stops no roll-out", a_network_that_breaks_off_stops_no_roll_out, folder("rules-n"))
    count.test("rules: a clock that is wrong by a year neither stops nor turns them back",
               a_clock_that_is_wrong_by_a_year_neither_stops_nor_turns_back_rules, folder("rules-d"))
    try_forged_rules(count, folder("rules-e"))
    count.test("rules: every laptop is on the old or the new ones whatever is killed",
               every_laptop_is_on_the_old_or_the_new_rules_whatever_is_killed, folder("rules-f"), laptops)
