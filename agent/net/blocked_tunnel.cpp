#include "agent/net/blocked_tunnel.hpp"

#include <memory>
#include <optional>
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
  /// More bytes of the client are in the inbox; false when none will come.
  Task<bool> read();
  Task<bool> read_hello();
  Task<bool> shake_hands(const tls::Credential& leaf);
  /// One step of TLS with what is in the inbox; what came out as plain text is appended to plain_.
  Task<bool> take();
  /// The next bytes of the client, through TLS.
  Task<bool> read_on();
  Task<void> answer();
  Task<std::string> page();
  Task<void> alert();

  Services& services_;
  std::shared_ptr<OwnTls> own_tls_;
  Stream& client_;
  Buffer& inbox_;
  session::Session& session_;
  const rules::policy::Person& person_;
  // For all that the client has to say: slow bytes do not hold a connection for longer than a slow head does.
  Watchdog::Clock::time_point deadline_ = Watchdog::Clock::now() + Limits::head;
  std::optional<tls::ServerSession> tls_;
  std::string plain_;
};

Task<bool> BlockedTunnel::read() {
  const auto left = std::chrono::ceil<std::chrono::seconds>(deadline_ - Watchdog::Clock::now());
  if (left <= std::chrono::seconds(0)) co_return false;
  const auto size = co_await client_.read_some(inbox_.prepare(kRead), left);
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

Task<bool> BlockedTunnel::take() {
  std::string wire;
  const auto taken = tls_->take(inbox_.view(), plain_, wire);
  inbox_.consume(inbox_.size());
  if (!wire.empty()) {
    const auto sent = co_await client_.write(wire, {}, {}, Limits::idle);
    if (!sent) co_return false;
  }
  co_return taken.has_value();
}

Task<bool> BlockedTunnel::read_on() {
  bool good = co_await read();
  if (good) good = co_await take();
  co_return good;
}

Task<bool> BlockedTunnel::shake_hands(const tls::Credential& leaf) {
  tls_.emplace(own_tls_->context, leaf);
  bool good = co_await take();
  while (good && !tls_->is_established()) good = co_await read_on();
  co_return good;
}

Task<void> BlockedTunnel::run(bool established) {
  bool good = true;
  if (!established) {
    const auto sent = co_await client_.write(session::kEstablished, {}, {}, Limits::idle);
    good = sent.has_value();
  }
  if (good) good = co_await read_hello();
  if (good) {
    const auto& url = session_.judged_url();
    const auto leaf = own_tls_->leaves.leaf_for(url.host(), url.host_kind(), surroundings().now);
    good = leaf.has_value();
    if (good) good = co_await shake_hands(**leaf);
  }
  if (good) {
    co_await answer();
  } else {
    co_await alert();
  }
  co_await client_.linger();
}

/// The tunnel is all that is known of what was asked for.
Task<void> BlockedTunnel::alert() {
  co_await record_block(services_, session_, person_);
  if (!tls_) static_cast<void>(co_await client_.write(kAccessDenied, {}, {}, Limits::idle));
}

Task<void> BlockedTunnel::answer() {
  session_.enter_blocked_tunnel();
  Ask ask = session_.client_bytes(plain_, surroundings());
  for (bool more = true; more && ask == Ask::more_bytes;) {
    more = co_await read_on();
    ask = session_.client_bytes(plain_, surroundings());  // a last request may come with the end
  }
  if (ask == Ask::more_bytes) co_return;
  const std::string answer = co_await page();
  std::string wire;
  tls_->finish(answer, wire);
  static_cast<void>(co_await client_.write(wire, {}, {}, Limits::idle));
}

Task<std::string> BlockedTunnel::page() {
  if (!is_report(session_)) co_return co_await answer_refusal(services_, session_, person_);
  const std::size_t begin = session_.consumed(), size = report_size(session_);
  bool more = true;
  while (more && plain_.size() - begin < size) more = co_await read_on();
  co_return co_await answer_report(services_, person_, plain_.substr(begin, size));
}

}  // namespace

Task<void> answer_blocked_tunnel(Services& services, Stream& client, Buffer& inbox, session::Session& session,
                                 const rules::policy::Person& person, bool established) {
  BlockedTunnel tunnel(services, client, inbox, session, person);
  co_await tunnel.run(established);
}

}  // namespace fairlead::agent::net
