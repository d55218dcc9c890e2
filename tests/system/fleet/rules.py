"""Rules on their way from a desk to laptops: made, signed, published in stages, taken over; and what somebody may try on that way."""
import hashlib, io, json, os, random, shutil, subprocess, tarfile, time

from harness import CATEGORY, POLICY, Agent, client
from hub_and_hands import AGENT, DRIVER, HOST, Hand, Hub, sh, wait_for

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
        hosts = ", ".join([host] + [f"host{number}.ballast.example" for number in range(ballast)])
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

    def __init__(self, work, hub, desk, count, group="learners"):
        self.work, self.groups, self.processes = work, [], {}
        self.log = open(work + "/laptops.log", "ab")
        code = hub.code(uses=count, group=group)
        for number in range(0, count, A_PROCESS):
            folder = f"{work}/rules{number}"
            sh(RULES_DRIVER, "join", folder, hub.url, code, hub.fingerprint(), desk.rules_key, str(min(A_PROCESS, count - number)), timeout=600)
            self.groups.append(folder)

    def start(self, *folders):
        for folder in folders or self.groups:
            self.processes[folder] = subprocess.Popen([RULES_DRIVER, "update", folder], stdin=subprocess.PIPE, stderr=self.log)

    def kill(self, folder):
        self.processes[folder].kill()
        self.processes.pop(folder).wait()

    def stop(self):
        for folder in list(self.processes):
            self.kill(folder)
        self.log.close()

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
                time.sleep(dice.uniform(0.02, 0.6))
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
