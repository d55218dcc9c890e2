"""What the kernel says about processes: CPU time and memory of a whole tree, and ports that are free."""

import os
import re
import socket

TICKS = os.sysconf("SC_CLK_TCK")


def _fields(pid):
    with open(f"/proc/{pid}/stat") as file:
        text = file.read()
    return text[text.rindex(")") + 2:].split()


def tree(root):
    """The process and all below it."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                children.setdefault(int(_fields(name)[1]), []).append(int(name))
            except OSError:
                pass  # it ended meanwhile
    found, left = [], [root]
    while left:
        pid = left.pop()
        found.append(pid)
        left += children.get(pid, [])
    return found


def cpu_seconds(root):
    """User and system time of the tree so far."""
    total = 0
    for pid in tree(root):
        try:
            fields = _fields(pid)
            total += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return total / TICKS


def resident_mib(root):
    total = 0
    for pid in tree(root):
        try:
            with open(f"/proc/{pid}/status") as file:
                found = re.search(r"VmRSS:\s+(\d+)", file.read())
            total += int(found.group(1)) if found else 0
        except OSError:
            pass
    return total / 1024


def free_ports(count):
    """Ports that nobody listens on now; all different."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def describe():
    """One line about the machine, for the head of the table."""
    model, cores, memory = "unknown processor", os.cpu_count(), 0
    with open("/proc/cpuinfo") as file:
        found = re.search(r"model name\s*:\s*(.+)", file.read())
        model = found.group(1).strip() if found else model
    with open("/proc/meminfo") as file:
        memory = int(re.search(r"MemTotal:\s+(\d+)", file.read()).group(1)) / 1024 / 1024
    return f"{model}, {cores} cores, {memory:.0f} GiB, Linux {os.uname().release}"
