#include "rules/policy/loosening.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/policy/impl.hpp"
#include "rules/url/host_within.hpp"

namespace fairlead::rules::policy {
namespace {

using catalog::Action;
using catalog::Category;
using catalog::Group;
using catalog::GroupAction;
using catalog::PolicyFile;
using catalog::RuleLists;

constexpr std::size_t kMost = 50;

/// The category of that id, with its place in the actions of groups.
struct FoundCategory {
  const Category* category = nullptr;
  std::size_t number = 0;
};
FoundCategory find(const catalog::Catalog& catalog, std::string_view id) {
  for (std::size_t i = 0; i < catalog.categories.size(); ++i) {
    if (catalog.categories[i].id == id) return {&catalog.categories[i], i};
  }
  return {};
}

template <class T, class Key>
std::set<std::string> keys_of(const std::vector<T>& rules, const Key& key) {
  std::set<std::string> keys;
  for (const T& rule : rules) keys.insert(key(rule));
  return keys;
}

std::string key_of(const catalog::PatternRule& rule) { return std::string(to_string(rule.where)) + " " + rule.re2; }

template <class T, class Key>
std::set<std::string> keys_of_hosts(const std::vector<T>& rules, const Key& key) {
  std::set<std::string> keys;
  for (const T& rule : rules) {
    for (const std::string& host : rule.hosts) keys.insert(key(rule, host));
  }
  return keys;
}

/// Where an address may stand inside another: host, page (empty: all), and the parameter or the path before it.
using Carried = std::set<std::pair<std::string, std::pair<std::string, std::string>>>;

Carried carried(const Rules& rules) {
  Carried all;
  for (const catalog::Carrier& one : rules.catalog().carriers) {
    const std::vector<std::string> everywhere{""};
    for (const std::string& host : one.hosts) {
      for (const std::string& path : one.paths.empty() ? everywhere : one.paths) {
        for (const std::string& parameter : one.params) all.insert({host, {path, parameter}});
      }
      for (const std::string& behind : one.behind) all.insert({host, {"", behind}});
    }
  }
  return all;
}

/// "203.0.113.0/24, tcp 22-22": one for each range at each range of ports.
std::set<std::string> openings(const catalog::Cover& cover) {
  std::set<std::string> all;
  const auto add = [&](const std::string& to, std::string_view protocol, const catalog::PortRange& ports) {
    all.insert(to + ", " + std::string(protocol) + " " + std::to_string(ports.first) + "-" +
               std::to_string(ports.last));
  };
  for (const catalog::Opening& opening : cover.open) {
    for (const url::AddressRange& range : opening.to) {
      for (const catalog::PortRange& ports : opening.tcp) add(to_string(range), "tcp", ports);
      for (const catalog::PortRange& ports : opening.udp) add(to_string(range), "udp", ports);
    }
  }
  return all;
}

/// Keys of `here` that `there` does not have.
std::vector<std::string> missing(const std::set<std::string>& here, const std::set<std::string>& there) {
  std::vector<std::string> out;
  std::set_difference(here.begin(), here.end(), there.begin(), there.end(), std::back_inserter(out));
  return out;
}

/// An action with the spans during which another holds.
struct Doing {
  const GroupAction* action;
  const PolicyFile* policy;
  [[nodiscard]] Action least() const {
    return action->schedule ? std::min(action->during, action->otherwise) : action->otherwise;
  }
  [[nodiscard]] Action most() const {
    return action->schedule ? std::max(action->during, action->otherwise) : action->otherwise;
  }
  [[nodiscard]] const std::vector<catalog::Span>& spans() const { return policy->schedules[*action->schedule].spans; }
};

bool same_times(const Doing& a, const Doing& b) {
  const auto same = [](const catalog::Span& x, const catalog::Span& y) {
    return x.days == y.days && x.begin == y.begin && x.end == y.end;
  };
  return a.policy->time_zone == b.policy->time_zone &&
         std::equal(a.spans().begin(), a.spans().end(), b.spans().begin(), b.spans().end(), same);
}

/// Is there a moment at which `after` does less than `before` may have done?
bool is_weaker(const Doing& before, const Doing& after) {
  if (!after.action->schedule) return after.action->otherwise < before.most();
  if (before.action->schedule && same_times(before, after)) {
    return after.action->during < before.action->during || after.action->otherwise < before.action->otherwise;
  }
  return after.least() < before.most();
}

std::string text_of(const Doing& doing) {
  if (!doing.action->schedule) return std::string(to_string(doing.action->otherwise));
  return std::string(to_string(doing.action->during)) + " during " +
         doing.policy->schedules[*doing.action->schedule].id + ", otherwise " +
         std::string(to_string(doing.action->otherwise));
}

std::string address_of(const std::string& host, const std::string& path) {
  return "https://" + (host.find(':') == std::string::npos ? host : "[" + host + "]") + path;
}

class Comparison {
 public:
  Comparison(const Rules& before, const Rules& after, std::chrono::sys_seconds now)
      : before_(before), after_(after), now_(now) {
    for (const Category& category : before_.catalog().categories) {
      if (category.severity < before_.policy().loosening.from && !category.statutory) continue;
      const FoundCategory found = find(after_.catalog(), category.id);
      if (found.category == nullptr) {
        tell(category, "is gone");
      } else {
        serious_.push_back({&category, found.category, find(before_.catalog(), category.id).number, found.number});
      }
    }
  }

  std::vector<Loosened> look() {
    for (const Pair& pair : serious_) look_at(pair);
    look_at_names();
    look_at_patterns();
    look_at_groups();
    look_at_exceptions();
    look_at_protected();
    look_at_settings();
    return std::move(told_);
  }

 private:
  struct Pair {
    const Category *before, *after;
    std::size_t number_before, number_after;
  };

  void tell(const Category& category, std::string what) { add(category.id, category.title + ": " + std::move(what)); }
  void add(std::string category, std::string what) {
    if (told_.size() < kMost && said_.insert(what).second) told_.push_back({std::move(category), std::move(what)});
  }

  [[nodiscard]] const Pair* serious(std::string_view id) const {
    for (const Pair& pair : serious_) {
      if (pair.before->id == id) return &pair;
    }
    return nullptr;
  }

  void look_at(const Pair& pair) {
    const Category &before = *pair.before, &after = *pair.after;
    if (after.severity < before.severity)
      tell(before, "its severity falls from " + std::string(to_string(before.severity)) + " to " +
                       std::string(to_string(after.severity)));
    if (before.statutory && !after.statutory) tell(before, "it is no longer statutory");
    if (!before.quiet && after.quiet) tell(before, "it is only counted, and no longer recorded");
    if (after.record < before.record) tell(before, "less is recorded of it");
    if (after.review < before.review) tell(before, "it is looked at later, or by nobody");
    const std::set<std::string> lists(after.lists.begin(), after.lists.end());
    for (const std::string& list : before.lists) {
      if (!lists.contains(list)) tell(before, "the list " + list + " no longer feeds it");
    }
    look_at_rules(pair);
  }

  /// What stands in the category's file, but for hosts and paths: those are looked for among the compiled ones, where
  /// another rule may hold them.
  void look_at_rules(const Pair& pair) {
    const Category& category = *pair.before;
    const RuleLists &was = category.block, &is = pair.after->block;
    const auto hash = [](const catalog::HashedHostRule& rule) { return rule.sha256; };
    const auto search = [](const catalog::SearchRule& rule) { return rule.re2; };
    for (const auto& rule : missing(keys_of(was.hashed_hosts, hash), keys_of(is.hashed_hosts, hash)))
      tell(category, "the hashed host " + rule.substr(0, 12) + " is no longer blocked");
    for (const auto& rule : missing(keys_of(was.patterns, key_of), keys_of(is.patterns, key_of)))
      tell(category, "a pattern is gone, or another: " + rule);
    for (const auto& rule : missing(keys_of(was.searches, search), keys_of(is.searches, search)))
      tell(category, "a search rule is gone, or another: " + rule);
    const RuleLists &left = category.allow, &leaves = pair.after->allow;
    const auto host = [](const catalog::HostRule& rule) { return rule.host; };
    const auto path = [](const catalog::PathRule& rule) { return rule.host + rule.path; };
    for (const auto& rule : missing(keys_of(leaves.hosts, host), keys_of(left.hosts, host)))
      tell(category, "it leaves " + rule + " alone");
    for (const auto& rule : missing(keys_of(leaves.paths, path), keys_of(left.paths, path)))
      tell(category, "it leaves " + rule + " alone");
    for (const auto& rule : missing(keys_of(leaves.patterns, key_of), keys_of(left.patterns, key_of)))
      tell(category, "it leaves alone what fits the pattern " + rule);
    for (const auto& rule : missing(keys_of(leaves.searches, search), keys_of(left.searches, search)))
      tell(category, "it leaves alone the searches " + rule);
  }

  /// Does the category block this address by any rule at all?
  [[nodiscard]] bool blocks(const Rules& rules, std::size_t category, const std::string& address) {
    if (!url_.assign(address)) return false;
    rules.ruleset().classify(url_, matches_);
    return std::any_of(matches_.found.begin(), matches_.found.end(), [&](const match::Match& match) {
      return match.rule.category == category && match.rule.part == match::Part::block;
    });
  }

  void look_at_names() {
    before_.ruleset().each_name([&](RuleKind kind, std::string_view name, const match::Ruleset::EachRule& each_rule) {
      if (told_.size() >= kMost) return;
      std::set<std::string_view> held;  // by a rule of the same name
      bool read = false;
      each_rule([&](const match::Rule& rule) {
        if (rule.part != match::Part::block) return;
        const Pair* pair = serious(before_.catalog().categories[rule.category].id);
        if (pair == nullptr) return;
        if (!std::exchange(read, true)) {
          after_.ruleset().each_rule_of(kind, name, [&](const match::Rule& other) {
            if (other.part == match::Part::block) held.insert(after_.catalog().categories[other.category].id);
          });
        }
        if (held.contains(pair->before->id)) return;
        // A name below another one is folded into it: what counts is whether it is blocked.
        const bool is_path = kind == RuleKind::path;
        const bool v6 = !is_path && name.find(':') != std::string_view::npos;
        const std::string address = "https://" + (v6 ? "[" + std::string(name) + "]" : std::string(name));
        if (!blocks(after_, pair->number_after, address))
          tell(*pair->before, std::string(name) + " is no longer blocked");
      });
    });
  }

  /// Those of lists: the category's own were looked at.
  void look_at_patterns() {
    std::set<std::pair<std::string_view, std::string>> kept;
    after_.ruleset().each_pattern([&](const match::Rule& rule, std::string_view text) {
      if (rule.part == match::Part::block) kept.emplace(after_.catalog().categories[rule.category].id, text);
    });
    before_.ruleset().each_pattern([&](const match::Rule& rule, std::string_view text) {
      if (rule.part != match::Part::block || rule.origin == match::Origin::category_file) return;
      const Pair* pair = serious(before_.catalog().categories[rule.category].id);
      if (pair == nullptr || kept.contains({pair->before->id, std::string(text)})) return;
      tell(*pair->before, "a line of " + std::string(rule.file) + " is gone: " + std::string(text));
    });
  }

  // ---- groups, and who is in them

  [[nodiscard]] static std::optional<std::size_t> group_named(const PolicyFile& policy, std::string_view id) {
    for (std::size_t i = 0; i < policy.groups.size(); ++i) {
      if (policy.groups[i].id == id) return i;
    }
    return std::nullopt;
  }

  void compare_actions(std::size_t was, std::size_t is, const std::string& whose) {
    const Group &before = before_.policy().groups[was], &after = after_.policy().groups[is];
    static constexpr GroupAction kBlock{};
    for (const Pair& pair : serious_) {
      if (pair.before->statutory) continue;
      const auto in = [](const Group& group, std::size_t number) {
        return number < group.actions.size() ? &group.actions[number] : &kBlock;
      };
      const Doing did{in(before, pair.number_before), &before_.policy()};
      const Doing does{in(after, pair.number_after), &after_.policy()};
      if (is_weaker(did, does)) tell(*pair.before, whose + ": " + text_of(does) + ", before: " + text_of(did));
    }
    if (after.unlisted < before.unlisted)
      add("", whose + ": what no rule speaks about is open to more: " + std::string(to_string(after.unlisted)));
    const auto &safe = before.safe_search, &now = after.safe_search;
    if ((safe.engines && !now.engines) || now.youtube < safe.youtube) add("", whose + ": safe search is weaker");
  }

  template <class Names>
  void compare_members(const Names& names_of, const std::string& kind) {
    const PolicyFile &was = before_.policy(), &is = after_.policy();
    std::map<std::string, std::size_t> before, after;
    const auto collect = [&](const PolicyFile& policy, auto& into) {
      for (std::size_t i = 0; i < policy.groups.size(); ++i) {
        for (const std::string& name : names_of(policy.groups[i])) into.emplace(name, i);
      }
    };
    collect(was, before);
    collect(is, after);
    const auto move = [&](std::size_t from, std::size_t to) {
      const std::string &old_id = was.groups[from].id, &new_id = is.groups[to].id;
      if (old_id != new_id) compare_actions(from, to, kind + " that moves from " + old_id + " to " + new_id);
    };
    for (const auto& [name, group] : before) {
      const auto found = after.find(name);
      move(group, found == after.end() ? is.unknown_group : found->second);
    }
    for (const auto& [name, group] : after) {
      if (!before.contains(name)) move(was.unknown_group, group);
    }
  }

  void look_at_groups() {
    const PolicyFile &was = before_.policy(), &is = after_.policy();
    for (std::size_t i = 0; i < was.groups.size(); ++i) {
      const auto now = group_named(is, was.groups[i].id);
      if (now) compare_actions(i, *now, was.groups[i].title);
    }
    if (was.groups[was.unknown_group].id != is.groups[is.unknown_group].id)
      compare_actions(was.unknown_group, is.unknown_group, "who is in no group");
    compare_members(
        [](const Group& group) -> const auto& { return group.users; }, "an account");
    compare_members(
        [](const Group& group) -> const auto& { return group.os_groups; }, "a system group");
  }

  // ---- what goes before categories

  /// Serious categories that block this address, or something below it, for one of these groups.
  void reach(const std::string& host, const std::string& path, const std::string& what) {
    const auto hear = [&](const match::Rule& rule) {
      if (rule.part != match::Part::block) return;
      const Pair* pair = serious(before_.catalog().categories[rule.category].id);
      if (pair != nullptr && !pair->before->statutory) tell(*pair->before, what);
    };
    if (url_.assign(address_of(host, path))) {
      before_.ruleset().classify(url_, matches_);
      for (const match::Match& match : matches_.found) hear(match.rule);
      for (const std::uint16_t number : matches_.unclear) {
        const Pair* pair = serious(before_.catalog().categories[number].id);
        if (pair != nullptr) tell(*pair->before, what);
      }
    }
    before_.ruleset().each_below(host, [&](const match::Rule& rule) {
      const bool inside = path == "/" || rule.name.starts_with(host + path);
      if (inside) hear(rule);
    });
  }

  [[nodiscard]] std::set<std::string> group_ids(const Rules& rules, const catalog::Exception& exception) const {
    std::set<std::string> ids;
    for (const std::uint16_t group : exception.groups) ids.insert(rules.policy().groups[group].id);
    return ids;
  }

  void look_at_exceptions() {
    for (const catalog::Exception& exception : after_.policy().exceptions) {
      if (exception.action == Action::block || exception.expires <= now_) continue;
      const std::set<std::string> groups = group_ids(after_, exception);
      const bool was_there = std::any_of(before_.policy().exceptions.begin(), before_.policy().exceptions.end(),
                                         [&](const catalog::Exception& old) {
                                           const std::set<std::string> had = group_ids(before_, old);
                                           return old.host == exception.host && old.path == exception.path &&
                                                  old.action <= exception.action && old.expires >= exception.expires &&
                                                  std::includes(had.begin(), had.end(), groups.begin(), groups.end());
                                         });
      const std::string name = exception.host + (exception.path == "/" ? "" : exception.path);
      if (!was_there) reach(exception.host, exception.path, "an exception opens " + name);
    }
    // An exception that blocked an address inside a serious category's neighbourhood is no rule of that category.
  }

  void look_at_protected() {
    for (const catalog::Protected& service : after_.catalog().protected_services) {
      const auto covers = [&](const catalog::Protected& old) { return text::is_host_or_below(service.host, old.host); };
      const auto& old = before_.catalog().protected_services;
      if (std::none_of(old.begin(), old.end(), covers))
        reach(service.host, "/", "protected.yaml opens " + service.host);
    }
  }

  // ---- without which rules see less

  /// Carriers and mentions are read site by site: a site that moves from one line to another loses nothing.
  void look_at_addresses_inside() {
    const auto now = carried(after_);
    for (const auto& [host, place] : carried(before_)) {
      const bool everywhere = now.contains({host, {"", place.second}});
      if (!everywhere && !now.contains({host, place}))
        add("", "addresses inside those of " + host + " are no longer looked for in " + place.second);
    }
    const auto mention = [](const catalog::Mention& one) {
      std::string key = one.hosts.empty() ? "every site" : "";
      for (const auto* part : {&one.hosts, &one.paths, &one.params}) {
        for (const std::string& text : *part) key.append(key.empty() || key.back() == ' ' ? "" : " ").append(text);
        key += " ";
      }
      return key;
    };
    for (const std::string& more :
         missing(keys_of(after_.catalog().mentions, mention), keys_of(before_.catalog().mentions, mention)))
      add("", "addresses are only mentioned, and not judged, on: " + more);
    const auto host = [](const catalog::HostRule& rule) { return rule.host; };
    for (const std::string& gone :
         missing(keys_of(before_.catalog().imitated, host), keys_of(after_.catalog().imitated, host)))
      add("", "names that look like " + gone + " are no longer stopped");
  }

  void look_at_cover(const catalog::Cover& was, const catalog::Cover& is) {
    if (is.profile < was.profile) add("", "the laptop's traffic is held less closely on the filter");
    const auto itself = [](const std::string& text) { return text; };
    for (const std::string& more : missing(keys_of(is.exempt, itself), keys_of(was.exempt, itself)))
      add("", "the account " + more + " is left alone by the firewall");
    for (const std::string& more : missing(openings(is), openings(was))) add("", more + " opens past the filter");
    for (const std::string& more : missing(keys_of(is.extensions, itself), keys_of(was.extensions, itself)))
      add("", "the browser extension " + more + " may be installed");
  }

  void look_at_settings() {
    const PolicyFile &was = before_.policy(), &is = after_.policy();
    const auto engine = [](const catalog::SearchEngine& one) {
      std::string key = one.name;
      for (const auto* part : {&one.hosts, &one.paths, &one.params}) {
        for (const std::string& text : *part) key.append(" ").append(text);
        key += ";";
      }
      return key;
    };
    const auto& engines = before_.catalog().search_engines;
    for (const std::string& gone : missing(keys_of(engines, engine), keys_of(after_.catalog().search_engines, engine)))
      add("", "searches are no longer recognised as before: " + gone.substr(0, gone.find(' ')));
    look_at_addresses_inside();
    const auto safe = [](const catalog::SafeSearchEngine& one, const std::string& host) {
      return host + " is no longer held to " + one.strict + (one.moderate == one.strict ? "" : " or " + one.moderate) +
             (one.parameter.empty() ? "" : " with " + one.parameter + "=" + one.value);
    };
    for (const std::string& gone :
         missing(keys_of_hosts(before_.catalog().safe_search, safe), keys_of_hosts(after_.catalog().safe_search, safe)))
      add("", gone);
    if (was.inspect.search && !is.inspect.search) add("", "searches inside HTTPS are no longer read");
    const auto host = [](const catalog::HostRule& rule) { return rule.host; };
    for (const std::string& gone : missing(keys_of(was.inspect.hosts, host), keys_of(is.inspect.hosts, host)))
      add("", gone + " is no longer inspected");
    const auto& network = was.network;
    if (network.judge_aliases && !is.network.judge_aliases) add("", "aliases are no longer judged");
    if (network.judge_addresses && !is.network.judge_addresses) add("", "addresses of names are no longer judged");
    if (!network.address_targets && is.network.address_targets) add("", "IP addresses open in place of names");
    if (!network.upstream_proxy.is_set() && is.network.upstream_proxy.is_set())
      add("", "names are looked up by another proxy: what they lead to is not judged");
    const auto port = [](std::uint16_t number) { return std::to_string(number); };
    for (const std::string& more :
         missing(keys_of(is.network.plain_connect_ports, port), keys_of(network.plain_connect_ports, port)))
      add("", "anything may pass at port " + more);
    look_at_cover(was.cover, is.cover);
    if (was.alerts.has_channel() && !is.alerts.has_channel()) add("", "nobody is told of incidents any more");
    for (auto severity = static_cast<std::size_t>(was.loosening.from); severity < was.alerts.by_severity.size();
         ++severity) {
      if (is.alerts.by_severity.at(severity) < was.alerts.by_severity.at(severity))
        add("", "people are told later, or not at all, of " +
                    std::string(to_string(static_cast<catalog::Severity>(severity))) + " incidents");
    }
    const auto &waits = was.loosening, &will = is.loosening;
    if (will.from > waits.from) add("", "fewer changes wait for a second person");
    if (will.delay && (!waits.delay || *will.delay < *waits.delay)) add("", "such changes wait for a shorter time");
    if (!waits.second_person && will.second_person) add("", "a second person may release such changes at once");
  }

  const Rules &before_, &after_;  // outlive this object: the arguments of loosened()
  std::chrono::sys_seconds now_;
  std::vector<Pair> serious_;
  std::vector<Loosened> told_;
  std::set<std::string> said_;
  url::CanonicalUrl url_;
  match::Matches matches_;
};

}  // namespace

std::vector<Loosened> loosened(const Rules& before, const Rules& after, std::chrono::sys_seconds now) {
  return Comparison(before, after, now).look();
}

}  // namespace fairlead::rules::policy
