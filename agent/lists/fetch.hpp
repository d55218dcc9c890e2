#pragma once
// One download: a GET over HTTPS into `incoming.part` of a list's folder, continued where an earlier one was cut. It
// judges how the bytes came, not what they say: digests and signatures are update.hpp's. Blocks; one thread a folder.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "agent/lists/partial.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::lists {

/// What holds for all downloads of an update.
struct FetchOptions {
  std::string proxy;                  // "http://proxy.example:8080"; empty: none, whatever the environment says
  std::string proxy_authorization;    // what the proxy alone is told of us; empty: nothing
  std::string proxy_except;           // hosts that are asked directly, joined by commas
  std::filesystem::path authorities;  // a PEM file of CAs that are trusted besides the system's; may be empty
  std::string own_authority;          // PEM of the laptop's own, which is not trusted here; empty when it has none
  std::chrono::milliseconds connect_limit = std::chrono::seconds(20);
  std::chrono::milliseconds total_limit = std::chrono::minutes(30);
  std::uint32_t lowest_speed = 512;  // bytes a second; slower for this long ends it
  std::chrono::seconds lowest_speed_for{30};
  std::stop_token stop{};  // asked to stop, a download ends within a second or two; what it has can be continued
};

struct FetchRequest {
  std::string url;                              // "https://...", or "http://..." where may_be_plain
  std::filesystem::path folder;                 // where incoming.part is written; it exists
  Validators known;                             // of the edition that is there; the answer may be "not modified"
  std::uint64_t most_bytes = 0;                 // of the whole file
  bool may_be_plain = false;                    // a digest or a signature proves the bytes, so the way need not
  std::function<void(std::uint64_t)> on_bytes;  // hears how many are there so far; may be empty
};

struct Fetched {
  bool not_modified = false;  // nothing was written
  Validators validators;      // of what is in incoming.part
  std::uint64_t bytes = 0;
};

/// Follows at most 5 redirects, to https only; checks TLS against the system's CAs; refuses empty files, web pages and
/// what is longer than most_bytes. On an error incoming.part holds what can be continued next time, or is gone.
/// Errors   timed_out, unreachable, closed, refused, not_found, too_large, bad_message (a web page, an answer that does
///          not fit), disk_full, denied; the context is a sentence for the administrator and names the host only.
[[nodiscard]] Result<Fetched> fetch(const FetchRequest& request, const FetchOptions& options);

/// What a proxy variable of the environment stands for here: a proxy on this machine is most likely Fairlead itself,
/// which must not judge the lists that it is fed with, and is left out.
[[nodiscard]] std::string upstream_proxy(const std::string& from_environment);

}  // namespace fairlead::agent::lists
