"""The proxies side by side: how each is configured and started. Every peer filters nothing and logs nothing: its best case.
Fairlead runs with its shipped categories; only the network section of its policy is replaced."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time

import machine


class Proxy:
    """One proxy process on a port of 127.0.0.1; `pid` 0 and port 0 stand for no proxy at all."""

    def __init__(self, name, port, command, log):
        self.name, self.port, self.command, self.log = name, port, command, log
        self.process = None

    @property
    def pid(self):
        return self.process.pid if self.process else 0

    def start(self, target, seconds=60):
        """Starts it and waits for the first answer of the origin through it. True when that came."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        request = f"GET http://localhost:{target}/ HTTP/1.1\r\nHost: localhost:{target}\r\nConnection: close\r\n\r\n".encode()
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                    connection.settimeout(5)
                    connection.sendall(request)
                    if b" 200 " in connection.recv(64):
                        return True
            except OSError:
                pass
            time.sleep(0.05)
        return False

    def stop(self):
        if not self.process:
            return
        for kind in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, kind)
                self.process.wait(5)
                break
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self.process = None


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
    return path


def program(name):
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def fairlead(folder, port, console, ports, agent, categories):
    config = os.path.join(folder, "config")
    shutil.copytree(categories, config)
    with open(os.path.join(os.path.dirname(__file__), "config", "network.yaml")) as file:
        network = file.read().replace("PORTS", ", ".join(str(one) for one in ports))
    path = os.path.join(config, "policy.yaml")
    with open(path) as file:
        policy = file.read()
    # The section is one line or a block; it ends where the next key begins in the first column.
    policy = re.sub(r"(?ms)^network:.*?(?=^[a-z]|\Z)", "", policy)
    write(path, policy.rstrip("\n") + "\n" + network)
    state = os.path.join(folder, "state")
    return [agent, "agent", "--config", config, "--state", state, "--listen", f"127.0.0.1:{port}", "--console", f"127.0.0.1:{console}"]


def squid(folder, port):
    config = write(os.path.join(folder, "squid.conf"), f"""http_port 127.0.0.1:{port}
http_access allow all
cache deny all
cache_mem 8 MB
access_log none
cache_store_log none
cache_log {folder}/cache.log
pid_filename none
coredump_dir none
netdb_filename none
visible_hostname bench
pinger_enable off
via off
forwarded_for delete
max_filedescriptors 20000
shutdown_lifetime 0 seconds
""")
    return [program("squid"), "-N", "-f", config]


def tinyproxy(folder, port):
    config = write(os.path.join(folder, "tinyproxy.conf"), f"""Port {port}
Listen 127.0.0.1
Allow 127.0.0.1
Timeout 600
MaxClients 10000
LogLevel Critical
LogFile "{folder}/tinyproxy.log"
""")
    return [program("tinyproxy"), "-d", "-c", config]


def privoxy(folder, port):
    config = write(os.path.join(folder, "privoxy.conf"), f"""confdir /etc/privoxy
templdir /etc/privoxy/templates
logdir {folder}
listen-address 127.0.0.1:{port}
toggle 1
enable-remote-toggle 0
max-client-connections 10000
listen-backlog 1024
keep-alive-timeout 300
default-server-timeout 300
connection-sharing 1
socket-timeout 300
debug 8192
""")
    return [program("privoxy"), "--no-daemon", config]


def e2guardian(folder, port):
    """Its shipped configuration with what costs (phrases, scanning, logs) switched off and enough workers."""
    with open("/etc/e2guardian/e2guardian.conf") as file:
        main = file.read()
    with open("/etc/e2guardian/e2guardianf1.conf") as file:
        group = file.read()
    for key, value in {"filterip": "127.0.0.1", "filterports": port, "httpworkers": 500, "loglevel": 0, "nologger": "on",
                       "weightedphrasemode": 0, "maxcontentfiltersize": 0, "maxcontentramcachescansize": 0,
                       "loglocation": f"'{folder}/access.log'", "pidfilename": f"'{folder}/pid'",
                       "statlocation": f"'{folder}/stats'"}.items():
        main, found = re.subn(rf"(?m)^{key} *=.*$", f"{key} = {value}", main)
        main += "" if found else f"\n{key} = {value}\n"
    group = re.sub(r"(?m)^(bannedphraselist|weightedphraselist|exceptionphraselist|contentregexplist).*$", "", group)
    group = re.sub(r"(?m)^disablecontentscan *=.*$", "disablecontentscan = on", group)
    config = write(os.path.join(folder, "e2guardian.conf"), main)
    write(os.path.join(folder, "e2guardianf1.conf"), group)
    return [program("e2guardian"), "-N", "-c", config]


PEERS = {"squid": squid, "tinyproxy": tinyproxy, "privoxy": privoxy, "e2guardian": e2guardian}


def make(name, folder, origin_ports, agent, categories):
    """The proxy of that name, not started; None when it is not installed."""
    os.makedirs(folder)
    os.chmod(folder, 0o777)  # some peers give up root
    port, console = machine.free_ports(2)
    if name == "fairlead":
        command = fairlead(folder, port, console, origin_ports, agent, categories)
    elif program(name):
        command = PEERS[name](folder, port)
    else:
        return None
    return Proxy(name, port, command, os.path.join(folder, "output.log"))
