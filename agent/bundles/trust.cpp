#include "agent/bundles/trust.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "agent/lists/utc_time.hpp"

namespace fairlead::agent::bundles {
namespace {

using nlohmann::json;
using std::chrono::sys_seconds;

constexpr std::string_view kVouching = "fairlead bundle key until ";

tl::unexpected<Error> refused(std::string why) { return fail(Errc::refused, Side::upstream, std::move(why)); }

/// Is `signature` one of this key over the text? Gives the comment that was signed with it.
Result<std::string> comment_over(std::string_view text, const std::string& signature, const minisign::PublicKey& key) {
  const auto parsed = minisign::parse_signature(signature);
  if (!parsed) return tl::unexpected(parsed.error());
  if (auto good = minisign::check_text(text, key, *parsed); !good) return tl::unexpected(std::move(good).error());
  return parsed->trusted_comment;
}

Result<minisign::PublicKey> bundle_key(const SignedManifest& handed, const minisign::PublicKey& root, sys_seconds now) {
  const auto comment = comment_over(handed.key, handed.key_signature, root);
  if (!comment) return refused("forged: the root key does not vouch for the bundle key: " + comment.error().context);
  const auto until =
      comment->starts_with(kVouching) ? lists::from_utc_text(comment->substr(kVouching.size())) : std::nullopt;
  if (!until) return refused("forged: what the root key signed does not say until when the bundle key is good");
  if (now >= *until) return refused("the bundle key was good until " + lists::utc_text(*until));
  return read_public_key(handed.key);
}

}  // namespace

Result<Handed> read_handed(std::string_view text) {
  const json parsed = json::parse(text, nullptr, false);
  const auto at = [&](const char* name) {
    const auto found = parsed.is_object() ? parsed.find(name) : parsed.end();
    return found != parsed.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  Handed out{{at("manifest"), at("signature"), at("key"), at("key_signature")}, lists::from_utc_text(at("time"))};
  if (out.manifest.manifest.empty() || out.manifest.signature.empty() || out.manifest.key.empty() ||
      out.manifest.key_signature.empty())
    return fail(Errc::bad_message, Side::upstream, "what the hub hands out is no signed manifest");
  return out;
}

std::string write_handed(const SignedManifest& manifest, sys_seconds time) {
  return json{{"manifest", manifest.manifest},
              {"signature", manifest.signature},
              {"key", manifest.key},
              {"key_signature", manifest.key_signature},
              {"time", lists::utc_text(time)}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string vouching_comment(sys_seconds until) { return std::string(kVouching) + lists::utc_text(until); }

Result<Manifest> check(const SignedManifest& handed, const minisign::PublicKey& root, sys_seconds now) {
  const auto key = bundle_key(handed, root, now);
  if (!key) return tl::unexpected(key.error());
  const auto comment = comment_over(handed.manifest, handed.signature, *key);
  if (!comment) return refused("forged: the bundle key did not sign the manifest: " + comment.error().context);
  return read_manifest(handed.manifest);
}

Result<const Bundle*> next_bundle(const Manifest& manifest, const Standing& standing, sys_seconds now) {
  if (manifest.organisation != standing.organisation)
    return refused("the manifest is of another organisation, " + manifest.organisation);
  if (manifest.version < standing.version)
    return refused("rolled back: version " + std::to_string(manifest.version) + " is lower than " +
                   std::to_string(standing.version) + ", which is in force");
  const auto found = manifest.groups.find(standing.group);
  if (found == manifest.groups.end()) return refused("the manifest names no group '" + standing.group + "'");
  const Bundle& bundle = found->second;
  if (manifest.version == standing.version) {
    if (bundle.digest != standing.digest)
      return refused("another bundle under version " + std::to_string(manifest.version) + ", which is in force");
    return nullptr;
  }
  if (now < manifest.not_before)
    return fail(Errc::timed_out, Side::upstream, "not before " + lists::utc_text(manifest.not_before));
  return &bundle;
}

}  // namespace fairlead::agent::bundles
