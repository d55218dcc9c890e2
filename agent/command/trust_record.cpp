#include "agent/command/trust_record.hpp"

#include <system_error>

#include <nlohmann/json.hpp>

#include "agent/command/authority_files.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

using nlohmann::json;

std::filesystem::path record_file(const std::filesystem::path& state) {
  return authority_certificate(state).replace_filename("installed.json");
}

}  // namespace

Result<TrustRecord> read_trust_record(const std::filesystem::path& state) {
  const std::filesystem::path file = record_file(state);
  std::error_code ignored;
  if (std::filesystem::status(file, ignored).type() == std::filesystem::file_type::not_found) return TrustRecord{};
  // It lies in a folder of the agent's account, and root does to other files what it says: only what root wrote counts.
  constexpr std::size_t kMost = std::size_t{8} << 20U;
  const auto text = platform::read_secret_file(file, kMost);
  if (!text) return tl::unexpected(text.error());
  TrustRecord record;
  try {
    const json whole = json::parse(*text);
    for (const auto& [store, written] : whole.items()) {
      StoreChange change{written.at("file"), {}, written.at("item"), written.at("folders")};
      if (written.contains("before")) change.before = written.at("before").get<std::string>();
      record.emplace(store, std::move(change));
    }
  } catch (const json::exception&) {
    return fail(Errc::bad_file, Side::local, file.string() + " is damaged: what was installed where is not known");
  }
  return record;
}

Result<void> write_trust_record(const std::filesystem::path& state, const TrustRecord& record) {
  json whole = json::object();
  for (const auto& [store, change] : record) {
    json& written = whole[store];
    written = {{"file", change.file}, {"item", change.item}, {"folders", change.folders}};
    if (change.before) written["before"] = *change.before;
  }
  return platform::replace_file(record_file(state), whole.dump(2) + "\n");
}

}  // namespace fairlead::agent::command
