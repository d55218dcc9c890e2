#include "agent/hub/shelf.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace fairlead::agent::hub {
namespace {

constexpr std::string_view kBundles = "/v1/bundle/";

std::string etag_of(std::uint64_t version) { return "\"" + std::to_string(version) + "\""; }

/// The version that a laptop has decided about; 0: none.
std::uint64_t known_version(std::string_view etag) {
  std::uint64_t out = 0;
  if (etag.size() > 2 && etag.front() == '"' && etag.back() == '"')
    std::from_chars(etag.data() + 1, etag.data() + etag.size() - 1, out);
  return out;
}

}  // namespace

std::shared_ptr<const Shelf::Content> Shelf::content() const {
  const std::lock_guard lock(mutex_);
  return content_;
}

Result<void> Shelf::fill(Releases& releases) {
  auto all = releases.latest();
  if (!all) return tl::unexpected(std::move(all).error());
  auto revoked = releases.revoked();
  if (!revoked) return tl::unexpected(std::move(revoked).error());
  auto next = std::make_shared<const Content>(Content{*std::move(all), *std::move(revoked)});
  const std::lock_guard lock(mutex_);
  content_ = std::move(next);
  return {};
}

Answer Shelf::manifest_for(const Request& request, const Content& content, Now now) const {
  const auto found = std::find_if(content.releases.begin(), content.releases.end(), [&](const Release& release) {
    return is_among(request.device, release.version, release.rollout.percent());
  });
  // Who has a version that was stopped keeps it: a lower one would be refused.
  const std::uint64_t known = known_version(request.if_none_match);
  if (found == content.releases.end() || found->version <= known) {
    Answer out;
    out.status = known == 0 ? 404 : 304;
    if (known == 0) out.body = R"({"error":"there are no rules for this laptop yet"})";
    if (known != 0) out.etag = etag_of(known);
    return out;
  }
  Answer out;
  out.body = bundles::write_handed(found->manifest, std::chrono::floor<std::chrono::seconds>(now));
  out.etag = etag_of(found->version);
  return out;
}

std::optional<Answer> Shelf::answer(const Request& request, Now now) const {
  if (request.method != "GET" || request.too_large) return std::nullopt;
  if (request.path.starts_with(kBundles)) {
    const std::string digest = request.path.substr(kBundles.size());
    std::error_code failed;
    if (!bundles::is_digest(digest) || !std::filesystem::is_regular_file(files_ / digest, failed)) return std::nullopt;
    Answer out;
    out.file = files_ / digest;
    return out;
  }
  if (request.path != "/v1/manifest" || request.device.empty() || !request.fault.empty()) return std::nullopt;
  const auto shown = content();
  if (!shown || shown->revoked.contains(request.device)) return std::nullopt;
  return manifest_for(request, *shown, now);
}

}  // namespace fairlead::agent::hub
