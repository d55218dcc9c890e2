"""Disks that are full, files that are not what they were, processes that are killed."""
import collections
import os
import shutil
import subprocess
import time

from harness import NEW, OLD, edition

KILLS = 200
# Every call by which an update moves bytes or names; one is killed at each point of it.
CALLS = "write,read,recvfrom,sendto,poll,openat,rename,link,unlink,unlinkat,fsync,flock,mkdir,newfstatat"


def test_a_full_disk_leaves_the_list_in_force(world):
    """A disk with room for the old list and for a third of the new one."""
    size = (len(OLD) + len(NEW) // 3) // 4096 * 4096 + 32768
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", world.state], check=True)
    try:
        world.begin()
        world.publisher.answers["/list"] = edition(NEW)
        for _ in range(3):
            world.refuses("disk_full", "more than the disk has room for")
            assert not os.path.exists(world.path("incoming.part")), "what could not be kept takes up the room"
        subprocess.run(["mount", "-o", f"remount,size={size + 4 * len(NEW)}", world.state], check=True)
        assert world.update()["outcome"] == "staged" and world.check_invariant() == NEW
    finally:
        subprocess.run(["umount", world.state], check=True)


def test_a_disk_that_fills_at_any_byte_leaves_one_whole_edition(world):
    """The last pages go one after the other: the download, its record, meta.json or the swap fails."""
    world.begin()
    world.remember()
    world.publisher.answers["/list"] = edition(NEW)
    codes = set()
    for free in range(0, len(NEW) + 20 * 4096, 4 * 4096):
        size = (len(OLD) + 4095) // 4096 * 4096 + 3 * 4096 + free
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", world.state], check=True)
        try:
            shutil.copytree(world.folder + "/before", world.state, dirs_exist_ok=True)
            codes.add(world.update()["code"])
            world.check_invariant()
        finally:
            subprocess.run(["umount", world.state], check=True)
    assert "disk_full" in codes and codes <= {"disk_full", "internal"}, codes  # internal: no error at all


def test_garbage_in_the_folder_is_told_and_repaired(world):
    def spoil(name, text):
        with open(world.path(name), "wb") as f:
            f.write(text)
    world.begin()
    for name, text, notice in (("meta.json", b"\0\xff{{{", "meta.json cannot be read"), ("meta.json", b"[]", "meta.json cannot be read"),
                               ("meta.json", b"{}", "does not know the list"), ("meta.json", b'{"current": {"sha256": 5}}', "does not know"),
                               ("meta.json", b"{" * 100000, "cannot be read"), ("list", OLD[:-1], "not the one that meta.json tells of")):
        spoil(name, text)
        outcome = world.update()
        assert outcome["outcome"] == "staged" and notice in outcome["notice"], outcome
        assert world.check_invariant() == OLD
    os.remove(world.path("list"))
    outcome = world.update()
    assert outcome["outcome"] == "staged" and "the list is gone" in outcome["notice"], outcome
    assert world.check_invariant() == OLD


def test_one_updater_at_a_time(world):
    world.begin()
    holder = subprocess.Popen(["flock", world.state + "/lock", "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        holder.stdin.write(b"held\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == b"held\n"
        done = subprocess.run(world.command(), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 3 and "another process holds" in done.stderr, done
    finally:
        holder.stdin.close()
        holder.wait(10)
    assert world.update()["outcome"] == "not_modified"


def moments_of(world):
    """Every moment of an update at which strace can kill it: the n-th call of a name by one of its threads."""
    log = world.folder + "/calls"
    subprocess.run(["strace", "-qq", "-f", "-o", log, f"--trace={CALLS}", *world.command()], capture_output=True, timeout=60, check=True)
    moments, counts, begun = [], collections.Counter(), False
    with open(log, encoding="utf-8", errors="replace") as f:
        for line in f:
            thread, call = line.split(maxsplit=1)
            name = call.split("(")[0]
            if "resumed" in line or not name.isalnum():
                continue
            counts[thread, name] += 1
            begun = begun or "update.json" in line  # what the dynamic linker does before belongs to no update
            if begun:
                moments.append((name, counts[thread, name]))
    return moments


def killed_at(command, name, count):
    """Runs it until that call, which kills it. True when it got that far."""
    done = subprocess.run(["strace", "-qq", "-f", "-o", "/dev/null", f"--trace={name}", "-e", f"inject={name}:signal=KILL:when={count}",
                           *command], capture_output=True, timeout=60, check=False)
    return done.returncode != 0


def test_killed_at_200_points_the_list_is_one_whole_edition(world):
    world.begin()
    world.remember()
    world.publisher.answers["/list"] = edition(NEW)
    moments = moments_of(world)
    assert world.check_invariant() == NEW
    killed, seen, begin = 0, set(), time.time()
    for point in range(KILLS):
        world.put_back()
        killed += killed_at(world.command(), *moments[len(moments) * point // KILLS])
        seen.add(world.check_invariant())
        if point % 4 == 0:  # and the next update goes through, whatever the killed one left
            assert world.update()["outcome"] in ("staged", "not_modified") and world.check_invariant() == NEW
    print(f"         {killed} of {KILLS} killed, at {len(set(moments))} different calls, {time.time() - begin:.0f} s")
    assert killed >= KILLS * 9 // 10 and seen == {OLD, NEW}, (killed, len(moments), len(seen))
