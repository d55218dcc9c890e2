"""What `fairlead ca install` changes on a laptop, and that `ca remove` leaves nothing of it. Run by ./run in a mount namespace of
its own. Each test is a function of a Laptop, which has its folders as they were and an authority of its own."""
import hashlib, json, os, shutil, stat, subprocess, sys, tempfile, traceback

AGENT = os.environ["FAIRLEAD_AGENT"]
CONFIG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../categories")
# Copied, so that the laptop's own are never touched: the folders that are changed, and those of Debian's hooks (Java's store).
COPIED = ["/etc", "/usr/local/share", "/usr/share/ca-certificates", "/usr/share/firefox-esr", "/var/lib/dpkg", "/var/lib/ca-certificates-java"]
WATCHED = ["/etc", "/usr/local/share", "/usr/share/ca-certificates", "/usr/share/firefox-esr"]
JAVA = "/etc/ssl/certs/java/cacerts"  # written anew each time, with other salts
CRT, BUNDLE = "/usr/local/share/ca-certificates/fairlead.crt", "/etc/ssl/certs/ca-certificates.crt"
CHROMIUM = ["/etc/chromium/policies/managed", "/etc/opt/chrome/policies/managed", "/etc/opt/edge/policies/managed"]
FIREFOX = "/etc/firefox/policies/policies.json"
BESIDE = "/usr/share/firefox-esr/distribution/policies.json"  # /usr/lib/firefox-esr/distribution is a link to this folder
ADMIN = b'{\r\n  "policies" : {\r\n\t"DisableTelemetry":true, "Homepage": { "URL": "https://moodle.example/?a=\\"}]" },\r\n  "Number": 1.50 }\r\n}\r\n'


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, mode)


def snapshot(*roots):
    """Every file, link and folder: kind, permissions, owner, and what is in it."""
    seen = {}
    for root in roots or WATCHED:
        for folder, folders, files in os.walk(root):
            for name in ["."] + files + [one for one in folders if os.path.islink(os.path.join(folder, one))]:
                path = os.path.join(folder, name)
                status = os.lstat(path)
                inside = ""
                if stat.S_ISLNK(status.st_mode):
                    inside = os.readlink(path)
                elif stat.S_ISREG(status.st_mode) and path != JAVA:
                    inside = hashlib.sha256(read(path)).hexdigest()
                seen[path] = (oct(status.st_mode), status.st_uid, status.st_gid, inside)
    return seen


def difference(before, after):
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def java_trusts():
    if not os.path.exists(JAVA) or not shutil.which("keytool"):
        return None
    listed = subprocess.run(["keytool", "-list", "-keystore", JAVA, "-storepass", "changeit"], capture_output=True, text=True)
    return "fairlead" in listed.stdout if listed.returncode == 0 else None


class Laptop:
    def __init__(self, folder, name):
        self.folder, self.state = folder, os.path.join(folder, name)
        os.makedirs(self.state)
        self.create()

    def tool(self, *words, user=None):
        before = ["setpriv", "--reuid", user, "--regid", "nogroup", "--clear-groups"] if user else []
        return subprocess.run([*before, AGENT, "ca", *words, "--state", self.state], capture_output=True, text=True, timeout=120)

    def does(self, *words):
        done = self.tool(*words)
        assert done.returncode == 0, done
        return done.stdout

    def create(self):
        self.does("create", "--config", CONFIG, "--device", "lap-7")
        self.pem = read(self.state + "/ca/root.pem").decode()
        self.der = "".join(line for line in self.pem.splitlines() if not line.startswith("-"))

    def firefox(self, path=FIREFOX):
        return json.loads(read(path))["policies"]["Certificates"]["Install"]


def test_every_store_gets_the_certificate_and_nobody_the_key(laptop):
    before = snapshot()
    said = laptop.does("install")
    assert said.count("  installed (") == 5, said
    assert read(CRT).decode() == laptop.pem and laptop.pem in read(BUNDLE).decode()
    verified = subprocess.run(["openssl", "verify", "-CApath", "/etc/ssl/certs", laptop.state + "/ca/root.pem"], capture_output=True)
    assert verified.returncode == 0, verified
    for folder in CHROMIUM:
        assert json.loads(read(folder + "/fairlead.json")) == {"CACertificates": [laptop.der]}
    assert laptop.firefox() == [CRT]
    assert java_trusts() in (True, None)
    key = "".join(read(laptop.state + "/ca/key.pem").decode().splitlines()[1:-1])
    for path in difference(before, snapshot()):
        assert os.path.islink(path) or oct(os.lstat(path).st_mode & 0o777) in ("0o644", "0o755"), path
        if os.path.isfile(path):
            text = read(path).decode(errors="replace")
            assert "PRIVATE" not in text and key not in text.replace("\n", ""), path
    again = snapshot()
    laptop.does("install")
    assert difference(again, snapshot()) == []
    assert laptop.does("show").count("  installed (") == 5


def test_nothing_is_left_when_it_is_removed(laptop):
    empty = "/etc/opt/chrome/policies"  # a folder that was there before stays
    os.makedirs(empty)
    before = snapshot()
    laptop.does("install")
    assert len(difference(before, snapshot())) > 10
    laptop.does("remove")
    assert difference(before, snapshot()) == []
    assert os.listdir(laptop.state) == [] and os.path.isdir(empty)
    assert java_trusts() in (False, None)
    assert "has no certificate authority" in laptop.does("remove")


def test_another_authority_takes_the_place_of_the_one_before(laptop):
    old = laptop.der
    laptop.does("install")
    for file in ("root.pem", "key.pem"):
        os.remove(f"{laptop.state}/ca/{file}")
    laptop.create()
    assert old != laptop.der
    shown = laptop.does("show")
    assert shown.count("one from before") == 5, shown
    laptop.does("install")
    assert laptop.does("show").count("  installed (") == 5
    everything = b"".join(read(path) for path in snapshot() if os.path.isfile(path) and path != JAVA).replace(b"\n", b"")
    assert old.encode() not in everything and laptop.der.encode() in everything
    paths = [os.path.join("/etc/ssl/certs", name) for name in os.listdir("/etc/ssl/certs")]
    links = [path for path in paths if os.path.islink(path) and os.path.realpath(path) == CRT]
    assert len(links) == 2, links  # by its name and by its subject's digest


def test_the_policies_of_others_stay_byte_for_byte(laptop):
    write(FIREFOX, ADMIN, 0o640)
    os.chown(FIREFOX, 0, 4)
    before = snapshot()
    laptop.does("install")
    merged = json.loads(read(FIREFOX))
    assert merged["policies"]["DisableTelemetry"] is True and laptop.firefox() == [CRT]
    start = next(i for i, (a, b) in enumerate(zip(ADMIN, read(FIREFOX))) if a != b)
    assert read(FIREFOX).endswith(ADMIN[start:])
    status = os.stat(FIREFOX)
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (0, 4, 0o640)
    laptop.does("remove")
    assert difference(before, snapshot()) == []


def test_what_others_change_meanwhile_stays(laptop):
    write(FIREFOX, ADMIN)
    laptop.does("install")
    changed = json.loads(read(FIREFOX))
    changed["policies"]["Certificates"]["Install"].append("/opt/school.crt")
    write(FIREFOX, json.dumps(changed, indent=4).encode())
    own = CHROMIUM[0] + "/fairlead.json"
    write(own, json.dumps({"HomepageLocation": "https://moodle.example/", **json.loads(read(own))}).encode())
    laptop.does("remove")
    changed["policies"]["Certificates"]["Install"] = ["/opt/school.crt"]
    assert json.loads(read(FIREFOX)) == changed
    assert json.loads(read(own)) == {"HomepageLocation": "https://moodle.example/"}


def test_a_chromium_policy_that_others_keep_is_added_to(laptop):
    # Of two files that name one policy, the browser takes one alone.
    admin = CHROMIUM[0] + "/school.json"
    write(admin, b'{"HomepageLocation": "https://moodle.example/", "CACertificates": ["MIIB"]}\n')
    before = snapshot()
    assert laptop.does("install").count("  installed (") == 5
    assert json.loads(read(admin))["CACertificates"] == [laptop.der, "MIIB"]
    assert not os.path.exists(CHROMIUM[0] + "/fairlead.json")
    laptop.does("remove")
    assert difference(before, snapshot()) == []


def test_firefox_policies_beside_the_program_are_not_shadowed(laptop):
    write(BESIDE, ADMIN)
    before = snapshot()
    laptop.does("install")
    assert laptop.firefox(BESIDE) == [CRT] and not os.path.exists(FIREFOX)
    laptop.does("remove")
    assert difference(before, snapshot()) == []


def test_a_link_stays_a_link(laptop):
    write("/etc/school/policies.json", ADMIN)
    os.makedirs(os.path.dirname(FIREFOX))
    os.symlink("../../school/policies.json", FIREFOX)
    before = snapshot()
    laptop.does("install")
    assert os.path.islink(FIREFOX) and laptop.firefox() == [CRT]
    laptop.does("remove")
    assert difference(before, snapshot()) == []


def test_a_file_with_a_mistake_is_named_and_left_alone(laptop):
    write(FIREFOX, b'{"policies": {"DisableTelemetry": true,}}')
    write(CHROMIUM[1] + "/school.json", b'{"CACertificates": [],}')
    before = snapshot()
    done = laptop.tool("install")
    assert done.returncode == 3, done
    assert FIREFOX + ": this is no JSON object" in done.stderr and CHROMIUM[1] + "/school.json names CACertificates" in done.stderr, done
    assert done.stdout.count("  installed (") == 3, done
    laptop.does("remove")
    assert difference(before, snapshot()) == []


def test_only_the_administrator_changes_what_is_trusted(laptop):
    before = snapshot()
    os.chmod(laptop.folder, 0o755)
    for folder, _, files in os.walk(laptop.state):
        shutil.chown(folder, "nobody")
        for file in files:
            shutil.chown(os.path.join(folder, file), "nobody")
    done = laptop.tool("install", user="nobody")
    assert done.returncode == 3 and "as root" in done.stderr, done
    assert difference(before, snapshot()) == []


def test_without_an_authority_there_is_nothing_to_install(laptop):
    laptop.does("remove")
    before = snapshot()
    done = laptop.tool("install")
    assert done.returncode == 1 and "'fairlead ca create'" in done.stderr, done
    assert difference(before, snapshot()) == []


def mount_copies(folder):
    """The folders that are changed, as copies in memory. Returns what puts them back as they were."""
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=True)
    kept = [path for path in COPIED if os.path.isdir(path)]
    for path in kept:
        copy = folder + "/copy" + path
        os.makedirs(copy)
        subprocess.run(["cp", "-a", path + "/.", copy], stderr=subprocess.DEVNULL)
        subprocess.run(["mount", "--bind", copy, path], check=True)
    # As the system's own program leaves it, whatever was done here by hand.
    subprocess.run(["update-ca-certificates"], check=True, capture_output=True)
    subprocess.run(["cp", "-a", folder + "/copy", folder + "/before"], check=True)

    def restore():
        for path in kept:
            subprocess.run(["find", path, "-mindepth", "1", "-delete"], check=True)
            subprocess.run(["cp", "-a", f"{folder}/before{path}/.", path], check=True)
    return restore


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="fairlead-trust.") as folder:
        restore = mount_copies(folder)
        for name, test in [(name, test) for name, test in globals().items() if name.startswith("test_")]:
            try:
                test(Laptop(folder, name))
                passed += 1
                print("ok     ", name[5:].replace("_", " "))
            except Exception:
                failed += 1
                print("FAILED ", name[5:].replace("_", " "))
                traceback.print_exc(file=sys.stdout)
            restore()
        subprocess.run(["umount", "-R", "-l", folder], check=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
