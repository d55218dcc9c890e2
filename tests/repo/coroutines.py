"""What GCC 12 gets wrong in coroutines (style guide, section 7): in one statement with co_await no `?:` (double free) and
no braced argument (does not compile, or destroys twice); an empty `{}` is harmless."""
import re

from source_tree import CPP, code_only, line_of

LAMBDA_HEAD = re.compile(r"(\)|\bmutable|\bnoexcept|->\s*[\w:<>,&*\s]+|\])\s*$")


class _Statement:
    def __init__(self, start):
        self.start, self.awaits, self.ternary, self.braced = start, None, None, None


def traps(text):
    """Yields (offset, what) for each statement that holds co_await and a trap."""
    code = code_only(text)
    found = []

    def close(statement):
        if statement.awaits is None:
            return
        if statement.ternary is not None:
            found.append((statement.ternary, "`?:` in one statement with co_await"))
        if statement.braced is not None:
            found.append((statement.braced, "a braced argument in one statement with co_await"))

    stack = []                       # of (kind, statement to go on with)
    statement = _Statement(0)
    depth = 0                        # open parentheses of the present statement
    for match in re.finditer(r"co_await\b|[(){};?\[\]]", code):
        token, at = match.group(0), match.start()
        if token == "co_await":
            statement.awaits = at
        elif token == "?":
            statement.ternary = at
        elif token in "([":
            stack.append(("(", statement, depth))
            depth += 1
        elif token in ")]":
            if stack and stack[-1][0] == "(":
                _, statement, depth = stack.pop()
        elif token == "{":
            before = code[max(0, at - 200):at].rstrip()
            is_initializer = depth > 0 and not LAMBDA_HEAD.search(before)
            if not is_initializer and depth == 0 and re.search(r"(=|\breturn|\bco_return|[\w>])$", before) and \
                    not re.search(r"\b(else|do|try|const|override|final|noexcept)$", before) and \
                    not re.search(r"\b(struct|class|enum|union|namespace)\b[^;{}()]*$", before) and \
                    not re.search(r"->\s*[\w:<>,&*\s]+$", before):
                is_initializer = True
            if is_initializer:
                if depth > 0 and not re.match(r"\{\s*\}", code[at:at + 40]):
                    statement.braced = at
                stack.append(("{", statement, depth))
                depth += 1
            else:
                stack.append(("block", statement, depth))
                statement, depth = _Statement(at), 0
        elif token == "}":
            if not stack:
                continue
            kind, outer, outer_depth = stack.pop()
            if kind == "block":
                close(statement)
                statement, depth = outer, outer_depth
                if depth == 0:
                    close(statement)
                    statement = _Statement(at)
            else:
                statement, depth = outer, outer_depth
        elif token == ";" and depth == 0:
            close(statement)
            statement = _Statement(at)
    close(statement)
    return sorted(found)


def coroutine_traps(tree):
    found = []
    for name in tree.matching(*CPP):
        text = tree.text(name)
        if "co_await" in text:
            found += [f"{name}:{line_of(text, at)}: {what}; name the value first" for at, what in traps(text)]
    return found


CHECKS = [coroutine_traps]
