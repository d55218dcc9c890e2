#include "rules/catalog/further_exceptions.hpp"

#include <iterator>
#include <utility>

#include "rules/catalog/keys.hpp"
#include "rules/catalog/policy_file.hpp"
#include "rules/catalog/problem.hpp"
#include "rules/catalog/yaml_reader.hpp"

namespace fairlead::rules::catalog {
namespace {

/// What is wrong with a part of the file alone.
Problems begin_part(const Catalog& catalog, const std::string& name) {
  Problems problems;
  for (const std::string& file : catalog.files) static_cast<void>(problems.add_file(file));
  static_cast<void>(problems.add_file(name));
  return problems;
}

std::vector<std::string> groups_as_written(const YamlNode& exception) {
  std::vector<std::string> groups;
  for (const YamlNode& child : exception.children) {
    if (child.key != "groups") continue;
    for (const YamlNode& group : child.children) groups.push_back(group.text);
  }
  return groups;
}

}  // namespace

FurtherExceptions read_further_exceptions(const Catalog& catalog, const std::string& name, std::string_view text) {
  constexpr auto kKeys = words("exceptions");
  FurtherExceptions out;
  const auto take = [&](Problems& problems) {
    auto told = problems.take();
    const bool good = !has_error(told);
    std::move(told.begin(), told.end(), std::back_inserter(out.problems));
    return good;
  };
  Problems of_file = begin_part(catalog, name);
  const auto root = read_yaml(text, static_cast<std::uint32_t>(catalog.files.size()), of_file);
  if (root) {
    const Fields fields(*root, kKeys, name, of_file);
    for (const YamlNode& item : fields.list("exceptions")) {
      Problems of_item = begin_part(catalog, name);
      FurtherException one{read_exception(item, catalog.policy, of_item), groups_as_written(item)};
      one.usable = take(of_item);
      out.all.push_back(std::move(one));
    }
  }
  static_cast<void>(take(of_file));
  return out;
}

Result<FurtherException> as_read(const Catalog& catalog, const ExceptionText& exception) {
  const auto alone = add_exception("exceptions: []\n", exception);
  if (!alone) return tl::unexpected(alone.error());
  auto next = read_further_exceptions(catalog, "", *alone).all.front();
  const auto wrong = [](const char* what) { return fail(Errc::bad_file, Side::client, what); };
  if (next.read.host.empty()) return wrong("the address of the exception cannot be read");
  if (next.read.expires == std::chrono::sys_seconds()) return wrong("the end of the exception cannot be read");
  return next;
}

bool is_about_the_same(const Exception& a, const Exception& b) {
  return a.host == b.host && a.path == b.path && a.action == b.action;
}

bool is_the_same(const Exception& a, const Exception& b) {
  return is_about_the_same(a, b) && a.owner == b.owner && a.reason == b.reason && a.expires == b.expires;
}

}  // namespace fairlead::rules::catalog
