// A network in which people sign in first: what its own page may do, and that nothing else is opened.

#include "tests/talks/talk.hpp"

using namespace fairlead;
using namespace fairlead::agent::session;
using rules::url::CanonicalUrl;
using talks::Talk;

namespace {

constexpr std::string_view kPlain = "{local_targets: refuse}";
constexpr const char* kProbe = "http://detectportal.firefox.com/success.txt";

CanonicalUrl url(std::string_view text) {
  CanonicalUrl read;
  REQUIRE(read.assign(text));
  return read;
}

struct Hotel {
  explicit Hotel(std::string_view sign_in, std::string_view network = kPlain) : talk(network) {
    hosts.open(url(sign_in));
    talk.portal = &hosts;
  }
  PortalHosts hosts;
  Talk talk;
};

Ask ask_and_resolve(Talk& talk, std::string_view host, const Address& address) {
  if (const Ask ask = talk.client(talks::get(host)); ask != Ask::resolve) return ask;
  return talk.resolves_to(address);
}

agent::http::ResponseHead answer_of(std::string_view head) {
  agent::http::ResponseHead parsed;
  REQUIRE(agent::http::parse_response_head(head, parsed));
  return parsed;
}

}  // namespace

TEST_CASE("portal: its page may lead into the network, by name or by address, and at its port alone") {
  Hotel by_name("http://login.hotel.example/"), by_address("http://192.168.77.1:8080/login"),
      port("http://login.hotel.example/");
  CHECK(ask_and_resolve(by_name.talk, "login.hotel.example", {"10.0.0.1", true}) == Ask::connect);
  CHECK(ask_and_resolve(by_address.talk, "192.168.77.1:8080", {"192.168.77.1", true}) == Ask::connect);
  CHECK(ask_and_resolve(port.talk, "login.hotel.example:8080", {"10.0.0.1", true}) == Ask::refuse);
  CHECK(port.talk.session.refusal() == Refusal::local_target);
}

TEST_CASE("portal: no other host leads anywhere else than before") {
  for (const std::string host : {"open.example", "a.login.hotel.example", "192.168.77.1"}) {
    CAPTURE(host);
    Hotel hotel("http://login.hotel.example/");
    CHECK(ask_and_resolve(hotel.talk, host, {"192.168.77.1", true}) == Ask::refuse);
    CHECK(hotel.talk.session.refusal() == Refusal::local_target);
  }
}

TEST_CASE("portal: it never leads to this machine or its link") {
  for (const Address& address : {Address{"127.0.0.1", true}, Address{"::1", true}, Address{"169.254.1.1", true},
                                 Address{"fe80::1", true}, Address{"192.168.77.2", true, true}}) {
    CAPTURE(address.text);
    Hotel hotel("http://login.hotel.example/");
    CHECK(ask_and_resolve(hotel.talk, "login.hotel.example", address) == Ask::refuse);
    CHECK(hotel.talk.session.refusal() == Refusal::local_target);
  }
}

TEST_CASE("portal: at an address of the world, that address opens, and what is blocked about it stays blocked") {
  Hotel hotel("http://198.51.100.7/login"), other("http://198.51.100.7/login"), blocked("http://192.0.2.66/"),
      inside("http://198.51.100.7/login");
  CHECK(ask_and_resolve(hotel.talk, "198.51.100.7", {"198.51.100.7", false}) == Ask::connect);
  CHECK(other.talk.client(talks::get("198.51.100.8")) == Ask::refuse);
  CHECK(other.talk.session.refusal() == Refusal::ip_literal);
  CHECK(blocked.talk.client(talks::get("192.0.2.66")) == Ask::refuse);
  CHECK(blocked.talk.session.refusal() == Refusal::blocked);
  CHECK(inside.talk.client("GET http://198.51.100.7/?q=badword HTTP/1.1\r\nHost: 198.51.100.7\r\n\r\n") == Ask::refuse);
  CHECK(inside.talk.session.refusal() == Refusal::blocked);
}

TEST_CASE("portal: a blocked host is no less blocked for it") {
  Hotel hotel("http://www.blocked.example/");
  CHECK(hotel.talk.client(talks::get("www.blocked.example")) == Ask::refuse);
  CHECK(hotel.talk.session.refusal() == Refusal::blocked);
}

TEST_CASE("portal: where nobody asks for signing in, nothing is opened") {
  Hotel hotel("http://login.hotel.example/");
  hotel.hosts.close();
  CHECK(ask_and_resolve(hotel.talk, "login.hotel.example", {"10.0.0.1", true}) == Ask::refuse);
}

TEST_CASE("portal: its page names others by redirects over plain http, and a page of the world names nobody") {
  Hotel hotel("http://login.hotel.example/"), world("http://login.hotel.example/");
  const auto redirect = [](Hotel& in, std::string_view host) {
    REQUIRE(ask_and_resolve(in.talk, host, {"203.0.113.7", false}) == Ask::connect);
    REQUIRE(in.talk.session.connected() == Ask::forward);
    std::string out;
    REQUIRE(in.talk.session.response_head(
        answer_of("HTTP/1.1 302 Found\r\nLocation: https://pay.hotel.example/\r\nContent-Length: 0\r\n\r\n"), out));
  };
  redirect(hotel, "login.hotel.example");
  CHECK(hotel.hosts.opens("pay.hotel.example", 443));
  CHECK_FALSE(hotel.hosts.opens("pay.hotel.example", 80));
  redirect(world, "open.example");
  CHECK_FALSE(world.hosts.opens("pay.hotel.example", 443));
}

TEST_CASE("PortalHosts: no more than eight others, no chains, none over TLS, and another page begins anew") {
  PortalHosts hosts;
  const CanonicalUrl page = url("http://login.hotel.example/");
  hosts.open(page);
  CHECK(hosts.opens("detectportal.firefox.com", 80));
  for (int i = 0; i < 20; ++i) hosts.redirected(page, "http://n" + std::to_string(i) + ".example/");
  CHECK(hosts.opens("n7.example", 80));
  CHECK_FALSE(hosts.opens("n8.example", 80));
  hosts.open(page);  // the network says it once more
  CHECK(hosts.opens("n7.example", 80));
  hosts.open(url("http://other.hotel.example/"));
  CHECK_FALSE(hosts.opens("n7.example", 80));
  hosts.redirected(url("http://n1.example/"), "http://chain.example/");
  hosts.redirected(url("https://other.hotel.example/"), "http://tls.example/");
  hosts.redirected(url("http://other.hotel.example/"), "ftp://odd.example/");
  hosts.redirected(url("http://other.hotel.example/"), "//no-scheme.example/");
  for (const char* host : {"chain.example", "tls.example", "odd.example", "no-scheme.example"}) {
    CAPTURE(std::string(host));
    CHECK_FALSE(hosts.opens(host, 80));
  }
}

TEST_CASE("read_probe: what an answer says of the network") {
  struct Row {
    const char* head;
    const char* body;
    Probed probed;
    const char* sign_in;
  };
  for (const Row& row : {
           Row{"HTTP/1.1 200 OK", "success\n", Probed::open, ""},
           Row{"HTTP/1.1 200 OK", "success", Probed::open, ""},
           Row{"HTTP/1.1 200 OK", "success!", Probed::portal, kProbe},
           Row{"HTTP/1.1 200 OK", "<html>Welcome", Probed::portal, kProbe},
           Row{"HTTP/1.1 511 Sign in", "", Probed::portal, kProbe},
           Row{"HTTP/1.1 302 Found\r\nLocation: http://192.168.77.1/login", "", Probed::portal,
               "http://192.168.77.1/login"},
           Row{"HTTP/1.1 307 There\r\nLocation: https://login.hotel.example", "", Probed::portal,
               "https://login.hotel.example/"},
           Row{"HTTP/1.1 302 Found\r\nLocation: /login", "", Probed::portal, "http://detectportal.firefox.com/login"},
           Row{"HTTP/1.1 302 Found\r\nLocation: javascript:alert(1)", "", Probed::unclear, ""},
           Row{"HTTP/1.1 302 Found", "", Probed::unclear, ""},
           Row{"HTTP/1.1 404 Not Found", "success", Probed::unclear, ""},
           Row{"HTTP/1.1 503 Busy", "", Probed::unclear, ""},
       }) {
    CAPTURE(std::string(row.head));
    CanonicalUrl sign_in;
    const std::string head = std::string(row.head) + "\r\n\r\n";
    CHECK(read_probe(answer_of(head), row.body, sign_in) == row.probed);
    if (row.probed == Probed::portal) CHECK(sign_in.href() == row.sign_in);
  }
}
