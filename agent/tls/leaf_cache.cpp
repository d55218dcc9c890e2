#include "agent/tls/leaf_cache.hpp"

#include "agent/tls/signing.hpp"

namespace fairlead::agent::tls {

Result<std::shared_ptr<const Credential>> LeafCache::leaf_for(std::string_view host, rules::url::HostKind kind,
                                                              std::chrono::sys_seconds now) {
  if (const auto found = by_host_.find(host); found != by_host_.end()) {
    order_.splice(order_.begin(), order_, found->second);
    const auto& leaf = found->second->leaf;
    const bool good = leaf->not_before() <= now && now + std::chrono::days(1) < leaf->not_after();
    if (good) return leaf;
    const auto old = found->second;
    by_host_.erase(found);
    order_.erase(old);
  }
  auto made = make_leaf(authority_, host, kind, first_.get(), now);
  if (!made) return tl::unexpected(std::move(made).error());
  auto leaf = std::make_shared<const Credential>(std::move(*made));
  if (!first_) first_ = leaf;
  order_.push_front({std::string(host), leaf});
  by_host_.emplace(order_.front().host, order_.begin());
  if (order_.size() > kMost) {
    by_host_.erase(order_.back().host);
    order_.pop_back();
  }
  return leaf;
}

}  // namespace fairlead::agent::tls
