"""The hub's package on a server of its own. For package_test.py."""
import os, shutil, sqlite3, tempfile

from laptop import Skipped, of_version, wait_for
from small_debian import sh

CONF, STATE = "/etc/fairlead-hub.conf", "/var/lib/fairlead-hub"
UNIT = "/lib/systemd/system/fairlead-hub.service"
EXPORT_UNIT = "/lib/systemd/system/fairlead-hub-export.service"


def the_hub_is_a_package_of_its_own(package, hub):
    def field(of, name):
        return sh("dpkg-deb", "-f", of, name).stdout
    assert "libpq5" in field(hub, "Depends") and "libpq5" not in field(package, "Depends"), "a laptop pays for the hub"
    assert field(hub, "Conflicts").strip() == "fairlead" and field(package, "Conflicts").strip() == "fairlead-hub"
    files = [line.split()[5][1:] for line in sh("dpkg-deb", "-c", hub).stdout.splitlines()]
    assert [name for name in files if name.startswith(("/etc/", "/lib/systemd/")) and not name.endswith("/")] == [CONF, EXPORT_UNIT, UNIT], files
    assert sh("dpkg-deb", "-I", hub, "conffiles").stdout.split() == [CONF]
    if shutil.which("lintian"):
        said = sh("lintian", "--allow-root", "--fail-on", "error", "--profile", "debian", hub, check=False)
        assert said.returncode == 0, said.stdout
        print(said.stdout)


def needs_systemd(laptop):
    if not laptop.os.booted:
        raise Skipped("systemd cannot be booted here: " + laptop.os.why_not)


def shows(laptop, name):
    return laptop.os.run("systemctl", "show", "-P", name, "fairlead-hub").stdout.strip()


def answers(laptop):
    done = laptop.os.run("curl", "-s", "--max-time", "5", "--cacert", STATE + "/authority.pem", "https://127.0.0.1:8443/v1/authority", check=False)
    return "BEGIN CERTIFICATE" in done.stdout


def codes(laptop):
    with sqlite3.connect(f"file:{laptop.os.path(STATE)}/hub.db?mode=ro", uri=True) as database:
        return database.execute("SELECT count(*) FROM codes").fetchone()[0]


def the_hub_waits_for_its_authority(laptop):
    said = laptop.install()
    assert "'fairlead hub init --organisation NAME'" in said, said
    assert laptop.os.owner(STATE) == ("fairlead-hub", "0o700"), laptop.os.owner(STATE)
    account = laptop.os.run("getent", "passwd", "fairlead-hub").stdout.strip().split(":")
    assert account[5:] == [STATE, "/usr/sbin/nologin"] and int(account[2]) < 1000, account
    if laptop.os.booted:
        assert shows(laptop, "ActiveState") == "inactive" and shows(laptop, "UnitFileState") == "enabled"
        assert laptop.net() == "" and laptop.visit() == "000", "it filters"


def root_makes_the_authority_for_the_hub(laptop):
    laptop.os.write(CONF, laptop.os.read(CONF).replace(b"HUB_HOST=\n", b"HUB_HOST=127.0.0.1\n"))
    laptop.os.run("fairlead", "hub", "init", "--organisation", "Example Trades")
    for name in ("authority.key", "hub.db"):
        assert laptop.os.owner(f"{STATE}/{name}") == ("fairlead-hub", "0o600"), laptop.os.owner(f"{STATE}/{name}")


def the_hub_answers_and_comes_back(laptop):
    needs_systemd(laptop)
    laptop.os.run("systemctl", "start", "fairlead-hub")  # returns once it has said that it is ready
    assert answers(laptop)
    status = laptop.os.run("cat", f"/proc/{shows(laptop, 'MainPID')}/status").stdout
    of = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert of["Uid"].split() == [laptop.os.run("id", "-u", "fairlead-hub").stdout.strip()] * 4, of["Uid"]
    assert all(int(of[name], 16) == 0 for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb")) and of["Seccomp"] == "2", of
    laptop.os.run("systemctl", "restart", "fairlead-hub")
    assert answers(laptop)
    main = shows(laptop, "MainPID")
    laptop.os.run("systemctl", "kill", "--kill-whom=main", "-s", "KILL", "fairlead-hub")
    wait_for(lambda: shows(laptop, "MainPID") not in ("0", main) and answers(laptop))
    laptop.os.run("fairlead", "hub", "code", "--uses", "5")
    assert codes(laptop) == 1


def it_speaks_to_postgresql_from_where_it_is_locked_in(laptop):
    """libpq is loaded only now, under the unit's restrictions; nobody listens there."""
    needs_systemd(laptop)
    service = laptop.os.read(UNIT).decode().partition("[Service]\n")[2].partition("[Install]")[0]
    flags = [word for line in service.splitlines() if "=" in line and line.startswith(
        ("User", "Capab", "Ambient", "NoNew", "UMask", "Keyring", "Lock", "Tasks", "Protect", "Private", "Device", "Proc", "Remove", "Memory", "Restrict",
         "SystemCall")) for word in ("-p", line)]
    done = laptop.os.run("systemd-run", "-q", "--wait", "--pipe", *flags, "fairlead", "hub", "devices", "--store", "postgresql://127.0.0.1:9/none",
                         check=False)
    assert done.returncode == 3 and "Connection refused" in done.stderr, done


def an_upgrade_of_the_hub_keeps_what_it_has(laptop):
    key, conf = laptop.os.read(STATE + "/authority.key"), laptop.os.read(CONF)
    laptop.install(of_version(laptop.package, "0.1.1-1", [CONF]), "-o", "Dpkg::Options::=--force-confold")
    assert laptop.os.read(STATE + "/authority.key") == key and laptop.os.read(CONF) == conf
    if laptop.os.booted:
        assert answers(laptop) and codes(laptop) == 1


def a_backup_is_all_that_another_hub_needs(laptop):
    laptop.os.run("fairlead", "hub", "backup", STATE + "/copy")
    key = laptop.os.read(STATE + "/authority.key")
    with tempfile.TemporaryDirectory() as kept:
        shutil.copytree(laptop.os.path(STATE + "/copy"), kept + "/copy")
        laptop.apt("purge", "fairlead-hub")
        assert not os.path.exists(laptop.os.path(STATE))
        laptop.install()
        laptop.os.run("systemctl", "stop", "fairlead-hub", check=False)
        for name in os.listdir(kept + "/copy"):  # as the page for the admin says
            shutil.copy(f"{kept}/copy/{name}", laptop.os.path(f"{STATE}/{name}"))
    laptop.os.run("chown", "-R", "fairlead-hub:", STATE)
    laptop.os.write(CONF, laptop.os.read(CONF).replace(b"HUB_HOST=\n", b"HUB_HOST=127.0.0.1\n"))
    assert laptop.os.read(STATE + "/authority.key") == key
    if laptop.os.booted:
        laptop.os.run("systemctl", "start", "fairlead-hub")
        assert answers(laptop) and codes(laptop) == 1


def removal_of_the_hub_keeps_its_data(laptop):
    laptop.apt("remove", "fairlead-hub")
    assert b"BEGIN" in laptop.os.read(STATE + "/authority.key")
    assert not laptop.os.booted or not answers(laptop)


INSTALLED = [the_hub_waits_for_its_authority, root_makes_the_authority_for_the_hub, the_hub_answers_and_comes_back,
             it_speaks_to_postgresql_from_where_it_is_locked_in, an_upgrade_of_the_hub_keeps_what_it_has, a_backup_is_all_that_another_hub_needs,
             removal_of_the_hub_keeps_its_data]
