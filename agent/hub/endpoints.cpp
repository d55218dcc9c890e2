#include "agent/hub/endpoints.hpp"

#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/events/digest.hpp"
#include "agent/exchange/batch.hpp"
#include "agent/exchange/book_batch.hpp"
#include "agent/exchange/notice.hpp"
#include "agent/exchange/compress.hpp"
#include "agent/hub/releases.hpp"
#include "agent/tls/request.hpp"

namespace fairlead::agent::hub {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestName = 128, kLongestCode = 64, kMostHealth = std::size_t{8} * 1024;
constexpr std::uint32_t kTryAgain = 30;
constexpr std::uint64_t kMostStrangers = 60;
constexpr auto kStrangersFor = std::chrono::minutes(1);

Answer told(int status, const json& body, std::uint32_t retry_after = 0) {
  return {status, body.dump(-1, ' ', false, json::error_handler_t::replace), retry_after};
}

Answer no(int status, const std::string& what) { return told(status, json{{"error", what}}); }

/// The plain text of a body.
Result<std::string> read_body(const Request& request, std::size_t most) {
  if (request.encoding == "zstd") return exchange::decompress(request.body, most);
  if (!request.encoding.empty()) return fail(Errc::unsupported, Side::client, "only zstd is read");
  if (request.body.size() > most) return fail(Errc::too_large, Side::client, "the body is too large");
  return request.body;
}

int status_of(const Error& error) {
  if (error.code == Errc::too_large) return 413;
  if (error.code == Errc::unsupported) return 415;
  return 400;
}

std::optional<std::string> text_field(const json& object, const char* name, std::size_t most) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  std::string text = found->get<std::string>();
  if (text.size() > most || text.find('\0') != std::string::npos) return std::nullopt;
  return text;
}

/// What a laptop says of its rules in a health; nothing where it says nothing.
std::optional<RulesTold> rules_told(const json& health) {
  const auto at = [](const json& object, const char* name) {
    return object.is_object() ? object.value(name, json()) : json();
  };
  const auto number = [&](const json& object, const char* name) {
    const json found = at(object, name);
    return found.is_number_unsigned() ? found.get<std::uint64_t>() : 0;
  };
  const json bundle = at(health, "bundle");
  if (!bundle.is_object()) return std::nullopt;
  const auto failing = text_field(bundle, "refused", kMostHealth),
             started = text_field(health, "started", kLongestCode);
  RulesTold out{number(bundle, "version"), failing.value_or(""), number(bundle, "refused_version"),
                started.value_or(""), number(health, "blocked")};
  if (out.failing.empty() && at(at(health, "rules"), "last_load_refused") == true)
    out.failing = "they do not load", out.failing_version = out.version;
  return out;
}

}  // namespace

Endpoints::Endpoints(const tls::Credential& authority, std::function<Result<std::unique_ptr<Store>>()> connect,
                     std::function<Now()> now)
    : authority_(authority), connect_(std::move(connect)), now_(std::move(now)) {}

Answer Endpoints::answer(const Request& request) {
  using Handle = Answer (Endpoints::*)(const Request&);
  static const std::map<std::string_view, Handle> kPaths = {{"/v1/enrol", &Endpoints::enrol},
                                                            {"/v1/events", &Endpoints::take_events},
                                                            {"/v1/book", &Endpoints::take_book},
                                                            {"/v1/health", &Endpoints::take_health},
                                                            {"/v1/manifest", &Endpoints::refuse_manifest}};
  // For whoever knows its fingerprint and not yet the certificate.
  if (request.path == "/v1/authority" && request.method == "GET")
    return told(200, json{{"authority", authority_.certificate_pem()}});
  const auto handle = kPaths.find(request.path);
  if (handle == kPaths.end()) return no(404, "there is nothing here");
  const std::string_view method = request.path == "/v1/manifest" ? "GET" : "POST";
  if (request.method != method) return no(405, "only " + std::string(method));
  if (!store_) {
    auto store = connect_();
    if (!store) return wait_for_store(store.error());
    store_ = std::move(*store);
  }
  if (request.too_large) return refuse(request, 413, "the body is too large");
  return (this->*handle->second)(request);
}

Answer Endpoints::wait_for_store(const Error& error) {
  // A connection whose state is not known is of no more use; a lock that was waited for in vain is no reason.
  if (error.code != Errc::timed_out) store_.reset();
  return told(503, json{{"error", error.context}}, kTryAgain);
}

void Endpoints::note(const Request& request, const std::string& device, const std::string& what) {
  if (store_) static_cast<void>(store_->note({now_(), device, request.address, request.path, what}));
}

void Endpoints::note_stranger(const Request& request, const std::string& device, const std::string& what) {
  std::string told = what;
  const Now now = now_();
  if (now - strangers_since_ >= kStrangersFor || now < strangers_since_) {
    if (strangers_ > kMostStrangers)
      told += " (and " + std::to_string(strangers_ - kMostStrangers) + " more in the minute before)";
    strangers_since_ = now;
    strangers_ = 0;
  }
  if (++strangers_ <= kMostStrangers) note(request, device, told);
}

Answer Endpoints::refuse(const Request& request, int status, const std::string& what) {
  if (request.device.empty()) {
    note_stranger(request, "", what);
  } else {
    note(request, request.device, what);
  }
  return no(status, what);
}

tl::expected<Device, Answer> Endpoints::asking(const Request& request) {
  if (!request.fault.empty()) return tl::unexpected(refuse(request, 401, request.fault));
  if (request.device.empty()) return tl::unexpected(refuse(request, 401, "no certificate of this organisation"));
  auto device = store_->device(request.device);
  if (!device) return tl::unexpected(wait_for_store(device.error()));
  if (!*device) return tl::unexpected(refuse(request, 401, "no such device"));
  if ((*device)->revoked) return tl::unexpected(refuse(request, 403, "device revoked"));
  return **std::move(device);
}

Answer Endpoints::enrol(const Request& request) {
  const auto body = read_body(request, kMostHealth);
  if (!body) return refuse(request, status_of(body.error()), body.error().context);
  const json asked = json::parse(*body, nullptr, false);
  if (!asked.is_object()) return refuse(request, 400, "no JSON object");
  const auto wanted = text_field(asked, "request", kMostHealth);
  const auto name = text_field(asked, "name", kLongestName);
  if (!wanted || !name) return refuse(request, 400, "an enrolment needs 'request' and 'name'");
  const auto key = tls::key_of_request(*wanted);
  if (!key) return refuse(request, 400, "the certificate request cannot be used");
  const std::string device = events::device_id(*key);

  const auto code = text_field(asked, "code", kLongestCode);
  if (code) {
    const auto redeemed = store_->redeem(*code, device, *name, now_());
    if (!redeemed) return wait_for_store(redeemed.error());
    if (*redeemed != Redeemed::yes) {
      note_stranger(request, device, std::string(to_string(*redeemed)));
      return no(403, std::string(to_string(*redeemed)));
    }
    note(request, device, std::string(to_string(*redeemed)));
  } else {
    // Whoever is known needs no code: a certificate is of no use without the key that asked for it.
    const auto known = store_->device(device);
    if (!known) return wait_for_store(known.error());
    if (!*known) return refuse(request, 401, "an unknown device needs a code");
    if ((*known)->revoked) return refuse(request, 403, "device revoked");
    note(request, device, "certificate renewed");
  }
  const auto certificate = tls::grant(authority_, *wanted, device, std::chrono::floor<std::chrono::seconds>(now_()));
  if (!certificate) return no(500, "no certificate could be made");
  const auto enrolled = store_->device(device);
  if (!enrolled) return wait_for_store(enrolled.error());
  return told(200, json{{"device", device},
                        {"certificate", *certificate},
                        {"group", *enrolled ? (*enrolled)->group : std::string()}});
}

template <class Batch>
Answer Endpoints::take(const Request& request, Result<Batch> (*read)(std::string_view), const std::string& what) {
  const auto device = asking(request);
  if (!device) return device.error();
  const auto body = read_body(request, exchange::kMostBytes);
  if (!body) return refuse(request, status_of(body.error()), body.error().context);
  const auto batch = read(*body);
  if (!batch) return refuse(request, status_of(batch.error()), batch.error().context);
  if (batch->device != request.device) return refuse(request, 403, what + " of another device");
  const auto receipt = store_->take(*batch, *device, now_());
  if (!receipt) return wait_for_store(receipt.error());
  if (receipt->differs_from != 0) note(request, request.device, "other " + what + " of the same numbers");
  Answer answer{receipt->differs_from != 0 ? 409 : 200, exchange::write_receipt(*receipt)};
  const std::uint64_t rows = batch->covered();
  answer.tally = answer.status == 200 ? Tally{receipt->fresh, rows - receipt->fresh, 0} : Tally{0, 0, rows};
  return answer;
}

Answer Endpoints::take_events(const Request& request) { return take(request, &exchange::read_batch, "events"); }
Answer Endpoints::take_book(const Request& request) { return take(request, &exchange::read_book_batch, "rows"); }

/// Who may have it was answered by the shelf, but for a hub that has only begun.
Answer Endpoints::refuse_manifest(const Request& request) {
  const auto device = asking(request);
  return device ? told(503, json{{"error", "the rules are not read yet"}}, kTryAgain) : device.error();
}

Answer Endpoints::take_health(const Request& request) {
  const auto device = asking(request);
  if (!device) return device.error();
  const auto body = read_body(request, kMostHealth);
  if (!body) return refuse(request, status_of(body.error()), body.error().context);
  const auto health = exchange::read_health(*body);
  if (!health) return refuse(request, 400, health.error().context);
  const auto hearing = store_->hear(*device, *health, now_());
  if (!hearing) return wait_for_store(hearing.error());
  if (const auto rules = rules_told(json::parse(health->health, nullptr, false))) {
    const auto news = Releases(store_->connection()).tell(request.device, *rules, now_());
    if (!news) return wait_for_store(news.error());
    if (*news)
      note(request, request.device,
           "rules of version " + std::to_string(rules->failing_version) + " refused: " + rules->failing);
  }
  return {200, exchange::write_notices(hearing->notices, hearing->exceptions)};
}

std::string new_enrolment_code() {
  // Each decision id has 39 random bits in 8 characters and a hyphen.
  std::string out = events::new_decision_id();
  out += "-" + events::new_decision_id() + "-" + events::new_decision_id().substr(0, 4);
  return out;
}

}  // namespace fairlead::agent::hub
