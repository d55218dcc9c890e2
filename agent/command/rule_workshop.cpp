#include "agent/command/rule_workshop.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "agent/command/config_files.hpp"
#include "agent/command/log.hpp"
#include "agent/command/rule_preview.hpp"
#include "agent/fleet/desk_exceptions.hpp"
#include "agent/platform/platform.hpp"
#include "rules/catalog/further_exceptions.hpp"
#include "rules/policy/loosening.hpp"

namespace fairlead::agent::command {

using console::ChangeState;
using console::Moment;
using console::Outcome;
using console::Preview;
using rules::catalog::ExceptionText;
using rules::catalog::Problem;

namespace {

constexpr std::size_t kLinesShown = 60;
constexpr auto kOfFleet = "the rules of this laptop come from its fleet: they are changed there";

tl::unexpected<Error> refused(std::string why) { return fail(Errc::refused, Side::client, std::move(why)); }

std::string first_error(const std::vector<Problem>& problems) {
  const auto first = std::find_if(problems.begin(), problems.end(),
                                  [](const Problem& problem) { return problem.kind == Problem::Kind::error; });
  return first == problems.end() ? std::string("the rules cannot be built") : to_string(*first);
}

}  // namespace

std::vector<std::string> RuleWorkshop::files() const {
  auto names = config_files(place_.source.config());
  if (!fleet::read_desk_exceptions(place_.source.state).value_or("").empty())
    names.emplace_back(fleet::kDeskExceptions);
  return names;
}

Result<console::EditedFile> RuleWorkshop::read(std::string_view name) const {
  const bool of_desk = name == fleet::kDeskExceptions;
  auto text =
      of_desk ? fleet::read_desk_exceptions(place_.source.state) : read_config_file(place_.source.config(), name);
  if (!text) return tl::unexpected(std::move(text).error());
  std::string digest = digest_of(*text);
  return console::EditedFile{std::string(name), std::move(*text), std::move(digest)};
}

Result<Preview> RuleWorkshop::preview(std::string_view name, std::string_view text, Moment now) {
  const auto file = read(name);
  if (!file) return tl::unexpected(file.error());
  Preview preview;
  std::string edited = with_line_ends_of(file->text, text);
  preview.same = edited == file->text;
  auto lines = compare_lines(file->text, edited, kLinesShown);
  preview.removed = std::move(lines.removed);
  preview.added = std::move(lines.added);
  auto built = build_with(place_.source.config(), place_.source.state, name, std::move(edited));
  for (const Problem& problem : built.problems) {
    const bool error = problem.kind == Problem::Kind::error;
    if (error || problem.file == name) (error ? preview.errors : preview.warnings).push_back(to_string(problem));
  }
  preview.usable = built.rules != nullptr && preview.errors.empty();
  if (built.rules == nullptr) return preview;
  built.rules = fleet::lay_over(std::move(built.rules), place_.source.state, built.problems);
  const auto in_force = place_.in_force();
  if (in_force == nullptr) return refused("the agent is stopping");
  compare_rules(*in_force, *built.rules, now, preview);
  replay_events(store_, *in_force, *built.rules, now, preview);
  return preview;
}

Result<Outcome> RuleWorkshop::propose(const console::Proposal& proposal, Moment now) {
  const std::lock_guard hold(one_at_a_time_);
  return propose_locked(proposal, now);
}

Result<Outcome> RuleWorkshop::propose_locked(const console::Proposal& proposal, Moment now) {
  if (place_.source.is_fleet()) return refused(kOfFleet);
  const auto file = read(proposal.file);
  if (!file) return tl::unexpected(file.error());
  if (file->digest != proposal.digest)
    return refused(proposal.file + " was changed meanwhile; look at it as it is now, and edit that");
  const std::string edited = with_line_ends_of(file->text, proposal.text);
  if (edited == file->text) return refused("nothing differs from what is on the disk");
  auto built = build_with(place_.source.config(), place_.source.state, proposal.file, edited);
  if (built.rules == nullptr || has_error(built.problems)) return refused(first_error(built.problems));
  built.rules = fleet::lay_over(std::move(built.rules), place_.source.state, built.problems);
  const auto in_force = place_.in_force();
  if (in_force == nullptr) return refused("the agent is stopping");

  Outcome outcome;
  outcome.change = events::new_decision_id();
  for (const auto& one :
       rules::policy::loosened(*in_force, *built.rules, std::chrono::floor<std::chrono::seconds>(now))) {
    outcome.loosens.push_back(one.what);
  }
  ChangeStep step{"applied",
                  outcome.change,
                  proposal.account,
                  proposal.file,
                  file->digest,
                  digest_of(edited),
                  proposal.why,
                  {},
                  outcome.loosens,
                  {},
                  {},
                  {}};
  if (outcome.loosens.empty() || proposal.released) {
    if (auto applied = apply(std::move(step), file->text, edited, now); !applied)
      return tl::unexpected(std::move(applied).error());
    return outcome;
  }
  outcome.waiting = true;
  if (const auto delay = in_force->policy().loosening.delay) outcome.due = now + *delay;
  step.step = "asked";
  step.due = outcome.due;
  std::error_code code;
  std::filesystem::create_directories(place_.source.state / "changes", code);
  if (auto kept = platform::replace_file(text_file(outcome.change, ".new"), edited); !kept)
    return tl::unexpected(std::move(kept).error());
  if (auto noted = note(step, now); !noted) return tl::unexpected(std::move(noted).error());
  return outcome;
}

Result<Outcome> RuleWorkshop::except(const ExceptionText& exception, const std::string& account, bool released,
                                     Moment now) {
  const std::lock_guard hold(one_at_a_time_);
  const auto file = read("policy.yaml");
  if (!file) return tl::unexpected(file.error());
  const auto edited = with_exception(file->text, exception);
  if (!edited) return tl::unexpected(edited.error());
  return propose_locked({"policy.yaml", *edited, file->digest, account, exception.reason, released}, now);
}

/// One for the same address, groups and action gives its place to the new one.
Result<std::string> RuleWorkshop::with_exception(const std::string& policy, const ExceptionText& exception) const {
  const auto catalog = rules::catalog::load_folder(place_.source.config()).catalog;
  const auto next = as_read(catalog, exception);
  if (!next) return refused(next.error().context);
  std::optional<std::size_t> place;
  for (std::size_t i = 0; i < catalog.policy.exceptions.size(); ++i) {
    const rules::catalog::Exception& old = catalog.policy.exceptions[i];
    std::vector<std::string> groups;
    for (const std::uint16_t group : old.groups) groups.push_back(catalog.policy.groups[group].id);
    if (groups == exception.groups && is_about_the_same(old, next->read)) place = i;
  }
  return place ? rules::catalog::replace_exception(policy, *place, exception)
               : rules::catalog::add_exception(policy, exception);
}

Result<void> RuleWorkshop::take_from_desk(const exchange::ExceptionSet& set, Moment now) {
  const std::lock_guard hold(one_at_a_time_);
  const auto in_force = place_.in_force();
  if (in_force == nullptr) return fail(Errc::closed, Side::local, "the agent is stopping");
  const auto old = fleet::read_desk_exceptions(place_.source.state);
  if (!old) return tl::unexpected(old.error());
  const auto at = std::chrono::floor<std::chrono::seconds>(now);
  const auto next = fleet::desk_text(set, in_force->catalog(), at);
  for (const std::string& why : next.left_out) log(LogLevel::warning, "an exception of the desk is left out: " + why);

  // The book first: what it does not tell of must not be in force.
  for (const fleet::DeskChange& change : fleet::desk_changes(*old, set, in_force->catalog(), at)) {
    ChangeStep step;
    step.step = "applied";
    step.change = events::new_decision_id();
    step.account = change.by.empty() ? "the organisation's desk" : change.by;
    step.file = fleet::kDeskExceptions;
    step.before = digest_of(*old);
    step.after = digest_of(next.text);
    step.why = change.why;
    std::vector<Problem> told_when_loaded;
    if (!change.alone.empty()) {
      const auto laid = in_force->with_exceptions(step.file, change.alone, told_when_loaded);
      if (laid) {
        for (const auto& one : rules::policy::loosened(*in_force, *laid, at)) step.loosens.push_back(one.what);
      }
    }
    if (auto noted = note(step, now); !noted) return noted;
  }
  // The set has its name here when it is in force: until then it is told again.
  if (auto written = fleet::write_desk_exceptions(place_.source.state, fleet::unfinished(next.text)); !written)
    return written;
  if (!place_.reload().good) return fail(Errc::refused, Side::local, "the rules of this laptop cannot be loaded");
  return fleet::write_desk_exceptions(place_.source.state, next.text);
}

void RuleWorkshop::drop_ended(std::chrono::sys_seconds now) {
  const std::lock_guard hold(one_at_a_time_);
  const auto in_force = place_.in_force();
  if (in_force == nullptr) return;
  const auto text = fleet::read_desk_exceptions(place_.source.state);
  if (!text) return;  // every load says so
  const std::string left = fleet::without_ended(*text, in_force->catalog(), now);
  // Explanations name lines: the file and the rules in force change together.
  if (left != *text && fleet::write_desk_exceptions(place_.source.state, left)) static_cast<void>(place_.reload());
}

Result<std::vector<console::Change>> RuleWorkshop::changes() const {
  const auto booked = read_changes(store_);
  if (!booked) return tl::unexpected(booked.error());
  std::vector<console::Change> changes;
  for (const BookedChange& one : *booked) changes.push_back(one.change);
  return changes;
}

Result<BookedChange> RuleWorkshop::waiting(std::string_view id) const {
  auto booked = read_changes(store_);
  if (!booked) return tl::unexpected(std::move(booked).error());
  for (BookedChange& one : *booked) {
    if (one.change.id == id && one.change.state == ChangeState::waiting) return std::move(one);
  }
  return fail(Errc::not_found, Side::client, "this change does not wait any more");
}

Result<void> RuleWorkshop::release(std::string_view id, const std::string& account, Moment now) {
  const std::lock_guard hold(one_at_a_time_);
  const auto booked = waiting(id);
  if (!booked) return tl::unexpected(booked.error());
  const auto in_force = place_.in_force();
  if (in_force == nullptr) return refused("the agent is stopping");
  if (!in_force->policy().loosening.second_person) return refused("policy.yaml lets nobody release it before its time");
  if (account.empty() || booked->change.account == account)
    return refused("somebody else must release it: it was you who asked for it");
  return make_waiting(*booked, account, now);
}

/// The change is looked at once more, as if it were asked for now: what it was asked for may be gone.
Result<void> RuleWorkshop::make_waiting(const BookedChange& booked, const std::string& account, Moment now) {
  ChangeStep step;
  step.change = booked.change.id;
  step.account = account;
  const auto refuse = [&](std::string why) -> Result<void> {
    step.step = "refused";
    step.says = why;
    if (auto noted = note(step, now); !noted) return noted;
    return refused(std::move(why));
  };
  if (place_.source.is_fleet()) return refuse(kOfFleet);
  const auto text = kept_text(booked.change.id, ".new", booked.after);
  if (!text) return refuse("its text is not what was asked for any more");
  const auto file = read(booked.change.file);
  if (!file || file->digest != booked.before) return refuse(booked.change.file + " was changed meanwhile");
  const auto built = build_with(place_.source.config(), place_.source.state, booked.change.file, *text);
  if (built.rules == nullptr || has_error(built.problems)) return refuse(first_error(built.problems));
  step.step = "applied";
  return apply(std::move(step), file->text, *text, now);
}

Result<void> RuleWorkshop::withdraw(std::string_view id, const std::string& account, Moment now) {
  const std::lock_guard hold(one_at_a_time_);
  const auto booked = waiting(id);
  if (!booked) return tl::unexpected(booked.error());
  ChangeStep step;
  step.step = "withdrawn";
  step.change = booked->change.id;
  step.account = account;
  return note(step, now);
}

Result<Outcome> RuleWorkshop::undo(std::string_view id, const std::string& account, Moment now) {
  const std::lock_guard hold(one_at_a_time_);
  const auto booked = read_changes(store_);
  if (!booked) return tl::unexpected(booked.error());
  const auto found = std::find_if(booked->begin(), booked->end(), [&](const BookedChange& one) {
    return one.change.id == id && one.change.state == ChangeState::applied;
  });
  if (found == booked->end()) return fail(Errc::not_found, Side::client, "there is no such change that was made");
  const auto old = kept_text(found->change.id, ".old", found->before);
  if (!old) return refused("the text from before is not kept any more");
  return propose_locked({found->change.file, *old, found->after, account, "takes back " + std::string(id), false}, now);
}

void RuleWorkshop::apply_due(Moment now) {
  const std::lock_guard hold(one_at_a_time_);
  const auto booked = read_changes(store_);
  if (!booked) return;
  for (const BookedChange& one : *booked) {
    const console::Change& change = one.change;
    if (change.state != ChangeState::waiting || !change.due || *change.due > now) continue;
    static_cast<void>(make_waiting(one, "", now));  // why not is in the book
  }
}

Result<void> RuleWorkshop::apply(ChangeStep step, const std::string& old, const std::string& text, Moment now) {
  std::string file = step.file;
  if (file.empty()) {
    const auto booked = waiting(step.change);
    if (!booked) return tl::unexpected(booked.error());
    file = booked->change.file;
  }
  std::error_code code;
  std::filesystem::create_directories(place_.source.state / "changes", code);
  if (auto kept = platform::replace_file(text_file(step.change, ".old"), old); !kept) return kept;
  // The book first: what it does not tell of must not be in force.
  if (auto noted = note(step, now); !noted) return noted;
  const auto take_back = [&](std::string why) -> Result<void> {
    ChangeStep back;
    back.step = "refused";
    back.change = step.change;
    back.says = why;
    if (auto noted = note(back, now); !noted) return noted;
    return refused(std::move(why));
  };
  if (auto written = platform::replace_shared_file(place_.source.config() / file, text); !written)
    return take_back(written.error().context);
  const Reloaded reloaded = place_.reload();
  if (reloaded.good) return {};
  if (auto back = platform::replace_shared_file(place_.source.config() / file, old); !back) return back;
  static_cast<void>(place_.reload());
  return take_back(reloaded.problems.empty() ? "the agent could not take the rules over" : reloaded.problems.front());
}

Result<void> RuleWorkshop::note(const ChangeStep& step, Moment now) {
  auto added = store_.add(entry_of(step, now));
  if (!added) return tl::unexpected(std::move(added).error());
  return {};
}

std::filesystem::path RuleWorkshop::text_file(std::string_view id, const char* which) const {
  return place_.source.state / "changes" / (std::string(id) + which);
}

Result<std::string> RuleWorkshop::kept_text(std::string_view id, const char* which, const std::string& digest) const {
  std::ifstream stream(text_file(id, which), std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (digest_of(text) != digest) return fail(Errc::bad_file, Side::local, "the kept text is another one");
  return text;
}

}  // namespace fairlead::agent::command
