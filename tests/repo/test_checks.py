"""Each check must find what it is there for: a small bad sample for each, beside a good one."""
import subprocess
import tempfile
import unittest
from pathlib import Path

import arrows
import coroutines
import documents
import files
from source_tree import SourceTree, code_only

LIBRARY = "fairlead_library({0} SOURCES x.cpp LINKS {1})\n"


class Sample:
    """A small repository that lives for one test."""

    def __init__(self, contents):
        self.folder = tempfile.TemporaryDirectory()
        for name, text in contents.items():
            path = Path(self.folder.name, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            if text.startswith("#!"):
                path.chmod(0o755)

    def __enter__(self):
        return SourceTree(self.folder.name)

    def __exit__(self, *_):
        self.folder.cleanup()


class ChecksFindWhatTheyAreFor(unittest.TestCase):
    def finds(self, check, contents, count=1):
        with Sample(contents) as tree:
            found = check(tree)
            self.assertEqual(len(found), count, found)

    def test_an_upward_include(self):
        self.finds(arrows.upward_includes, {"rules/url/a.cpp": '#include "rules/match/index.hpp"\n'})
        self.finds(arrows.upward_includes, {"rules/url/a.cpp": '#include "agent/http/head.hpp"\n'})
        self.finds(arrows.upward_includes, {"agent/tls/a.hpp": '#include "agent/http/head.hpp"\n'})
        self.finds(arrows.upward_includes, {"agent/http/a.hpp": '#include "tests/unit/sample.hpp"\n'})
        self.finds(arrows.upward_includes, {"rules/match/a.cpp": '#include "rules/url/host.hpp"\n#include "rules/match/b.hpp"\n',
                                            "tests/unit/a.cpp": '#include "rules/match/b.hpp"\n'}, 0)

    def test_a_room_that_is_not_on_the_map(self):
        self.finds(arrows.unknown_rooms, {"agent/misc/a.cpp": "", "rules/url/a.cpp": ""})

    def test_an_operating_system_header(self):
        self.finds(arrows.os_headers, {"agent/net/a.cpp": "#include <sys/socket.h>\n#include <unistd.h>\n"}, 2)
        self.finds(arrows.os_headers, {"agent/platform/linux/a.cpp": "#include <sys/socket.h>\n",
                                       "tests/unit/agent/platform/linux/a.cpp": "#include <unistd.h>\n",
                                       "tests/bench/a.cpp": "#include <unistd.h>\n",
                                       "agent/net/a.cpp": "#include <csignal>\n#include <string>\n#include <resolver.h>\n"}, 0)
        for name in ("agent/platform/a.hpp", "agent/platform/fake/a.cpp", "rules/url/a.cpp", "tests/unit/a.cpp", "tests/unit/agent/platform/fake/a.cpp",
                     "tests/talks/a.cpp", "tests/fuzz/a.cpp"):
            with self.subTest(name):
                self.finds(arrows.os_headers, {name: "#include <resolv.h>\n#include <sys/stat.h>\n"}, 2)

    def test_a_header_of_one_system(self):
        self.finds(arrows.linux_of_others, {"agent/platform/fake/a.cpp": '#include "agent/platform/linux/ask_program.hpp"\n',
                                            "agent/net/a.cpp": '#include "agent/platform/fake/laptop.hpp"\n',
                                            "tests/unit/agent/platform/a.cpp": '#include "agent/platform/linux/ask_program.hpp"\n'}, 3)
        self.finds(arrows.linux_of_others, {"agent/platform/fake/a.cpp": '#include "agent/platform/fake/laptop.hpp"\n',
                                            "agent/net/a.cpp": '#include "agent/platform/platform.hpp"\n',
                                            "tests/unit/agent/platform/fake/a.cpp": '#include "agent/platform/fake/laptop.hpp"\n'}, 0)

    def test_an_upward_link(self):
        self.finds(arrows.upward_links, {"rules/url/CMakeLists.txt": LIBRARY.format("rules_url", "rules_match"),
                                         "rules/match/CMakeLists.txt": LIBRARY.format("rules_match", "rules_url")})

    def test_an_include_without_link(self):
        contents = {"rules/url/CMakeLists.txt": LIBRARY.format("rules_url", "rules_base"),
                    "rules/base/CMakeLists.txt": LIBRARY.format("rules_base", "tl::expected"),
                    "rules/match/CMakeLists.txt": LIBRARY.format("rules_match", "rules_base"),
                    "rules/match/a.cpp": '#include "rules/url/host.hpp"\n#include "rules/base/text.hpp"\n'}
        self.finds(arrows.unlinked_includes, contents)
        contents["rules/match/CMakeLists.txt"] = LIBRARY.format("rules_match", "rules_url")
        self.finds(arrows.unlinked_includes, contents, 0)

    def test_a_coroutine_trap(self):
        bad = ["auto x = ready ? co_await a() : b;",
               "co_await send(Message{1, 2});",
               "co_await send({1, 2});",
               "if (auto r = co_await send(Limits{3}); !r) { stop(); }",
               "spawn(pool, [self]() -> Task<void> { co_await self->run({1}); });",
               "co_return co_await (fast ? a() : b());",
               "while (co_await next(open ? 1 : 2)) { go(); }"]
        good = ["const auto limits = Limits{1, 2};\nco_await send(limits);",
                "auto x = ready ? a : b; co_await y();",
                "co_await send(head, {}, Limits::idle);",
                "co_await send(\"{?}\");  // { ? }",
                "if (auto r = co_await send(limits); !r) { use(Value{1}); x = a ? b : c; }",
                "spawn(pool, [self]() -> Task<void> { co_await self->run(); }, detached);",
                "for (auto& a : b) { co_await a.run(); }\nf(Value{1});",
                "struct A { int b{1}; };\nTask<void> f() { co_await g(); }"]
        for text in bad:
            with self.subTest(text):
                self.assertEqual(len(coroutines.traps("Task<void> f() {\n" + text + "\n}\n")), 1)
        for text in good:
            with self.subTest(text):
                self.assertEqual(coroutines.traps("Task<void> f() {\n" + text + "\n}\n"), [])
        self.finds(coroutines.coroutine_traps, {"agent/net/a.cpp": "Task<void> f() { " + bad[0] + " }\n"})

    def test_a_long_file(self):
        self.finds(files.too_long, {"rules/url/a.cpp": "\n" * 601, "rules/url/b.cpp": "\n" * 600})

    def test_a_name_that_is_not_snake_case(self):
        self.finds(files.badly_named, {"rules/url/CanonicalUrl.cpp": "", "rules/url/a-b.cpp": "", "rules/Url/a.cpp": "",
                                       "rules/url/a.cpp": "", "categories/conduct/self-harm.yaml": "", "README.md": ""}, 3)

    def test_an_unfinished_mark(self):
        self.finds(files.unfinished_marks, {"rules/url/a.cpp": "// TO" + "DO: more\n", "rules/url/b.cpp": "// to do list\n"})

    def test_a_path_of_one_machine(self):
        self.finds(files.machine_paths, {"README.md": "see /" + "home/somebody/fairlead\n", "a.md": "see /var/lib/fairlead\n"})

    def test_a_sleeping_test(self):
        self.finds(files.sleeping_tests, {"tests/unit/a.cpp": "std::this_thread::sleep_for(1s);\n", "agent/net/a.cpp": "sleep_for"})

    def test_a_lock_of_two(self):
        self.finds(files.locks_of_two, {"agent/a.cpp": '"SELECT pg_advisory_xact_lock(7)"', "agent/b.cpp": '"SELECT pg_try_advisory_lock(7)"'})
        self.finds(files.locks_of_two, {"agent/a.cpp": '"SELECT pg_advisory_xact_lock(7)"', "agent/b.cpp": '"SELECT pg_try_advisory_lock(8)"'}, 0)

    def test_a_header_without_beginning(self):
        self.finds(files.headers_without_pragma, {"rules/url/a.hpp": "#include <string>\n", "rules/url/b.hpp": "#pragma once\n\n",
                                                  "rules/url/c.hpp": "#pragma once\n// What it is.\n"}, 2)

    @unittest.skipUnless(files.can_format(), "clang-format is not installed")
    def test_an_unformatted_file(self):
        self.finds(files.unformatted, {".clang-format": "BasedOnStyle: Google\n", "rules/url/a.cpp": "int  a ;\n",
                                       "rules/url/b.cpp": "int a;\n"})

    def test_a_suite_that_the_readme_does_not_name(self):
        run = "#!/bin/sh\necho unit chaos\n"
        self.finds(documents.unnamed_suites, {"tests/run": run, "README.md": "`unit`\n"})
        self.finds(documents.unnamed_suites, {"tests/run": run, "README.md": "`unit` `chaos`\n"}, 0)

    def test_a_room_that_the_readme_does_not_name(self):
        self.finds(documents.unnamed_rooms, {"README.md": "base/ url/ catalog/ match/ policy/ http/ tls/ session/ pages/ events/ alerts/ cover/ "
                                                          "database/ platform/ lists/ net/ bundles/ exchange/ siem/ fleet/ hub/ command/\n"})

    def test_a_path_that_is_not_there(self):
        self.finds(documents.broken_paths, {"README.md": "`rules/url` and `rules/nothing`\n", "rules/url/a.cpp": "",
                                            "SECURITY.md": "", "CHANGELOG.md": ""})


class Blanking(unittest.TestCase):
    def test_comments_and_literals_go_and_places_stay(self):
        text = 'int a; // {\nauto b = "{?";\nauto c = R"(\n{)"; /* { */ char d = \'{\'; long e = 1\'000;\n'
        code = code_only(text)
        self.assertNotIn("{", code)
        self.assertEqual(len(code), len(text))
        self.assertEqual(code.count("\n"), text.count("\n"))
        self.assertIn("1'000", code)


class IgnoredFiles(unittest.TestCase):
    def test_what_git_ignores_is_not_ours(self):
        with Sample({".gitignore": "build/\n", "build/a.cpp": "", "rules/url/a.cpp": ""}) as tree:
            subprocess.run(["git", "init", "-q", str(tree.root)], check=True)
            self.assertEqual(SourceTree(tree.root).files, [".gitignore", "rules/url/a.cpp"])


if __name__ == "__main__":
    unittest.main()
