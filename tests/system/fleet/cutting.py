"""A network that cuts connections while an answer is on its way: what lies between laptops and their hub when things are at their worst."""
import asyncio, contextlib, random, socket, struct, threading

from hub_and_hands import HOST

LONGEST = 4000  # bytes of the hub's that pass before a cut: the handshake is some half of it, each answer a few hundred
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: what was not sent yet is thrown away, and the other side is told "reset"


class Cutter:
    """Passes everything on to the hub's port; a share of the connections, none at first, is cut after some of what the hub says, half of those with a
    reset."""

    def __init__(self, port, to):
        self.port, self.to, self.share, self.passed, self.cut, self.dice = port, to, 0.0, 0, 0, random.Random(port)
        self.meetings, begun = set(), threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.serve(begun)), daemon=True)
        self.thread.start()
        assert begun.wait(10)

    async def serve(self, begun):
        self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
        await asyncio.start_server(self.meet, HOST, self.port, backlog=1024)
        begun.set()
        await self.over.wait()

    @property
    def url(self):
        return f"https://{HOST}:{self.port}"

    async def meet(self, *laptop):
        self.meetings.add(asyncio.current_task())  # the loop itself holds it but weakly
        try:
            with contextlib.suppress(asyncio.CancelledError):  # the loop ends while some are under way
                await self.pass_on(*laptop)
        finally:
            self.meetings.discard(asyncio.current_task())

    async def pass_on(self, from_laptop, to_laptop):
        try:
            from_hub, to_hub = await asyncio.open_connection(HOST, self.to)
        except OSError:  # it was killed
            to_laptop.close()
            return
        passes = self.dice.randint(1, LONGEST) if self.dice.random() < self.share else None
        asked = asyncio.ensure_future(self.hand_on(from_laptop, to_hub, None))
        try:
            whole = await self.hand_on(from_hub, to_laptop, passes)
            self.passed += whole
            self.cut += not whole
            if not whole and self.dice.random() < 0.5:
                to_laptop.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        finally:
            asked.cancel()
            for side in (to_laptop, to_hub):
                side.close()

    @staticmethod
    async def hand_on(source, sink, passes):
        """Until the source ends, or so many bytes have passed. Returns whether it ended."""
        try:
            while data := await source.read(65536):
                sink.write(data if passes is None else data[:passes])
                await sink.drain()
                if passes is not None:
                    passes -= len(data)
                    if passes <= 0:
                        return False
        except OSError:
            pass
        return True

    def close(self):
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join()
