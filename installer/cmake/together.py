#!/usr/bin/env python3
"""Which files of a target can be compiled as one: together.py TOP FILE... prints "FILE|GROUP" a line.

Headers are most of the work of compiling, so files that share them are compiled in groups. Two files that give one name to
different things of their own (most rooms have several kNow and Options) never stand in the same group."""
import functools
import os
import re
import sys

MOST = 24  # files a group
WHOLE = re.compile(r"^(?:struct|class|enum class|enum|union)\s+(\w+)\b(?!::)|^using\s+(\w+)\s*=|^(?:using\s+[\w:]+::|namespace\s+(?=\w+ =))(\w+)\b.*;")
OTHER = re.compile(r"(?<![:~\w])(\w+)\s*(?:\(|=|\{|\[|;)")
MORE = re.compile(r",\s*(k[A-Z]\w*)\s*[={\[(]")
NO_NAME = re.compile(r"(namespace|using namespace|template|return|public|private|extern|typedef|static_assert|(?:struct|class) \w+::|TEST_CASE|TEST_CASE_FIXTURE)\b")
NOT_OWN = re.compile(r"const|void|noexcept|default|operator|\w+_")  # of a member that is defined: what follows its name
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def names(text):
    """What the text declares outside of every brace that is indented: the name, and "type", "own" (in a namespace without a name), "other" or the
    whole line of a using-declaration or another name for a namespace."""
    found, kind = {}, "other"
    for line in text.splitlines():
        if line in ("namespace {", "}  // namespace"):
            kind = "own" if line == "namespace {" else "other"
        whole = WHOLE.match(line)
        if not re.match(r"[a-zA-Z\[]", line) or NO_NAME.match(line) and not whole:
            continue
        if whole:
            found[whole.group(1) or whole.group(2) or whole.group(3)] = line if whole.group(3) else "type"
        elif (other := OTHER.search(re.sub(r"<[^()=]*>|\[\[\w+\]\]", "", line))) and not NOT_OWN.fullmatch(other.group(1)):
            found[other.group(1)] = kind
            found.update((name, kind) for name in MORE.findall(line))
    return found


@functools.cache
def seen_from(path, top):
    """The names of every header of the project that the file includes, itself left out."""
    headers, open_ones = set(), [path]
    while open_ones:
        for name in INCLUDE.findall(read(open_ones.pop())):
            for header in (os.path.join(top, name), os.path.join(os.path.dirname(path), name)):
                if os.path.exists(header) and header not in headers:
                    headers.add(header)
                    open_ones.append(header)
                    break
    return set().union(*(names(read(header)) for header in headers))


def hides(own, seen, seen_there):
    """Would a name of a file's own take the place of one that another file sees in a header?"""
    return any(name in seen_there and (kind in ("type", "own") or kind == "other" and name not in seen) for name, kind in own.items())


def differ(kind, kind_there, declared):
    """Are these two things, of one name? declared: in a header, so that two definitions are overloads."""
    if "other" in (kind, kind_there) and kind == kind_there:
        return not declared
    return kind in ("type", "own", "other") or kind != kind_there


def unlike(one, other):
    """Would a name mean another thing when these two files are one?"""
    (own, seen), (others, seen_there) = one, other
    return (any(name in others and differ(kind, others[name], name in seen and name in seen_there) for name, kind in own.items())
            or hides(own, seen, seen_there) or hides(others, seen_there, seen))


def main():
    top, *files = sys.argv[1:]
    known = {path: (names(read(path)), seen_from(path, top)) for path in files}
    apart = {path: {other for other in files if other != path and unlike(known[path], known[other])} for path in files}
    groups = []
    for path in sorted(files, key=lambda path: -len(apart[path])):  # who fits with few chooses first
        fitting = (i for i, group in enumerate(groups) if len(group) < MOST and not apart[path].intersection(group))
        number = next(fitting, len(groups))
        if number == len(groups):
            groups.append([])
        groups[number].append(path)
        print(f"{path}|g{number}")


if __name__ == "__main__":
    main()
