#include <utility>

#include "agent/lists/retry_after.hpp"
#include "agent/platform/platform.hpp"
#include "agent/siem/curl_settings.hpp"
#include "agent/siem/otlp_text.hpp"
#include "agent/siem/receiver.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::siem {
namespace {

using lists::add_line;
using lists::Lines;

constexpr std::size_t kMostAnswer = std::size_t{64} * 1024, kLongestToken = 4096;
constexpr long kTaken = 200, kBad = 400, kTooLarge = 413;

struct Hearing {
  std::string body;
  std::chrono::seconds retry_after{0};
  std::stop_token stop;
};

std::size_t on_answer(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& body = static_cast<Hearing*>(to)->body;
  if (body.size() + size > kMostAnswer) return 0;
  body.append(bytes, size);
  return size;
}

std::size_t on_field(char* bytes, std::size_t, std::size_t size, void* to) {
  const std::string_view line(bytes, size);
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !text::equals_ignoring_case(line.substr(0, colon), "retry-after")) return size;
  const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  static_cast<Hearing*>(to)->retry_after =
      lists::retry_after(line.substr(colon + 1), now).value_or(std::chrono::seconds(0));
  return size;
}

int should_end(void* from, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Hearing*>(from)->stop.stop_requested() ? 1 : 0;
}

class OtlpReceiver : public Receiver {
 public:
  explicit OtlpReceiver(ReceiverOptions options) : options_(std::move(options)), handle_(curl_easy_init()) {}

  Given give(const std::vector<Record>& records, const std::stop_token& stop) override {
    const auto& wanted = *options_.mapping.otlp;
    CURL* handle = handle_.get();
    if (handle == nullptr) return {"libcurl cannot be used"};
    Lines fields;
    add_line(fields, "Content-Type: application/json");
    add_line(fields, "Expect:");
    if (!wanted.token_file.empty()) {
      const auto token = platform::read_secret_file(options_.folder / wanted.token_file, kLongestToken);
      if (!token) return {token.error().context};
      add_line(fields, "Authorization: Bearer " + token->substr(0, token->find_first_of("\r\n")));
    }
    const std::string body = otlp_body(records, options_.mapping, options_.hostname);
    std::array<char, CURL_ERROR_SIZE> detail{};
    Hearing hearing;
    hearing.stop = stop;
    curl_easy_reset(handle);  // keeps the connection
    prepare(handle, file_in(options_.folder, wanted.ca_file), detail);
    set(handle, CURLOPT_URL, wanted.url.c_str());
    set(handle, CURLOPT_PROTOCOLS_STR, "https,http");
    set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(handle, CURLOPT_USERAGENT, "fairlead-hub/" FAIRLEAD_VERSION);
    set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(std::chrono::milliseconds(kTotalLimit).count()));
    set(handle, CURLOPT_POST, 1L);
    set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    set(handle, CURLOPT_POSTFIELDS, body.data());
    set(handle, CURLOPT_HTTPHEADER, fields.get());
    set(handle, CURLOPT_WRITEFUNCTION, &on_answer);
    set(handle, CURLOPT_WRITEDATA, &hearing);
    set(handle, CURLOPT_HEADERFUNCTION, &on_field);
    set(handle, CURLOPT_HEADERDATA, &hearing);
    set(handle, CURLOPT_NOPROGRESS, 0L);
    set(handle, CURLOPT_XFERINFOFUNCTION, &should_end);
    set(handle, CURLOPT_XFERINFODATA, &hearing);
    const CURLcode code = curl_easy_perform(handle);
    if (code != CURLE_OK) return {"the receiver cannot be reached (" + words_of(code, detail) + ")"};
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    if (status != kTaken)
      return {"the receiver answers " + std::to_string(status),
              hearing.retry_after,
              {},
              status == kBad || status == kTooLarge};
    Given out;
    if (const std::uint64_t refused = refused_records(hearing.body); refused != 0)
      out.remark = "the receiver will not have " + std::to_string(refused) + " of " + std::to_string(records.size());
    return out;
  }

 private:
  ReceiverOptions options_;
  lists::Handle handle_;
};

}  // namespace

std::unique_ptr<Receiver> make_otlp_receiver(ReceiverOptions options) {
  return std::make_unique<OtlpReceiver>(std::move(options));
}

std::unique_ptr<Receiver> make_receiver(ReceiverOptions options) {
  return options.mapping.syslog ? make_syslog_receiver(std::move(options)) : make_otlp_receiver(std::move(options));
}

}  // namespace fairlead::agent::siem
