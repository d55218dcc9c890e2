#include "agent/fleet/desk_exceptions.hpp"

#include <optional>
#include <utility>

#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"
#include "rules/catalog/further_exceptions.hpp"

namespace fairlead::agent::fleet {
namespace {

namespace fs = std::filesystem;
using rules::catalog::Catalog;
using rules::catalog::ExceptionText;
using rules::catalog::FurtherExceptions;
using rules::catalog::Problem;

constexpr std::string_view kNoExceptions =
    "# Made at the organisation's desk, and kept by this laptop: not to be edited.\nexceptions: []\n";

FurtherExceptions exceptions_in(std::string_view text, const Catalog& catalog) {
  return text.empty() ? FurtherExceptions() : read_further_exceptions(catalog, std::string(kDeskExceptions), text);
}

tl::unexpected<Error> refused(std::string why) { return fail(Errc::refused, Side::upstream, std::move(why)); }

}  // namespace

Result<std::string> read_desk_exceptions(const fs::path& state) {
  auto text = platform::read_small_file(state / kDeskExceptions);
  if (!text) return tl::unexpected(std::move(text).error());
  return text->value_or("");
}

Result<void> write_desk_exceptions(const fs::path& state, std::string_view text) {
  return platform::replace_file(state / kDeskExceptions, text);
}

Result<std::string> with_desk_exception(std::string_view text, const ExceptionText& exception, const Catalog& catalog,
                                        std::chrono::sys_seconds now) {
  const auto next = as_read(catalog, exception);
  if (!next) return refused(next.error().context);
  if (next->read.expires > now + kFurthestEnd) return refused("an exception ends within two years");

  const auto there = exceptions_in(text, catalog).all;
  if (there.empty()) return add_exception(kNoExceptions, exception);
  std::optional<std::size_t> place;
  for (std::size_t i = 0; i < there.size(); ++i) {
    if (is_about_the_same(there[i].read, next->read) && there[i].groups == next->groups) place = i;
  }
  if (!place && there.size() >= exchange::kMostExceptions)
    return refused("no more than " + std::to_string(exchange::kMostExceptions) + " exceptions are kept at a time");
  auto edited = place ? replace_exception(text, *place, exception) : add_exception(text, exception);
  if (!edited) return refused(edited.error().context);
  if (edited->size() > kMostDeskExceptionBytes) return refused("the exceptions that are kept would be too long");
  return edited;
}

std::string without_desk_exception(std::string_view text, const ExceptionText& exception, const Catalog& catalog) {
  const auto gone = as_read(catalog, exception);
  if (!gone) return std::string(text);  // it was never taken
  const auto there = exceptions_in(text, catalog).all;
  for (std::size_t i = 0; i < there.size(); ++i) {
    if (!is_the_same(there[i].read, gone->read) || there[i].groups != gone->groups) continue;
    if (auto edited = rules::catalog::remove_exception(text, i)) return std::move(*edited);
  }
  return std::string(text);
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
  if (exceptions_in(*text, rules->catalog()).all.size() >= exchange::kMostExceptions)
    tell("it holds " + std::to_string(exchange::kMostExceptions) +
         " exceptions: no more are taken until one has ended");
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
