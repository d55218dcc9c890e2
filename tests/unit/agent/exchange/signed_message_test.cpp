#include "agent/exchange/signed_message.hpp"

#include <doctest/doctest.h>

#include "agent/tls/base64.hpp"
#include "agent/tls/signature.hpp"

namespace fairlead::agent::exchange {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

SignedRequest request() {
  SignedRequest out;
  out.method = "POST";
  out.host = "Hub.example:443";
  out.path = "/v1/events";
  out.digest = content_digest("{}");
  out.certificate = ":AAAA:";
  write_input(out, {sys_seconds(seconds(1618884473)), "bm9uY2U=", std::string(32, 'k')});
  out.signature = signature_field("by the device");
  return out;
}

SignedAnswer answer_to(const SignedRequest& to) {
  SignedAnswer out;
  out.status = 200;
  out.digest = content_digest("[]");
  write_input(out, to, sys_seconds(seconds(1618884475)));
  return out;
}

}  // namespace

TEST_CASE("signature_base: what RFC 9421 signs in its appendix B.2.6") {
  const std::string parameters =
      R"(("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519")";
  const std::string base = signature_base({{"\"date\"", "Tue, 20 Apr 2021 02:07:55 GMT"},
                                           {"\"@method\"", "POST"},
                                           {"\"@path\"", "/foo"},
                                           {"\"@authority\"", "example.com"},
                                           {"\"content-type\"", "application/json"},
                                           {"\"content-length\"", "18"}},
                                          parameters);
  const std::string key =
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n"
      "-----END PRIVATE KEY-----\n";
  CHECK(tls::base64(*tls::sign_as_device(key, base)) ==
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==");
  CHECK(tls::base64(*tls::public_key_of(key)) == "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=");
}

TEST_CASE("content_digest: the one of RFC 9421's own request") {
  CHECK(content_digest(R"({"hello": "world"})") == "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
}

TEST_CASE("signed request: it is read as it was written") {
  const SignedRequest made = request();
  CHECK(
      made.input ==
      R"(fairlead=("@method" "@authority" "@path" "content-digest" "client-cert");created=1618884473;nonce="bm9uY2U=";)"
      R"(keyid="a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")");
  const auto read = read_input(made);
  REQUIRE(read);
  CHECK(read->created == sys_seconds(seconds(1618884473)));
  CHECK(read->nonce == "bm9uY2U=");
  CHECK(read->key == std::string(32, 'k'));
  CHECK(signature_base(made).starts_with("\"@method\": POST\n\"@authority\": hub.example\n\"@path\": /v1/events\n"));
  CHECK(read_signature(made.signature) == "by the device");
}

TEST_CASE("signed request: a field that is there is covered, and nothing else is") {
  SignedRequest more = request();
  more.encoding = "zstd";
  CHECK_FALSE(read_input(more));
  SignedRequest less = request();
  less.certificate.clear();
  CHECK_FALSE(read_input(less));
}

TEST_CASE("signed request: another form of it is no form of it") {
  const std::string good = request().input;
  const std::size_t list_ends = good.find(')');
  const std::string others[] = {
      "",
      good.substr(1),
      good.substr(0, good.size() - 1),
      good + ";alg=\"ed25519\"",
      "other=" + good.substr(good.find('=') + 1),
      good.substr(0, list_ends) + " \"date\"" + good.substr(list_ends),
      good.substr(0, good.find("created=") + 8) + "0" + good.substr(good.find("created=") + 8),
      good.substr(0, list_ends) + ");created=-1;nonce=\"\";keyid=\"\"",
      good.substr(0, list_ends) + ");created=1;nonce=\"bm9u\";keyid=\"!!!!\""};
  for (const std::string& input : others) {
    CAPTURE(input);
    SignedRequest changed = request();
    changed.input = input;
    CHECK_FALSE(read_input(changed));
  }
}

TEST_CASE("signed answer: it names the request, and all that it says") {
  const SignedRequest to = request();
  const SignedAnswer made = answer_to(to);
  CHECK(read_input(made, to) == sys_seconds(seconds(1618884475)));
  SignedAnswer with_tag = made;
  with_tag.etag = "\"7\"";
  CHECK_FALSE(read_input(with_tag, to));
  SignedRequest other = to;
  other.signature = signature_field("over another nonce");
  CHECK(signature_base(made, other) != signature_base(made, to));
  other = to;
  other.input += " ";
  CHECK(signature_base(made, other) != signature_base(made, to));
}

TEST_CASE("read_signature: bytes between colons alone") {
  CHECK_FALSE(read_signature(""));
  CHECK_FALSE(read_signature("fairlead="));
  CHECK_FALSE(read_signature("fairlead=:"));
  CHECK_FALSE(read_signature("fairlead=:YQ:"));
  CHECK_FALSE(read_signature("fairlead=:YQ= :"));
  CHECK_FALSE(read_signature("fairlead=:YR==:"));
  CHECK(read_signature("fairlead=:YQ==:") == "a");
  CHECK(read_signature("fairlead=::") == "");
}

}  // namespace fairlead::agent::exchange
