// The in-file tests of the categories: a set of rules that fails one of its own tests never comes into force.

#include <string>

#include "rules/policy/impl.hpp"
#include "rules/url/as_typed.hpp"

namespace fairlead::rules::policy {
namespace {

using catalog::Problem;

std::string describe(const match::Match& match) {
  std::string text = match.rule.part == match::Part::allow ? "the allow rule '" : "";
  if (text.empty()) text = std::string(to_string(match.rule.kind)) + " '";
  const bool of_list = match.rule.origin != match::Origin::category_file;
  text += match.rule.name + (of_list ? "' (" + std::string(match.rule.file) + ":" : std::string("' (line ")) +
          std::to_string(match.rule.line) + ")";
  if (match.rule.kind == RuleKind::pattern || match.rule.kind == RuleKind::search) {
    text += ", which found '" + match.span + "'";
  }
  return text;
}

class Gate {
 public:
  Gate(const Rules::Impl& impl, Problems& problems) : impl_(impl), problems_(problems) {}

  void run(std::uint16_t number) {
    const catalog::Category& category = impl_.catalog.categories[number];
    for (const catalog::TestUrl& test : category.must_block) must_block(number, test);
    for (const catalog::TestUrl& test : category.must_allow) must_allow(number, test);
  }

 private:
  /// False when the URL cannot be read, which is a mistake of the file as well.
  bool read(const catalog::TestUrl& test) {
    const auto read = url_.assign(url::with_scheme(test.url));
    if (!read)
      report(test,
             "'" + test.url + "' is not a web address (" + read.error().context + "); write one that a browser opens");
    if (read) impl_.ruleset->classify(url_, matches_);
    return read.has_value();
  }

  void must_block(std::uint16_t category, const catalog::TestUrl& test) {
    if (!read(test)) return;
    const match::Match* speaker = strongest_in(matches_, category);
    if (speaker == nullptr) {
      report(test, "must_block: no rule of this category blocks '" + test.url + "'; add one, or take the test out");
    } else if (speaker->rule.part == match::Part::allow) {
      report(test, "must_block: '" + test.url + "' is left alone by " + describe(*speaker) + "; narrow that rule");
    }
  }

  void must_allow(std::uint16_t category, const catalog::TestUrl& test) {
    if (!read(test)) return;
    const match::Match* speaker = strongest_in(matches_, category);
    if (speaker == nullptr || speaker->rule.part == match::Part::allow) return;
    const bool of_list = speaker->rule.origin != match::Origin::category_file;
    report(test,
           "must_allow: '" + test.url + "' is blocked by " + describe(*speaker) +
               (of_list ? "; name it under 'allow'" : "; narrow that rule, or name the look-alike under 'allow'"));
  }

  void report(const catalog::TestUrl& test, std::string text) {
    problems_.push_back(problem_at(impl_.catalog, test.at, Problem::Kind::error, std::move(text)));
  }

  const Rules::Impl& impl_;
  Problems& problems_;
  url::CanonicalUrl url_;
  match::Matches matches_;
};

}  // namespace

void run_gate(const Rules::Impl& impl, Problems& problems) {
  Gate gate(impl, problems);
  for (std::size_t i = 0; i < impl.catalog.categories.size(); ++i) gate.run(static_cast<std::uint16_t>(i));
}

}  // namespace fairlead::rules::policy
