"""Laptops of fleet_driver, and what became of the events that they recorded: what the hub's store holds beside what theirs hold."""
import glob, json, os, shutil, signal, subprocess

from hub_and_hands import DRIVER, at_another_time, rows, sh, wait_for

EACH, A_PROCESS = 120, 20  # events of a laptop: three days; laptops of a process of the driver


class Laptops:
    """Folders of laptops, some to a process, so that killing one takes some of them."""

    def __init__(self, work, count, clock=lambda number: None):
        """clock: by how much the clocks of a process's laptops are wrong, for its number."""
        self.folder, self.groups, self.clocks, self.processes = work, [], {}, {}
        self.erased = work + "/erased"  # disks of laptops that were set up anew
        for number in range(0, count, A_PROCESS):
            group, wrong = f"{work}/group{number}", clock(number // A_PROCESS)
            self.clocks[group] = at_another_time(wrong) if wrong else []
            self.driver("fill", group, str(min(A_PROCESS, count - number)), str(EACH))
            self.groups.append(group)

    def driver(self, what, group, *more, check=True):
        return sh(*self.clocks.get(group, []), DRIVER, what, group, *more, check=check, timeout=600)

    def join(self, hub, code, url=None):
        """url: of what lies before the hub."""
        for group in self.groups:
            self.driver("join", group, url or hub.url, code, hub.fingerprint())

    def start(self, group, more=0, kind="event"):
        told = subprocess.Popen(["sh", "-c", f"for i in $(seq {more}); do echo {kind}; sleep 0.15; done; while echo; do sleep 0.1; done"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.processes[group] = subprocess.Popen([*self.clocks.get(group, []), DRIVER, "send", group], stdin=told.stdout, stdout=subprocess.DEVNULL,
                                                 stderr=subprocess.DEVNULL)
        told.stdout.close()  # it ends with its reader

    def end(self, group):
        self.processes[group].send_signal(signal.SIGKILL)
        self.processes[group].wait()

    def kill(self, group):
        self.end(group)
        self.start(group, 20)

    def erase(self, group, keeps_key):
        """The first laptops of a group lose their disks. keeps_key: for each of them, whether its device key was saved."""
        self.end(group)
        os.makedirs(self.erased, exist_ok=True)
        for number, kept in enumerate(keeps_key):
            laptop, disk = f"{group}/laptop{number}", f"{self.erased}/{os.path.basename(group)}-laptop{number}"
            shutil.move(laptop, disk)
            if kept:
                os.makedirs(laptop + "/events")
                for file in glob.glob(disk + "/events/device.db*"):
                    shutil.copy(file, laptop + "/events")
        self.driver("fill", group, str(len(keeps_key)), "30")

    def start_anew(self, group, hub, url):
        """Those of a group that know no hub join before, over what lies before it."""
        code = hub.code(uses=A_PROCESS)
        wait_for(lambda: self.driver("join", group, url, code, hub.fingerprint(), check=False).returncode == 0, 300)
        self.start(group, 20)

    def are_confirmed(self, group, count):
        """Whether the hub has something of each of the first laptops of a group."""
        return all(os.path.exists(f"{group}/laptop{number}/confirmed.json") for number in range(count))

    def start_all(self, more=0):
        for group in self.groups:
            self.start(group, more)

    def done(self):
        codes = [process.poll() for process in self.processes.values()]
        assert all(code in (None, 0) for code in codes), codes
        return all(code == 0 for code in codes)

    def close(self):
        for process in self.processes.values():
            process.kill()
            process.wait()

    def hold(self):
        """(device, epoch): {sequence: the event's id}, of all that have their disks."""
        return events_of(*self.groups)

    def held_erased(self):
        """The same of disks that are gone, and of each how far the hub had confirmed it."""
        held = events_of(self.erased)
        confirmed = dict.fromkeys(held, 0)
        for laptop, device in devices_of(self.erased).items():
            note = f"{self.erased}/{laptop}/confirmed.json"
            if os.path.exists(note):
                with open(note) as file:
                    noted = json.load(file)
                confirmed[device, str(noted["epoch"])] = noted["high"]
        return held, confirmed


def devices_of(group):
    return json.loads(sh(DRIVER, "named", group, timeout=300).stdout) if os.path.exists(group) else {}


def events_of(*groups):
    out = {}
    for group in groups:
        for laptop, device in devices_of(group).items():
            for epoch, sequence, event in rows(f"sqlite:{group}/{laptop}/events/events.db", "SELECT epoch, sequence, id FROM events"):
                out.setdefault((device, epoch), {})[int(sequence)] = event
    return out


class Audit:
    """The hub's store beside the laptops' own, event by event."""

    def __init__(self, place, laptops):
        held, (erased, confirmed) = laptops.hold(), laptops.held_erased()
        assert not held.keys() & erased.keys(), "a laptop that was set up anew counts on under the epoch that it had"
        self.recorded = sum(len(events) for events in (held | erased).values())
        there, events = {}, rows(place, "SELECT d.id, e.epoch, e.sequence, e.id FROM events e JOIN devices d ON d.number = e.device")
        for device, epoch, sequence, event in events:
            there.setdefault((device, epoch), {})[int(sequence)] = event
        self.doubled = len(events) - len({(device, event) for device, _, _, event in events})
        self.lost = sum(len(stream.keys() - there.get(key, {}).keys()) for key, stream in held.items())
        # Of a disk that is gone: what was confirmed must be there, and what is there has no gap.
        self.lost += sum(len(set(range(1, high + 1)) - there.get(key, {}).keys()) for key, high in confirmed.items())
        self.gaps = sum(max(there[key]) - len(there[key]) for key in erased if key in there)
        self.gone = sum(len(stream.keys() - there.get(key, {}).keys()) for key, stream in erased.items())  # with its disk, never confirmed
        # What nobody recorded under that number.
        devices = {device for device, _ in held | erased}
        self.strange = sum((held | erased).get(key, {}).get(sequence) != event for key, stream in there.items() if key[0] in devices
                           for sequence, event in stream.items())


def lost_and_doubled(place, laptops):
    """Of what laptops hold: events that are not in the hub's store, and those that are there more than once."""
    audit = Audit(place, laptops)
    assert (audit.gaps, audit.strange) == (0, 0), vars(audit)
    return audit.lost, audit.doubled
