"""What `fairlead browsers install` changes on a laptop, beside `fairlead ca install`, and that `uninstall` leaves nothing of it.
Run by ./run in a mount namespace of its own. Each test is a function of a Laptop with its folders as they were."""
import itertools, json, os, shutil, subprocess, sys, tempfile, traceback, zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../trust"))
import trust_test  # noqa: E402
from trust_test import ADMIN, AGENT, BESIDE, CHROMIUM, FIREFOX, difference, read, snapshot, write  # noqa: E402

OWN = "zz-fairlead.json"
CHROMIUM_ID, FIREFOX_ID = "cjpalhdlnbpafiamejdnhcphjbkeiagm", "uBlock0@raymondhill.net"
SHELL, SESSION = "/etc/profile.d/fairlead.sh", "/etc/environment.d/fairlead.conf"
DCONF, DCONF_PROFILE = "/usr/bin/dconf", "/etc/dconf/profile/user"
FIREFOX_SCHEMA = "/usr/lib/firefox-esr/browser/omni.ja"


class Laptop(trust_test.Laptop):
    def __init__(self, folder, name):
        super().__init__(folder, name)
        self.config = self.state + "-config"
        os.mkdir(self.config)
        os.chmod(folder, 0o755)
        allow(self)

    def browsers(self, *words, user=None):
        before = ["setpriv", "--reuid", user, "--regid", "nogroup", "--clear-groups"] if user else []
        policy = [] if words[0] == "uninstall" else ["--config", self.config]
        state = [] if words[0] == "show" else ["--state", self.state]
        return subprocess.run([*before, AGENT, "browsers", *words, *policy, *state], capture_output=True, text=True, timeout=120)

    def sets(self, *words):
        done = self.browsers(*words)
        assert done.returncode == 0, done
        return done.stdout

    def items(self, *words):
        return json.loads(self.browsers("show", "--json", *words).stdout)

    def state_of(self, place, setting):
        return [(item["state"], item["file"], item["says"]) for item in self.items()
                if (item["place"], item["setting"]) == (place, setting)]


def firefox(path=FIREFOX):
    return json.loads(read(path))["policies"]


def test_everything_is_put_in_place_for_all_to_read_and_nothing_is_left(laptop):
    before = snapshot()
    assert {item["state"] for item in laptop.items()} == {"missing"}
    laptop.sets("install")
    assert {item["state"] for item in laptop.items()} == {"in place"}
    for folder in CHROMIUM:
        assert json.loads(read(f"{folder}/{OWN}"))["ProxySettings"]["ProxyServer"] == "127.0.0.1:3128"
    assert firefox()["Proxy"]["Locked"] is True
    for path in difference(before, snapshot()):
        assert oct(os.lstat(path).st_mode & 0o777) in ("0o644", "0o755"), path
    again = snapshot()
    laptop.sets("install")
    assert difference(again, snapshot()) == []
    seen_by_anybody = laptop.browsers("show", user="nobody")
    assert seen_by_anybody.returncode == 0, seen_by_anybody
    laptop.sets("uninstall")
    assert difference(before, snapshot()) == []
    assert os.listdir(laptop.state) == ["ca"]
    assert laptop.browsers("show").returncode == 1


def test_it_works_beside_the_authority_in_any_order(laptop):
    before = snapshot()
    put = {"ca": lambda: laptop.does("install"), "browsers": lambda: laptop.sets("install")}
    take = {"ca": lambda: laptop.does("uninstall"), "browsers": lambda: laptop.sets("uninstall")}
    for first, last in itertools.product(itertools.permutations(put), itertools.permutations(take)):
        for name in first:
            put[name]()
        assert laptop.firefox() == [trust_test.CRT] and firefox()["Proxy"]["Mode"] == "manual", (first, last)
        take[last[0]]()
        left = firefox()
        assert ("Certificates" in left, "Proxy" in left) == ((True, False) if last[0] == "browsers" else (False, True)), left
        assert "Preferences" in left or last[0] == "browsers", left
        take[last[1]]()
        assert difference(before, snapshot()) == [], (first, last)


def test_over_an_admins_file_too_in_any_order(laptop):
    write(FIREFOX, ADMIN, 0o640)
    before = snapshot()
    laptop.does("install")
    laptop.sets("install")
    laptop.does("uninstall")
    assert firefox()["DisableTelemetry"] is True and firefox()["Proxy"]["Mode"] == "manual"
    laptop.sets("uninstall")
    assert difference(before, snapshot()) == []


def test_where_an_admin_contradicts_ours_counts_until_it_is_taken_away(laptop):
    write(FIREFOX, b'{"policies" : {"Proxy":{ "Mode": "none" }, "ExtensionSettings": {"a@b.c": {"installation_mode": "allowed"}},\n'
                   b' "DisablePrivateBrowsing" : true}}')
    write(CHROMIUM[0] + "/school.json", b'{"ProxySettings": {"ProxyMode": "direct"}, "HomepageLocation": "https://moodle.example/"}')
    before = snapshot()
    assert laptop.state_of("Firefox", "proxy") == [("changed", FIREFOX, 'changed by others: it says { "Mode": "none" }')]
    laptop.sets("install")
    policies = firefox()
    assert policies["Proxy"]["Mode"] == "manual" and policies["ExtensionSettings"]["*"]["installation_mode"] == "blocked"
    assert policies["ExtensionSettings"]["a@b.c"] == {"installation_mode": "allowed"}
    assert {item["state"] for item in laptop.items()} == {"in place"}
    laptop.sets("uninstall")
    assert difference(before, snapshot()) == []


def test_what_others_change_meanwhile_is_told_and_stays(laptop):
    laptop.sets("install")
    changed = json.loads(read(FIREFOX))
    changed["policies"]["Proxy"] = {"Mode": "system"}
    changed["policies"]["Homepage"] = {"URL": "https://moodle.example/"}
    write(FIREFOX, json.dumps(changed).encode())
    later = CHROMIUM[0] + "/zz-later"  # Chromium reads every file, whatever its name
    write(later, b'{"QuicAllowed": true}')
    assert laptop.state_of("Firefox", "proxy") == [("changed", FIREFOX, 'changed by others: it says {"Mode": "system"}')]
    assert laptop.state_of("Chromium", "quic") == [("changed", later, "changed by others: it says true")]
    assert laptop.state_of("Chromium", "proxy")[0][0] == "in place"
    os.remove(f"{CHROMIUM[1]}/{OWN}")
    assert laptop.state_of("Google Chrome", "proxy")[0][0] == "missing"
    laptop.sets("uninstall")
    assert firefox() == {"Proxy": {"Mode": "system"}, "Homepage": {"URL": "https://moodle.example/"}}
    assert os.listdir(CHROMIUM[0]) == ["zz-later"]


def allow(laptop, *extensions):
    write(laptop.config + "/policy.yaml", f"cover: {{profile: strict, extensions: {json.dumps(extensions)}}}\n".encode())


def test_extensions_go_to_the_browser_that_knows_them(laptop):
    allow(laptop, CHROMIUM_ID, FIREFOX_ID)
    laptop.sets("install")
    assert set(json.loads(read(f"{CHROMIUM[0]}/{OWN}"))["ExtensionSettings"]) == {"*", CHROMIUM_ID}
    assert set(firefox()["ExtensionSettings"]) == {"*", FIREFOX_ID}
    assert laptop.browsers("show").returncode == 0
    allow(laptop)
    laptop.sets("install")
    assert set(firefox()["ExtensionSettings"]) == {"*"}
    allow(laptop, "ublock")
    wrong = laptop.browsers("install")
    assert wrong.returncode == 3 and "policy.yaml:1" in wrong.stderr and "ublock" in wrong.stderr, wrong
    allow(laptop)


def test_only_people_get_the_proxy_from_the_shell(laptop):
    laptop.sets("install", "--proxy", "127.0.0.1:4128")

    def told(user):
        done = subprocess.run(["setpriv", "--reuid", user, "--clear-groups", "env", "-i", "PATH=/usr/bin:/bin", "sh", "-c", f". {SHELL}; env"],
                              capture_output=True, text=True, check=True)
        return {line for line in done.stdout.splitlines() if "proxy" in line.lower()}
    assert told("0") == told("999") == set()
    person = told("1000")
    assert person == {f"{name}=http://127.0.0.1:4128" for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")} | {
        f"{name}=localhost,127.0.0.1,::1" for name in ("no_proxy", "NO_PROXY")}, person
    session = read(SESSION).decode()
    assert set(session.splitlines()[1:]) == person
    for path in (SHELL, SESSION):
        assert read(path).decode().startswith("# Made by Fairlead; 'fairlead browsers uninstall' takes it away.\n"), path


def test_lines_that_somebody_changed_are_named_and_left(laptop):
    laptop.sets("install")
    write(SHELL, read(SHELL).replace(b"3128", b"8080"))
    assert laptop.state_of("desktop", "shells") == [("changed", SHELL, "changed by others")]
    done = laptop.browsers("uninstall")
    assert done.returncode == 3 and f"{SHELL} was changed since it was made" in done.stderr, done
    assert os.path.exists(SHELL) and not os.path.exists(SESSION) and not os.path.exists(FIREFOX)
    os.remove(SHELL)
    laptop.sets("uninstall")


def test_gnome_has_the_proxy_locked(laptop):
    if not os.path.exists(DCONF):
        return "dconf-cli is not installed"
    home = laptop.folder + "/home"
    os.makedirs(home, exist_ok=True)
    settings = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_RUNTIME_DIR": home}

    def dconf(*words):
        return subprocess.run([DCONF, *words], capture_output=True, text=True, env=settings)
    before = snapshot()
    laptop.sets("install")
    assert dconf("read", "/system/proxy/mode").stdout == "'manual'\n"
    assert dconf("read", "/system/proxy/https/port").stdout == "3128\n"
    assert "non-writable" in dconf("write", "/system/proxy/mode", "'none'").stderr
    laptop.sets("uninstall")
    assert difference(before, snapshot()) == []
    write(DCONF_PROFILE, b"user-db:user\nsystem-db:school")
    before = snapshot()
    laptop.sets("install")
    profile = [line for line in read(DCONF_PROFILE).decode().splitlines() if not line.startswith("#")]
    assert profile == ["user-db:user", "system-db:school", "system-db:fairlead"], profile
    laptop.sets("install")
    laptop.sets("uninstall")
    assert difference(before, snapshot()) == []
    return None


def test_firefox_policies_beside_the_program_are_not_shadowed(laptop):
    write(BESIDE, ADMIN)
    before = snapshot()
    laptop.sets("install")
    assert firefox(BESIDE)["Proxy"]["Mode"] == "manual" and not os.path.exists(FIREFOX)
    write(FIREFOX, b'{"policies": {"DisableTelemetry": true}}')  # from now on this one alone is read
    assert laptop.state_of("Firefox", "proxy")[0][0] == "missing"
    laptop.sets("install")
    assert read(BESIDE) == ADMIN and firefox()["Proxy"]["Mode"] == "manual"
    laptop.sets("uninstall")
    assert read(FIREFOX) == b'{"policies": {"DisableTelemetry": true}}'
    shutil.rmtree("/etc/firefox")
    assert difference(before, snapshot()) == []


def test_a_file_with_a_mistake_is_named_and_keeps_the_others_from_nothing(laptop):
    write(FIREFOX, b'{"policies": {"DisableTelemetry": true,}}')
    before = snapshot()
    done = laptop.browsers("install")
    assert done.returncode == 3 and FIREFOX + ": this is no JSON object" in done.stderr, done
    assert laptop.state_of("Chromium", "proxy")[0][0] == "in place"
    laptop.sets("uninstall")
    assert difference(before, snapshot()) == []


def test_only_the_administrator_changes_them(laptop):
    before = snapshot()
    os.chmod(laptop.folder, 0o755)
    done = laptop.browsers("install", user="nobody")
    assert done.returncode == 3 and "as root" in done.stderr, done
    assert difference(before, snapshot()) == []


def test_firefox_has_every_key_in_its_schema(laptop):
    # Firefox itself lets keys pass that it does not know, inside of policies that it knows.
    if not os.path.exists(FIREFOX_SCHEMA):
        return "there is no Firefox ESR"
    with zipfile.ZipFile(FIREFOX_SCHEMA) as archive:
        schema = json.loads(archive.read("modules/policies/policies-schema.json"))
    allow(laptop, FIREFOX_ID)
    laptop.sets("install")
    for name, value in firefox().items():
        known = schema["properties"][name]
        kinds = {"boolean": bool, "number": int, "object": dict}
        assert isinstance(value, kinds[known["type"]]), (name, value)
        for key in value if isinstance(value, dict) and name not in ("Preferences", "ExtensionSettings") else []:
            assert key in known["properties"], (name, key)
    assert firefox()["ExtensionSettings"]["*"].keys() <= schema["properties"]["ExtensionSettings"]["properties"]["*"]["properties"].keys()
    return None


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    with tempfile.TemporaryDirectory(prefix="fairlead-settings.") as folder:
        restore = trust_test.mount_copies(folder)
        for name, test in [(name, test) for name, test in globals().items() if name.startswith("test_")]:
            said = name[5:].replace("_", " ")
            try:
                why = test(Laptop(folder, name))
                counts["skipped" if why else "passed"] += 1
                print(f"SKIPPED {said}: {why}" if why else f"ok      {said}")
            except Exception:
                counts["failed"] += 1
                print("FAILED ", said)
                traceback.print_exc(file=sys.stdout)
            restore()
        subprocess.run(["umount", "-R", "-l", folder], check=True)
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
