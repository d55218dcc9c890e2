"""The Debian package, looked at and then installed, upgraded, removed and purged in a small Debian 12. Run by ./run."""
import gzip, json, os, re, shutil, subprocess, sys, tempfile, time, traceback

import hub_package, small_debian
from hub_package import the_hub_is_a_package_of_its_own
from laptop import BLOCKED, BUILD, GAMBLING, GAMES, POLICY, TOP, Count, Laptop, Skipped, build, needed_by, read, wait_for
from small_debian import sh

ANSWERS = TOP + "/installer/deb/policy-answers"
SHIPPED = TOP + "/categories/policy.yaml"
NAME, STAFF = 'O\'Brien & Söhne: "Bau" \\ #1', "teachers, office staff"
STORES = ["/usr/local/share/ca-certificates/fairlead.crt", "/etc/chromium/policies/managed/fairlead.json",
          "/etc/firefox/policies/policies.json"]
EDIT = b"\n# Edited by the admin.\n"


# --- the package by itself ---

def listed(package):
    lines = sh("dpkg-deb", "-c", package).stdout.splitlines()
    return {line.split(None, 5)[5].split(" -> ")[0].lstrip("."): line.split()[:2] for line in lines}


def every_file_below_etc_is_a_conffile(package):
    named = set(sh("dpkg-deb", "-I", package, "conffiles").stdout.split())
    files = {name for name, (mode, _) in listed(package).items() if name.startswith("/etc/") and mode.startswith("-")}
    assert named == files, named ^ files
    for name in ("content/hate", "contact/dating", "conduct/gambling", "protected", "lists", "signposts", "carriers", "safe_search"):
        assert f"/etc/fairlead/{name}.yaml" in named, name
    assert POLICY not in named, "it holds answers, and is ucf's"


def everything_belongs_to_root_and_only_programs_run(package):
    for name, (mode, owner) in listed(package).items():
        assert owner == "root/root", (name, owner)
        programs = ("/usr/bin/fairlead", "/usr/lib/fairlead/policy-answers")
        expected = {"d": "drwxr-xr-x", "l": "lrwxrwxrwx"}.get(mode[0], "-rwxr-xr-x" if name in programs else "-rw-r--r--")
        assert mode == expected, (name, mode)


def lintian_finds_no_error(package):
    if not shutil.which("lintian"):
        raise Skipped("lintian is not installed")
    done = sh("lintian", "--allow-root", "--fail-on", "error", "--profile", "debian", package, check=False)
    print(done.stdout + done.stderr)
    assert done.returncode == 0, done.stdout


def the_units_are_hardened(_):
    for name, most in (("systemd/fairlead", 15), ("systemd/fairlead-cover", 25), ("systemd/fairlead-check", 20), ("hub/fairlead-hub", 15),
                       ("hub/fairlead-hub-export", 15)):
        unit = f"{TOP}/installer/{name}.service"
        done = sh("systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={most}", unit, check=False)
        assert done.returncode == 0, done.stdout[-300:] + done.stderr
        print(done.stdout.strip().splitlines()[-1])


def the_manual_names_every_command(package):
    agent = BUILD + "/agent/fairlead"
    with tempfile.TemporaryDirectory() as folder:
        sh("dpkg-deb", "-x", package, folder)
        page = gzip.decompress(read(folder + "/usr/share/man/man1/fairlead.1.gz")).decode().replace("\\-", "-")

    def commands(*path):
        said = sh(agent, *path, "--help").stdout
        return re.findall(r"^  ([a-z-]+) ", said.partition("\nSubcommands:\n")[2], re.MULTILINE)
    for command in commands():
        parts = commands(command)
        for name in [f"{command} {part}" for part in parts] or [command]:
            assert re.search(rf'^\.B[IR]? (|.*[" ]){name}\b', page, re.MULTILINE), name
    assert sh("man", "--warnings", "-l", TOP + "/installer/deb/fairlead.1").stderr == ""


def completion_knows_commands_and_options(_):
    script = """source "$1"; shift; PATH=$1:$PATH; shift; cd /
        complete_for() { COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _fairlead; echo "${COMPREPLY[@]}"; }
        complete_for fairlead re; complete_for fairlead rules ""; complete_for fairlead user add --role ""; complete_for fairlead ca create --dev"""
    said = sh("bash", "-c", script, "bash", TOP + "/installer/deb/completion", BUILD + "/agent").stdout.splitlines()
    assert said[0] == "report reload", said
    assert set(said[1].split()) >= {"lint", "test", "build", "rollback"}, said
    assert said[2] == "lead it viewer" and said[3] == "--device", said


def answers_change_two_lines_and_nothing_else(_):
    def ask(*words):
        return subprocess.run([ANSWERS, *words], capture_output=True)
    with tempfile.TemporaryDirectory() as folder:
        file = folder + "/policy.yaml"

        def put(data):
            with open(file, "wb") as out:
                out.write(data)
        shipped = read(SHIPPED)
        for ends in (b"\n", b"\r\n"):
            put(shipped.replace(b"\n", ends))
            for name, groups in ((NAME, STAFF), ("Acme", ""), ("Élan", "DOM\\staff, yes"), ("A" * 200, "a,b ,  c")):
                done = ask("set", name, groups, file)
                assert done.returncode == 0, done
                before, after = read(file).split(b"\n"), done.stdout.split(b"\n")
                changed = [number for number, (one, other) in enumerate(zip(before, after)) if one != other]
                assert len(before) == len(after) and len(changed) == 2, changed
                put(done.stdout)
                assert ask("organisation", file).stdout.decode() == name + "\n"
                assert ask("staff-groups", file).stdout.decode() == ", ".join(one.strip() for one in groups.split(",")) + "\n"
                assert ask("set", name, groups, file).stdout == done.stdout, "the same answers change nothing"
                done = sh(BUILD + "/agent/fairlead", "rules", "lint", "--config", with_policy(folder, read(file)), "--state", folder,
                          check=False)
                assert done.returncode == 0, done
                put(shipped.replace(b"\n", ends))
        # What was written in another way is left to people.
        for name in ("", " ", "two\nlines", "tab\there", "A" * 201, b"\xff"):
            assert ask("set", name, "staff", SHIPPED).returncode == 2, name
        for old, new in ((b"organisation: Multi", b"organization: Multi"), (b"organisation: Multi Trades Training", b"organisation: >-\n  Multi"),
                         (b"\n  staff:\n", b"\n  employees:\n"), (b"os_groups: [staff]", b"os_groups:\n      - staff"),
                         (b"\ngroups:\n", b"\ngroups: {}\nothers:\n"), (b"version:", b"organisation: Twice\nversion:")):
            assert shipped.count(old) == 1, old
            put(shipped.replace(old, new))
            done = ask("set", "Acme", "staff", file)
            assert done.returncode == 1 and done.stdout == b"", (old, done)


def with_policy(folder, policy):
    made = folder + "/config"
    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(TOP + "/categories", made)
    with open(made + "/policy.yaml", "wb") as file:
        file.write(policy)
    return made


# --- the package in a small Debian ---

def it_installs_without_a_question(laptop):
    laptop.answer(organisation=NAME, staff_groups=STAFF, authority="true")
    said = laptop.install()
    assert "fairlead:" not in said.replace("fairlead:amd64", ""), said
    assert laptop.os.run("dpkg-query", "-W", "-f", "${db:Status-Abbrev}", "fairlead").stdout.strip() == "ii"


def the_answers_are_in_the_policy(laptop):
    policy, shipped = laptop.os.read(POLICY).split(b"\n"), read(SHIPPED).split(b"\n")
    changed = [(one, other) for one, other in zip(shipped, policy) if one != other]
    assert len(policy) == len(shipped) and len(changed) == 2, changed
    assert laptop.os.run("/usr/lib/fairlead/policy-answers", "organisation", POLICY).stdout == NAME + "\n"
    assert laptop.os.run("/usr/lib/fairlead/policy-answers", "staff-groups", POLICY).stdout == STAFF + "\n"
    said = laptop.os.run("fairlead", "rules", "lint").stdout
    assert "0 errors, 0 warnings" in said, said


def files_belong_to_whom_they_should(laptop):
    owner = laptop.os.owner
    assert owner("/var/lib/fairlead") == ("fairlead", "0o700"), owner("/var/lib/fairlead")
    assert owner("/etc/fairlead") == ("fairlead", "0o750"), owner("/etc/fairlead")
    assert owner(POLICY) == ("fairlead", "0o644") and owner(GAMBLING) == ("fairlead", "0o644"), owner(POLICY)
    assert owner("/var/lib/fairlead/ca/key.pem") == ("fairlead", "0o600"), owner("/var/lib/fairlead/ca/key.pem")
    account = laptop.os.run("getent", "passwd", "fairlead").stdout.strip().split(":")
    assert account[5:] == ["/var/lib/fairlead", "/usr/sbin/nologin"] and int(account[2]) < 1000, account
    assert laptop.os.run("cat", POLICY, user="robin", check=False).returncode != 0, "a learner reads the exceptions of others"


def programs_trust_the_authority(laptop):
    certificate = laptop.os.read("/var/lib/fairlead/ca/root.pem")
    assert laptop.os.read(STORES[0]) == certificate and certificate in laptop.os.read("/etc/ssl/certs/ca-certificates.crt")
    for store in STORES[1:]:
        assert laptop.holds_certificate(store), store
    assert NAME.split(":")[0].encode() in laptop.os.run("fairlead", "ca", "show").stdout.encode()


def the_service_runs_as_itself(laptop):
    laptop.running()
    assert laptop.shows("Type") == "notify" and laptop.shows("StatusText").startswith("rules "), laptop.shows("StatusText")
    assert laptop.os.run("systemctl", "is-enabled", "fairlead").stdout.strip() == "enabled"
    status = laptop.os.run("cat", f"/proc/{laptop.shows('MainPID')}/status").stdout
    of = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    uid = laptop.os.run("id", "-u", "fairlead").stdout.strip()
    assert of["Uid"].split() == [uid] * 4, of["Uid"]
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(of[name], 16) == 0, (name, of[name])
    assert of["NoNewPrivs"] == "1" and of["Seccomp"] == "2", of


def it_is_ready_when_it_says_so(laptop):
    laptop.running()
    for _ in range(3):
        laptop.os.run("systemctl", "restart", "fairlead")  # returns once the agent has said that it is ready
        assert laptop.visit() == "403", "not at once"


def it_knows_whose_connection_it_is(laptop):
    laptop.running()
    assert laptop.visit("robin") == "403" and laptop.visit("kim") == "403"
    wait_for(lambda: {event["person"] for event in laptop.events()} >= {"robin", "kim"})
    groups = {event["person"]: event["group"] for event in laptop.events()}
    assert groups["kim"] == "staff" and groups["robin"] == "learners", groups


def a_blocked_https_site_shows_the_page(laptop):
    laptop.running()
    page = laptop.ask("-x", "http://127.0.0.1:3128", "-w", "%{http_code}", BLOCKED.replace("http:", "https:"))
    assert page.stdout.endswith("403") and "Gambling" in page.stdout, page


def root_leaves_nothing_that_the_agent_cannot_read(laptop):
    laptop.os.run("fairlead", "user", "add", "lee", "--role", "lead", input="a long enough password 71\n")
    laptop.os.run("fairlead", "rules", "build")
    for folder, folders, files in os.walk(laptop.os.path("/var/lib/fairlead")):
        for name in files + folders:
            path = os.path.join(folder, name)[len(laptop.os.root):]
            assert laptop.os.owner(path)[0] == "fairlead" or path == "/var/lib/fairlead/changed-files.json", path


def a_forged_record_moves_no_file_of_root(laptop):
    record = "/var/lib/fairlead/changed-files.json"
    kept = laptop.os.read(record)
    edits = [{"purpose": "authority", "kind": "value", "keys": ["a"], "value": "1"}]
    forged = json.dumps({"/etc/forged": {"before": "forged", "folders": [], "edits": edits}})
    laptop.os.run("sh", "-c", f"rm -f {record} && cat >{record} && chmod 600 {record}", user="fairlead", input=forged)
    laptop.os.write("/etc/forged", b"{}\n")
    done = laptop.os.run("fairlead", "ca", "uninstall", check=False)
    assert done.returncode == 3 and "belongs to neither" in done.stderr, done
    assert laptop.os.read("/etc/forged") == b"{}\n"
    os.remove(laptop.os.path("/etc/forged"))
    os.remove(laptop.os.path(record))
    laptop.os.write(record, kept)
    os.chmod(laptop.os.path(record), 0o600)


def everybody_may_ask_how_it_is(laptop):
    laptop.running()
    made = laptop.os.run("stat", "-c", "%U %a", "/run/fairlead", "/run/fairlead/control.sock").stdout.split()
    assert made == ["fairlead", "755", "fairlead", "666"], made
    status = json.loads(laptop.os.run("fairlead", "status", "--json", user="robin").stdout)
    assert status["rules"]["categories"] > 0 and "warnings" not in status, status
    events = len(laptop.events())
    for user, group in (("robin", "learners"), ("kim", "staff")):
        said = laptop.os.run("fairlead", "self-check", user=user, check=False)
        assert said.returncode in (0, 1) and f" for {group}: " in said.stdout, said
        assert re.search(r"(?m)^closed +through-proxy", said.stdout), said.stdout
    assert len(laptop.events()) == events, "a self-check looks like a visit"
    assert laptop.os.run("fairlead", "pause", "--minutes", "5", "--because", "x", user="robin", check=False).returncode == 3


def the_timer_tells_whether_anything_gets_past(laptop):
    laptop.running()
    assert laptop.os.run("systemctl", "is-enabled", "fairlead-check.timer").stdout.strip() == "enabled"
    assert laptop.os.run("systemctl", "is-active", "fairlead-check.timer").stdout.strip() == "active"
    laptop.os.run("systemctl", "start", "fairlead-check.service")
    cover = json.loads(laptop.os.run("fairlead", "status", "--json").stdout)["cover"]
    assert cover["reported"] and cover["state"] in ("covered", "open"), cover


def it_comes_back_when_it_is_killed(laptop):
    laptop.running()
    main = laptop.shows("MainPID")
    laptop.os.run("systemctl", "kill", "--kill-whom=main", "-s", "KILL", "fairlead")
    wait_for(lambda: laptop.shows("MainPID") not in ("0", main) and laptop.visit() == "403")


def it_comes_back_when_it_stands_still(laptop):
    laptop.running()
    drop_in = "/etc/systemd/system/fairlead.service.d"
    os.makedirs(laptop.os.path(drop_in))
    laptop.os.write(drop_in + "/short.conf", b"[Service]\nWatchdogSec=2\n")
    laptop.os.run("systemctl", "daemon-reload")
    laptop.os.run("systemctl", "restart", "fairlead")
    main = laptop.shows("MainPID")
    time.sleep(5)  # while it is well, its watchdog is quiet
    assert laptop.shows("MainPID") == main and laptop.visit() == "403"
    laptop.os.run("systemctl", "kill", "--kill-whom=main", "-s", "STOP", "fairlead")
    wait_for(lambda: laptop.shows("MainPID") not in ("0", main) and laptop.visit() == "403", 20)
    shutil.rmtree(laptop.os.path(drop_in))
    laptop.os.run("systemctl", "daemon-reload")
    laptop.os.run("systemctl", "restart", "fairlead")


def it_writes_only_where_it_should(laptop):
    laptop.running()
    flags = ["-p", "User=fairlead"]
    unit = laptop.os.read("/lib/systemd/system/fairlead.service").decode()
    for line in unit.partition("[Service]\n")[2].partition("[Install]")[0].splitlines():
        name, _, value = line.partition("=")
        if line and line[0] != "#" and name not in ("Type", "NotifyAccess", "ExecStart", "ExecReload", "Restart", "RestartSec", "WatchdogSec",
                                                    "TimeoutStartSec", "User", "StateDirectory", "StateDirectoryMode",
                                                    "RuntimeDirectory", "RuntimeDirectoryMode"):
            flags += ["-p", line]
    flags += ["-p", "ReadWritePaths=/var/lib/fairlead"]
    tried = "for d in etc/fairlead var/lib/fairlead etc usr home run root; do f=/$d/x; (: >$f) 2>/dev/null && echo $f && rm $f; done; true"
    done = laptop.os.run("systemd-run", "-q", "--wait", "--pipe", *flags, "sh", "-c", tried, check=False)
    assert done.stdout.split() == ["/etc/fairlead/x", "/var/lib/fairlead/x"], done


def the_net_is_there_from_the_start(laptop):
    laptop.running()
    for unit in ("service", "timer", "path"):
        assert laptop.os.run("systemctl", "is-enabled", f"fairlead-cover.{unit}").stdout.strip() == "enabled", unit
    assert "3130" in laptop.net(), laptop.os.run("journalctl", "-u", "fairlead-cover", "-n", "20", "--no-pager").stdout
    assert laptop.os.run("systemctl", "show", "-P", "Result", "fairlead-cover").stdout.strip() == "success"
    assert "network-pre.target" in laptop.os.run("systemctl", "show", "-P", "Before", "fairlead-cover").stdout.split()
    said = laptop.os.run("systemd-analyze", "verify", "--man=no", "fairlead-cover.service", check=False)
    assert said.returncode == 0 and said.stderr == "", said


def the_net_comes_back_and_follows_the_laptop(laptop):
    laptop.running()
    by_timer = 90  # at the latest: a change while the service runs is not seen by the path unit
    laptop.os.run("nft", "flush", "ruleset")
    wait_for(lambda: "3130" in laptop.net(), by_timer)
    resolv_conf = laptop.os.read("/etc/resolv.conf")
    laptop.os.write("/etc/resolv.conf", b"nameserver 192.0.2.77\n")
    wait_for(lambda: "192.0.2.77" in laptop.net(), by_timer)
    laptop.os.write("/etc/resolv.conf", resolv_conf)
    policy = laptop.os.read(POLICY)
    laptop.os.write(POLICY, policy.replace(b"exempt: [], open: []", b"exempt: [robin], open: []"))
    wait_for(lambda: "192.0.2.77" not in laptop.net() and "1000-" not in laptop.net(), by_timer)
    laptop.os.write(POLICY, policy)
    wait_for(lambda: "1000-" in laptop.net(), by_timer)


def an_upgrade_keeps_edits_and_events(laptop):
    for name in (GAMBLING, POLICY):
        laptop.os.write(name, laptop.os.read(name) + EDIT)
    policy, events = laptop.os.read(POLICY), len(laptop.events()) if laptop.os.booted else 0
    key = laptop.os.read("/var/lib/fairlead/ca/key.pem")
    begin = time.monotonic()
    laptop.install(laptop.upgraded("0.1.1-1"), "-o", "Dpkg::Options::=--force-confold")
    assert time.monotonic() - begin < 18, "the agent had to be killed: it was told to stop while it read the changed files"
    assert laptop.os.read(GAMBLING).endswith(EDIT), "the admin's edit is gone"
    assert laptop.os.read(GAMES).endswith(b"# Shipped with 0.1.1-1.\n"), "a file that nobody edited stays old"
    assert laptop.os.read(POLICY) == policy, "policy.yaml was changed"
    assert laptop.os.read("/var/lib/fairlead/ca/key.pem") == key
    assert laptop.os.owner(GAMES) == ("fairlead", "0o644"), laptop.os.owner(GAMES)
    programs_trust_the_authority(laptop)
    if laptop.os.booted:
        laptop.running()
        assert len(laptop.events()) == events
        assert laptop.os.run("fairlead", "events", "verify").returncode == 0
        assert laptop.visit() == "403"


def an_upgrade_makes_no_authority_that_was_removed(laptop):
    laptop.os.run("fairlead", "ca", "remove")
    laptop.install(laptop.upgraded("0.1.2-1"), "-o", "Dpkg::Options::=--force-confold")
    assert not os.path.exists(laptop.os.path("/var/lib/fairlead/ca/root.pem"))
    assert not any(laptop.holds_certificate(store) for store in STORES)
    laptop.os.run("fairlead", "ca", "create")
    laptop.os.run("fairlead", "ca", "install")
    programs_trust_the_authority(laptop)


def other_answers_change_their_lines_alone(laptop):
    before = laptop.os.read(POLICY).split(b"\n")
    # dpkg-reconfigure shows what the file says; the answer is given as a person would, by way of an editor front end.
    editor = "#!/bin/sh\nsed -i 's/^fairlead\\/organisation=.*/fairlead\\/organisation=\"Another Name\"/' \"$1\"\n"
    laptop.os.write("/var/tmp/editor", editor.encode())
    os.chmod(laptop.os.path("/var/tmp/editor"), 0o755)
    done = laptop.os.run("dpkg-reconfigure", "-feditor", "fairlead", env=["DEBIAN_FRONTEND=editor", "EDITOR=/var/tmp/editor", "TERM=dumb"],
                         stdin=subprocess.DEVNULL, check=False)
    after = laptop.os.read(POLICY).split(b"\n")
    changed = [other for one, other in zip(before, after) if one != other]
    assert len(before) == len(after) and changed == [b'organisation: "Another Name"'], (changed, done)
    assert laptop.os.owner(POLICY) == ("fairlead", "0o644"), laptop.os.owner(POLICY)


def removal_keeps_data_and_takes_trust_away(laptop):
    policy = laptop.os.read(POLICY)
    laptop.apt("remove", "fairlead")
    assert not any(laptop.holds_certificate(store) for store in STORES)
    assert b"BEGIN" in laptop.os.read("/var/lib/fairlead/ca/key.pem") and laptop.os.read(POLICY) == policy
    assert laptop.os.read(GAMBLING).endswith(EDIT)
    if laptop.os.booted:
        assert os.path.exists(laptop.os.path("/var/lib/fairlead/events"))
        assert laptop.visit() == "000", "something still answers"
        assert laptop.net() == "", "the web still leads to the filter that is gone"


def what_comes_back_is_as_it_was(laptop):
    key, policy = laptop.os.read("/var/lib/fairlead/ca/key.pem"), laptop.os.read(POLICY)
    laptop.install(laptop.upgraded("0.1.2-1"), "-o", "Dpkg::Options::=--force-confold")
    assert laptop.os.read("/var/lib/fairlead/ca/key.pem") == key and laptop.os.read(POLICY) == policy
    programs_trust_the_authority(laptop)
    if laptop.os.booted:
        laptop.running()
        assert laptop.visit() == "403" and "3130" in laptop.net()


def a_purge_leaves_nothing_behind(laptop, package="fairlead"):
    laptop.apt("purge", package)
    after = laptop.os.inventory()
    differ = sorted(path for path in laptop.before.keys() | after.keys() if laptop.before.get(path) != after.get(path))
    assert not differ, [(path, laptop.before.get(path), after.get(path)) for path in differ[:20]]
    for name in os.listdir(laptop.os.path("/var/tmp")):
        if os.path.isfile(laptop.os.path("/var/tmp/" + name)):
            os.remove(laptop.os.path("/var/tmp/" + name))
    assert laptop.os.names_us() == [], laptop.os.names_us()
    if laptop.os.booted:
        assert laptop.net() == ""


def untouched_files_follow_an_upgrade_and_purge_cleans_a_running_one(laptop):
    laptop.answer(organisation="Plain Ltd", staff_groups="staff", authority="false")
    laptop.install()
    assert not os.path.exists(laptop.os.path("/var/lib/fairlead/ca")), "an authority that nobody wanted"
    laptop.install(laptop.upgraded("0.1.1-1"))  # nobody is there to be asked, and nothing needs to be
    policy = laptop.os.read(POLICY)
    assert policy.endswith(b"# Shipped with 0.1.1-1.\n") and b'\norganisation: "Plain Ltd"\n' in policy, policy[-100:]
    assert laptop.os.read(GAMBLING).endswith(b"# Shipped with 0.1.1-1.\n")
    assert laptop.os.owner(POLICY) == ("fairlead", "0o644"), laptop.os.owner(POLICY)
    a_purge_leaves_nothing_behind(laptop)


BY_ITSELF = [every_file_below_etc_is_a_conffile, everything_belongs_to_root_and_only_programs_run, lintian_finds_no_error,
             the_units_are_hardened, the_manual_names_every_command, completion_knows_commands_and_options,
             answers_change_two_lines_and_nothing_else]
INSTALLED = [it_installs_without_a_question, the_answers_are_in_the_policy, files_belong_to_whom_they_should, programs_trust_the_authority,
             the_service_runs_as_itself, it_is_ready_when_it_says_so, it_knows_whose_connection_it_is, a_blocked_https_site_shows_the_page,
             root_leaves_nothing_that_the_agent_cannot_read, a_forged_record_moves_no_file_of_root, everybody_may_ask_how_it_is,
             the_timer_tells_whether_anything_gets_past, it_comes_back_when_it_is_killed,
             it_comes_back_when_it_stands_still, it_writes_only_where_it_should, the_net_is_there_from_the_start,
             the_net_comes_back_and_follows_the_laptop, an_upgrade_keeps_edits_and_events,
             an_upgrade_makes_no_authority_that_was_removed, other_answers_change_their_lines_alone, removal_keeps_data_and_takes_trust_away,
             what_comes_back_is_as_it_was, a_purge_leaves_nothing_behind, untouched_files_follow_an_upgrade_and_purge_cleans_a_running_one]


def the_hub_leaves_nothing_behind_either(laptop):
    a_purge_leaves_nothing_behind(laptop, "fairlead-hub")


INSTALLED_HUB = [*hub_package.INSTALLED, the_hub_leaves_nothing_behind_either]


def main():
    count = Count()
    try:
        package, hub = build()
    except (AssertionError, OSError):
        traceback.print_exc(file=sys.stdout)
        print("0 passed, 1 failed, 0 skipped")
        return 1
    for test in BY_ITSELF:
        count.test(test, package)
    count.test(the_hub_is_a_package_of_its_own, package, hub)
    names = [test.__name__.replace("_", " ") for test in INSTALLED + INSTALLED_HUB]
    if os.geteuid() != 0:
        count.skip(names, "a Debian of its own needs root")
    elif not shutil.which("debootstrap"):
        count.skip(names, "debootstrap is not installed")
    else:
        try:
            base = small_debian.make(TOP + "/build/package-root", needed_by(package, hub))
        except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
            count.skip(names, f"no small Debian could be made: {error}")
        else:
            small_debian.enter_mounts()
            laptop = Laptop(base, package)
            laptop.before = laptop.os.inventory()
            print("a small Debian, " + ("booted with systemd" if laptop.os.booted else "in a chroot: " + laptop.os.why_not), flush=True)
            try:
                for test in INSTALLED:
                    count.test(test, laptop)
                laptop.package = hub
                for test in INSTALLED_HUB:
                    count.test(test, laptop)
            finally:
                laptop.os.close()
    print(f"{count.passed} passed, {count.failed} failed, {count.skipped} skipped")
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())
