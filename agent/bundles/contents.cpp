#include "agent/bundles/contents.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/bundles/manifest.hpp"
#include "agent/lists/build_rules.hpp"
#include "agent/platform/small_file.hpp"
#include "rules/catalog/load.hpp"

namespace fairlead::agent::bundles {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr auto kAbout = "bundle.json", kConfig = "config", kLists = "lists";
constexpr std::string_view kKind = "bundle 1";

tl::unexpected<Error> bad_file(std::string what) { return fail(Errc::bad_file, Side::local, std::move(what)); }

/// A list as one file or as a folder of files, below `name`.
Result<void> add_list(const std::string& name, const fs::path& path, std::vector<Member>& members) {
  std::error_code failed;
  if (!fs::is_directory(path, failed)) {
    members.push_back({name, {}, path});
    return {};
  }
  for (fs::recursive_directory_iterator entry(path, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->is_directory(failed)) continue;
    members.push_back({name + "/" + entry->path().lexically_relative(path).generic_string(), {}, entry->path()});
  }
  if (failed) return fail(Errc::not_found, Side::local, "cannot read " + path.string());
  return {};
}

}  // namespace

Result<std::vector<Member>> members_of(const fs::path& config, const lists::ListStore& lists,
                                       const std::string& group) {
  if (!is_group_name(group)) return bad_file("'" + group + "' is no name of a group");
  auto loaded = rules::catalog::load_folder(config);
  const auto first_error = [](const std::vector<rules::catalog::Problem>& problems) {
    const auto found = std::find_if(problems.begin(), problems.end(), [](const auto& problem) {
      return problem.kind == rules::catalog::Problem::Kind::error;
    });
    return found == problems.end() ? std::string("it does not load") : to_string(*found);
  };
  if (!loaded.usable()) return bad_file(first_error(loaded.problems));
  std::vector<Member> members{{kAbout, json{{"fairlead", kKind}, {"group", group}}.dump() + "\n", {}}};
  for (auto& [name, text] : loaded.texts) members.push_back({std::string(kConfig) + "/" + name, std::move(text), {}});
  std::vector<rules::catalog::Problem> problems;
  const auto inputs = lists::lists_in_use(loaded.catalog, config, lists, {}, problems);
  if (!problems.empty()) return bad_file(to_string(problems.front()));  // also of one that was not fetched yet
  for (const auto& input : inputs) {
    const auto& source = *input.source;
    const std::string name =
        source.is_remote() ? std::string(kLists) + "/" + source.id + "/list"
                           : std::string(kConfig) + "/" + fs::path(source.from).lexically_normal().generic_string();
    if (auto added = add_list(name, input.path, members); !added) return tl::unexpected(std::move(added).error());
  }
  for (const Member& member : members)
    if (!is_member_name(member.name)) return bad_file(member.name + ": a bundle holds no file of such a name");
  return members;
}

Result<std::string> group_of(const fs::path& folder) {
  const auto text = platform::read_small_file(folder / kAbout);
  if (!text) return tl::unexpected(text.error());
  const json parsed = json::parse(text->value_or(""), nullptr, false);
  if (!parsed.is_object() || parsed.value("fairlead", json()) != kKind || !parsed.value("group", json()).is_string())
    return fail(Errc::bad_file, Side::upstream, "the bundle does not say what it is");
  return parsed["group"].get<std::string>();
}

fs::path config_of(const fs::path& folder) { return folder / kConfig; }

fs::path lists_of(const fs::path& config, const fs::path& otherwise) {
  const fs::path folder = (config / "").lexically_normal().parent_path().parent_path();
  return group_of(folder) ? folder / kLists : otherwise;
}

}  // namespace fairlead::agent::bundles
