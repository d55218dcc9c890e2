#include "agent/fleet/desk_exceptions.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"
#include "rules/catalog/further_exceptions.hpp"

namespace fairlead::agent::fleet {
namespace {

namespace fs = std::filesystem;
using rules::catalog::Catalog;
using rules::catalog::Exception;
using rules::catalog::FurtherException;
using rules::catalog::FurtherExceptions;
using rules::catalog::Problem;

constexpr std::string_view kHead =
    "# Made at the organisation's desk, and kept by this laptop: not to be edited.\n# Set ";
constexpr std::string_view kUnfinished = "unfinished", kUnreadable = "unreadable";

/// The digest in the second line. Nothing where there is no text of this form.
std::optional<std::string_view> set_in(std::string_view text) {
  if (!text.starts_with(kHead)) return std::nullopt;
  text.remove_prefix(kHead.size());
  return text.substr(0, text.find('\n'));
}

FurtherExceptions exceptions_in(std::string_view text, const Catalog& catalog) {
  return text.empty() ? FurtherExceptions() : read_further_exceptions(catalog, std::string(kDeskExceptions), text);
}

}  // namespace

Result<std::string> read_desk_exceptions(const fs::path& state) {
  auto text = platform::read_small_file(state / kDeskExceptions);
  if (!text) return tl::unexpected(std::move(text).error());
  return text->value_or("");
}

Result<void> write_desk_exceptions(const fs::path& state, std::string_view text) {
  return platform::replace_file(state / kDeskExceptions, text);
}

std::string desk_set(const fs::path& state) {
  const auto text = read_desk_exceptions(state);
  if (!text) return std::string(kUnreadable);
  if (text->empty()) return {};
  return std::string(set_in(*text).value_or(kUnreadable));
}

DeskText desk_text(const exchange::ExceptionSet& set, const Catalog& catalog, std::chrono::sys_seconds now) {
  DeskText out;
  if (set.digest.empty()) return out;
  out.text = std::string(kHead) + set.digest + "\nexceptions: []\n";
  for (const exchange::DeskException& one : set.all) {
    const auto leave_out = [&](const std::string& why) { out.left_out.push_back(one.exception.url + ": " + why); };
    const auto read = as_read(catalog, one.exception);
    if (!read) {
      leave_out(read.error().context);
    } else if (read->read.expires > now + kFurthestEnd) {
      leave_out("an exception ends within two years");
    } else if (read->read.expires > now) {
      auto next = add_exception(out.text, one.exception);
      if (!next) {
        leave_out(next.error().context);
      } else if (next->size() > kMostDeskExceptionBytes) {
        leave_out("all together would be too long");
      } else {
        out.text = std::move(*next);
      }
    }
  }
  return out;
}

std::string unfinished(std::string_view text) {
  const auto set = set_in(text);
  if (!set) return std::string(kHead) + std::string(kUnfinished) + "\nexceptions: []\n";
  return std::string(kHead) + std::string(kUnfinished) + std::string(text.substr(kHead.size() + set->size()));
}

std::vector<DeskChange> desk_changes(std::string_view before, const exchange::ExceptionSet& set, const Catalog& catalog,
                                     std::chrono::sys_seconds now) {
  const auto old = exceptions_in(before, catalog).all;
  const auto holds = [](const std::vector<FurtherException>& all, const FurtherException& wanted) {
    return std::any_of(all.begin(), all.end(), [&](const FurtherException& one) {
      return is_the_same(one.read, wanted.read) && one.groups == wanted.groups;
    });
  };
  const auto address = [](const Exception& read) { return read.host + (read.path == "/" ? "" : read.path); };
  std::vector<DeskChange> out;
  std::vector<FurtherException> next;
  for (const exchange::DeskException& one : set.all) {
    std::string alone = desk_text({set.digest, {one}}, catalog, now).text;
    const auto taken = exceptions_in(alone, catalog).all;
    if (taken.empty()) continue;
    next.push_back(taken.front());
    const Exception& read = taken.front().read;
    if (!holds(old, taken.front()))
      out.push_back({one.by, "opened " + address(read) + ": " + read.reason, std::move(alone)});
  }
  for (const FurtherException& one : old)
    if (!holds(next, one)) out.push_back({"", "no longer open: " + address(one.read), ""});
  return out;
}

std::string without_ended(std::string_view text, const Catalog& catalog, std::chrono::sys_seconds now) {
  std::string left(text);
  const auto there = exceptions_in(text, catalog).all;
  for (std::size_t i = there.size(); i-- > 0;) {  // from behind, so that numbers stay
    if (there[i].read.expires > now) continue;
    if (auto edited = rules::catalog::remove_exception(left, i)) left = std::move(*edited);
  }
  return left;
}

std::shared_ptr<const rules::policy::Rules> lay_over(std::shared_ptr<const rules::policy::Rules> rules,
                                                     const fs::path& state, std::vector<Problem>& problems) {
  if (!rules) return rules;
  const auto tell = [&](std::string text) {
    problems.push_back({Problem::Kind::warning, std::string(kDeskExceptions), 0, 0, std::move(text)});
  };
  const auto text = read_desk_exceptions(state);
  if (!text) {
    tell("no exception of the organisation's desk holds: " + text.error().context);
    return rules;
  }
  if (text->empty()) return rules;
  if (auto laid = rules->with_exceptions(std::string(kDeskExceptions), *text, problems)) return laid;
  return rules;
}

std::vector<std::string> about_desk_exceptions(const std::vector<Problem>& problems) {
  std::vector<std::string> lines;
  for (const Problem& problem : problems) {
    if (problem.file == kDeskExceptions) lines.push_back(to_string(problem));
  }
  return lines;
}

}  // namespace fairlead::agent::fleet
