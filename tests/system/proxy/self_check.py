"""`fairlead self-check` beside a running agent, with and without a way out of the laptop. Part of proxy_test.py."""
import json, os, subprocess

from harness import ADDRESS, PROHIBIT, ROUTE, network

SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3, "categories")


def findings(agent, config=SHIPPED):
    told = agent.tool("self-check", "--json", "--config", config, "--as", "learners")
    assert told.returncode in (0, 1), told
    rows = {row["way"]: row for row in json.loads(told.stdout)}
    assert told.returncode == (1 if "open" in {row["state"] for row in json.loads(told.stdout)} else 0)
    return rows


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
