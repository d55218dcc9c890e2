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
    """The packages for a laptop and for the hub."""
    shutil.rmtree(OUT, ignore_errors=True)
    os.makedirs(OUT)
    # gzip is a third of the work of xz, for what is thrown away.
    done = sh("cpack", "--config", BUILD + "/CPackConfig.cmake", "-B", OUT, "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", check=False)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    made = sorted((name for name in os.listdir(OUT) if name.endswith(".deb")), reverse=True)
    assert len(made) == 2 and made[1].startswith("fairlead-hub_"), made
    return [os.path.join(OUT, name) for name in made]


def of_version(package, version, changed):
    """The package of a later version, with a line more in some of its files."""
    made = f"{OUT}/{os.path.basename(package).partition('_')[0]}_{version}_amd64.deb"
    with tempfile.TemporaryDirectory() as folder:
        sh("dpkg-deb", "-R", package, folder)
        control = read(folder + "/DEBIAN/control").decode()
        with open(folder + "/DEBIAN/control", "w") as file:
            file.write(re.sub(r"(?m)^Version: .*$", f"Version: {version}", control))
        for name in changed:
            with open(folder + name, "ab") as file:
                file.write(f"# Shipped with {version}.\n".encode())
        sh("dpkg-deb", "-Znone", "--root-owner-group", "-b", folder, made)
    return made


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
        """Two categories and the shipped policy are other ones."""
        return of_version(self.package, version, (GAMBLING, GAMES, "/usr/share/fairlead/policy.yaml"))

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


def needed_by(*packages):
    """Names of packages that the small Debian holds before ours come, ours ask for among them."""
    depends = [one for package in packages for one in sh("dpkg-deb", "-f", package, "Depends").stdout.split(",")]
    first = {re.split(r"[ (|]", one.strip())[0] for one in depends}
    return first | {"systemd", "systemd-sysv", "dbus", "curl"}
