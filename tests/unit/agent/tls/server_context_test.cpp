#include "agent/tls/server_context.hpp"

#include <doctest/doctest.h>

#include <array>

#include <openssl/ssl.h>

#include "agent/tls/openssl_parts.hpp"
#include "agent/tls/signing.hpp"

namespace fairlead::agent::tls {
namespace {

const auto kNow = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());

/// OpenSSL as a client, over memory.
class Client {
 public:
  Client(const Credential* trusted, const std::string& host, std::string_view protocols = "")
      : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    if (trusted != nullptr) {
      X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), trusted->parts().certificate.get());
    }
    ssl_.reset(SSL_new(context_.get()));
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_connect_state(ssl_.get());
    SSL_set1_host(ssl_.get(), host.c_str());
    SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
    const auto* bytes = reinterpret_cast<const unsigned char*>(protocols.data());
    SSL_set_alpn_protos(ssl_.get(), bytes, static_cast<unsigned>(protocols.size()));
  }
  [[nodiscard]] SSL* ssl() { return ssl_.get(); }
  /// Takes what the server sent; returns what is to be sent, and keeps what it heard.
  std::string step(std::string_view from_server) {
    BIO_write(in_, from_server.data(), static_cast<int>(from_server.size()));
    std::array<char, 4096> room;
    for (int got = 1; got > 0;) {
      got = SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size()));
      if (got > 0) heard.append(room.data(), static_cast<std::size_t>(got));
    }
    return sent();
  }
  std::string say(std::string_view plain) {
    SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
    return sent();
  }
  std::string heard;

 private:
  std::string sent() {
    std::string out(BIO_ctrl_pending(out_), '\0');
    if (!out.empty()) BIO_read(out_, out.data(), static_cast<int>(out.size()));
    return out;
  }
  std::unique_ptr<SSL_CTX, Freed<&SSL_CTX_free>> context_;
  std::unique_ptr<SSL, Freed<&SSL_free>> ssl_;
  BIO *in_ = nullptr, *out_ = nullptr;
};

struct Laptop {
  Credential authority = make_authority({"Multi Trades Training", "lap-7"}, kNow).value();
  Credential leaf = make_leaf(authority, "blocked.example", rules::url::HostKind::name, nullptr, kNow).value();
  ServerContext context;
};

/// Lets both speak until neither has more to say; the server's last result.
Result<void> converse(Client& client, Endpoint& server, std::string& plain) {
  std::string to_server = client.step("");
  Result<void> taken;
  for (int turn = 0; turn < 10 && taken && !to_server.empty(); ++turn) {
    std::string to_client;
    taken = server.take(to_server, plain, to_client);
    to_server = client.step(to_client);
  }
  if (taken && !to_server.empty()) {
    std::string ignored;
    taken = server.take(to_server, plain, ignored);
  }
  return taken;
}

TEST_CASE("ServerContext: a client that trusts the laptop is answered, and hears the end") {
  Laptop laptop;
  Client client(&laptop.authority, "blocked.example", "\x02h2\x08http/1.1");
  Endpoint server = laptop.context.endpoint_for(laptop.leaf);
  std::string plain;
  CHECK_FALSE(server.is_established());
  REQUIRE(converse(client, server, plain));
  REQUIRE(server.is_established());
  CHECK(SSL_get_verify_result(client.ssl()) == X509_V_OK);
  const unsigned char* protocol = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(client.ssl(), &protocol, &size);
  CHECK(std::string_view(reinterpret_cast<const char*>(protocol), size) == "http/1.1");

  std::string wire;
  REQUIRE(server.take(client.say("GET / HTTP/1.1\r\n\r\n"), plain, wire));
  CHECK(plain == "GET / HTTP/1.1\r\n\r\n");
  const std::string page(100000, 'p');
  REQUIRE(server.say(page, wire));
  server.end(wire);
  client.step(wire);
  CHECK(client.heard == page);
  CHECK((SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN) != 0);  // whole, not cut
}

TEST_CASE("ServerContext: byte by byte") {
  Laptop laptop;
  Client client(&laptop.authority, "blocked.example");
  Endpoint server = laptop.context.endpoint_for(laptop.leaf);
  std::string plain, to_server = client.step("");
  for (int turn = 0; turn < 10 && !to_server.empty(); ++turn) {
    std::string to_client;
    for (const char byte : to_server) REQUIRE(server.take({&byte, 1}, plain, to_client));
    to_server = client.step(to_client);
  }
  CHECK(server.is_established());
}

TEST_CASE("ServerContext: a client that does not trust the laptop, or asked for another host, says so") {
  Laptop laptop;
  for (const bool trusts : {true, false}) {
    Client client(trusts ? &laptop.authority : nullptr, trusts ? "other.example" : "blocked.example");
    Endpoint server = laptop.context.endpoint_for(laptop.leaf);
    std::string plain;
    const auto ended = converse(client, server, plain);
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == Errc::untrusted);
    CHECK(ended.error().side == Side::client);
    CHECK(plain.empty());
  }
}

TEST_CASE("ServerContext: old TLS and HTTP/2 alone are refused with an alert") {
  Laptop laptop;
  std::string plain;
  Client only_h2(&laptop.authority, "blocked.example", "\x02h2");
  Endpoint first = laptop.context.endpoint_for(laptop.leaf);
  CHECK_FALSE(converse(only_h2, first, plain));
  Client old(&laptop.authority, "blocked.example");
  SSL_set_security_level(old.ssl(), 0);
  SSL_set_max_proto_version(old.ssl(), TLS1_1_VERSION);
  Endpoint second = laptop.context.endpoint_for(laptop.leaf);
  std::string wire;
  CHECK_FALSE(second.take(old.step(""), plain, wire));
  CHECK(wire.starts_with("\x15\x03"));  // an alert
}

TEST_CASE("ServerContext: what is no TLS is an error") {
  Laptop laptop;
  Endpoint server = laptop.context.endpoint_for(laptop.leaf);
  std::string plain, wire;
  CHECK_FALSE(server.take("GET / HTTP/1.1\r\nHost: blocked.example\r\n\r\n", plain, wire));
}

TEST_CASE("ServerContext: the end that a client says is told") {
  Laptop laptop;
  Client client(&laptop.authority, "blocked.example");
  Endpoint server = laptop.context.endpoint_for(laptop.leaf);
  std::string plain, wire;
  REQUIRE(converse(client, server, plain));
  SSL_shutdown(client.ssl());
  const auto ended = server.take(client.say(""), plain, wire);
  REQUIRE_FALSE(ended);
  CHECK(ended.error().code == Errc::closed);
}

}  // namespace
}  // namespace fairlead::agent::tls
