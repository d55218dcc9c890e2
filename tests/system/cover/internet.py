"""The internet of cover_test.py: answers on every address that it has, on many ports. Run inside its namespace."""
import select, socket, sys

BANNER = b"internet"


def main():
    tcp = [int(port) for port in sys.argv[1].split(",")]
    udp = [int(port) for port in sys.argv[2].split(",")]
    listeners, ears = [], []
    for port in tcp:
        listener = socket.create_server(("::", port), family=socket.AF_INET6, backlog=64, dualstack_ipv6=True)
        listeners.append(listener)
    for port in udp:
        # One for each family, so that an answer comes from the address that was asked.
        for family, option in ((socket.AF_INET, 8), (socket.AF_INET6, 49)):  # IP_PKTINFO, IPV6_RECVPKTINFO
            ear = socket.socket(family, socket.SOCK_DGRAM)
            if family == socket.AF_INET6:
                ear.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            ear.setsockopt(socket.IPPROTO_IP if family == socket.AF_INET else socket.IPPROTO_IPV6, option, 1)
            ear.bind(("", port))
            ears.append(ear)
    print("ready", flush=True)
    talks = []
    while True:
        for sock in select.select(listeners + ears + talks, [], [])[0]:
            if sock in listeners:
                talk = sock.accept()[0]
                talk.sendall(BANNER)
                talks.append(talk)
            elif sock in ears:
                data, extra, _, peer = sock.recvmsg(2048, 256)
                level, kind, where = extra[0]
                if sock.family == socket.AF_INET:  # which address was asked stands last; "from" in the middle
                    where = b"\0" * 4 + where[8:12] + b"\0" * 4
                sock.sendmsg([BANNER + data], [(level, 50 if level == socket.IPPROTO_IPV6 else kind, where)], 0, peer)
            else:
                try:
                    data = sock.recv(2048)
                except OSError:
                    data = b""
                if data:
                    sock.sendall(data)
                else:
                    talks.remove(sock)
                    sock.close()


main()
