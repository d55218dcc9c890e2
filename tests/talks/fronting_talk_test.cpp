// Requests whose parts name different hosts: the tunnel, the TLS inside it, the target and the Host field. Each of them
// is judged, and one that is blocked stops all.

#include <doctest/doctest.h>

#include "tests/talks/client_hello.hpp"
#include "tests/talks/talk.hpp"

namespace {

using fairlead::agent::session::Ask;
using fairlead::agent::session::Refusal;
using fairlead::talks::client_hello;
using fairlead::talks::open_tunnel;
using fairlead::talks::Talk;

constexpr std::string_view kNetwork = "{connect_ports: [443], local_targets: refuse, address_targets: allow}";

/// What becomes of a tunnel to `authority` with `host` in its head, in which `server_name` says hello.
Ask tunnel(Talk& talk, const std::string& authority, const std::string& host, std::string_view server_name) {
  Ask ask = talk.client("CONNECT " + authority + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  if (ask == Ask::resolve) ask = talk.resolves_to({"192.0.2.1", false});
  if (ask == Ask::connect) ask = talk.session.connected();
  if (ask != Ask::send_established) return ask;
  talk.consume();
  return talk.client(client_hello(server_name));
}

struct Tunnel {
  const char *authority, *host, *server_name;
};
struct Request {
  const char *target, *host;
};

}  // namespace

TEST_CASE("talk: a tunnel in which any name is blocked does not open") {
  for (const Tunnel& row : {Tunnel{"open.example:443", "open.example:443", "blocked.example"},
                            Tunnel{"open.example:443", "open.example:443", "www.blocked.example"},
                            Tunnel{"open.example:443", "open.example:443", "WWW.BLOCKED.EXAMPLE"},
                            Tunnel{"open.example:443", "open.example:443", "blocked.example."},
                            Tunnel{"open.example:443", "open.example:443", "b%6cocked.example"},
                            Tunnel{"open.example:443", "open.example:443", "192.0.2.66"},
                            Tunnel{"open.example:443", "open.example:443", "0xc0000242"},
                            Tunnel{"open.example:443", "blocked.example:443", "open.example"},
                            Tunnel{"open.example:443", "www.blocked.example", "open.example"},
                            Tunnel{"blocked.example:443", "open.example:443", "open.example"},
                            Tunnel{"BLOCKED.example.:443", "open.example", "open.example"},
                            Tunnel{"192.0.2.1:443", "192.0.2.1:443", "blocked.example"},
                            Tunnel{"192.0.2.66:443", "open.example", "open.example"}}) {
    CAPTURE(row.authority);
    CAPTURE(row.host);
    CAPTURE(row.server_name);
    Talk talk(kNetwork);
    CHECK(tunnel(talk, row.authority, row.host, row.server_name) == Ask::refuse);
    CHECK(talk.session.refusal() == Refusal::blocked);
  }
}

TEST_CASE("talk: names that differ and are all open stay open: mail programs and content networks do that") {
  for (const Tunnel& row : {Tunnel{"open.example:443", "open.example:443", "open.example"},
                            Tunnel{"open.example:443", "open.example", "OPEN.example"},
                            Tunnel{"open.example:443", "OPEN.example:443", "cdn.open.example"},
                            Tunnel{"open.example:443", "other.example:443", "third.example"},
                            Tunnel{"192.0.2.1:443", "192.0.2.1:443", "open.example"},
                            Tunnel{"notblocked.example:443", "notblocked.example", "blocked.example.org"}}) {
    CAPTURE(row.authority);
    CAPTURE(row.server_name);
    Talk talk(kNetwork);
    CHECK(tunnel(talk, row.authority, row.host, row.server_name) == Ask::tunnel);
  }
}

TEST_CASE("talk: a plain request in which target or Host is blocked does not leave") {
  for (const Request& row :
       {Request{"http://open.example/", "blocked.example"}, Request{"http://open.example/", "BLOCKED.example:80"},
        Request{"http://open.example/", "www.blocked.example."},
        Request{"http://open.example:8080/", "blocked.example:8080"},
        Request{"http://blocked.example/", "open.example"},
        Request{"http://open.example@blocked.example/", "open.example"},
        Request{"http://blocked.example\\@open.example/", "open.example"},
        Request{"http://192.0.2.66/", "open.example"}, Request{"http://open.example/secret", "notes.example"},
        Request{"http://notes.example/secret", "open.example"}}) {
    CAPTURE(row.target);
    CAPTURE(row.host);
    Talk talk(kNetwork);
    CHECK(talk.client(std::string("GET ") + row.target + " HTTP/1.1\r\nHost: " + row.host + "\r\n\r\n") == Ask::refuse);
    CHECK(talk.session.refusal() == Refusal::blocked);
  }
}

TEST_CASE("talk: what an alias of a name leads to, in every spelling that a name server may use") {
  struct Alias {
    const char *host, *canonical_name;
    Ask then;
  };
  for (const Alias& row :
       {Alias{"open.example", "blocked.example", Ask::refuse}, Alias{"open.example", "blocked.example.", Ask::refuse},
        Alias{"open.example", "BLOCKED.Example", Ask::refuse},
        Alias{"open.example", "www.blocked.example", Ask::refuse},
        Alias{"open.example", "a.b.c.blocked.example", Ask::refuse},
        Alias{"www.open.example", "blocked.example", Ask::refuse},
        Alias{"cdn.example", "edge7.blocked.example.", Ask::refuse},
        Alias{"badge.example", "badword.example", Ask::refuse}, Alias{"open.example", "192.0.2.66", Ask::refuse},
        Alias{"school.example", "x--blocked.blocked.example", Ask::refuse},
        Alias{"open.example", "open.example", Ask::connect}, Alias{"open.example", "cdn.other.example", Ask::connect},
        Alias{"open.example", "notblocked.example", Ask::connect},
        Alias{"open.example", "blocked.example.org", Ask::connect},
        Alias{"open.example", "no host at all", Ask::connect},
        Alias{"help.example", "blocked.example", Ask::connect}}) {
    CAPTURE(row.host);
    CAPTURE(row.canonical_name);
    Talk talk(kNetwork);
    REQUIRE(talk.client(fairlead::talks::get(row.host)) == Ask::resolve);
    CHECK(talk.resolves_to({"192.0.2.1", false}, row.canonical_name) == row.then);
  }
}

TEST_CASE("talk: every name of a chain of aliases is judged, not its end alone") {
  const std::vector<std::string> open = {"open.example", "a.example", "b.example"};
  for (std::size_t at = 0; at <= open.size(); ++at) {
    CAPTURE(at);
    auto chain = open;
    chain.insert(chain.begin() + static_cast<std::ptrdiff_t>(at), "cdn.blocked.example");
    Talk talk(kNetwork);
    REQUIRE(talk.client(fairlead::talks::get("open.example")) == Ask::resolve);
    CHECK(talk.resolves_to({"192.0.2.1", false}, chain) == Ask::refuse);
    CHECK(talk.session.refusal() == Refusal::blocked);
  }
  Talk talk(kNetwork);
  REQUIRE(talk.client(fairlead::talks::get("open.example")) == Ask::resolve);
  CHECK(talk.resolves_to({"192.0.2.1", false}, open) == Ask::connect);
}

TEST_CASE("talk: a tunnel for TLS carries nothing else") {
  using namespace std::string_view_literals;
  for (const std::string_view bytes :
       {"SSH-2.0-OpenSSH_9.2\r\n"sv, "GET / HTTP/1.1\r\nHost: open.example\r\n\r\n"sv,
        "CONNECT blocked.example:443 HTTP/1.1\r\n\r\n"sv, "\x05\x01\x00"sv, "\x04\x01\x00\x50\xc0\x00\x02\x01\x00"sv,
        "\x38\x01\x02\x03"sv, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"sv, "EHLO open.example\r\n"sv, "\x17\x03\x03\x00\x10"sv,
        "\x15\x03\x01\x00\x02\x01\x00"sv, "\x16\x02\x00\x00\x05"sv, "\x80\x2e\x01\x03\x01"sv,
        "\x16\x03\x01\x00\x00"sv}) {
    CAPTURE(bytes.size());
    Talk talk(kNetwork);
    open_tunnel(talk, "open.example:443");
    CHECK(talk.client(bytes) == Ask::refuse);
    CHECK(talk.session.refusal() == Refusal::not_tls);
  }
}
