"""What it costs that the agent answers TLS for a host that it blocks: handshakes with it, at the first visit of a host and at later
ones, in turns with plain ones with a server of OpenSSL's own."""

import os
import socket
import ssl
import statistics
import subprocess
import time

import machine

ROUNDS = 200
BLOCKED = "bet365.com"  # all below it is blocked too


def plain_server(folder):
    key, certificate = os.path.join(folder, "plain.key"), os.path.join(folder, "plain.crt")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=plain",
                    "-addext", "subjectAltName=DNS:plain.example", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    port = machine.free_ports(1)[0]
    server = subprocess.Popen(["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", certificate, "-key", key, "-www", "-quiet"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    return server, port, ssl.create_default_context(cafile=certificate)


def handshake(port, context, host, tunnel):
    """Milliseconds from the first packet until TLS stands."""
    begin = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        if tunnel:
            connection.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
            if not connection.recv(4096).startswith(b"HTTP/1.1 200 "):
                raise SystemExit(f"no tunnel to {host}")
        tls = context.wrap_socket(connection, server_hostname=host)
        took = time.perf_counter() - begin
        tls.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        while tls.recv(65536):
            pass
        tls.close()
    return took * 1000


def measure(folder, agent, config, state, port):
    """Medians in milliseconds: a plain handshake, and what a blocked host adds at the first visit and later."""
    made = subprocess.run([agent, "ca", "create", "--config", config, "--state", state], capture_output=True, text=True, timeout=60)
    if made.returncode != 0:
        raise SystemExit(f"no authority: {made.stderr}")
    own = ssl.create_default_context(cafile=os.path.join(state, "ca", "root.pem"))
    server, plain_port, plain = plain_server(folder)
    times = {"plain": [], "first": [], "later": []}
    try:
        handshake(port, own, BLOCKED, True)
        for number in range(ROUNDS):
            times["plain"].append(handshake(plain_port, plain, "plain.example", False))
            times["first"].append(handshake(port, own, f"site{number}.{BLOCKED}", True))
            times["later"].append(handshake(port, own, BLOCKED, True))
    finally:
        server.kill()
        server.wait()
    p50 = {name: statistics.median(taken) for name, taken in times.items()}
    return p50["plain"], p50["first"] - p50["plain"], p50["later"] - p50["plain"]
