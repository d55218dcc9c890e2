#include "agent/session/portal_hosts.hpp"

#include <algorithm>

namespace fairlead::agent::session {
namespace {

using rules::url::CanonicalUrl;
using rules::url::Scheme;

constexpr std::string_view kSuccess = "success";
constexpr int kSignInRequired = 511;  // RFC 6585 section 6
constexpr std::size_t kOwnHosts = 2;  // the sign-in page's and the probe's

/// Where a Location leads, seen from `from`; false when it leads to no web page.
bool follow(const CanonicalUrl& from, std::string_view location, CanonicalUrl& to) {
  const bool read = location.starts_with('/') && !location.starts_with("//")
                        ? to.assign_origin_form(from.scheme(), from.authority(), location).has_value()
                        : to.assign(location).has_value();
  return read && (to.scheme() == Scheme::http || to.scheme() == Scheme::https);
}

}  // namespace

CanonicalUrl probe_url() {
  CanonicalUrl url;
  static_cast<void>(url.assign("http://detectportal.firefox.com/success.txt"));
  return url;
}

Probed read_probe(const http::ResponseHead& head, std::string_view body, CanonicalUrl& sign_in) {
  const CanonicalUrl asked = probe_url();
  if (head.status >= 300 && head.status < 400) {
    const http::Field* location = head.fields.find("location");
    const bool leads = location != nullptr && follow(asked, location->value, sign_in);
    return leads ? Probed::portal : Probed::unclear;
  }
  if (head.status != 200 && head.status != kSignInRequired) return Probed::unclear;
  while (!body.empty() && (body.back() == '\n' || body.back() == '\r')) body.remove_suffix(1);
  if (head.status == 200 && body == kSuccess) return Probed::open;
  sign_in = asked;  // whoever answers for it shows the page
  return Probed::portal;
}

void PortalHosts::open(const CanonicalUrl& sign_in) {
  sign_in_ = sign_in.href();
  Place place(sign_in.host(), sign_in.port());
  if (!hosts_.empty() && hosts_.front() == place) return;
  const CanonicalUrl probe = probe_url();
  hosts_.clear();
  hosts_.push_back(std::move(place));
  hosts_.emplace_back(probe.host(), probe.port());
}

void PortalHosts::close() {
  hosts_.clear();
  sign_in_.clear();
}

bool PortalHosts::opens(std::string_view host, std::uint16_t port) const {
  return std::any_of(hosts_.begin(), hosts_.end(),
                     [&](const Place& place) { return place.first == host && place.second == port; });
}

void PortalHosts::redirected(const CanonicalUrl& from, std::string_view location) {
  if (hosts_.empty() || from.scheme() != Scheme::http) return;
  if (from.host() != hosts_.front().first || from.port() != hosts_.front().second) return;
  CanonicalUrl to;
  if (!follow(from, location, to) || opens(to.host(), to.port())) return;
  if (hosts_.size() < kOwnHosts + kMostFurther) hosts_.emplace_back(to.host(), to.port());
}

}  // namespace fairlead::agent::session
