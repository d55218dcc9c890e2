"""How a download may go wrong: each leaves the list in force as it is, and says why."""
import http.server, os, threading

from harness import NEW, OLD, Server, edition, plain


def resumes_after_cuts(world, percents, reset):
    """Cut at these percents of the file, then an honest answer: the rest is asked for, and the bytes are right."""
    world.begin()
    world.remember()
    resumed = 0
    for percent in percents:
        cut_at = len(NEW) * percent // 100
        world.publisher.answers["/list"] = edition(NEW, cut_at=cut_at, reset=reset)
        world.refuses("closed", "localhost ended the connection before the list was there")
        world.publisher.requests.clear()
        world.publisher.answers["/list"] = edition(NEW)
        assert world.update()["outcome"] == "staged" and world.check_invariant() == NEW
        (_, fields), = world.publisher.requests
        resumed += "Range" in fields
        if "Range" in fields:
            assert 0 < int(fields["Range"][6:-1]) <= cut_at and fields["If-Range"], fields
        world.put_back()
    return resumed


def test_a_line_cut_at_every_percent_is_continued_there(world):
    # Of what was sent, nothing is lost on a line that closes.
    assert resumes_after_cuts(world, range(100), reset=False) >= 95


def test_a_line_reset_is_continued_or_begun_anew(world):
    resumes_after_cuts(world, range(0, 100, 9), reset=True)


def test_another_edition_after_the_cut_is_fetched_from_its_first_byte(world):
    world.begin()
    world.publisher.answers["/list"] = edition(OLD + NEW, cut_at=50000)
    world.refuses("closed", "ended the connection")
    world.publisher.answers["/list"] = edition(NEW)
    assert world.update()["outcome"] == "staged" and world.list() == NEW


def test_a_server_without_ranges_sends_all_of_it(world):
    world.begin()
    world.publisher.answers["/list"] = edition(NEW, cut_at=50000, ranges=False)
    world.refuses("closed", "ended the connection")
    world.publisher.answers["/list"] = edition(NEW, ranges=False)
    assert world.update()["outcome"] == "staged" and world.list() == NEW


def test_a_part_that_somebody_changed_is_not_continued(world):
    world.begin()
    world.publisher.answers["/list"] = edition(NEW, cut_at=50000)
    world.refuses("closed", "ended the connection")
    with open(world.path("incoming.part"), "r+b") as f:
        f.seek(1000)
        f.write(b"\0")
    world.publisher.requests.clear()
    world.publisher.answers["/list"] = edition(NEW)
    assert world.update()["outcome"] == "staged" and world.list() == NEW
    assert "Range" not in world.publisher.requests[0][1]


def test_a_part_with_a_weak_validator_is_not_continued(world):
    world.begin()
    world.publisher.answers["/list"] = edition(NEW, etag='W/"1"', cut_at=50000)
    world.refuses("closed", "ended the connection")
    assert not os.path.exists(world.path("incoming.part"))


def test_a_wrong_range_is_not_glued_on(world):
    world.begin()
    world.publisher.answers["/list"] = edition(NEW, etag='"1"', cut_at=50000)
    world.refuses("closed", "ended the connection")
    shifted = plain(206, NEW[50001:], Content_Range=f"bytes 50001-{len(NEW) - 1}/{len(NEW)}", ETag='"1"')
    whole = edition(NEW, etag='"1"')
    world.publisher.answers["/list"] = lambda handler: (shifted if "Range" in handler.headers else whole)(handler)
    assert world.update()["outcome"] == "staged" and world.list() == NEW


def test_a_part_that_is_already_whole_is_fetched_anew(world):
    world.begin()
    world.publisher.answers["/list"] = edition(NEW + b"more\n", etag='"1"', cut_at=len(NEW))
    world.refuses("closed", "ended the connection")
    world.publisher.answers["/list"] = edition(NEW, etag='"1"')  # it is 5 bytes shorter now
    assert world.update()["outcome"] == "staged" and world.list() == NEW


def test_no_news_is_asked_for_and_understood(world):
    world.begin()
    assert world.update()["outcome"] == "not_modified"
    (_, fields), = world.publisher.requests
    assert fields["If-None-Match"] and fields["User-Agent"].startswith("fairlead/") and fields["Accept-Encoding"] == "identity", fields
    # A server that knows no conditions sends the same bytes again.
    world.publisher.answers["/list"] = plain(200, OLD)
    assert world.update()["outcome"] == "not_modified" and world.check_invariant() == OLD
    assert not os.path.exists(world.path("previous"))


def test_a_sign_in_page_is_no_list(world):
    world.begin()
    for page in (b"<!DOCTYPE html><title>Welcome</title>", b"\xef\xbb\xbf\r\n <html>", b"<script>top.location='/login'</script>"):
        for kind in ("text/html; charset=utf-8", "text/plain"):
            world.publisher.answers["/list"] = plain(200, page, Content_Type=kind)
            world.refuses("bad_message", "sent a web page instead of a list")
            assert not os.path.exists(world.path("incoming.part"))


def test_an_empty_file_is_no_list(world):
    world.begin()
    world.publisher.answers["/list"] = plain(200, b"")
    world.refuses("bad_message", "sent an empty file")
    world.publisher.answers["/list"] = lambda handler: handler.head(204)
    world.refuses("refused", "answered 204")


def test_a_body_whose_end_cannot_be_told_is_refused(world):
    def answer(handler):
        handler.close_connection = True
        handler.head(200, Connection="close")
        handler.wfile.write(NEW)
    world.begin()
    world.publisher.answers["/list"] = answer
    world.refuses("bad_message", "does not say where the list ends")


def test_chunked_bodies_are_taken_whole_or_not_at_all(world):
    def answer(handler, last=b"0\r\n\r\n"):
        handler.head(200, Transfer_Encoding="chunked")
        for begin in range(0, len(NEW), 10000):
            piece = NEW[begin:begin + 10000]
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        handler.wfile.write(last)
        if not last:
            handler.drop()
    world.begin()
    world.publisher.answers["/list"] = lambda handler: answer(handler, b"")
    world.refuses("closed", "ended the connection")
    world.publisher.answers["/list"] = answer
    assert world.update()["outcome"] == "staged" and world.list() == NEW


def test_errors_of_the_server_say_which(world):
    world.begin()
    for status, code, words in ((404, "not_found", "answered 404: the list is not there"), (410, "not_found", "see whether"),
                                (403, "refused", "answered 403: it does not give us the list"),
                                (500, "refused", "answered 500: the server is busy or broken"), (503, "refused", "asked again")):
        world.publisher.answers["/list"] = plain(status, b"0.0.0.0 an-error.example\n")
        world.refuses(code, words)
    assert world.meta()["failures"] == 5
    world.publisher.answers["/list"] = edition(NEW)
    assert world.update()["outcome"] == "staged" and world.meta()["failures"] == 0 and world.meta()["last_error"] == ""


def test_redirects_are_followed_five_times_and_to_https_only(world):
    world.begin()
    insecure = Server()
    insecure.answers["/list"] = edition(NEW)
    world.publisher.answers["/list"] = plain(302, b"", Location=insecure.base + "/list")
    world.refuses("refused", "leads to an address that is not https")
    assert not insecure.requests
    for n in range(6):
        world.publisher.answers[f"/{n}"] = plain(301, b"<html>moved</html>", Location=f"/{n + 1}")
    world.publisher.answers["/6"] = edition(NEW)
    world.publisher.answers["/list"] = plain(302, b"", Location="/1")
    world.refuses("refused", "without end")
    world.publisher.answers["/list"] = plain(302, b"", Location="/2")
    assert world.update()["outcome"] == "staged" and world.list() == NEW


def test_a_redirect_loop_ends(world):
    world.begin()
    world.publisher.answers["/list"] = plain(302, b"", Location="/list")
    world.refuses("refused", "without end")
    assert len(world.publisher.requests) == 6


def slow(handler):
    handler.head(200, Content_Length=len(NEW), ETag='"slow"')
    try:
        for begin in range(0, len(NEW), 100):
            handler.wfile.write(NEW[begin:begin + 100])
            if handler.server.stop.wait(0.1):
                return
    except OSError:
        pass


def test_a_body_without_end_is_given_up_and_continued(world):
    import threading
    world.publisher.stop = threading.Event()
    world.begin()
    world.publisher.answers["/list"] = slow
    world.refuses("timed_out", "is too slow", lowest_speed=100000)
    world.refuses("timed_out", "is too slow", total_limit_ms=700)
    world.publisher.stop.set()
    world.publisher.requests.clear()
    world.publisher.answers["/list"] = edition(NEW, etag='"slow"')
    assert world.update()["outcome"] == "staged" and world.list() == NEW
    assert "Range" in world.publisher.requests[0][1]


def test_a_body_that_is_too_long_is_refused_before_and_while_it_comes(world):
    def endless(handler):
        handler.head(200, Transfer_Encoding="chunked")
        while True:
            handler.wfile.write(b"2710\r\n" + b"x" * 10000 + b"\r\n")
    world.begin()
    world.publisher.answers["/list"] = edition(NEW)
    world.refuses("too_large", f"offers {len(NEW)} bytes", most_bytes=len(NEW) - 1)
    world.publisher.answers["/list"] = endless
    world.refuses("too_large", "sent more than the 100000 bytes", most_bytes=100000)
    assert not os.path.exists(world.path("incoming.part"))
    world.publisher.answers["/list"] = edition(NEW)
    assert world.update(most_bytes=len(NEW))["outcome"] == "staged"


def test_a_publisher_that_nobody_vouches_for_is_not_asked(world):
    world.begin()
    folder = os.path.dirname(world.folder)
    stranger = Server(folder + "/stranger.pem", folder + "/stranger.key")
    stranger.answers["/list"] = edition(NEW)
    world.refuses("refused", "its certificate is not trusted", **{"from": stranger.base + "/list"})
    world.refuses("refused", "its certificate is not trusted", authorities="")
    world.refuses("refused", "not trusted", **{"from": world.publisher.base.replace("localhost", "127.0.0.1") + "/list"})
    assert not stranger.requests
    # The laptop's own authority stands among the system's for the sake of browsers; a publisher it vouches for is an attack.
    with open(os.path.join(folder, "ca.pem"), encoding="utf-8") as own:
        world.refuses("refused", "its certificate is not trusted", own_authority=own.read())
    with open(os.path.join(folder, "stranger.pem"), encoding="utf-8") as another:
        assert world.update(own_authority=another.read())["outcome"] != "failed"


def test_nobody_there(world):
    world.begin()
    world.refuses("unreachable", "cannot be reached", **{"from": "https://localhost:1/list"})
    world.refuses("unreachable", "cannot be reached", **{"from": "https://nobody.invalid/list"})


def test_the_environment_chooses_no_proxy_and_the_options_do(world):
    world.begin()
    proxy = Server()
    os.environ["https_proxy"] = os.environ["ALL_PROXY"] = proxy.base
    os.environ["no_proxy"] = "localhost"
    try:
        assert world.update()["outcome"] == "not_modified"
        world.refuses("closed", "localhost", proxy=proxy.base)  # it cannot make tunnels, but it was asked
    finally:
        for name in ("https_proxy", "ALL_PROXY", "no_proxy"):
            del os.environ[name]


class Tunnels(http.server.BaseHTTPRequestHandler):
    """Lets nobody through, and keeps what it was told."""

    def do_CONNECT(self):
        self.server.heads.append((self.path, dict(self.headers.items())))
        self.send_response(403)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_a_proxy_hears_the_login_and_a_publisher_does_not(world):
    world.begin()
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tunnels)
    proxy.heads = []
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    told = {"proxy": f"http://127.0.0.1:{proxy.server_address[1]}", "proxy_authorization": "Basic bGFwdG9wOnNlY3JldA=="}
    try:
        assert world.update(**told)["outcome"] == "failed"
        assert [fields["Proxy-Authorization"] for _, fields in proxy.heads] == [told["proxy_authorization"]]
        assert world.update(**told, proxy_except="localhost")["outcome"] == "not_modified"
        assert len(proxy.heads) == 1
        assert all("Proxy-Authorization" not in fields for _, fields in world.publisher.requests)
    finally:
        proxy.shutdown()
        proxy.server_close()
