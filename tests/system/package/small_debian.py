"""A small Debian 12 to install things in: made once with debootstrap, then only ever seen through an overlay that is thrown away. It is
booted with systemd in namespaces of its own where this machine can do that, else its programs run in a chroot."""
import ctypes, hashlib, os, re, shutil, signal, stat, subprocess, tempfile, time

PEOPLE = {"robin": "learners-club", "kim": "teachers"}  # account: a group it is in beside its own
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
BOOTS_WITHIN = 40

# What lives its own life, or is a copy that programs keep of what was before. Looked through for our name instead.
RESTLESS = ("/proc", "/sys", "/dev", "/run", "/tmp", "/var/tmp", "/var/log", "/var/cache", "/var/lib/apt", "/var/lib/dpkg", "/var/lib/ucf",
            "/var/lib/systemd", "/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-", "/etc/.pwd.lock", "/etc/machine-id",
            "/etc/resolv.conf", "/etc/hostname", "/root")
MAY_HOLD_OUR_NAME = ("/var/log", "/var/cache/apt", "/tmp", "/run", "/proc", "/sys", "/dev", "/var/lib/apt")
COPIES = ("/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-", "/var/cache/debconf/", "/var/lib/dpkg/status-old",
          "/var/lib/dpkg/available", "/var/lib/ucf/")


def sh(*command, **how):
    how.setdefault("check", True)
    return subprocess.run(command, capture_output=True, text=True, **how)


def mirror():
    """Where apt of this machine gets Debian from."""
    listed = sh("apt-get", "indextargets", "--format", "$(SITE) $(RELEASE) $(COMPONENT)", "Created-By: Packages", check=False).stdout
    for line in listed.splitlines():
        site, _, what = line.partition(" ")
        if what == "bookworm main":
            return site
    return "http://deb.debian.org/debian"


def surroundings():
    """debootstrap does not read apt's settings."""
    around = dict(os.environ)
    said = sh("apt-config", "shell", "proxy", "Acquire::http::Proxy", check=False).stdout
    found = re.match(r"proxy='(.*)'", said)
    if found and found.group(1) != "DIRECT":
        around["http_proxy"] = found.group(1)
    return around


def recall(folder, wanted):
    """Is what the folder was made of what is wanted? Else it is emptied."""
    made_of = folder + "/made-of"
    if os.path.exists(made_of) and open(made_of).read() == wanted:
        return True
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return False


def remember(folder, wanted):
    with open(folder + "/made-of", "w") as file:
        file.write(wanted)


def make(folder, packages):
    """The root below `folder`; quick when it is there and holds these packages."""
    root, wanted = folder + "/base", " ".join(sorted(packages))
    if recall(folder, wanted):
        return root
    done = subprocess.run(["debootstrap", "--variant=minbase", "--include=" + ",".join(sorted(packages)), "bookworm", root, mirror()],
                          env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError("debootstrap: " + done.stdout[-2000:])
    for group in sorted(set(PEOPLE.values())):
        sh("chroot", root, "groupadd", group)
    for person, group in PEOPLE.items():
        sh("chroot", root, "useradd", "-m", "-s", "/bin/bash", "-G", group, person)
    forget_downloads(root)
    remember(folder, wanted)
    return root


def forget_downloads(root):
    shutil.rmtree(root + "/var/cache/apt/archives", ignore_errors=True)
    os.makedirs(root + "/var/cache/apt/archives/partial")


def add(folder, base, programs):
    """More programs above a root, as a layer of their own below `folder`. Returns the layers, as an overlay names them."""
    layer = folder + "/layer"
    layers, wanted = f"{layer}:{base}", " ".join(sorted(programs)) + " above " + open(os.path.dirname(base) + "/made-of").read()
    if recall(folder, wanted):
        return layers
    root = folder + "/root"
    for name in (layer, folder + "/work", root):
        os.mkdir(name)
    sh("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={base},upperdir={layer},workdir={folder}/work", root)
    try:
        with open(root + "/etc/dpkg/dpkg.cfg.d/quick", "w") as file:
            file.write("force-unsafe-io\n")
        around = {**surroundings(), "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", *sorted(programs)]):
            done = subprocess.run(["chroot", root, "apt-get", "-q", *words], env=around, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode != 0:
                raise RuntimeError("apt-get: " + done.stdout[-2000:])
        forget_downloads(root)
    finally:
        sh("umount", root)
    remember(folder, wanted)
    return layers


class SmallDebian:
    """Lives in a mount namespace that the caller has entered."""

    def __init__(self, base, boot=True):
        self.work = tempfile.mkdtemp(prefix="fairlead-package-test.")
        sh("mount", "-t", "tmpfs", "tmpfs", self.work)
        for name in ("upper", "work", "root"):
            os.mkdir(f"{self.work}/{name}")
        self.root = self.work + "/root"
        sh("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={base},upperdir={self.work}/upper,workdir={self.work}/work", self.root)
        self.process = self.leader = self.group = None
        self.why_not = "not asked for"
        if boot:
            try:
                self._boot()
            except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
                self.why_not = str(error)
                self._end()
        if not self.leader:
            self._mount_for_chroot()

    @property
    def booted(self):
        return self.leader is not None

    def _mount_for_chroot(self):
        sh("mount", "-t", "proc", "proc", self.root + "/proc")
        sh("mount", "-t", "tmpfs", "tmpfs", self.root + "/run")

    def lose_power(self, when_it_comes_back):
        """Everything ends at once, and starts again from what is on the disk. when_it_comes_back is called with the first process, as soon as
        there is one."""
        self._end()
        self._boot(when_it_comes_back)

    def _boot(self, when_there=lambda leader: None):
        # A group of its own in the tree of groups, which becomes the top of that tree inside.
        tree = self.work + "/groups"
        if not os.path.isdir(tree):
            os.mkdir(tree)
            sh("mount", "-t", "cgroup2", "cgroup2", tree)
        self.group = f"{tree}/fairlead-package-test-{os.getpid()}"
        os.mkdir(self.group)
        script = f"""
            echo $$ >{self.group}/cgroup.procs
            exec unshare -m -p -C -n -u -i --fork --kill-child sh -c '
              root={self.root}
              mount -t proc proc $root/proc
              mount --bind $root/proc/sys $root/proc/sys
              mount -o remount,bind,ro $root/proc/sys
              mount -t sysfs -o ro sysfs $root/sys
              mount -t cgroup2 cgroup2 $root/sys/fs/cgroup
              mount -t tmpfs -o mode=755 tmpfs $root/run
              mount -t tmpfs tmpfs $root/tmp
              mount -t tmpfs -o mode=755 tmpfs $root/dev
              cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty $root/dev/ && ln -s pts/ptmx $root/dev/ptmx
              mkdir $root/dev/net && cp -a /dev/net/tun $root/dev/net/ && chmod 666 $root/dev/net/tun
              hostname laptop-7
              ip link set lo up
              cd $root && pivot_root . . && umount -l . &&
              exec env -i container=fairlead-test PATH={PATH} chroot . /lib/systemd/systemd --log-target=null --show-status=no
            '"""
        self.log = open(self.work + "/boot.log", "w+")
        self.process = subprocess.Popen(["sh", "-c", script], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + BOOTS_WITHIN
        while time.monotonic() < deadline and self.process.poll() is None:
            children = open(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read().split()
            if children and open(f"/proc/{children[0]}/comm").read().strip() == "systemd":
                if self.leader is None:
                    self.leader = children[0]
                    when_there(self.leader)
                state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
                if state in ("running", "degraded"):
                    return
            time.sleep(0.2)
        self.leader = None
        self.log.seek(0)
        raise RuntimeError("systemd does not start: " + (self.log.read()[-500:].strip() or "no reason given"))

    def _end(self):
        if self.leader:
            os.kill(int(self.leader), signal.SIGKILL)
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = self.leader = None
        if self.group:
            deadline = time.monotonic() + 10
            while os.path.isdir(self.group) and time.monotonic() < deadline:
                for folder, _, _ in os.walk(self.group, topdown=False):
                    try:
                        os.rmdir(folder)
                    except OSError:
                        time.sleep(0.05)
            self.group = None

    def close(self):
        self._end()
        sh("umount", "-R", "-l", self.work, check=False)
        os.rmdir(self.work)

    def run(self, *command, user=None, **how):
        """A program of the small Debian, as root or as another account of it."""
        how.setdefault("timeout", 120)
        env = ["env", "-i", "PATH=" + PATH, "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "HOME=/", *how.pop("env", [])]
        if user:
            env = ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--", *env]
        if self.booted:
            inside = ["nsenter", "-t", self.leader, "-m", "-p", "-n", "-u", "-i", "-C", "--"]
        else:
            inside = ["chroot", self.root]
        return sh(*inside, *env, *command, **how)

    def path(self, name):
        return self.root + name

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)

    def owner(self, name):
        status = os.lstat(self.path(name))
        users = dict(line.split(":")[2::-2] for line in self.read("/etc/passwd").decode().splitlines())
        return users.get(str(status.st_uid), str(status.st_uid)), oct(stat.S_IMODE(status.st_mode))

    def inventory(self):
        """Every file, link and folder that is not restless: what it is, whose, and what is in it."""
        seen = {}
        for folder, folders, files in os.walk(self.root):
            inside = folder[len(self.root):] or "/"
            if inside in RESTLESS:
                folders.clear()
                continue
            for name in ["."] + files + [one for one in folders if os.path.islink(os.path.join(folder, one))]:
                path = os.path.normpath(os.path.join(inside, name))
                if path in RESTLESS:
                    continue
                status = os.lstat(self.path(path))
                what = ""
                if stat.S_ISLNK(status.st_mode):
                    what = os.readlink(self.path(path))
                elif stat.S_ISREG(status.st_mode):
                    what = hashlib.sha256(self.read(path)).hexdigest()
                seen[path] = (oct(status.st_mode), status.st_uid, status.st_gid, what)
        return seen

    def names_us(self, name=b"fairlead"):
        """Files anywhere that still name the package, but for logs and for copies of what was before."""
        found = []
        for folder, folders, files in os.walk(self.root):
            inside = folder[len(self.root):]
            if inside in MAY_HOLD_OUR_NAME:
                folders.clear()
                continue
            for file in files:
                path = f"{inside}/{file}"
                plain = stat.S_ISREG(os.lstat(self.path(path)).st_mode)
                text = self.read(path) if plain else b""
                if path == "/var/cache/debconf/config.dat":  # ucf remembers which file it asked about last
                    text = b"".join(part for part in text.split(b"\n\n") if not part.startswith(b"Name: ucf/"))
                old = path.startswith(COPIES) and (path.endswith(("-old", "-", "available")) or re.search(r"\.\d$", path))
                if name in path.encode() or (not old and name in text):
                    found.append(path)
        return found


def enter_mounts():
    """A mount namespace of this process' own: what is mounted from now on is gone with it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x00020000) != 0:
        raise OSError(ctypes.get_errno(), "no mount namespace of its own")
    sh("mount", "--make-rprivate", "/")
