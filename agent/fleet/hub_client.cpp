#include "agent/fleet/hub_client.hpp"

#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <utility>

#include <curl/curl.h>
#include <nlohmann/json.hpp>

#include "agent/exchange/compress.hpp"
#include "agent/fleet/signed_asking.hpp"
#include "agent/lists/curl_parts.hpp"
#include "agent/platform/platform.hpp"
#include "agent/tls/pinned_authority.hpp"
#include "agent/tls/request.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::fleet {
namespace {

using lists::add_line;
using lists::Lines;
using nlohmann::json;

constexpr std::size_t kMostAnswer = std::size_t{64} * 1024, kMostFetched = std::size_t{512} * 1024,
                      kWorthCompressing = 1024;
constexpr long kSlow = 256, kSlowFor = 60;  // bytes a second; seconds: a download that is slower for that long ends
constexpr auto kDownloadLimit = std::chrono::hours(2);
constexpr long kUnknown = 401;
constexpr auto kClocksDiffer = std::chrono::minutes(5);

curl_blob blob_of(const std::string& text) {
  // Borrowed: libcurl only reads it, though its type says otherwise.
  return {const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};
}

Error error_of(CURLcode code, const char* detail) {
  const std::string more = detail[0] != '\0' ? detail : curl_easy_strerror(code);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return {Errc::unreachable, Side::upstream, "the hub cannot be reached (" + more + ")"};
    case CURLE_OPERATION_TIMEDOUT:
      return {Errc::timed_out, Side::upstream, "the hub does not answer in time"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return {Errc::untrusted, Side::upstream, "what answers is not the organisation's hub (" + more + ")"};
    case CURLE_WRITE_ERROR:
      return {Errc::too_large, Side::upstream, "the hub's answer is too long"};
    default:
      return {Errc::closed, Side::upstream, "the hub ended the connection (" + more + ")"};
  }
}

/// Where an answer goes, and who may end the waiting.
struct Hearing {
  HubAnswer answer;
  exchange::SignedAnswer proof{};
  std::stop_token stop;
  std::uint64_t most = kMostAnswer;
  std::ofstream* file = nullptr;  // where the body goes instead
  std::uint64_t heard = 0;
};
std::size_t on_answer(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& hearing = *static_cast<Hearing*>(to);
  hearing.heard += size;
  if (hearing.heard > hearing.most) return 0;
  if (hearing.file == nullptr) {
    hearing.answer.body.append(bytes, size);
  } else if (!hearing.file->write(bytes, static_cast<std::streamsize>(size))) {
    return 0;
  }
  return size;
}
std::size_t on_field(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& hearing = *static_cast<Hearing*>(to);
  const std::string_view line(bytes, size);
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  const std::string_view name = line.substr(0, colon), value = text::trim(line.substr(colon + 1));
  if (text::equals_ignoring_case(name, "retry-after")) {
    hearing.proof.retry_after = value;
    unsigned seconds = 0;
    std::from_chars(value.data(), value.data() + value.size(), seconds);
    hearing.answer.retry_after = std::chrono::seconds(seconds);
  } else if (text::equals_ignoring_case(name, "etag")) {
    hearing.answer.etag = hearing.proof.etag = value;
  } else if (text::equals_ignoring_case(name, "content-digest")) {
    hearing.proof.digest = value;
  } else if (text::equals_ignoring_case(name, "signature-input")) {
    hearing.proof.input = value;
  } else if (text::equals_ignoring_case(name, "signature")) {
    hearing.proof.signature = value;
  }
  return size;
}
int should_end(void* from, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Hearing*>(from)->stop.stop_requested() ? 1 : 0;
}
CURLcode pin(CURL*, void* ssl_context, void*) {
  tls::ignore_clock(ssl_context);
  return CURLE_OK;
}

/// What proves a question, when all else of it is known.
using Prove = std::function<Result<SignedAsking>(exchange::SignedRequest question, std::string_view body)>;

/// body    of a POST; null: a GET.
/// etag    of what is known already; may be empty.
/// prove   null: TLS proves both sides.
Result<HubAnswer> ask(CURL* handle, const std::string& url, const std::string* body, const std::string& etag,
                      const Way& way, Hearing hearing, const Prove& prove = {}) {
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(handle, option, value); };
  hearing.stop = way.stop;
  std::array<char, CURL_ERROR_SIZE> detail{};
  Lines fields, proxy_fields;
  std::string compressed;
  if (body != nullptr) {
    add_line(fields, "Content-Type: application/json");
    add_line(fields, "Expect:");
    if (body->size() > kWorthCompressing) {
      auto smaller = exchange::compress(*body);
      if (!smaller) return tl::unexpected(std::move(smaller).error());
      compressed = std::move(*smaller);
      body = &compressed;
      add_line(fields, "Content-Encoding: zstd");
    }
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
    set(CURLOPT_POSTFIELDS, body->data());
  }
  if (!etag.empty()) add_line(fields, "If-None-Match: " + etag);
  std::optional<SignedAsking> asking;
  if (prove) {
    exchange::SignedRequest question;
    question.method = body != nullptr ? "POST" : "GET";
    question.encoding = compressed.empty() ? "" : "zstd";
    question.if_none_match = etag;
    auto made = prove(std::move(question), body != nullptr ? std::string_view(*body) : std::string_view());
    if (!made) return tl::unexpected(std::move(made).error());
    asking = *std::move(made);
    for (const std::string& line : asking->fields()) add_line(fields, line);
  }
  if (!way.proxy_authorization.empty()) add_line(proxy_fields, "Proxy-Authorization: " + way.proxy_authorization);
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_USERAGENT, "fairlead/" FAIRLEAD_VERSION);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, way.proxy.c_str());
  set(CURLOPT_NOPROXY, way.proxy_except.c_str());
  set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  set(CURLOPT_PROXYHEADER, proxy_fields.get());
  set(CURLOPT_HTTPPROXYTUNNEL, way.proxy.empty() ? 0L : 1L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(way.connect_limit.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(way.total_limit.count()));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, detail.data());
  set(CURLOPT_WRITEFUNCTION, &on_answer);
  set(CURLOPT_WRITEDATA, &hearing);
  set(CURLOPT_HEADERFUNCTION, &on_field);
  set(CURLOPT_HEADERDATA, &hearing);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &should_end);
  set(CURLOPT_XFERINFODATA, &hearing);
  set(CURLOPT_HTTPHEADER, fields.get());
  const CURLcode code = curl_easy_perform(handle);
  if (code != CURLE_OK) return tl::unexpected(error_of(code, detail.data()));
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &hearing.answer.status);
  if (asking) {
    hearing.proof.status = static_cast<int>(hearing.answer.status);
    const auto told = asking->check(hearing.proof, hearing.answer.body);
    if (!told) return tl::unexpected(told.error());
    hearing.answer.told = *told;
  }
  return std::move(hearing.answer);
}

/// What a refusal says, or its number.
std::string words_of(const HubAnswer& answer) {
  const json parsed = json::parse(answer.body, nullptr, false);
  if (parsed.is_object() && parsed.contains("error") && parsed["error"].is_string()) return parsed["error"];
  return "status " + std::to_string(answer.status);
}

}  // namespace

struct HubClient::Impl {
  Membership membership;  // what the handle borrows
  std::string key;
  lists::Handle handle;
  bool inspected = false;             // the network breaks TLS open
  std::chrono::seconds hub_ahead{0};  // by how much the hub's clock is ahead of this one

  Result<SignedAsking> prove(const std::string& path, exchange::SignedRequest question, std::string_view body);
};

HubClient::HubClient(const Membership& membership, std::string key, const TlsSessions* sessions)
    : impl_(new Impl{membership, std::move(key), lists::Handle(curl_easy_init())}) {
  if (impl_->handle && sessions != nullptr) curl_easy_setopt(impl_->handle.get(), CURLOPT_SHARE, sessions->share());
}
HubClient::~HubClient() = default;

Result<void> HubClient::prepare() {
  CURL* handle = impl_->handle.get();
  if (handle == nullptr) return fail(Errc::internal, Side::local, "libcurl cannot be used");
  curl_easy_reset(handle);  // keeps the connection and the sessions
  curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, &pin);
  if (impl_->inspected) return {};  // whoever the system trusts may listen
  const Membership& membership = impl_->membership;
  const curl_blob authority = blob_of(membership.authority), certificate = blob_of(membership.certificate),
                  key = blob_of(impl_->key);
  curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &authority);
  curl_easy_setopt(handle, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  if (!membership.certificate.empty()) {
    curl_easy_setopt(handle, CURLOPT_SSLCERT_BLOB, &certificate);
    curl_easy_setopt(handle, CURLOPT_SSLKEY_BLOB, &key);
  }
  return {};
}

Result<SignedAsking> HubClient::Impl::prove(const std::string& path, exchange::SignedRequest question,
                                            std::string_view body) {
  question.host = membership.hub.substr(std::string_view("https://").size());
  question.path = path;
  const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  return SignedAsking::make(membership, key, std::move(question), body, now + hub_ahead);
}

Result<HubAnswer> HubClient::by_either_way(const std::function<Result<HubAnswer>()>& asked) {
  if (auto ready = prepare(); !ready) return tl::unexpected(std::move(ready).error());
  auto out = asked();
  if (out || out.error().code != Errc::untrusted || impl_->inspected || !impl_->membership.through_inspection)
    return out;
  impl_->inspected = true;
  if (auto ready = prepare(); !ready) return tl::unexpected(std::move(ready).error());
  return asked();
}

Result<HubAnswer> HubClient::ask_hub(const std::string& path, const std::string* body, const std::string& etag,
                                     const Way& way, std::uint64_t most) {
  const auto ask_once = [&]() -> Result<HubAnswer> {
    Hearing hearing;
    hearing.most = most;
    Prove prove;
    if (impl_->inspected)
      prove = [&](exchange::SignedRequest question, std::string_view sent) {
        return impl_->prove(path, std::move(question), sent);
      };
    return ask(impl_->handle.get(), impl_->membership.hub + path, body, etag, way, std::move(hearing), prove);
  };
  auto answer = by_either_way(ask_once);
  if (!answer || answer->status != kUnknown || !impl_->inspected) return answer;
  const auto ahead = answer->told - std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  if (std::chrono::abs(ahead - impl_->hub_ahead) < kClocksDiffer) return answer;
  impl_->hub_ahead = ahead;  // what was wrong was the time
  return by_either_way(ask_once);
}

Result<HubAnswer> HubClient::post(const std::string& path, const std::string& json, const Way& way) {
  return ask_hub(path, &json, "", way, kMostAnswer);
}

Result<HubAnswer> HubClient::get(const std::string& path, const std::string& etag, const Way& way) {
  return ask_hub(path, nullptr, etag, way, kMostFetched);
}

Result<void> HubClient::download(const std::string& path, std::uint64_t most, const std::filesystem::path& to,
                                 const Way& way) {
  Way slowly = way;
  slowly.total_limit = kDownloadLimit;
  std::ofstream file;
  const auto answer = by_either_way([&] {
    curl_easy_setopt(impl_->handle.get(), CURLOPT_LOW_SPEED_LIMIT, kSlow);
    curl_easy_setopt(impl_->handle.get(), CURLOPT_LOW_SPEED_TIME, kSlowFor);
    file = std::ofstream(to, std::ios::binary | std::ios::trunc);
    Hearing hearing;
    hearing.most = most;
    hearing.file = &file;
    return ask(impl_->handle.get(), impl_->membership.hub + path, nullptr, "", slowly, std::move(hearing));
  });
  file.close();
  if (!file) return fail(Errc::disk_full, Side::local, to.string() + " cannot be written: is the disk full?");
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status != 200)
    return fail(answer->status == 404 ? Errc::not_found : Errc::unreachable, Side::upstream,
                "the hub answers " + std::to_string(answer->status) + " for " + path);
  return {};
}

Result<std::string> fetch_authority(const std::string& hub, const std::string& fingerprint, const Way& way) {
  const lists::Handle handle(curl_easy_init());
  if (!handle) return fail(Errc::internal, Side::local, "libcurl cannot be used");
  // Nobody vouches for this hub yet. What it says is believed only if it is the certificate of the fingerprint.
  curl_easy_setopt(handle.get(), CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(handle.get(), CURLOPT_SSL_VERIFYHOST, 0L);
  const auto answer = ask(handle.get(), hub + "/v1/authority", nullptr, "", way, {});
  if (!answer) return tl::unexpected(answer.error());
  const json parsed = json::parse(answer->body, nullptr, false);
  if (answer->status != 200 || !parsed.is_object() || !parsed.contains("authority") || !parsed["authority"].is_string())
    return fail(Errc::bad_message, Side::upstream, "what answers there is no hub");
  std::string authority = parsed["authority"];
  const auto found = tls::fingerprint_of(authority);
  if (!found) return tl::unexpected(found.error());
  if (*found != fingerprint)
    return fail(Errc::untrusted, Side::upstream,
                "what answers there is not the organisation's hub: its authority is " + *found);
  return authority;
}

Result<Membership> enrol(Membership membership, const std::string& key, const std::string& code,
                         const std::string& name, const Way& way) {
  const auto request = tls::make_request(key);
  if (!request) return tl::unexpected(request.error());
  json asked = {{"request", *request}, {"name", name}};
  if (!code.empty()) asked["code"] = code;
  membership.certificate.clear();  // an old one may be what the hub does not like
  const auto answer = HubClient(membership, key).post("/v1/enrol", asked.dump(), way);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status != 200) return fail(Errc::refused, Side::upstream, "the hub says: " + words_of(*answer));
  const json told = json::parse(answer->body, nullptr, false);
  if (!told.is_object() || !told.contains("certificate") || !told["certificate"].is_string())
    return fail(Errc::bad_message, Side::upstream, "the hub's answer holds no certificate");
  membership.certificate = told["certificate"];
  if (membership.group.empty() && told.value("group", json()).is_string()) membership.group = told["group"];
  return membership;
}

}  // namespace fairlead::agent::fleet
