"""The worst three days of a fleet, all in one run."""
import random, time

from cutting import Cutter
from hub_and_hands import Hub, wait_for
from laptops import A_PROCESS, Audit, Laptops

AHEAD, BEHIND = "+366d", "-366d"


def clock(number):
    """One in five processes is a year ahead, one a year behind."""
    return {1: AHEAD, 2: BEHIND}.get(number % 5)


def nothing_is_lost_or_doubled(work, pair, count):
    """Laptops come back after three days and all send at once, while they, the hub and the database are killed and connections are cut in the
    middle of an answer. Some of their clocks are wrong by a year; two laptops are set up anew on the way, one with the device key that it had and
    one without; in the end the database's primary is gone for good."""
    hub = Hub(work, "chaos", pair.database("many")).start()
    laptops = Laptops(work + "/many", count, clock)
    cutter = Cutter(8460, hub.port)
    laptops.join(hub, hub.code(uses=count), cutter.url)
    dice = random.Random(20261128)
    cutter.share = 0.5
    begin = time.monotonic()
    laptops.start_all(40)
    killed = {"laptops": 0, "hub": 0, "primary": 0}
    try:
        for turn in range(12):
            time.sleep(dice.uniform(0.1, 0.5))
            for group in dice.sample(laptops.groups, max(1, len(laptops.groups) // 4)):
                laptops.kill(group)
                killed["laptops"] += A_PROCESS
            if turn == 4:
                wait_for(lambda: laptops.are_confirmed(laptops.groups[0], 2), 300)
                laptops.kill(laptops.groups[0])
            if turn % 3 == 1:
                hub.kill()
                killed["hub"] += 1
                if turn == 4:
                    time.sleep(1)  # some of what they record now nobody else will ever have
                    laptops.erase(laptops.groups[0], keeps_key=[True, False])
                hub.start()
                if turn == 4:
                    laptops.start_anew(laptops.groups[0], hub, cutter.url)
            if turn % 4 == 2:
                pair.first.kill()
                pair.begin()
                pair.both_there()
                killed["primary"] += 1
        pair.promote()
        wait_for(laptops.done, 900)
        audit = Audit(f"postgresql://postgres@127.0.0.1:{pair.second.port}/many", laptops)
        wrong = sum(bool(told) for told in laptops.clocks.values()) * A_PROCESS
        print(f"        {count} laptops, {audit.recorded} events: {audit.lost} lost, {audit.doubled} doubled, {audit.gaps} gaps, {audit.strange} strange;"
              f" killed: {killed}; {cutter.cut} connections cut, {cutter.passed} not; primary replaced by its standby; clocks of {wrong} laptops"
              f" wrong by a year; 2 laptops set up anew, {audit.gone} events of which were never confirmed; {time.monotonic() - begin:.0f} s")
        assert cutter.cut > count and cutter.passed > 0
        assert (audit.lost, audit.doubled, audit.gaps, audit.strange) == (0, 0, 0, 0)
    finally:
        laptops.close()
        cutter.close()
        hub.stop()
