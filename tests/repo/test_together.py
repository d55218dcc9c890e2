"""Which files are compiled as one: what gives a name a second meaning keeps files apart, anything else does not."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent


def groups(contents):
    """File → group, of the .cpp files in their order."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in contents.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        files = [str(Path(folder, name)) for name in contents if name.endswith(".cpp")]
        done = subprocess.run([sys.executable, str(TOP / "installer/cmake/together.py"), folder, *files], check=True,
                              capture_output=True, text=True)
        return [line.rsplit("|", 1)[1] for line in done.stdout.splitlines()]


class FilesThatAreCompiledAsOne(unittest.TestCase):
    def test_files_with_names_of_their_own_go_together(self):
        self.assertEqual(groups({"a.cpp": "int one() {\n  int x = 1;\n  return x;\n}\nTEST_CASE(\"a\") {\n}\n",
                                 "b.cpp": "int two() {\n  int x = 2;\n  return x;\n}\nTEST_CASE(\"b\") {\n}\n"}), ["g0", "g0"])

    def test_one_name_for_two_things_keeps_them_apart(self):
        for first, second in (("constexpr int kNow = 1;", "constexpr long kNow{2};"), ("struct Options {\n};", "struct Options {\n  int x;\n};"),
                              ("constexpr int kDone = 0, kNo = 1;", "const char* const kNo = nullptr;"), ("constexpr std::chrono::days kDone{1}, kNo{2};", "constexpr int kNo = 1;"),
                              ("using Names = int;", "using test::Names;"),
                              ("int utc(int time) { return time; }", "std::string utc(int time) {\n}")):
            self.assertEqual(groups({"a.cpp": first + "\n", "b.cpp": second + "\n"}), ["g0", "g1"], (first, second))

    def test_a_type_that_hides_one_of_a_header_keeps_its_file_apart_from_those_that_see_it(self):
        contents = {"base.hpp": "enum class Side { local };\n", "mid.hpp": '#include "base.hpp"\n',
                    "a.cpp": '#include "mid.hpp"\nusing Side = int;\n', "b.cpp": '#include "mid.hpp"\nint two() { return 2; }\n', "c.cpp": "int x = 0;\n"}
        self.assertEqual(groups(contents), ["g0", "g1", "g0"])

    def test_a_class_inside_another_and_an_assertion_are_no_names_of_their_own(self):
        contents = {"base.hpp": "class Server {\n};\n", "a.cpp": '#include "base.hpp"\nstruct Server::Impl {\n};\nstatic_assert(true);\n',
                    "b.cpp": '#include "base.hpp"\nint two() { return 2; }\nstatic_assert(true);\n'}
        self.assertEqual(groups(contents), ["g0", "g0"])

    def test_the_same_using_declaration_is_no_reason(self):
        self.assertEqual(groups({"a.cpp": "using test::Names;\n", "b.cpp": "using test::Names;\n"}), ["g0", "g0"])


if __name__ == "__main__":
    unittest.main()
