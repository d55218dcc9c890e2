#include "rules/catalog/lint.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/catalog/lint_pattern.hpp"
#include "rules/catalog/problem.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr std::size_t kFewestTests = 10;

// Parents under which strangers keep their pages or programs: a rule on one of them stands for all of these.
constexpr auto kSharedParents = std::to_array<std::string_view>({
    "blogspot.com",   "wordpress.com",
    "github.io",      "gitlab.io",
    "netlify.app",    "vercel.app",
    "pages.dev",      "workers.dev",
    "web.app",        "firebaseapp.com",
    "appspot.com",    "herokuapp.com",
    "onrender.com",   "fly.dev",
    "glitch.me",      "weebly.com",
    "wixsite.com",    "squarespace.com",
    "webflow.io",     "azurewebsites.net",
    "azureedge.net",  "windows.net",
    "cloudapp.net",   "amazonaws.com",
    "cloudfront.net", "awsstatic.com",
    "akamaihd.net",   "akamai.net",
    "edgekey.net",    "fastly.net",
    "b-cdn.net",      "cloudflare.com",
    "googleapis.com", "googleusercontent.com",
    "gstatic.com",    "google.com",
    "microsoft.com",  "office.com",
    "sharepoint.com", "jsdelivr.net",
    "unpkg.com",      "cdnjs.com",
    "bbc.co.uk",      "wikipedia.org",
    "gov.uk",         "nhs.uk",
});

struct Seen {
  const Category* category;
  Position at;
};

/// The hosts and paths of one category, to ask which rule speaks first about a place.
class Coverage {
 public:
  explicit Coverage(const Category& category) : block_(category.block), allow_(category.allow) {}

  [[nodiscard]] bool blocks(std::string_view place) const { return block_.contains(place); }

  /// The parent of `host` that speaks first, when it blocks; "" when none does or an exemption stands nearer.
  [[nodiscard]] std::string blocking_parent(std::string_view host) const {
    for (std::size_t dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.')) {
      host.remove_prefix(dot + 1);
      if (allow_.contains(host)) return {};
      if (block_.contains(host)) return std::string(host);
    }
    return {};
  }

  /// The same for "host/path": shorter paths on the same host, then the host, then its parents.
  [[nodiscard]] std::string blocking_root(std::string_view place) const {
    for (std::size_t slash = place.rfind('/'); slash != std::string_view::npos; slash = place.rfind('/')) {
      place = place.substr(0, slash);
      if (allow_.contains(place)) return {};
      if (block_.contains(place)) return std::string(place);
    }
    return blocking_parent(place);
  }

 private:
  struct Places {
    explicit Places(const RuleLists& rules) {
      for (const HostRule& rule : rules.hosts) all.insert(rule.host);
      for (const PathRule& rule : rules.paths) all.insert(rule.host + rule.path);
    }
    [[nodiscard]] bool contains(std::string_view place) const { return all.find(place) != all.end(); }
    std::set<std::string, std::less<>> all;
  };

  Places block_, allow_;
};

class Linter {
 public:
  explicit Linter(const Catalog& catalog) : catalog_(catalog) {
    for (const std::string& file : catalog.files) (void)problems_.add_file(file);
  }

  std::vector<Problem> run() {
    for (const Category& category : catalog_.categories) {
      look_at_hosts(category);
      look_for_doubles(category, category.block, "block");
      look_for_doubles(category, category.allow, "allow");
      look_for_shadows(category);
      look_at_patterns(category);
      look_at_tests(category);
    }
    look_at_alerts(catalog_.policy.alerts.includes);
    return problems_.take();
  }

 private:
  [[nodiscard]] std::string place(const Seen& seen) const {
    return catalog_.files[seen.at.file] + ":" + std::to_string(seen.at.line);
  }

  void look_at_hosts(const Category& category) {
    for (const HostRule& rule : category.block.hosts) {
      if (std::find(kSharedParents.begin(), kSharedParents.end(), rule.host) != kSharedParents.end()) {
        problems_.warning(
            rule.at,
            in_quotes(rule.host) + " is too wide: many unrelated sites live below it; write the site that is meant");
      }
      if (rule.host.starts_with("www.")) {
        const std::string_view parent = std::string_view(rule.host).substr(4);
        problems_.warning(rule.at, in_quotes(rule.host) + " leaves " + in_quotes(parent) +
                                       " and the rest of it open; write " + in_quotes(parent));
      }
    }
  }

  void look_for_doubles(const Category& category, const RuleLists& rules, const std::string& list) {
    const auto look = [&](const std::string& kind, const std::string& rule, Position at) {
      // An exemption counts for its own category, so that the same one in two categories says two things.
      const std::string owner = list == "allow" ? category.id : std::string();
      std::string key = list;
      for (const std::string& part : {owner, kind, rule}) key += '\n' + part;
      const auto [first, is_new] = seen_.emplace(std::move(key), Seen{&category, at});
      if (is_new) return;
      const bool is_same_category = first->second.category == &category;
      problems_.warning(at, "the " + kind + " " + in_quotes(rule) + " is there already (" + place(first->second) +
                                "); " + (is_same_category ? "delete one" : "keep it in the category it belongs to"));
    };
    for (const HostRule& rule : rules.hosts) look("host", rule.host, rule.at);
    for (const HashedHostRule& rule : rules.hashed_hosts) look("hash", rule.sha256, rule.at);
    for (const PathRule& rule : rules.paths) look("path", rule.host + rule.path, rule.at);
    for (const PatternRule& rule : rules.patterns) {
      look("pattern in " + std::string(to_string(rule.where)), rule.re2, rule.at);
    }
    for (const SearchRule& rule : rules.searches) look("search", rule.re2, rule.at);
  }

  void look_for_shadows(const Category& category) {
    const Coverage coverage(category);
    const auto tell = [&](const std::string& rule, const std::string& root, Position at) {
      if (root.empty()) return;
      problems_.warning(
          at, in_quotes(rule) + " says nothing new: " + in_quotes(root) + " stands for it already; delete it");
    };
    for (const HostRule& rule : category.block.hosts) tell(rule.host, coverage.blocking_parent(rule.host), rule.at);
    for (const PathRule& rule : category.block.paths) {
      const std::string place = rule.host + rule.path;
      tell(place, coverage.blocking_root(place), rule.at);
    }
    const auto contradict = [&](const std::string& rule, Position at) {
      if (!coverage.blocks(rule)) return;
      problems_.warning(at, in_quotes(rule) + " stands under 'block' too, and 'allow' wins; delete one");
    };
    for (const HostRule& rule : category.allow.hosts) contradict(rule.host, rule.at);
    for (const PathRule& rule : category.allow.paths) contradict(rule.host + rule.path, rule.at);
  }

  void look_at_patterns(const Category& category) {
    for (const RuleLists* rules : {&category.block, &category.allow}) {
      for (const PatternRule& rule : rules->patterns) {
        if (!rule.because.empty()) continue;
        problems_.error(rule.at, "the pattern " + in_quotes(rule.id) + " does not say why it is there; add 'because'");
      }
    }
    // Exemptions are there for everyday texts: only what blocks can be too wide.
    for (const PatternRule& rule : category.block.patterns) {
      for (const std::string& doubt : doubts_of_pattern(rule.re2, rule.where)) {
        problems_.warning(rule.at, "the pattern " + in_quotes(rule.id) + " " + doubt);
      }
    }
    for (const SearchRule& rule : category.block.searches) {
      for (const std::string& doubt : doubts_of_search(rule.re2)) {
        problems_.warning(rule.at, "the search " + in_quotes(rule.id) + " " + doubt);
      }
    }
  }

  void look_at_tests(const Category& category) {
    if (category.statutory) return;  // ships empty: its list belongs to member bodies
    const auto count = [&](std::string_view list, std::size_t size) {
      if (size >= kFewestTests) return;
      problems_.warning(category.at, "there are " + std::to_string(size) + " addresses in " + in_quotes(list) +
                                         "; write at least " + std::to_string(kFewestTests));
    };
    count("must_block", category.must_block.size());
    count("must_allow", category.must_allow.size());
  }

  /// Lawful, but somebody should have thought about it: mail stays in many places, and for longer than events.
  void look_at_alerts(const AlertIncludes& includes) {
    const auto tell = [&](bool said, Position at, const std::string& what) {
      if (!said) return;
      problems_.warning(at, "alerts tell " + what +
                                ": mail is kept where the retention of events does not reach; write 'false' unless the "
                                "data-protection assessment covers it");
    };
    tell(includes.person, includes.person_at, "the person's account name");
    tell(includes.host, includes.host_at, "the site that was asked for");
  }

  const Catalog& catalog_;  // outlives this object: the caller's
  Problems problems_;
  std::map<std::string, Seen> seen_;
};

}  // namespace

std::vector<Problem> lint(const Catalog& catalog) { return Linter(catalog).run(); }

}  // namespace fairlead::rules::catalog
