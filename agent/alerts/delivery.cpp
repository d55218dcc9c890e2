#include "agent/alerts/delivery.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <curl/curl.h>

#include "agent/alerts/signature.hpp"
#include "agent/alerts/text.hpp"
#include "agent/lists/curl_parts.hpp"
#include "agent/platform/platform.hpp"
#include "agent/tls/distrusted.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::alerts {
namespace {

using lists::add_line;
using lists::Lines;
using rules::catalog::MailChannel;
using rules::catalog::WebhookChannel;

constexpr long kFirstRefusal = 400;  // SMTP: below it the last reply is none to the message
constexpr std::size_t kLongestSecret = 4096, kMostAnswerBytes = std::size_t{64} * 1024;

Outcome not_possible(std::string why) { return {Verdict::retry, std::move(why), std::nullopt, false}; }

/// The first line of a file that nobody but its owner can read.
Result<std::string> read_secret(const std::filesystem::path& folder, const std::string& file) {
  auto bytes = platform::read_secret_file(folder / file, kLongestSecret);
  if (!bytes) return bytes;
  std::string line = bytes->substr(0, bytes->find_first_of("\r\n"));
  if (line.empty()) return fail(Errc::bad_file, Side::local, (folder / file).string() + " is empty");
  return line;
}

std::string in_brackets(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

/// One conversation: its settings, and what the server said last.
class Transfer {
 public:
  explicit Transfer(const DeliveryOptions& options) : options_(options), handle_(curl_easy_init()) {}

  [[nodiscard]] bool is_usable() const { return handle_ != nullptr; }
  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(handle_.get(), option, value);
  }
  /// Errors   bad_file: the laptop's own authority cannot be read.
  Result<void> prepare(const std::string& ca_file);
  void use_proxy();
  CURLcode run() { return curl_easy_perform(handle_.get()); }
  void give(std::string_view bytes) { left_ = bytes; }

  [[nodiscard]] long code() const {
    long code = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &code);
    return code;
  }
  /// Whether all that was to be sent went out, to the last byte.
  [[nodiscard]] bool is_all_sent(std::size_t size) const {
    curl_off_t sent = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_SIZE_UPLOAD_T, &sent);
    return sent >= static_cast<curl_off_t>(size);
  }
  [[nodiscard]] const std::string& last_line() const { return last_line_; }
  [[nodiscard]] const std::string& retry_after() const { return retry_after_; }
  [[nodiscard]] std::string detail(CURLcode code) const {
    return std::string(" (") + (detail_[0] != '\0' ? detail_.data() : curl_easy_strerror(code)) + ")";
  }

 private:
  static CURLcode distrust_own(CURL*, void* ssl_context, void* self) {
    static_cast<Transfer*>(self)->own_authority_->apply_to(ssl_context);
    return CURLE_OK;
  }
  static std::size_t on_line(char* line, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.last_line_ = one_line({line, size}, 512);
    constexpr std::string_view kField = "retry-after:";
    if (text::lower(transfer.last_line_.substr(0, kField.size())) == kField)
      transfer.retry_after_ = transfer.last_line_.substr(kField.size());
    return size;
  }
  /// What a webhook answers besides its status is nobody's concern; endless answers end here.
  static std::size_t on_answer(char*, std::size_t, std::size_t size, void* self) {
    auto& seen = static_cast<Transfer*>(self)->answer_bytes_;
    seen += size;
    return seen <= kMostAnswerBytes ? size : 0;
  }
  static std::size_t on_wish(char* to, std::size_t one, std::size_t many, void* self) {
    auto& left = static_cast<Transfer*>(self)->left_;
    const std::size_t size = std::min(left.size(), one * many);
    std::memcpy(to, left.data(), size);
    left.remove_prefix(size);
    return size;
  }
  static int should_end(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Transfer*>(self)->options_.stop.stop_requested() ? 1 : 0;
  }

  const DeliveryOptions& options_;  // the caller's, which waits for this object
  Lines proxy_fields_;              // that the handle refers to
  lists::Handle handle_;
  std::optional<tls::Distrusted> own_authority_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  std::string last_line_, retry_after_;
  std::string_view left_;  // of what is sent
  std::size_t answer_bytes_ = 0;
};

Result<void> Transfer::prepare(const std::string& ca_file) {
  if (!options_.own_authority.empty()) {
    auto own = tls::Distrusted::from_pem(options_.own_authority);
    if (!own) return tl::unexpected(std::move(own).error());
    own_authority_ = std::move(*own);
    set(CURLOPT_SSL_CTX_FUNCTION, &Transfer::distrust_own);
    set(CURLOPT_SSL_CTX_DATA, this);
  }
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_file.empty()) {  // that authority and no other
    set(CURLOPT_CAINFO, (options_.folder / ca_file).c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  set(CURLOPT_FOLLOWLOCATION, 0L);
  // An empty text means "none"; without one libcurl would look into the environment, and at most at this very filter.
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOPROXY, "");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_limit.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total_limit.count()));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, detail_.data());
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_line);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_answer);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_READFUNCTION, &Transfer::on_wish);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &Transfer::should_end);
  set(CURLOPT_XFERINFODATA, this);
  return {};
}

void Transfer::use_proxy() {
  set(CURLOPT_PROXY, options_.proxy.c_str());
  set(CURLOPT_NOPROXY, options_.proxy_except.c_str());
  if (!options_.proxy_authorization.empty())
    add_line(proxy_fields_, "Proxy-Authorization: " + options_.proxy_authorization);
  set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  set(CURLOPT_PROXYHEADER, proxy_fields_.get());
  set(CURLOPT_HTTPPROXYTUNNEL, 1L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

/// The connection, not the answer, was at fault; nothing when it was not.
std::optional<Outcome> judge_connection(CURLcode code, const Transfer& transfer) {
  const auto because = [&](std::string why) {
    return Outcome{Verdict::retry, std::move(why) + transfer.detail(code), std::nullopt, true};
  };
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return because("cannot be reached");
    case CURLE_OPERATION_TIMEDOUT:
      return because("does not answer in time");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return because("does not prove who it is: its certificate is not trusted");
    case CURLE_SSL_CACERT_BADFILE:
      return because("cannot be checked: 'ca_file' cannot be read");
    case CURLE_USE_SSL_FAILED:
      return because("offers no encryption, and without it nothing is sent");
    case CURLE_SSL_CONNECT_ERROR:
      return because("speaks no TLS that can be trusted");
    case CURLE_ABORTED_BY_CALLBACK:
      return Outcome{Verdict::retry, "was not waited for: the agent stopped", std::nullopt, true};
    default:
      return std::nullopt;
  }
}

}  // namespace

Outcome send_mail(const MailChannel& channel, const std::string& to, const std::string& mail,
                  const DeliveryOptions& options) {
  Transfer transfer(options);
  if (!transfer.is_usable()) return not_possible("libcurl cannot be used");
  if (auto ready = transfer.prepare(channel.ca_file); !ready) return not_possible(ready.error().context);
  std::string password;
  if (!channel.user.empty()) {
    auto secret = read_secret(options.folder, channel.password_file);
    if (!secret) return not_possible(secret.error().context);
    password = std::move(*secret);
    transfer.set(CURLOPT_USERNAME, channel.user.c_str());
    transfer.set(CURLOPT_PASSWORD, password.c_str());
  }
  // What stands behind the slash is said in EHLO; libcurl would tell the laptop's name, which may be a person's.
  const std::string domain = channel.from.substr(channel.from.rfind('@') + 1);
  const std::string url = std::string(channel.tls_at_once ? "smtps://" : "smtp://") + in_brackets(channel.host) + ":" +
                          std::to_string(channel.port) + "/" + domain;
  if (options.proxy_takes_mail) transfer.use_proxy();
  Lines recipients;
  add_line(recipients, "<" + to + ">");
  const std::string from = "<" + channel.from + ">";
  transfer.set(CURLOPT_URL, url.c_str());
  transfer.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  transfer.set(CURLOPT_USE_SSL, static_cast<long>(channel.plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  transfer.set(CURLOPT_MAIL_FROM, from.c_str());
  transfer.set(CURLOPT_MAIL_RCPT, recipients.get());
  transfer.set(CURLOPT_UPLOAD, 1L);
  transfer.give(mail);
  const CURLcode code = transfer.run();
  if (code == CURLE_OK) return {Verdict::delivered, {}, std::nullopt, false};
  auto outcome = judge_connection(code, transfer);
  if (!outcome) outcome = judge_smtp(transfer.code(), transfer.last_line(), code == CURLE_LOGIN_DENIED);
  outcome->in_doubt = transfer.is_all_sent(mail.size()) && transfer.code() < kFirstRefusal;
  return *std::move(outcome);
}

Outcome post_webhook(const WebhookChannel& channel, const std::string& key, const std::string& body,
                     std::chrono::sys_seconds now, const DeliveryOptions& options) {
  Transfer transfer(options);
  if (!transfer.is_usable()) return not_possible("libcurl cannot be used");
  if (auto ready = transfer.prepare(channel.ca_file); !ready) return not_possible(ready.error().context);
  const auto secret = read_secret(options.folder, channel.secret_file);
  if (!secret) return not_possible(secret.error().context);
  const auto timestamp = static_cast<std::uint64_t>(now.time_since_epoch().count());
  Lines fields;
  add_line(fields, "Content-Type: application/json");
  add_line(fields, "Expect:");
  add_line(fields, "Idempotency-Key: " + key);
  add_line(fields, "Fairlead-Timestamp: " + std::to_string(timestamp));
  add_line(fields, "Fairlead-Signature: " + signature_of(*secret, timestamp, body));
  if (channel.url.starts_with("https://")) transfer.use_proxy();
  transfer.set(CURLOPT_URL, channel.url.c_str());
  transfer.set(CURLOPT_PROTOCOLS_STR, "https,http");
  transfer.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  transfer.set(CURLOPT_USERAGENT, "fairlead/" FAIRLEAD_VERSION);
  transfer.set(CURLOPT_POST, 1L);
  transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  transfer.set(CURLOPT_POSTFIELDS, body.c_str());
  transfer.set(CURLOPT_HTTPHEADER, fields.get());
  const CURLcode code = transfer.run();
  const long status = transfer.code();
  // A status that says "taken" holds, whatever became of the rest of the answer.
  if (code == CURLE_OK || (status >= 200 && status < 300)) return judge_http(status, transfer.retry_after(), now);
  auto outcome = judge_connection(code, transfer);
  if (!outcome) {
    outcome =
        Outcome{Verdict::retry, "ended the connection before it answered" + transfer.detail(code), std::nullopt, false};
  }
  outcome->in_doubt = transfer.is_all_sent(body.size());
  return *std::move(outcome);
}

}  // namespace fairlead::agent::alerts
