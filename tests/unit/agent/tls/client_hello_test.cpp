#include "agent/tls/client_hello.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace fairlead::agent::tls;

namespace {

std::string number(std::size_t value, std::size_t width) {
  std::string out;
  while (width-- > 0) out += static_cast<char>(value >> (8 * width) & 0xff);
  return out;
}
std::string vector(std::size_t width, std::string_view bytes) {
  return number(bytes.size(), width) + std::string(bytes);
}
std::string extension(std::size_t type, std::string_view body) { return number(type, 2) + vector(2, body); }
std::string server_name(std::string_view name) { return extension(0, vector(2, number(0, 1) + vector(2, name))); }
std::string alpn() { return extension(16, vector(2, vector(1, "h2") + vector(1, "http/1.1"))); }

// The handshake message around the given extensions.
std::string message(std::string_view extensions) {
  const std::string body = number(0x0303, 2) + std::string(32, 'r') + vector(1, std::string(32, 's')) +
                           vector(2, "\x13\x01\x13\x02") + vector(1, std::string(1, '\0')) + vector(2, extensions);
  return number(1, 1) + vector(3, body);
}

// As TLS records with at most `size` bytes each.
std::string records(std::string_view handshake, std::size_t size = 16384) {
  std::string out;
  for (; !handshake.empty(); handshake.remove_prefix(std::min(size, handshake.size()))) {
    out += number(22, 1) + number(0x0301, 2) + vector(2, handshake.substr(0, size));
  }
  return out;
}

// "done", "more" or the code of the refusal, with the bytes arriving `step` at a time.
std::string outcome(std::string_view bytes, std::size_t step, ClientHello* hello = nullptr) {
  ClientHelloReader reader;
  for (std::size_t end = std::min(step, bytes.size());; end = std::min(end + step, bytes.size())) {
    const auto fed = reader.feed(bytes.substr(0, end));
    if (!fed) return std::string(to_string(fed.error().code));
    if (*fed) {
      if (hello != nullptr) *hello = reader.hello();
      return "done";
    }
    if (end == bytes.size()) return "more";
  }
}

std::string whole(std::string_view bytes) { return outcome(bytes, std::max<std::size_t>(bytes.size(), 1)); }

}  // namespace

TEST_CASE("ClientHelloReader: name and protocols, however segments and records cut the bytes") {
  const std::string handshake = message(server_name("www.a.test") + extension(43, "\x02\x03\x04") + alpn());
  for (const std::size_t record : {1, 2, 3, 5, 50, 16384}) {
    const std::string bytes = records(handshake, record);
    for (const std::size_t step : {1, 2, 7, 64, 100000}) {
      ClientHello hello;
      CHECK(outcome(bytes, step, &hello) == "done");
      CHECK(hello.server_name == "www.a.test");
      CHECK(hello.protocols == std::vector<std::string>{"h2", "http/1.1"});
      CHECK(!hello.encrypted_hello);
    }
    CHECK(whole(bytes.substr(0, bytes.size() - 1)) == "more");
  }
}

TEST_CASE("ClientHelloReader: a ClientHello without extensions or without a name has no name") {
  ClientHello hello;
  std::string bare = message("");
  bare.resize(bare.size() - 2);
  bare[3] = static_cast<char>(bare[3] - 2);
  CHECK(outcome(records(bare), 1, &hello) == "done");
  CHECK(hello.server_name.empty());
  CHECK(outcome(records(message(alpn())), 1, &hello) == "done");
  CHECK(hello.server_name.empty());
}

TEST_CASE("ClientHelloReader: an encrypted hello is seen beside its outer name") {
  ClientHello hello;
  CHECK(outcome(records(message(server_name("outer.test") + extension(0xfe0d, "xyz"))), 9, &hello) == "done");
  CHECK(hello.encrypted_hello);
  CHECK(hello.server_name == "outer.test");
}

TEST_CASE("ClientHelloReader: records behind the ClientHello are not its matter") {
  const std::string bytes = records(message(server_name("a.test")));
  CHECK(whole(bytes + number(20, 1) + number(0x0303, 2) + vector(2, "\x01")) == "done");
  CHECK(whole(bytes + "anything") == "done");
}

TEST_CASE("ClientHelloReader: what is not TLS is refused at its first byte") {
  for (const std::string first : {"G", "\x80", "\x15", "\x17", "\n", "SSH-2.0"}) {
    CAPTURE(first);
    CHECK(outcome(first, 1) == "bad_message");
  }
  CHECK(whole("") == "more");
  CHECK(whole("\x16") == "more");
  CHECK(whole("\x16\x02") == "bad_message");
  CHECK(whole("\x16\x03\x05\x01\x01") == "bad_message");
  CHECK(whole(number(22, 1) + number(0x0301, 2) + number(5, 2) + "\x02") == "bad_message");  // a ServerHello
}

TEST_CASE("ClientHelloReader: records are of one type, not empty and not too long") {
  const std::string handshake = message(server_name("a.test"));
  const std::string half = records(handshake.substr(0, 20));
  const std::string rest = handshake.substr(20);
  CHECK(whole(half + records(rest)) == "done");
  CHECK(whole(half + number(21, 1) + number(0x0301, 2) + vector(2, "\x01\x00") + records(rest)) == "bad_message");
  CHECK(whole(half + number(22, 1) + number(0x0301, 2) + vector(2, "") + records(rest)) == "bad_message");
  CHECK(whole(number(22, 1) + number(0x0301, 2) + number(16384 + 257, 2)) == "bad_message");
}

TEST_CASE("ClientHelloReader: a second message in the last record is refused") {
  CHECK(whole(records(message(server_name("a.test")) + message(server_name("b.test")))) == "bad_message");
  CHECK(whole(records(message(server_name("a.test")) + "x")) == "bad_message");
}

TEST_CASE("ClientHelloReader: two names, in one list or in two extensions, are refused") {
  const std::string entry_a = number(0, 1) + vector(2, "a.test");
  const std::string entry_b = number(0, 1) + vector(2, "b.test");
  CHECK(whole(records(message(extension(0, vector(2, entry_a + entry_b))))) == "bad_message");
  CHECK(whole(records(message(server_name("a.test") + server_name("b.test")))) == "bad_message");
  CHECK(whole(records(message(server_name("a.test") + server_name("a.test")))) == "bad_message");
  CHECK(whole(records(message(extension(7, "x") + extension(7, "x")))) == "bad_message");
}

TEST_CASE("ClientHelloReader: names that no host has are refused") {
  CHECK(whole(records(message(server_name("")))) == "bad_message");
  CHECK(whole(records(message(server_name(std::string_view("a\0.test", 7))))) == "bad_message");
  CHECK(whole(records(message(server_name("a test")))) == "bad_message");
  CHECK(whole(records(message(server_name("b\xc3\xbc.test")))) == "bad_message");
  CHECK(whole(records(message(server_name(std::string(255, 'a'))))) == "done");
  CHECK(whole(records(message(server_name(std::string(256, 'a'))))) == "bad_message");
  CHECK(whole(records(message(extension(0, vector(2, number(1, 1) + vector(2, "a.test")))))) == "bad_message");
  CHECK(whole(records(message(extension(0, "")))) == "bad_message");
  CHECK(whole(records(message(extension(0, vector(2, ""))))) == "bad_message");
}

TEST_CASE("ClientHelloReader: a length that does not fit is refused, wherever it stands") {
  const std::string good = message(server_name("a.test") + alpn());
  // Of each extension: type, length, list length, entry type, name length.
  const std::size_t name_type = good.find("a.test") - 9;
  for (std::size_t at = 1; at < good.size(); ++at) {
    for (const int by : {1, -1}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] + by);
      ClientHello hello;
      const std::string got = outcome(records(bad), 1000, &hello);
      CAPTURE(at);
      // A byte that is a length makes it wrong or unfinished; any other may change text, or make the name no name.
      if (got == "done" && at != name_type && at != name_type + 1) CHECK(hello.server_name.size() == 6);
    }
  }
  std::string longer = good;
  longer[3] = static_cast<char>(longer[3] + 1);
  CHECK(whole(records(longer)) == "more");
  CHECK(whole(records(longer) + records("x")) == "bad_message");
  CHECK(whole(records(message(extension(16, vector(2, ""))))) == "bad_message");
  CHECK(whole(records(message(extension(16, vector(2, vector(1, "")))))) == "bad_message");
  CHECK(whole(records(message("\x01"))) == "bad_message");
}

TEST_CASE("ClientHelloReader: a large ClientHello is read, an endless one refused") {
  const std::string padding(60000, 'p');
  CHECK(whole(records(message(server_name("a.test") + extension(21, padding)))) == "done");
  CHECK(whole(records(number(1, 1) + number(0xffffff, 3) + "x")) == "too_large");
  // Records of one byte each: six bytes on the wire for one of the message.
  const std::string slow = records(message(extension(21, padding)), 1);
  CHECK(outcome(slow, 4096) == "too_large");
}

namespace {

std::uint64_t fingerprint(std::string_view suites, std::string_view extensions, char random = 'r') {
  const std::string body = number(0x0303, 2) + std::string(32, random) + vector(1, std::string(32, 's')) +
                           vector(2, suites) + vector(1, std::string(1, '\0')) + vector(2, extensions);
  ClientHello hello;
  CHECK(outcome(records(number(1, 1) + vector(3, body)), 100000, &hello) == "done");
  return hello.fingerprint;
}

}  // namespace

TEST_CASE("ClientHelloReader: the fingerprint is that of a program, whatever it asks for and however it shuffles") {
  const std::string versions = extension(43, "\x02\x03\x04"), groups = extension(10, vector(2, "\x00\x1d"));
  const std::string grease = extension(0x3a3a, ""), padding = extension(21, std::string(40, '\0'));
  const std::uint64_t plain = fingerprint("\x13\x01\x13\x02", versions + groups + alpn());
  CHECK(fingerprint("\x13\x01\x13\x02", server_name("a.test") + versions + groups + alpn(), 'x') == plain);
  CHECK(fingerprint("\x13\x01\x13\x02", alpn() + groups + versions + server_name("b.test")) == plain);
  CHECK(fingerprint("\x5a\x5a\x13\x01\x13\x02", grease + versions + groups + alpn() + padding) == plain);
  CHECK(fingerprint("\x13\x01", versions + groups + alpn()) != plain);
  CHECK(fingerprint("\x13\x01\x13\x03", versions + groups + alpn()) != plain);
  CHECK(fingerprint("\x13\x01\x13\x02", versions + groups) != plain);
}
