#include "agent/lists/fetch.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>

#include <curl/curl.h>

#include "agent/lists/answer.hpp"
#include "agent/lists/curl_parts.hpp"
#include "agent/tls/distrusted.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::lists {
namespace {

constexpr long kMostRedirects = 5;
constexpr std::size_t kLongestValidator = 512;

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
/// The host of a URL or a proxy's address, for people and for nothing that decides but upstream_proxy(); "" for none.
std::string host_of(const std::string& url) {
  const std::unique_ptr<CURLU, FreeUrl> parts(curl_url());
  char* host = nullptr;
  if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), CURLU_DEFAULT_SCHEME) != CURLUE_OK ||
      curl_url_get(parts.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
    return "";
  std::string out = host;
  curl_free(host);
  return out;
}

/// What a server said once may be said back to it in a field, and nothing more than that.
bool fits_in_a_field(const std::string& value) {
  return !value.empty() && value.size() <= kLongestValidator &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// One GET under way: judges the head at the first byte of the body, then writes.
class Download {
 public:
  Download(const FetchRequest& request, const FetchOptions& options, Partial& part)
      : request_(request),
        options_(options),
        part_(part),
        asked_{part.bytes(), fits_in_a_field(request.known.etag) || fits_in_a_field(request.known.last_modified),
               request.most_bytes} {}

  /// Body::start_over when there was nothing to continue with; the part is gone then.
  Result<Body> run();
  [[nodiscard]] Fetched result() const { return {false, {head_.etag, head_.last_modified}, bytes_}; }

 private:
  static CURLcode distrust_own(CURL*, void* ssl_context, void* self);
  static std::size_t on_line(char* line, std::size_t one, std::size_t size, void* self);
  static int should_end(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
  static std::size_t on_bytes(char* bytes, std::size_t one, std::size_t size, void* self);
  void prepare(CURL* handle, const Lines& fields, const Lines& proxy_fields);
  [[nodiscard]] Lines fields() const;
  Result<void> begin();
  Result<void> write(std::string_view bytes);
  Result<void> finish();
  tl::unexpected<Error> not_whole(CURLcode code, const char* detail);
  tl::unexpected<Error> disk_error(int error);

  const FetchRequest& request_;
  const FetchOptions& options_;
  Partial& part_;
  Asked asked_;
  AnswerHead head_;
  std::optional<Body> body_;  // once the head was judged
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::uint64_t bytes_ = 0;     // in the file
  std::optional<Error> error_;  // why we ended it ourselves
  std::optional<tls::Distrusted> own_authority_;
};

/// Also for each connection that a redirect asks for.
CURLcode Download::distrust_own(CURL* /*handle*/, void* ssl_context, void* self) {
  static_cast<Download*>(self)->own_authority_->apply_to(ssl_context);
  return CURLE_OK;
}

std::size_t Download::on_line(char* line, std::size_t /*one*/, std::size_t size, void* self) {
  static_cast<Download*>(self)->head_.add_line({line, size});
  return size;
}

/// Anything but `size` ends the download.
std::size_t Download::on_bytes(char* bytes, std::size_t /*one*/, std::size_t size, void* self) {
  auto& download = *static_cast<Download*>(self);
  Result<void> done;
  if (!download.body_) done = download.begin();
  if (done && download.file_) done = download.write({bytes, size});
  if (!done) download.error_ = done.error();
  return done && download.file_ ? size : 0;
}

/// Anything but 0 ends the download.
int Download::should_end(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Download*>(self)->options_.stop.stop_requested() ? 1 : 0;
}

Lines Download::fields() const {
  Lines lines;
  add_line(lines, "Accept-Encoding: identity");
  if (fits_in_a_field(request_.known.etag)) add_line(lines, "If-None-Match: " + request_.known.etag);
  if (fits_in_a_field(request_.known.last_modified))
    add_line(lines, "If-Modified-Since: " + request_.known.last_modified);
  if (asked_.from_byte > 0) {
    add_line(lines, "Range: bytes=" + std::to_string(asked_.from_byte) + "-");
    add_line(lines, "If-Range: " + part_.if_range());
  }
  return lines;
}

void Download::prepare(CURL* handle, const Lines& fields, const Lines& proxy_fields) {
  const auto set = [handle](CURLoption option, auto value) { curl_easy_setopt(handle, option, value); };
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, request_.may_be_plain ? "http,https" : "https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, kMostRedirects);
  set(CURLOPT_REDIR_PROTOCOLS_STR, "https");
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  // The system's folder of CAs stays in force beside this file.
  if (!options_.authorities.empty()) set(CURLOPT_CAINFO, options_.authorities.c_str());
  if (own_authority_) {
    set(CURLOPT_SSL_CTX_FUNCTION, &Download::distrust_own);
    set(CURLOPT_SSL_CTX_DATA, this);
  }
  // An empty text means "none"; without one libcurl would look into the environment.
  set(CURLOPT_PROXY, options_.proxy.c_str());
  set(CURLOPT_NOPROXY, options_.proxy_except.c_str());
  set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  set(CURLOPT_PROXYHEADER, proxy_fields.get());
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_USERAGENT, "fairlead/" FAIRLEAD_VERSION);
  set(CURLOPT_HTTPHEADER, fields.get());
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_limit.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total_limit.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options_.lowest_speed));
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.lowest_speed_for.count()));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_HEADERFUNCTION, &Download::on_line);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Download::on_bytes);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &Download::should_end);
  set(CURLOPT_XFERINFODATA, this);
}

Result<Body> Download::run() {
  const Handle handle(curl_easy_init());
  if (!handle) return fail(Errc::internal, Side::local, "libcurl cannot be used");
  if (!options_.own_authority.empty()) {
    auto own = tls::Distrusted::from_pem(options_.own_authority);
    if (!own) return tl::unexpected(std::move(own).error());
    own_authority_ = std::move(*own);
  }
  const Lines lines = fields();
  Lines proxy_lines;
  if (!options_.proxy_authorization.empty())
    add_line(proxy_lines, "Proxy-Authorization: " + options_.proxy_authorization);
  std::array<char, CURL_ERROR_SIZE> detail{};
  prepare(handle.get(), lines, proxy_lines);
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, detail.data());
  const CURLcode code = curl_easy_perform(handle.get());
  if (error_) return tl::unexpected(*error_);
  if (code != CURLE_OK && (!body_ || file_)) return not_whole(code, detail.data());
  if (!body_) {  // an answer without a body
    if (auto begun = begin(); !begun) return tl::unexpected(std::move(begun).error());
  }
  if (file_) {
    if (auto done = finish(); !done) return tl::unexpected(std::move(done).error());
  } else {
    part_.remove();
  }
  return *body_;
}

Result<void> Download::begin() {
  const auto body = judge(head_, asked_);
  if (!body) return tl::unexpected(body.error());
  body_ = *body;
  if (*body != Body::whole && *body != Body::rest) return {};
  file_.reset(std::fopen(part_.file().c_str(), *body == Body::rest ? "ab" : "wb"));
  if (!file_) return disk_error(errno);
  bytes_ = *body == Body::rest ? asked_.from_byte : 0;
  return {};
}

Result<void> Download::write(std::string_view bytes) {
  bytes_ += bytes.size();
  if (bytes_ > request_.most_bytes) {
    part_.remove();
    return fail(Errc::too_large, Side::upstream,
                "sent more than the " + std::to_string(request_.most_bytes) + " bytes that most_bytes permits");
  }
  errno = 0;
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) return disk_error(errno);
  if (request_.on_bytes) request_.on_bytes(bytes_);
  return {};
}

Result<void> Download::finish() {
  errno = 0;
  if (std::fclose(file_.release()) != 0) return disk_error(errno);
  const auto size = whole_size(head_, *body_);
  std::array<char, 1024> first{};
  std::ifstream in(part_.file(), std::ios::binary);
  in.read(first.data(), first.size());
  std::string refusal;
  if (bytes_ == 0) refusal = "sent an empty file";
  if (size && *size != bytes_) refusal = "sent another number of bytes than it said";
  if (begins_a_web_page({first.data(), static_cast<std::size_t>(in.gcount())}))
    refusal = "sent a web page instead of a list; does this network want a sign-in?";
  if (refusal.empty()) return {};
  part_.remove();
  return fail(Errc::bad_message, Side::upstream, refusal);
}

/// The connection, not the answer, was at fault: what came so far is kept for the next time.
tl::unexpected<Error> Download::not_whole(CURLcode code, const char* detail) {
  if (file_) {
    if (std::fclose(file_.release()) != 0) return disk_error(errno);
    part_.keep(*body_ == Body::rest ? part_.if_range() : validator_for_range(head_));
  }
  const std::string says = std::string(" (") + (*detail != '\0' ? detail : curl_easy_strerror(code)) + ")";
  const auto because = [&says](Errc kind, const char* sentence) { return fail(kind, Side::upstream, sentence + says); };
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return because(Errc::timed_out, "is too slow or does not answer");
    case CURLE_TOO_MANY_REDIRECTS:
      return because(Errc::refused, "leads from one address to another without end");
    case CURLE_UNSUPPORTED_PROTOCOL:
      return because(Errc::refused, "leads to an address that is not https");
    case CURLE_PEER_FAILED_VERIFICATION:
      return because(Errc::refused, "does not prove who it is: its certificate is not trusted");
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return because(Errc::unreachable, "cannot be reached");
    case CURLE_URL_MALFORMAT:
      return because(Errc::bad_url, "is no address to download from");
    default:
      return because(Errc::closed, "ended the connection before the list was there");
  }
}

tl::unexpected<Error> Download::disk_error(int error) {
  file_.reset();
  part_.remove();  // what could not be kept whole should not fill the disk either
  if (error == ENOSPC || error == EDQUOT || error == EFBIG)
    return fail(Errc::disk_full, Side::local, "offers more than the disk has room for");
  return fail(Errc::denied, Side::local, "gave bytes that could not be written to " + part_.file().string());
}

Result<Fetched> fetch_part(const FetchRequest& request, const FetchOptions& options) {
  Partial part(request.folder, request.url);
  for (;;) {
    Download download(request, options, part);
    const auto body = download.run();
    if (!body) return tl::unexpected(body.error());
    if (*body == Body::no_news) return Fetched{true, {}, 0};
    if (*body != Body::start_over) return download.result();
  }
}

}  // namespace

Result<Fetched> fetch(const FetchRequest& request, const FetchOptions& options) {
  if (!request.may_be_plain && !request.url.starts_with("https://"))
    return fail(Errc::refused, Side::local,
                host_of(request.url) + " is asked without https: name a sha256 or public_key");
  auto fetched = fetch_part(request, options);
  if (!fetched) fetched.error().context = host_of(request.url) + " " + fetched.error().context;
  return fetched;
}

std::string upstream_proxy(const std::string& from_environment) {
  const std::string host = host_of(from_environment);
  const bool here = text::equals_ignoring_case(host, "localhost") || host.starts_with("127.") || host == "[::1]";
  return here || host.empty() ? std::string() : from_environment;
}

}  // namespace fairlead::agent::lists
