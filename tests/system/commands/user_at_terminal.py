"""What `fairlead user add` does with keys at a real terminal, and whose its file is. Run by ./run."""
import os
import pty
import signal
import subprocess
import time
import unittest

AGENT = os.environ.get("FAIRLEAD_AGENT", "build/test/agent/fairlead")


def typed(state, keys, *more):
    """Types each text after a prompt has come; the exit code and everything that was shown."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(AGENT, [AGENT, "user", "add", "mira", "--role", "viewer", "--state", state, *more])
    shown, waits = b"", list(keys)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
        if waits and (b"Password: " in piece or b"again: " in piece):
            os.write(terminal, waits.pop(0))
    else:
        os.kill(child, signal.SIGKILL)
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()


def test_a_password_is_typed_twice_mended_and_never_shown(its):
    state = os.path.join(its.folder, "typed")
    code, shown = typed(state, [b"a long enough passwoX\x7frd\n", b"nonsense\x15a long enough password\n"])
    assert code == 0 and "mira can sign in as viewer" in shown, (code, shown)
    assert "enough" not in shown, shown


def test_ctrl_c_breaks_off_at_once_and_nothing_is_made(its):
    state = os.path.join(its.folder, "broken")
    begin = time.monotonic()
    code, shown = typed(state, [b"half a pass\x03"])
    assert code == 2 and "broken off" in shown, (code, shown)
    assert time.monotonic() - begin < 20, "it waited for the end of the line"
    assert not os.path.exists(os.path.join(state, "accounts.db"))


def test_what_root_makes_belongs_to_whoever_owns_the_folder(its):
    if os.geteuid() != 0:
        raise unittest.SkipTest("only root gives files away")
    state = os.path.join(its.folder, "owned")
    os.chmod(its.folder, 0o711)  # that other account has to get there
    os.mkdir(state, 0o700)
    os.chown(state, 4711, 4711)
    done = subprocess.run([AGENT, "user", "add", "mira", "--role", "viewer", "--state", state], input="a long enough password\n",
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert os.stat(os.path.join(state, "accounts.db")).st_uid == 4711
