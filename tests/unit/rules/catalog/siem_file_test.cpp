#include "rules/catalog/siem_file.hpp"

#include <doctest/doctest.h>

using namespace fairlead::rules::catalog;

namespace {

/// What is wrong, a line each.
std::string wrong(std::string_view text) {
  std::string out;
  for (const Problem& problem : load_siem(text, "siem.yaml").problems) out += to_string(problem) + "\n";
  return out;
}

constexpr auto kSyslog = "syslog: {server: \"tls://SIEM.example:6514\", ca_file: ca.pem, id: events@12345}\n";

TEST_CASE("load_siem: without fields nothing is told that names anybody") {
  const LoadedSiem loaded = load_siem(kSyslog, "siem.yaml");
  REQUIRE(loaded.problems.empty());
  REQUIRE(loaded.mapping.syslog);
  CHECK(loaded.mapping.syslog->host == "siem.example");
  CHECK(loaded.mapping.syslog->port == 6514);
  CHECK(loaded.mapping.syslog->tls);
  CHECK(loaded.mapping.syslog->ca_file == "ca.pem");
  CHECK(loaded.mapping.syslog->id == "events@12345");
  CHECK_FALSE(loaded.mapping.otlp);
  std::string told;
  for (const auto& [field, name] : loaded.mapping.fields) {
    CHECK_FALSE(is_personal(field));
    told += name + " ";
  }
  CHECK(told == "category risk severity action group count ");
}

TEST_CASE("load_siem: fields are told by the receiver's names, and no others") {
  const LoadedSiem loaded = load_siem(
      "otlp: {url: \"https://siem.example/v1/logs\", token_file: token}\n"
      "fields: {person: user.name, category: fairlead.category}\n",
      "siem.yaml");
  REQUIRE(loaded.problems.empty());
  REQUIRE(loaded.mapping.otlp);
  CHECK(loaded.mapping.otlp->url == "https://siem.example/v1/logs");
  CHECK(loaded.mapping.otlp->token_file == "token");
  REQUIRE(loaded.mapping.fields.size() == 2);
  CHECK(loaded.mapping.fields[0] == std::pair(SiemField::category, std::string("fairlead.category")));
  CHECK(loaded.mapping.fields[1] == std::pair(SiemField::person, std::string("user.name")));
}

TEST_CASE("load_siem: what is wrong is told with its place and its mend") {
  CHECK(wrong("syslog: {sever: \"tls://a:1\"}\n").find("siem.yaml:1:10: error: unknown key 'sever'; write 'server'") !=
        std::string::npos);
  CHECK(wrong("{}\n").find("write either 'syslog' or 'otlp'") != std::string::npos);
  CHECK(wrong(std::string(kSyslog) + "otlp: {url: \"https://a.example/\"}\n").find("to one receiver") !=
        std::string::npos);
  CHECK(wrong("syslog: {server: siem.example}\n")
            .find("siem.yaml:1:18: error: 'siem.example' is no server with its port") == 0);
  for (const char* server : {"tls://a.example", "udp://a.example:514", "tls://a@b.example:1", "tls://a.example:0/x"})
    CHECK(wrong("syslog: {server: \"" + std::string(server) + "\"}\n").find("is no server") != std::string::npos);
  CHECK(wrong("otlp: {url: \"ftp://a.example/\"}\n").find("is no address to send to") != std::string::npos);
  CHECK(wrong("otlp: {url: \"http://a.example/\", token_file: x}\n").find("can be read on its way") !=
        std::string::npos);
  CHECK(wrong("syslog: {server: \"tls://a.example:1\", id: fairlead}\n").find("enterprise number") !=
        std::string::npos);
  const std::string fields = std::string(kSyslog) + "fields:\n";
  CHECK(wrong(fields + "  persn: x\n").find("siem.yaml:3:3: error: unknown key 'persn'; write 'person'") == 0);
  CHECK(wrong(fields + "  person: \"a b\"\n").find("siem.yaml:3:11: error: 'a b' cannot be a name") == 0);
  CHECK(wrong(fields + "  person: \"a]\"\n").find("cannot be a name") != std::string::npos);
  CHECK(wrong(fields + "  person: id\n").find("write another") != std::string::npos);
  CHECK(wrong(fields + "  person: x\n  group: x\n").find("stands twice") != std::string::npos);
  CHECK(wrong(std::string(kSyslog) + "fields: {}\n").find("nothing would be told") != std::string::npos);
}

TEST_CASE("load_siem: what names people does not travel in the open") {
  CHECK(wrong("syslog: {server: \"tcp://siem.example:601\"}\n").empty());
  CHECK(wrong("syslog: {server: \"tcp://127.0.0.1:601\"}\nfields: {person: p}\n").empty());
  for (const char* field : {"person", "device", "host", "url"}) {
    const std::string fields = "fields: {" + std::string(field) + ": x}\n";
    CHECK(wrong("syslog: {server: \"tcp://siem.example:601\"}\n" + fields).find("can be read on its way") !=
          std::string::npos);
    CHECK(wrong("otlp: {url: \"http://siem.example/\"}\n" + fields).find("can be read on its way") !=
          std::string::npos);
  }
}

}  // namespace
