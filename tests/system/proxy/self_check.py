"""`fairlead self-check` beside a running agent, with and without a way out of the laptop. Part of proxy_test.py."""
import contextlib, json, os, subprocess

SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3, "categories")


def findings(agent, config=SHIPPED):
    told = agent.tool("self-check", "--json", "--config", config, "--as", "learners")
    assert told.returncode in (0, 1), told
    rows = {row["way"]: row for row in json.loads(told.stdout)}
    assert told.returncode == (1 if "open" in {row["state"] for row in json.loads(told.stdout)} else 0)
    return rows


@contextlib.contextmanager
def network(*commands):
    undo = []
    try:
        for command, reverse in commands:
            subprocess.run(["ip", *command.split()], check=True)
            undo.append(reverse)
        yield
    finally:
        for reverse in reversed(undo):
            subprocess.run(["ip", *reverse.split()], check=True)


ADDRESS = ("addr add 198.51.100.2/24 dev nowhere", "addr del 198.51.100.2/24 dev nowhere")
ROUTE = ("route add 192.0.2.0/24 via 198.51.100.1", "route del 192.0.2.0/24 via 198.51.100.1")
PROHIBIT = ("route add prohibit 192.0.2.1/32", "route del prohibit 192.0.2.1/32")


def test_self_check_the_shipped_rules_close_every_way_that_rules_can_close(agent):
    rows = findings(agent)
    assert rows["agent"]["state"] == "closed", rows["agent"]
    for way in ("web-proxy", "inner-url", "translate-host", "amp-host", "web-archive", "ip-literal", "name-to-ip", "encodings",
                "homographs", "odd-port", "doh", "private-relay", "vpn", "tor", "other-tools", "remote-browser",
                "unfiltered-search", "cname", "dns-rebinding", "plain-in-connect", "safe-search"):
        assert rows[way]["state"] == "closed", rows[way]
    assert rows["other-device"]["state"] == "not covered"


def test_self_check_a_way_that_a_policy_opens_is_named_with_the_address_that_goes_through(agent):
    policy = open(os.path.join(SHIPPED, "policy.yaml")).read()
    config = os.path.join(os.path.dirname(agent.config), "opened")
    subprocess.run(["cp", "-r", SHIPPED, config], check=True)
    assert policy.count("circumvention: block") == 2
    open(os.path.join(config, "policy.yaml"), "w").write(policy.replace("circumvention: block", "circumvention: allow"))
    rows = findings(agent, config)
    assert rows["web-proxy"]["state"] == "open" and "croxyproxy.com" in rows["web-proxy"]["because"], rows["web-proxy"]
    assert rows["encodings"]["state"] == "closed"


def test_self_check_tells_whether_programs_can_leave_past_the_filter(agent):
    assert findings(agent)["other-program"]["state"] == "not covered"  # no network at all
    with network(ADDRESS, ROUTE):
        rows = findings(agent)
        assert rows["other-program"]["state"] == rows["quic"]["state"] == "open", rows
        with network(PROHIBIT):
            rows = findings(agent)
            assert rows["other-program"]["state"] == rows["quic"]["state"] == "closed", rows
