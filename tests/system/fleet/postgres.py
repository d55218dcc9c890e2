"""PostgreSQL on loopback: a primary with a synchronous standby, killed and promoted as a test likes. Debian's package, and no server of
the machine's own is touched."""
import contextlib, glob, os, shutil, signal, subprocess, time

ACCOUNT = "postgres"


def programs():
    """The folder of its programs; None where it is not installed."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
    return found[-1] if found else None


class Server:
    def __init__(self, folder, port):
        self.data, self.port, self.process = folder, port, None
        self.log = open(folder + ".log", "ab")

    def tool(self, name, *arguments, **how):
        command = ["setpriv", "--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups", os.path.join(programs(), name), *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd="/", **how)

    def make(self):
        os.makedirs(self.data, mode=0o700)
        shutil.chown(self.data, ACCOUNT, ACCOUNT)
        made = self.tool("initdb", "-D", self.data, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        assert made.returncode == 0, made.stderr
        with open(self.data + "/pg_hba.conf", "a") as file:
            file.write("host replication all 127.0.0.1/32 trust\n")

    def start(self, *settings):
        options = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60", "shared_buffers=64MB",
                   "wal_sender_timeout=5s", "wal_recycle=off", *settings]
        # It ends with this process, however that ends.
        command = ["setpriv", "--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups", "--pdeathsig", "KILL", os.path.join(programs(), "postgres"), "-D",
                   self.data]
        for option in options:
            command += ["-c", option]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd="/", start_new_session=True)
        deadline = time.monotonic() + 300
        while self.tool("pg_isready", "-h", "127.0.0.1", "-p", str(self.port)).returncode != 0:
            assert self.process.poll() is None and time.monotonic() < deadline, "PostgreSQL does not start: see " + self.data + ".log"
            time.sleep(0.1)

    def kill(self):
        """As a power cut ends it: every process of it at once."""
        first = self.process.pid
        os.kill(first, signal.SIGSTOP)  # it begins no more of them
        with open(f"/proc/{first}/task/{first}/children") as file:
            others = [int(number) for number in file.read().split()]  # each in a process group of its own
        for process in (first, *others):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()
        # One that still holds the memory they shared would keep the next from beginning.
        deadline = time.monotonic() + 300
        while any(os.path.exists(f"/proc/{process}") for process in others):
            assert time.monotonic() < deadline, "PostgreSQL does not end"
            time.sleep(0.02)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def sql(self, text, database="postgres"):
        done = self.tool("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", ACCOUNT, "-d", database, "-X", "-q", "-t", "-A", "-c", text)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


class Pair:
    """What is committed is on both disks."""

    def __init__(self, work):
        shutil.chown(work, ACCOUNT, ACCOUNT)
        self.first, self.second = Server(work + "/primary", 5433), Server(work + "/standby", 5434)
        self.first.make()
        self.first.start()
        copied = self.first.tool("pg_basebackup", "-h", "127.0.0.1", "-p", "5433", "-U", ACCOUNT, "-D", self.second.data, "-R", "-X", "stream",
                                 "--no-sync", "-c", "fast")
        assert copied.returncode == 0, copied.stderr
        self.first.stop()
        self.begin()
        self.second.start()
        self.both_there()

    def begin(self):
        self.first.start("synchronous_standby_names=*", "synchronous_commit=on")

    def both_there(self):
        deadline = time.monotonic() + 300
        while self.first.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != "1":
            assert time.monotonic() < deadline, "the standby does not follow"
            time.sleep(0.1)

    def both_alike(self):
        deadline = time.monotonic() + 300
        while self.first.sql("SELECT count(*) FROM pg_stat_replication WHERE flush_lsn >= pg_current_wal_lsn()") != "1":
            assert time.monotonic() < deadline, "the standby does not follow"
            time.sleep(0.1)

    def database(self, name):
        """A new one, as a hub names it."""
        self.first.sql(f"CREATE DATABASE {name}")
        return (f"postgresql://{ACCOUNT}@127.0.0.1:{self.first.port},127.0.0.1:{self.second.port}/{name}"
                "?target_session_attrs=read-write&connect_timeout=2")

    def settle(self):
        """What was written before is let go of: the log of what was done, on both. A standby that has not followed yet would not find it."""
        self.both_there()
        for _ in range(2):
            self.first.sql("SELECT pg_switch_wal()")
            self.both_alike()
            self.first.sql("CHECKPOINT")
            self.second.sql("CHECKPOINT")

    def promote(self):
        """The primary is gone for good."""
        self.first.kill()
        done = self.second.tool("pg_ctl", "promote", "-D", self.second.data, "-w")
        assert done.returncode == 0, done.stdout + done.stderr

    def close(self):
        for server in (self.first, self.second):
            server.stop()
