"""A laptop on which the package is installed, and how its tests are counted. For package_test.py and the escapes."""
import json, os, re, shutil, subprocess, sys, tempfile, time, traceback

from small_debian import SmallDebian, sh

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../.."))
BUILD = os.environ["FAIRLEAD_BUILD"]
OUT = TOP + "/build/package"
POLICY, GAMBLING, GAMES = "/etc/fairlead/policy.yaml", "/etc/fairlead/conduct/gambling.yaml", "/etc/fairlead/conduct/games.yaml"
BLOCKED = "http://royal-casino7.example/"


class Skipped(Exception):
    pass


def read(path):
    with open(path, "rb") as file:
        return file.read()


def wait_for(what, seconds=15):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def build():
    shutil.rmtree(OUT, ignore_errors=True)
    os.makedirs(OUT)
    done = sh("cpack", "--config", BUILD + "/CPackConfig.cmake", "-B", OUT, check=False)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    made = [name for name in os.listdir(OUT) if name.endswith(".deb")]
    assert len(made) == 1, made
    return os.path.join(OUT, made[0])


class Laptop:
    """One installation after the other; each test leaves it as the next one finds it."""

    def __init__(self, base, package):
        self.os = SmallDebian(base)
        self.package = package

    def install(self, package=None, *words):
        package = package or self.package
        shutil.copy(package, self.os.path("/var/tmp/" + os.path.basename(package)))
        return self.apt("install", *words, "/var/tmp/" + os.path.basename(package))

    def apt(self, *words):
        done = self.os.run("apt-get", "-q", "-y", "--allow-downgrades", "--no-install-recommends", *words, stdin=subprocess.DEVNULL, check=False)
        assert done.returncode == 0, done.stdout[-2500:] + done.stderr[-2500:]
        return done.stdout + done.stderr

    def answer(self, **answers):
        kinds = {"organisation": "string", "staff_groups": "string", "authority": "boolean"}
        text = "".join(f"fairlead fairlead/{name} {kinds[name]} {value}\n" for name, value in answers.items())
        self.os.run("debconf-set-selections", input=text)

    def upgraded(self, version):
        """The package of a later version: two categories and the shipped policy are other ones."""
        made = f"{OUT}/fairlead_{version}_amd64.deb"
        with tempfile.TemporaryDirectory() as folder:
            sh("dpkg-deb", "-R", self.package, folder)
            control = read(folder + "/DEBIAN/control").decode()
            with open(folder + "/DEBIAN/control", "w") as file:
                file.write(re.sub(r"(?m)^Version: .*$", f"Version: {version}", control))
            for name in (GAMBLING, GAMES, "/usr/share/fairlead/policy.yaml"):
                with open(folder + name, "ab") as file:
                    file.write(f"# Shipped with {version}.\n".encode())
            sh("dpkg-deb", "-Znone", "--root-owner-group", "-b", folder, made)
        return made

    def ask(self, *words, user="robin"):
        return self.os.run("curl", "-s", "-S", "--max-time", "10", *words, user=user, check=False)

    def visit(self, user="robin"):
        done = self.ask("-x", "http://127.0.0.1:3128", "-o", "/dev/null", "-w", "%{http_code}", BLOCKED, user=user)
        return done.stdout

    def events(self):
        return json.loads(self.os.run("fairlead", "events", "list", "--json").stdout)

    def net(self):
        """The firewall's rules as the kernel has them; "" when there are none."""
        return self.os.run("nft", "list", "table", "inet", "fairlead", check=False).stdout

    def holds_certificate(self, store):
        """Firefox has one file for all its policies."""
        there = os.path.exists(self.os.path(store))
        return there and (not store.endswith("/policies.json") or b'"Certificates"' in self.os.read(store))

    def running(self):
        if not self.os.booted:
            raise Skipped("systemd cannot be booted here: " + self.os.why_not)
        wait_for(lambda: self.os.run("systemctl", "is-active", "fairlead", check=False).stdout.strip() == "active")

    def shows(self, name):
        return self.os.run("systemctl", "show", "-P", name, "fairlead").stdout.strip()


class Count:
    passed = failed = skipped = 0

    def skip(self, names, why):
        for name in names:
            print(f"SKIPPED {name}: {why}", flush=True)
            self.skipped += 1

    def test(self, test, *given):
        name, begin = test.__name__.replace("_", " "), time.monotonic()
        try:
            test(*given)
            self.passed += 1
            print(f"ok      {name} ({time.monotonic() - begin:.1f} s)", flush=True)
        except Skipped as why:
            self.skip([name], why)
        except Exception:  # the others are run all the same
            self.failed += 1
            traceback.print_exc(file=sys.stdout)
            print(f"FAILED  {name}", flush=True)


def needed_by(package):
    """Names of packages that the small Debian holds before ours comes, ours asks for among them."""
    depends = sh("dpkg-deb", "-f", package, "Depends").stdout
    first = {re.split(r"[ (|]", one.strip())[0] for one in depends.split(",")}
    return first | {"systemd", "systemd-sysv", "dbus", "curl"}
