#pragma once
// A network that asks people to sign in before it lets them through (a hotel, a train): what its answer to our question
// means, and which hosts may lead into it meanwhile. Pure; one thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/http/head.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::session {

/// The address that a network without such a page answers with "success"; Firefox asks for the same.
[[nodiscard]] rules::url::CanonicalUrl probe_url();

/// What the answer to probe_url() says of the network.
enum class Probed : std::uint8_t {
  open,     // it lets us through
  portal,   // it asks people to sign in
  unclear,  // neither
};

/// head   of the answer; body   of it, at most as long as a few lines.
/// sign_in   receives where people sign in, when the answer is Probed::portal.
[[nodiscard]] Probed read_probe(const http::ResponseHead& head, std::string_view body,
                                rules::url::CanonicalUrl& sign_in);

/// The hosts that the network itself has named. They may lead to private addresses, and may be addresses; nothing else
/// about them is let pass.
class PortalHosts {
 public:
  static constexpr std::size_t kMostFurther = 8;  // named by redirects of the sign-in page

  /// The network asks for signing in here. Forgets what others it had named before, when it is another host.
  void open(const rules::url::CanonicalUrl& sign_in);
  void close();
  [[nodiscard]] bool is_known() const { return !hosts_.empty(); }
  /// A URL, for people; empty when nothing is known.
  [[nodiscard]] const std::string& sign_in() const { return sign_in_; }

  /// host   canonical, as CanonicalUrl::host() gives it.
  [[nodiscard]] bool opens(std::string_view host, std::uint16_t port) const;
  /// The host of the sign-in page, and no other, has answered `from` over plain http with this Location.
  void redirected(const rules::url::CanonicalUrl& from, std::string_view location);

 private:
  using Place = std::pair<std::string, std::uint16_t>;

  std::string sign_in_;
  std::vector<Place> hosts_;  // the sign-in page's first, then the probe's, then the further ones
};

}  // namespace fairlead::agent::session
