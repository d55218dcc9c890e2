#include "agent/tls/client_context.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "agent/tls/openssl_parts.hpp"
#include "agent/tls/server_context.hpp"
#include "agent/tls/signing.hpp"
#include "tests/unit/new_folder.hpp"

namespace fairlead::agent::tls {
namespace {

using namespace std::string_view_literals;

using rules::url::HostKind;

const auto kNow = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());

Credential authority_of(const std::string& device) { return make_authority({"Testers", device}, kNow).value(); }

/// The system's roots, for as long as it lives: this one alone.
class SystemRoot {
 public:
  explicit SystemRoot(const Credential& root) : folder_(new_folder("fairlead-root")) {
    const std::filesystem::path file = folder_ / "root.pem";
    std::ofstream(file) << root.certificate_pem();
    ::setenv("SSL_CERT_FILE", file.c_str(), 1);
    ::setenv("SSL_CERT_DIR", "/nonexistent", 1);
  }
  ~SystemRoot() {
    ::unsetenv("SSL_CERT_FILE");
    ::unsetenv("SSL_CERT_DIR");
    std::filesystem::remove_all(folder_);
  }
  SystemRoot(const SystemRoot&) = delete;
  SystemRoot& operator=(const SystemRoot&) = delete;

 private:
  std::filesystem::path folder_;
};

struct Conversation {
  Result<void> at_client, at_server;
  std::string client_heard, server_heard;
};

/// Until neither has more to say, or one will not go on.
Conversation converse(Endpoint& client, Endpoint& server) {
  Conversation talk;
  std::string to_server, to_client;
  talk.at_client = client.take("", talk.client_heard, to_server);
  for (int turn = 0; turn < 10 && (!to_server.empty() || !to_client.empty()); ++turn) {
    if (talk.at_server) talk.at_server = server.take(std::exchange(to_server, {}), talk.server_heard, to_client);
    if (talk.at_client) talk.at_client = client.take(std::exchange(to_client, {}), talk.client_heard, to_server);
    if (!talk.at_server || !talk.at_client) break;
  }
  return talk;
}

/// What a client that looks for `asked` says to an origin that is `host` by the word of `issuer`.
Result<void> verdict(const ClientContext& context, const Credential& issuer, std::string_view host,
                     std::string_view asked, HostKind kind = HostKind::name) {
  const ServerContext origins;
  const Credential leaf = make_leaf(issuer, host, kind, nullptr, kNow).value();
  Endpoint server = origins.endpoint_for(leaf), client = context.endpoint_to(asked, kind);
  return converse(client, server).at_client;
}

TEST_CASE("ClientContext: an origin that the system trusts is spoken to, both ways and to the end") {
  const Credential root = authority_of("root"), own = authority_of("own");
  const SystemRoot system(root);
  const ClientContext context(own);
  const ServerContext origins;
  const Credential leaf = make_leaf(root, "good.example", HostKind::name, nullptr, kNow).value();
  Endpoint server = origins.endpoint_for(leaf), client = context.endpoint_to("good.example", HostKind::name);
  REQUIRE(converse(client, server).at_client);
  CHECK(client.is_established());
  CHECK(server.is_established());
  std::string wire, heard, ignored;
  REQUIRE(client.say("GET / HTTP/1.1\r\n\r\n", wire));
  REQUIRE(server.take(std::exchange(wire, {}), heard, ignored));
  CHECK(heard == "GET / HTTP/1.1\r\n\r\n");
  const std::string page(200'000, 'p');
  REQUIRE(server.say(page, wire));
  server.end(wire);
  heard.clear();
  const auto end = client.take(wire, heard, ignored);
  CHECK(heard == page);
  REQUIRE_FALSE(end);
  CHECK(end.error().code == Errc::closed);
  CHECK(end.error().side == Side::upstream);
}

TEST_CASE("ClientContext: another name, another root and a foreign address are not trusted") {
  const Credential root = authority_of("root"), own = authority_of("own"), stranger = authority_of("stranger");
  const SystemRoot system(root);
  const ClientContext context(own);
  CHECK(verdict(context, root, "good.example", "good.example"));
  CHECK(verdict(context, root, "192.0.2.7", "192.0.2.7", HostKind::ipv4));
  CHECK(verdict(context, root, "2001:db8::7", "2001:db8::7", HostKind::ipv6));
  struct Row {
    const Credential& issuer;
    const char *host, *asked;
    HostKind kind;
  };
  for (const Row& row : {Row{root, "other.example", "good.example", HostKind::name},
                         Row{root, "good.example", "www.good.example", HostKind::name},
                         Row{stranger, "good.example", "good.example", HostKind::name},
                         Row{root, "192.0.2.8", "192.0.2.7", HostKind::ipv4}}) {
    CAPTURE(row.host);
    const auto refused = verdict(context, row.issuer, row.host, row.asked, row.kind);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::untrusted);
    CHECK(refused.error().side == Side::upstream);
  }
}

TEST_CASE(
    "ClientContext: this laptop's own authority is never trusted for an origin, even where the system trusts it") {
  const Credential own = authority_of("own");
  const SystemRoot system(own);
  const auto refused = verdict(ClientContext(own), own, "good.example", "good.example");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::untrusted);
  // The same system, seen by another laptop: what refuses is the rule, not the certificate.
  CHECK(verdict(ClientContext(authority_of("another")), own, "good.example", "good.example"));
}

TEST_CASE("ClientContext: all roots are read when it is made, and none from the disk in a handshake") {
  const Credential root = authority_of("root"), own = authority_of("own");
  const auto folder = new_folder("fairlead-roots");
  // The name under which OpenSSL itself would look for it.
  char name[16];
  std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(root.parts().certificate.get()));
  std::ofstream(folder / name) << root.certificate_pem();
  std::ofstream(folder / "damaged.pem") << "nothing";
  std::ofstream(folder / "00000000.0") << "nothing";
  ::setenv("SSL_CERT_FILE", "/nonexistent", 1);
  ::setenv("SSL_CERT_DIR", folder.c_str(), 1);
  const ClientContext context(own);
  std::filesystem::remove_all(folder);
  CHECK(verdict(context, root, "good.example", "good.example"));
  CHECK_FALSE(verdict(ClientContext(own), root, "good.example", "good.example"));
  ::unsetenv("SSL_CERT_FILE");
  ::unsetenv("SSL_CERT_DIR");
}

TEST_CASE("ClientContext: an origin that speaks something else is broken, not untrusted") {
  const ClientContext context(authority_of("own"));
  for (const std::string_view answer :
       {"HTTP/1.1 200 OK\r\n\r\n"sv, "\x15\x03\x03\x00\x02\x02\x28"sv, "SSH-2.0-OpenSSH\r\n"sv}) {
    Endpoint client = context.endpoint_to("good.example", HostKind::name);
    std::string heard, wire;
    REQUIRE(client.take("", heard, wire));
    const auto taken = client.take(answer, heard, wire);
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == Errc::bad_message);
    CHECK(heard.empty());
  }
}

}  // namespace
}  // namespace fairlead::agent::tls
