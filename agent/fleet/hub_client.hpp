#pragma once
// One question to the hub at a time, by libcurl, which stays inside. It believes the one authority of its organisation
// and proves the device by its certificate. A laptop that may goes on where the network breaks TLS open: its questions
// are signed then, and of answers it believes those alone that the authority signed. Blocks; any thread but the event
// loop; one thread at a time.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "agent/fleet/membership.hpp"
#include "agent/fleet/tls_sessions.hpp"

namespace fairlead::agent::fleet {

struct HubAnswer {
  long status = 0;
  std::string body;
  std::chrono::seconds retry_after{0};
  std::string etag;
  std::chrono::sys_seconds told{};  // by the hub's clock; where the network breaks TLS open alone
};

/// How the hub is reached.
struct Way {
  std::string proxy;                // empty: none, whatever the environment says
  std::string proxy_authorization;  // what it alone is told of us
  std::string proxy_except;         // hosts that are asked directly, joined by commas
  std::chrono::milliseconds connect_limit = std::chrono::seconds(15);
  std::chrono::milliseconds total_limit = std::chrono::minutes(2);
  std::stop_token stop{};
};

class HubClient {
 public:
  /// key       PKCS #8 PEM of the device's key.
  /// sessions  with which connections begin, and which they leave; outlives this object; null: none.
  HubClient(const Membership& membership, std::string key, const TlsSessions* sessions = nullptr);
  ~HubClient();
  HubClient(const HubClient&) = delete;
  HubClient& operator=(const HubClient&) = delete;

  /// Posts JSON; a body that is longer than a kilobyte travels compressed.
  /// Errors   unreachable, timed_out, untrusted, closed, too_large (an answer over 64 KiB); the context is a sentence
  /// for the
  ///          administrator.
  [[nodiscard]] Result<HubAnswer> post(const std::string& path, const std::string& json, const Way& way);
  /// etag   of what is known already: the answer may be 304. Errors: those of post(), too_large over half a megabyte.
  [[nodiscard]] Result<HubAnswer> get(const std::string& path, const std::string& etag, const Way& way);
  /// Writes what is fetched to a file.
  /// most     bytes of it.
  /// Errors   those of post(); not_found: another answer than 200; disk_full.
  [[nodiscard]] Result<void> download(const std::string& path, std::uint64_t most, const std::filesystem::path& to,
                                      const Way& way);

 private:
  struct Impl;
  /// Whom it believes and who it is.
  [[nodiscard]] Result<void> prepare();
  /// Asks as TLS proves it, and else by signatures where that may be.
  [[nodiscard]] Result<HubAnswer> by_either_way(const std::function<Result<HubAnswer>()>& asked);
  [[nodiscard]] Result<HubAnswer> ask_hub(const std::string& path, const std::string* body, const std::string& etag,
                                          const Way& way, std::uint64_t most);
  std::unique_ptr<Impl> impl_;
};

/// The authority of a hub that nobody vouches for yet.
///
/// fingerprint   SHA-256 of the certificate that was told by another way, 64 lower-case hex digits.
/// Returns       PEM.
/// Errors        those of post(); untrusted: it is another certificate; bad_message.
[[nodiscard]] Result<std::string> fetch_authority(const std::string& hub, const std::string& fingerprint,
                                                  const Way& way);

/// Asks for a certificate with the device's key. With a code for the first time, without one ("") again.
///
/// key      PKCS #8 PEM; name   what the hub calls this laptop.
/// Returns  the membership with its certificate, and with its group where it had none.
/// Errors   those of post(); refused: the hub said no, and why.
[[nodiscard]] Result<Membership> enrol(Membership membership, const std::string& key, const std::string& code,
                                       const std::string& name, const Way& way);

}  // namespace fairlead::agent::fleet
