#include "agent/command/far_console.hpp"

#include <chrono>
#include <utility>

#include "agent/platform/platform.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::command {

console::Far far_console(std::vector<std::string> names, std::function<Shown()> shown) {
  console::Far far;
  far.names = std::move(names);
  far.endpoint_for = [shown = std::move(shown)](std::string_view host) -> std::optional<tls::Endpoint> {
    const auto [leaves, context] = shown();
    if (leaves == nullptr) return std::nullopt;
    rules::url::CanonicalUrl url;
    const bool v6 = host.find(':') != std::string_view::npos;
    const std::string written = v6 ? "[" + std::string(host) + "]" : std::string(host);
    if (!url.assign_origin_form(rules::url::Scheme::https, written, "/")) return std::nullopt;
    const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
    const auto leaf = leaves->leaf_for(url.host(), url.host_kind(), now);
    if (!leaf) return std::nullopt;
    return context->endpoint_for(**leaf);
  };
  return far;
}

}  // namespace fairlead::agent::command
