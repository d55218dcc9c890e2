#include "agent/fleet/membership.hpp"

#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"

namespace fairlead::agent::fleet {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path file_of(const fs::path& state) { return state / "fleet" / "membership.json"; }

}  // namespace

Result<std::optional<Membership>> read_membership(const fs::path& state) {
  const auto text = platform::read_small_file(file_of(state));
  if (!text) return tl::unexpected(text.error());
  if (!*text) return std::nullopt;
  const json parsed = json::parse(**text, nullptr, false);
  const auto at = [&](const char* name) { return parsed.is_object() ? parsed.value(name, json()) : json(); };
  if (!at("hub").is_string() || !at("authority").is_string() || !at("certificate").is_string())
    return fail(Errc::bad_file, Side::local, file_of(state).string() + " cannot be read; join the fleet again");
  Membership out{at("hub"), at("authority"), at("certificate")};
  if (at("group").is_string()) out.group = at("group");
  if (at("rules_key").is_string()) out.rules_key = at("rules_key");
  out.through_inspection = at("through_inspection") == true;
  return out;
}

Result<void> write_membership(const fs::path& state, const Membership& membership) {
  std::error_code failed;
  const fs::path folder = file_of(state).parent_path();
  fs::create_directories(folder, failed);
  if (!failed) fs::permissions(folder, fs::perms::owner_all, failed);
  if (failed) return fail(Errc::denied, Side::local, folder.string() + ": " + failed.message());
  const json out = {{"hub", membership.hub},
                    {"authority", membership.authority},
                    {"certificate", membership.certificate},
                    {"group", membership.group},
                    {"rules_key", membership.rules_key},
                    {"through_inspection", membership.through_inspection}};
  return platform::replace_file(file_of(state), out.dump(1));
}

Result<void> forget_membership(const fs::path& state) {
  std::error_code failed;
  fs::remove_all(file_of(state).parent_path(), failed);
  if (failed) return fail(Errc::denied, Side::local, file_of(state).string() + ": " + failed.message());
  return {};
}

}  // namespace fairlead::agent::fleet
