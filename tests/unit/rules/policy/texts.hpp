#pragma once
// Small sets of rule files in memory, for the tests of rules/policy.

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rules/catalog/load.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::rules::policy::test {

using Texts = std::vector<std::pair<std::string, std::string>>;

/// A category that the tests below change by adding lines under `block:`.
inline std::string category(const std::string& id, const std::string& body, const std::string& tests = "",
                            const std::string& severity = "medium", const std::string& more = "") {
  return "category: " + id + "\ntitle: T\nrisk: conduct\nseverity: " + severity +
         "\nsays: S.\nhelp: [safeguarding-lead]\n" + more + body + "tests:\n  must_block: [" + tests +
         "]\n  must_allow: []\n";
}

inline std::string policy(const std::string& actions, const std::string& more = "") {
  return "organisation: O\nversion: \"1\"\ngroups:\n  learners:\n    title: L\n    actions: {" + actions +
         "}\n    default: allow\nunknown_person: learners\n" + more;
}

struct Built {
  std::shared_ptr<const Rules> rules;
  std::vector<catalog::Problem> problems;  // without the warnings about files that are not there

  [[nodiscard]] std::string all() const {
    std::string text;
    for (const auto& problem : problems) text += to_string(problem) + "\n";
    return text;
  }
};

inline Built build(const Texts& texts) {
  catalog::Loaded loaded = catalog::load_texts(texts);
  for (const auto& problem : loaded.problems) {
    if (problem.kind == catalog::Problem::Kind::error) MESSAGE(to_string(problem));
  }
  REQUIRE(loaded.usable());
  Built built;
  built.rules = Rules::build(std::move(loaded.catalog), built.problems);
  return built;
}

inline Decision decide(const Rules& rules, const std::string& url, std::uint16_t group = 0,
                       std::chrono::sys_seconds now = std::chrono::sys_days{std::chrono::year{2026} / 1 / 12}) {
  url::CanonicalUrl canonical;
  REQUIRE(canonical.assign(url));
  return rules.decide(canonical, group, now);
}

inline bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace fairlead::rules::policy::test
