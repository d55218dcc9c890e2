"""Runs every check over this repository."""
import unittest
from pathlib import Path

import arrows
import coroutines
import documents
import files
from source_tree import SourceTree

TREE = SourceTree(Path(__file__).resolve().parents[2])


class Repository(unittest.TestCase):
    def holds(self, check):
        found = check(TREE)
        self.assertEqual(found, [], "\n" + "\n".join(found[:40]))


def add(check):
    def test(self):
        self.holds(check)
    setattr(Repository, "test_no_" + check.__name__, test)


for module in (arrows, coroutines, files, documents):
    for each in module.CHECKS:
        add(each)


@unittest.skipUnless(files.can_format(), "clang-format is not installed")
class Formatting(unittest.TestCase):
    def test_no_unformatted(self):
        found = files.unformatted(TREE)
        self.assertEqual(found, [], "\n" + "\n".join(found[:40]))


if __name__ == "__main__":
    unittest.main()
