"""What `rules diff` and `rules replay` say of safe search and inspection, and how `check` reads what people type. Run by ./run."""
import os
import shutil
from collections import namedtuple

Shipped = namedtuple("Shipped", "fairlead shipped folder")


def edited(its, name, file, old, new):
    """A copy of the shipped files in which one text is another."""
    folder = os.path.join(its.folder, name)
    shutil.copytree(its.shipped, folder)
    path = os.path.join(folder, file)
    with open(path, encoding="utf-8") as source:
        text = source.read()
    assert old in text, old
    with open(path, "w", encoding="utf-8") as target:
        target.write(text.replace(old, new))
    return folder


def test_diff_names_what_safe_search_and_inspection_become(its):
    new = edited(its, "new", "policy.yaml", "inspect: {search: false, hosts: []}", "inspect: {search: true, hosts: [tools.example]}")
    code, out, _ = its.fairlead("rules", "diff", its.shipped, new)
    assert code == 1 and "read inside (inspect)\n  + search engines\n  + tools.example\n" in out, out
    new = edited(its, "strict", "policy.yaml", "youtube: moderate", "youtube: strict")
    code, out, _ = its.fairlead("rules", "diff", its.shipped, new)
    assert code == 1 and "  + group learners: youtube is held to restrict.youtube.com\n" in out, out
    new = edited(its, "elsewhere", "safe_search.yaml", "forcesafesearch.google.com", "safe.search.example")
    code, out, _ = its.fairlead("rules", "diff", its.shipped, new)
    assert code == 1 and "  + google: google.{} connects to safe.search.example" in out, out
    assert its.fairlead("rules", "diff", its.shipped, its.shipped)[:2] == (0, "no rule differs\n")


def test_replay_names_addresses_that_are_held_or_read_differently(its):
    def changes(new):
        code, out, _ = its.fairlead("rules", "replay", "--old", its.shipped, "--new", new, "--as", "learners",
                                     given="www.google.co.uk\nhttps://a.tools.example/\ngov.uk\n")
        return code, [line.split("\t")[0:3:2] + [line.split("\t")[-1]] for line in out.splitlines()]

    new = edited(its, "new", "safe_search.yaml", "forcesafesearch.google.com", "safe.search.example")
    assert changes(new) == (1, [["allow, connects to forcesafesearch.google.com", "allow, connects to safe.search.example",
                                 "www.google.co.uk"]]), changes(new)
    new = edited(its, "inside", "policy.yaml", "inspect: {search: false, hosts: []}", "inspect: {search: false, hosts: [tools.example]}")
    assert changes(new) == (1, [["allow", "allow, read inside", "https://a.tools.example/"]]), changes(new)


def test_check_reads_what_people_type_as_a_browser_does(its):
    for typed in ("https:/www.bet365.com/", "https:www.bet365.com", "www.bet365.com", "http:/www.bet365.com"):
        code, out, _ = its.fairlead("check", "--config", its.shipped, "--as", "learners", typed)
        assert code == 1 and "://www.bet365.com/" in out, (typed, out)
    code, out, _ = its.fairlead("check", "--config", its.shipped, "--as", "learners", "tool.example:8080/?u=http://other.example/")
    assert code == 0 and "allow  https://tool.example:8080/?u=" in out, out
