#pragma once
// The certificates that the agent has made for hosts it blocks, so that only the first connection to one pays for the
// signature. Bounded. One thread.

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agent/tls/credential.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::tls {

class LeafCache {
 public:
  static constexpr std::size_t kMost = 512;

  explicit LeafCache(Credential authority) : authority_(std::move(authority)) {}

  /// host     canonical.
  /// Returns  a certificate that is good for a day at least.
  /// Errors   as make_leaf().
  /// Cost     a signature for a host that is not held.
  [[nodiscard]] Result<std::shared_ptr<const Credential>> leaf_for(std::string_view host, rules::url::HostKind kind,
                                                                   std::chrono::sys_seconds now);
  [[nodiscard]] const Credential& authority() const { return authority_; }
  [[nodiscard]] std::size_t size() const { return order_.size(); }

 private:
  struct Held {
    std::string host;
    std::shared_ptr<const Credential> leaf;
  };
  Credential authority_;
  std::shared_ptr<const Credential> first_;                                  // whose key all share
  std::list<Held> order_;                                                    // used last stands first
  std::unordered_map<std::string_view, std::list<Held>::iterator> by_host_;  // views into order_
};

}  // namespace fairlead::agent::tls
