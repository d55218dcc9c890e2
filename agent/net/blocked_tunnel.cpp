#include "agent/net/blocked_tunnel.hpp"

#include <memory>
#include <string>
#include <utility>

#include "agent/net/refusal.hpp"
#include "agent/platform/platform.hpp"
#include "agent/tls/client_hello.hpp"

namespace fairlead::agent::net {
namespace {

using session::Ask;

constexpr std::size_t kRead = std::size_t{4} * 1024;

/// One client inside its tunnel.
class BlockedTunnel {
 public:
  BlockedTunnel(Services& services, Stream& client, Buffer& inbox, session::Session& session,
                const rules::policy::Person& person)
      : services_(services),
        own_tls_(services.own_tls),
        client_(client),
        inbox_(inbox),
        session_(session),
        person_(person) {}

  Task<void> run(bool established);

 private:
  [[nodiscard]] session::Surroundings surroundings() const {
    return {session_.rules(), person_, std::chrono::floor<std::chrono::seconds>(platform::wall_clock())};
  }
  /// More bytes of the client are in the inbox, through TLS once that stands; false when none will come.
  Task<bool> read();
  Task<bool> read_hello();
  Task<bool> shake_hands();
  Task<void> answer();
  Task<std::string> page();
  [[nodiscard]] std::chrono::seconds left() const {
    return std::chrono::ceil<std::chrono::seconds>(deadline_ - Watchdog::Clock::now());
  }

  Services& services_;
  std::shared_ptr<OwnTls> own_tls_;
  Stream& client_;
  Buffer& inbox_;
  session::Session& session_;
  const rules::policy::Person& person_;
  // For all that the client has to say: slow bytes do not hold a connection for longer than a slow head does.
  Watchdog::Clock::time_point deadline_ = Watchdog::Clock::now() + Limits::head;
};

Task<bool> BlockedTunnel::read() {
  if (left() <= std::chrono::seconds(0)) co_return false;
  const auto size = co_await client_.read_some(inbox_.prepare(kRead), left());
  if (!size || *size == 0) co_return false;
  inbox_.commit(*size);
  co_return true;
}

/// True when the client means the host that is blocked: a certificate is made for no other.
Task<bool> BlockedTunnel::read_hello() {
  tls::ClientHelloReader reader;
  auto whole = reader.feed(inbox_.view());
  while (whole && !*whole) {
    const bool more = co_await read();
    if (!more) co_return false;
    whole = reader.feed(inbox_.view());
  }
  if (!whole) co_return false;
  const std::string& name = reader.hello().server_name;
  if (name.empty()) co_return session_.judged_url().host_kind() != rules::url::HostKind::name;
  rules::url::CanonicalUrl meant;
  const auto read = meant.assign_origin_form(rules::url::Scheme::https, name, "/");
  const bool is_blocked_host = read.has_value() && meant.host() == session_.judged_url().host();
  co_return is_blocked_host;
}

Task<bool> BlockedTunnel::shake_hands() {
  const auto& url = session_.judged_url();
  const auto leaf = own_tls_->leaves.leaf_for(url.host(), url.host_kind(), surroundings().now);
  if (!leaf) co_return false;
  auto endpoint = own_tls_->to_clients.endpoint_for(**leaf);
  const auto secured = co_await client_.secure(std::move(endpoint), inbox_.view(), left());
  inbox_.consume(inbox_.size());
  co_return secured.has_value();
}

Task<void> BlockedTunnel::run(bool established) {
  bool good = true;
  if (!established) {
    const auto sent = co_await client_.write(session::kEstablished, {}, {}, Limits::idle);
    good = sent.has_value();
  }
  if (good) good = co_await read_hello();
  if (good) good = co_await shake_hands();
  if (good) {
    co_await answer();
  } else {
    // The tunnel is all that is known of what was asked for. Who waits for an answer of their own was not blocked.
    const bool blocked = session_.refusal() == session::Refusal::blocked;
    if (blocked) co_await record_block(services_, session_, person_);
    if (!blocked) ask_on_desktop(services_, person_);
    if (!client_.is_secured()) static_cast<void>(co_await client_.write(kAccessDenied, {}, {}, Limits::idle));
  }
  co_await client_.linger();
}

Task<void> BlockedTunnel::answer() {
  session_.enter_blocked_tunnel();
  Ask ask = session_.client_bytes(inbox_.view(), surroundings());
  for (bool more = true; more && ask == Ask::more_bytes;) {
    more = co_await read();
    if (more) ask = session_.client_bytes(inbox_.view(), surroundings());
  }
  if (ask == Ask::more_bytes) co_return;
  const std::string answer = co_await page();
  static_cast<void>(co_await client_.write(answer, {}, {}, Limits::idle));
}

Task<std::string> BlockedTunnel::page() {
  if (!is_report(session_)) co_return co_await answer_refusal(services_, session_, person_);
  const std::size_t begin = session_.consumed(), size = report_size(session_);
  bool more = true;
  while (more && inbox_.size() - begin < size) more = co_await read();
  co_return co_await answer_report(services_, person_, std::string(inbox_.view().substr(begin, size)));
}

}  // namespace

Task<void> answer_blocked_tunnel(Services& services, Stream& client, Buffer& inbox, session::Session& session,
                                 const rules::policy::Person& person, bool established) {
  BlockedTunnel tunnel(services, client, inbox, session, person);
  co_await tunnel.run(established);
}

}  // namespace fairlead::agent::net
