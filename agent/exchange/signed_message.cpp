#include "agent/exchange/signed_message.hpp"

#include <charconv>
#include <utility>

#include "agent/tls/base64.hpp"
#include "agent/tls/signature.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::exchange {
namespace {

using std::chrono::sys_seconds;

constexpr std::string_view kLabel = "fairlead=";
constexpr std::string_view kDefaultPort = ":443";

void add_if_there(std::vector<Component>& out, const char* name, const std::string& value) {
  if (!value.empty()) out.push_back({name, value});
}

/// RFC 9421, section 2.2.3: in lower case, without the scheme's own port.
std::string authority_of(std::string_view host) {
  std::string out = text::lower(host);
  if (out.ends_with(kDefaultPort)) out.resize(out.size() - kDefaultPort.size());
  return out;
}

/// Of Signature-Input or Signature.
std::string_view without_label(std::string_view field) {
  return field.starts_with(kLabel) ? field.substr(kLabel.size()) : std::string_view();
}

std::vector<Component> components_of(const SignedRequest& request) {
  std::vector<Component> out = {{"\"@method\"", request.method},
                                {"\"@authority\"", authority_of(request.host)},
                                {"\"@path\"", request.path},
                                {"\"content-digest\"", request.digest}};
  add_if_there(out, "\"content-encoding\"", request.encoding);
  add_if_there(out, "\"if-none-match\"", request.if_none_match);
  add_if_there(out, "\"client-cert\"", request.certificate);
  return out;
}

/// Section 7.3.7: a signature over another signature says nothing of what that one signs, so this is covered too.
std::vector<Component> components_of(const SignedAnswer& answer, const SignedRequest& to) {
  std::vector<Component> out = {{"\"@status\"", std::to_string(answer.status)}, {"\"content-digest\"", answer.digest}};
  add_if_there(out, "\"etag\"", answer.etag);
  add_if_there(out, "\"retry-after\"", answer.retry_after);
  out.push_back({"\"@method\";req", to.method});
  out.push_back({"\"@path\";req", to.path});
  out.push_back({"\"content-digest\";req", to.digest});
  out.push_back({"\"signature-input\";req;key=\"fairlead\"", std::string(without_label(to.input))});
  out.push_back({"\"signature\";req;key=\"fairlead\"", std::string(without_label(to.signature))});
  return out;
}

std::string list_of(const std::vector<Component>& components) {
  std::string out = "(";
  for (const Component& component : components) {
    if (out.size() > 1) out += ' ';
    out += component.name;
  }
  return out + ')';
}

/// Reads on: a piece of text that must stand there, or what stands before another.
class Reading {
 public:
  explicit Reading(std::string_view text) : rest_(text) {}
  bool skip(std::string_view piece) {
    if (!rest_.starts_with(piece)) return false;
    rest_.remove_prefix(piece.size());
    return true;
  }
  std::optional<sys_seconds> time() {
    std::int64_t seconds = 0;
    const auto [end, failed] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), seconds);
    if (failed != std::errc() || seconds < 0) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return sys_seconds(std::chrono::seconds(seconds));
  }
  std::string until_quote() {
    std::string out(rest_.substr(0, rest_.find('"')));
    rest_.remove_prefix(out.size());
    return out;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// A byte sequence of structured fields: base64 between colons. RFC 8941, section 3.3.5
std::optional<std::string> read_bytes(std::string_view field) {
  if (field.size() < 2 || field.front() != ':' || field.back() != ':') return std::nullopt;
  return tls::from_base64(field.substr(1, field.size() - 2));
}

}  // namespace

std::string content_digest(std::string_view body) { return "sha-256=:" + tls::base64(tls::sha256(body)) + ":"; }

std::string client_certificate(std::string_view pem) { return ":" + tls::base64_of_pem(pem) + ":"; }

std::optional<std::string> read_client_certificate(std::string_view field) { return read_bytes(field); }

void write_input(SignedRequest& request, const RequestParameters& parameters) {
  request.input = std::string(kLabel) + list_of(components_of(request)) +
                  ";created=" + std::to_string(parameters.created.time_since_epoch().count()) + ";nonce=\"" +
                  parameters.nonce + "\";keyid=\"" + tls::base64(parameters.key) + '"';
}

void write_input(SignedAnswer& answer, const SignedRequest& to, sys_seconds created) {
  answer.input = std::string(kLabel) + list_of(components_of(answer, to)) +
                 ";created=" + std::to_string(created.time_since_epoch().count());
}

std::optional<RequestParameters> read_input(const SignedRequest& request) {
  Reading reading(request.input);
  if (!reading.skip(kLabel) || !reading.skip(list_of(components_of(request))) || !reading.skip(";created="))
    return std::nullopt;
  const auto created = reading.time();
  if (!created || !reading.skip(";nonce=\"")) return std::nullopt;
  RequestParameters out{*created, reading.until_quote(), {}};
  if (!reading.skip("\";keyid=\"")) return std::nullopt;
  auto key = tls::from_base64(reading.until_quote());
  if (!key || !reading.skip("\"") || !reading.at_end()) return std::nullopt;
  out.key = *std::move(key);
  // A number and a text have many spellings: that one is read which is written.
  SignedRequest again = request;
  write_input(again, out);
  if (again.input != request.input) return std::nullopt;
  return out;
}

std::optional<sys_seconds> read_input(const SignedAnswer& answer, const SignedRequest& to) {
  Reading reading(answer.input);
  if (!reading.skip(kLabel) || !reading.skip(list_of(components_of(answer, to))) || !reading.skip(";created="))
    return std::nullopt;
  const auto created = reading.time();
  if (!created || !reading.at_end()) return std::nullopt;
  SignedAnswer again = answer;
  write_input(again, to, *created);
  if (again.input != answer.input) return std::nullopt;
  return created;
}

std::string signature_base(const SignedRequest& request) {
  return signature_base(components_of(request), without_label(request.input));
}

std::string signature_base(const SignedAnswer& answer, const SignedRequest& to) {
  return signature_base(components_of(answer, to), without_label(answer.input));
}

std::string signature_field(std::string_view signature) {
  return std::string(kLabel) + ":" + tls::base64(signature) + ":";
}

std::optional<std::string> read_signature(std::string_view field) {
  if (!field.starts_with(kLabel)) return std::nullopt;
  return read_bytes(field.substr(kLabel.size()));
}

std::string signature_base(const std::vector<Component>& components, std::string_view parameters) {
  std::string out;
  for (const Component& component : components) out += component.name + ": " + component.value + '\n';
  return out + "\"@signature-params\": " + std::string(parameters);
}

}  // namespace fairlead::agent::exchange
