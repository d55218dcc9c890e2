#include <optional>
#include <utility>

#include "agent/platform/sent_bytes.hpp"
#include "agent/siem/curl_settings.hpp"
#include "agent/siem/receiver.hpp"
#include "agent/siem/syslog_text.hpp"

namespace fairlead::agent::siem {
namespace {

using Steady = std::chrono::steady_clock;
constexpr int kLook = 50;  // ms, while something is waited for

struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

/// libcurl connects, with TLS where it is wanted; what goes through is ours.
class SyslogReceiver : public Receiver {
 public:
  explicit SyslogReceiver(ReceiverOptions options) : options_(std::move(options)), waiter_(curl_multi_init()) {}

  Given give(const std::vector<Record>& records, const std::stop_token& stop) override {
    std::string bytes;
    for (const Record& record : records)
      bytes += with_octets(syslog_message(record, options_.mapping, options_.hostname));
    // Who closed the connection has read nothing since.
    if (connection_ && !is_open()) connection_.reset();
    if (!connection_) {
      if (auto trouble = connect()) return {*trouble};
    }
    auto trouble = write(bytes, stop);
    if (!trouble) trouble = flush(stop);
    if (!trouble && !is_open()) trouble = "the receiver ended the connection";
    if (!trouble) return {};
    connection_.reset();
    return {*trouble};
  }

 private:
  std::optional<std::string> connect() {
    const auto& wanted = *options_.mapping.syslog;
    lists::Handle handle(curl_easy_init());
    if (!handle || !waiter_) return "libcurl cannot be used";
    detail_[0] = '\0';
    prepare(handle.get(), file_in(options_.folder, wanted.ca_file), detail_);
    const bool v6 = wanted.host.find(':') != std::string::npos;
    const std::string url = std::string(wanted.tls ? "https://" : "http://") +
                            (v6 ? "[" + wanted.host + "]" : wanted.host) + ":" + std::to_string(wanted.port) + "/";
    set(handle.get(), CURLOPT_URL, url.c_str());
    set(handle.get(), CURLOPT_CONNECT_ONLY, 1L);
    set(handle.get(), CURLOPT_SSL_ENABLE_ALPN, 0L);  // what is spoken is no HTTP
    if (const CURLcode code = curl_easy_perform(handle.get()); code != CURLE_OK)
      return "the receiver cannot be reached (" + words_of(code, detail_) + ")";
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(handle.get(), CURLINFO_ACTIVESOCKET, &socket);
    if (socket == CURL_SOCKET_BAD) return "the receiver ended the connection";
    connection_ = std::move(handle);
    socket_ = socket;
    return std::nullopt;
  }

  /// Reads what TLS has to say, and whatever a receiver says that should say nothing.
  bool is_open() {
    std::array<char, 1024> ignored{};
    for (;;) {
      std::size_t size = 0;
      const CURLcode code = curl_easy_recv(connection_.get(), ignored.data(), ignored.size(), &size);
      if (code == CURLE_AGAIN) return true;
      if (code != CURLE_OK || size == 0) return false;
    }
  }

  void wait_for(short what) {
    curl_waitfd socket{socket_, what, 0};
    curl_multi_poll(waiter_.get(), &socket, 1, kLook, nullptr);
  }

  std::optional<std::string> write(std::string_view left, const std::stop_token& stop) {
    const auto deadline = Steady::now() + kTotalLimit;
    while (!left.empty()) {
      std::size_t size = 0;
      const CURLcode code = curl_easy_send(connection_.get(), left.data(), left.size(), &size);
      if (code != CURLE_OK && code != CURLE_AGAIN) return "the receiver ended the connection";
      left.remove_prefix(size);
      if (code != CURLE_AGAIN) continue;
      if (stop.stop_requested() || Steady::now() > deadline) return "the receiver does not read in time";
      wait_for(CURL_WAIT_POLLOUT);
    }
    return std::nullopt;
  }

  /// Until the receiver's machine has said that every byte arrived.
  std::optional<std::string> flush(const std::stop_token& stop) {
    const auto deadline = Steady::now() + kTotalLimit;
    while (platform::unacknowledged_bytes(static_cast<int>(socket_)) != 0) {
      if (stop.stop_requested() || Steady::now() > deadline) return "the receiver's machine does not answer in time";
      curl_multi_poll(waiter_.get(), nullptr, 0, 1, nullptr);
    }
    return std::nullopt;
  }

  ReceiverOptions options_;
  std::unique_ptr<CURLM, FreeMulti> waiter_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  lists::Handle connection_;
  curl_socket_t socket_ = CURL_SOCKET_BAD;
};

}  // namespace

std::unique_ptr<Receiver> make_syslog_receiver(ReceiverOptions options) {
  return std::make_unique<SyslogReceiver>(std::move(options));
}

}  // namespace fairlead::agent::siem
