"""The map of the code: which room may know which. Each check returns the violations as "file:line: what"."""
import re

from source_tree import CPP, line_of

# From the top of the house to the bottom; a room knows only rooms that stand to its right.
ROOMS = ["agent/main.cpp", "agent/command", "agent/console", "agent/net", "agent/alerts", "agent/fleet", "agent/hub", "agent/bundles", "agent/exchange", "agent/siem", "agent/lists", "agent/cover", "agent/session", "agent/database", "agent/events",
         "agent/pages", "agent/platform", "agent/http", "agent/tls", "rules/policy", "rules/match", "rules/catalog", "rules/url",
         "rules/base"]
RANK = {room: rank for rank, room in enumerate(ROOMS)}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
# POSIX (IEEE 1003.1-2017, without what C has too), Linux, glibc, Windows and macOS.
OS_HEADER = re.compile(r"^(sys/|netinet/|netpacket/|net/|arpa/|linux/|asm/|asm-generic/|bits/|systemd/|selinux/|mach/|dispatch/|xpc/"
                       r"|(aio|byteswap|cpio|crypt|dirent|dlfcn|endian|err|execinfo|fcntl|fmtmsg|fnmatch|ftw|getopt|glob|grp|iconv|ifaddrs|langinfo"
                       r"|libgen|libproc|link|malloc|mntent|monetary|mqueue|ndbm|netdb|nl_types|nsswitch|paths|poll|pthread|pty|pwd|regex|resolv"
                       r"|sched|search|semaphore|shadow|signal|spawn|strings|stropts|syscall|syslog|tar|termio|termios|threads|trace|ucontext"
                       r"|ulimit|unistd|utime|utmp|utmpx|wait|wordexp|windows|winsock|winsock2|ws2tcpip|iphlpapi|fwpmu|io|direct|process"
                       r"|mswsock|psapi|shlobj|tlhelp32|wincrypt|wtsapi32|lmcons|sddl|aclapi|libkern|TargetConditionals)\.h$)")


def room_of(name):
    if name == "agent/main.cpp":
        return name
    room = "/".join(name.split("/")[:2])
    return room if room in RANK else None


def includes(tree, name):
    text = tree.text(name)
    for match in INCLUDE.finditer(text):
        yield line_of(text, match.start()), match.group(1), match.group(2)


def upward_includes(tree):
    found = []
    for name in tree.matching(*CPP):
        room = room_of(name)
        for line, _, header in includes(tree, name):
            target = room_of(header)
            if header.startswith("tests/") and not name.startswith("tests/"):
                found.append(f"{name}:{line}: the product includes {header}, which is a test's")
            if room and target and target != room and RANK[target] < RANK[room]:
                found.append(f"{name}:{line}: {room} may not know {target} (includes {header})")
    return found


def unknown_rooms(tree):
    return [f"{name}:1: {'/'.join(name.split('/')[:2])} is no room on the map (tests/repo/arrows.py)"
            for name in tree.matching(*CPP, under="agent/") + tree.matching(*CPP, under="rules/") if not room_of(name)]


def may_know_linux(name):
    """Linux's back-end and its tests; and what drives the product from outside, on Linux, and never ships."""
    return name.startswith(("agent/platform/linux/", "tests/unit/agent/platform/linux/")) or \
        name.startswith("tests/") and not name.startswith(("tests/unit/", "tests/talks/", "tests/fuzz/"))


def linux_of_others(tree):
    """Linux's own headers are for Linux's own files; so are the fake's, but for tests that fill it."""
    found = []
    for name in tree.matching(*CPP):
        for system in ("linux", "fake"):
            own = (f"agent/platform/{system}/", f"tests/unit/agent/platform/{system}/")
            found += [f"{name}:{line}: {header} is for agent/platform/{system} alone"
                      for line, _, header in includes(tree, name) if header.startswith(own[0]) and not name.startswith(own)]
    return found


def os_headers(tree):
    found = []
    for name in tree.matching(*CPP):
        if not may_know_linux(name):
            found += [f"{name}:{line}: <{header}> belongs to agent/platform/linux"
                      for line, _, header in includes(tree, name) if OS_HEADER.match(header)]
    return found


LIBRARY = re.compile(r"fairlead_library\(\s*(\w+)(.*?)\)", re.DOTALL)
WORDS = {"SOURCES", "LINKS", "PRIVATE_LINKS"}


def linked_rooms(tree):
    """room → (its CMakeLists.txt, rooms it links directly)"""
    named, wanted = {}, {}
    for name in tree.matching("CMakeLists.txt"):
        room = "/".join(name.split("/")[:2])
        if room not in RANK:
            continue
        text = re.sub(r"#[^\n]*", "", tree.text(name))
        for library, body in LIBRARY.findall(text):
            named[library] = room
            links, part = set(), None
            for word in body.split():
                if word in WORDS:
                    part = word
                elif part in ("LINKS", "PRIVATE_LINKS"):
                    links.add(word)
            wanted.setdefault(room, (name, set()))[1].update(links)
        for targets in re.findall(r"target_link_libraries\(\s*\w+(.*?)\)", text, re.DOTALL):
            if room in wanted:
                wanted[room][1].update(targets.split())
    return {room: (name, {named[link] for link in links if link in named} - {room}) for room, (name, links) in wanted.items()}


def upward_links(tree):
    return [f"{name}:1: {room} may not link {target}" for room, (name, targets) in linked_rooms(tree).items()
            for target in sorted(targets) if RANK[target] < RANK[room]]


def unlinked_includes(tree):
    """A room that includes another must link it, itself or through a room that it links."""
    links = linked_rooms(tree)

    def reached(room, seen):
        for target in links.get(room, ("", set()))[1]:
            if target not in seen:
                seen.add(target)
                reached(target, seen)
        return seen

    found = []
    for name in tree.matching(*CPP):
        room = room_of(name)
        if room not in links:
            continue
        known = reached(room, set()) | {room}
        for line, _, header in includes(tree, name):
            target = room_of(header)
            if target and target not in known:
                found.append(f"{name}:{line}: {room} includes {header} but does not link {target}")
    return found


CHECKS = [upward_includes, unknown_rooms, os_headers, linux_of_others, upward_links, unlinked_includes]
