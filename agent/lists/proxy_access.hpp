#pragma once
// How the network's own proxy is spoken to: its address as policy.yaml has it, and the credentials from their file.
// Used by whatever leaves this laptop: people's requests (agent/net), downloads, alerts. Reading blocks; the rest is
// values.

#include <filesystem>
#include <string>

#include "rules/catalog/values.hpp"

namespace fairlead::agent::lists {

struct ProxyAccess {
  rules::catalog::UpstreamProxy proxy;  // not set: there is none
  std::string credentials;              // "name:password"; empty: it asks for none
  std::string trouble;                  // why the credentials cannot be read, for IT; then nothing is sent there
  std::string except;                   // the hosts that are reached directly, joined by commas, as libcurl reads them

  /// "http://proxy.college.example:8080", or nothing.
  [[nodiscard]] std::string url() const;
  /// The value of Proxy-Authorization (RFC 7617), or nothing.
  [[nodiscard]] std::string authorization() const;
};

/// Reads the credentials: from $CREDENTIALS_DIRECTORY, which a service manager fills for its service alone, where it
/// has the file, else from beside policy.yaml, where nobody but root and this account may read it.
///
/// config   the folder of policy.yaml.
[[nodiscard]] ProxyAccess read_proxy_access(const rules::catalog::Network& network,
                                            const std::filesystem::path& config);

}  // namespace fairlead::agent::lists
