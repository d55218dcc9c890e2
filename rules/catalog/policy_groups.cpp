#include <algorithm>
#include <map>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/catalog/host_text.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/catalog/policy_file.hpp"
#include "rules/catalog/schedule_text.hpp"

namespace fairlead::rules::catalog {
namespace {

std::vector<std::string> group_ids(const PolicyFile& policy) {
  std::vector<std::string> ids;
  for (const Group& group : policy.groups) ids.push_back(group.id);
  return ids;
}

/// The index of the group that `node` names; told of when there is none.
std::optional<std::uint16_t> find_group(const YamlNode& node, std::string_view what, const PolicyFile& policy,
                                        Problems& problems) {
  const auto id = read_text(node, what, problems);
  if (!id) return std::nullopt;
  for (std::size_t i = 0; i < policy.groups.size(); ++i) {
    if (policy.groups[i].id == *id) return static_cast<std::uint16_t>(i);
  }
  problems.error(node.at, "there is no group " + in_quotes(*id) + mend(*id, group_ids(policy)));
  return std::nullopt;
}

/// `block`, or {allow_during: rest-periods, otherwise: block}
GroupAction read_action(const YamlNode& node, const PolicyFile& policy, Problems& problems) {
  GroupAction action;
  if (node.kind != YamlNode::Kind::map) {
    const auto word = read_text(node, node.key, problems);
    if (!word) return action;
    const auto found = std::find(kActions.begin(), kActions.end(), *word);
    if (found != kActions.end()) {
      action.otherwise = static_cast<Action>(found - kActions.begin());
      return action;
    }
    const bool is_schedule = std::any_of(policy.schedules.begin(), policy.schedules.end(),
                                         [&](const Schedule& schedule) { return schedule.id == *word; });
    problems.error(node.at,
                   in_quotes(*word) + " is no action; write " +
                       (is_schedule ? "'{allow_during: " + *word + ", otherwise: block}'"
                                    : "'block', 'observe', 'allow' or '{allow_during: SCHEDULE, otherwise: block}'"));
    return action;
  }
  const Fields fields(node, kScheduledActionKeys, "the action for " + in_quotes(node.key), problems);
  action.otherwise = fields.required_choice("otherwise", kActions, Action::block);
  const YamlNode* during = fields.require("allow_during");
  const auto name = during == nullptr ? std::nullopt : read_text(*during, "allow_during", problems);
  if (!name) return action;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < policy.schedules.size(); ++i) {
    known.push_back(policy.schedules[i].id);
    if (policy.schedules[i].id == *name) action.schedule = static_cast<std::uint16_t>(i);
  }
  if (!action.schedule) problems.error(during->at, "there is no schedule " + in_quotes(*name) + mend(*name, known));
  return action;
}

bool is_plain_block(const GroupAction& action) { return action.otherwise == Action::block && !action.schedule; }

/// Fills `group.actions` from the map; what it does not name stays as it is (copied by `like`), and is told of
/// otherwise.
void read_actions(const YamlNode* node, bool has_model, const KnownCategories& categories, const PolicyFile& policy,
                  Problems& problems, Group& group) {
  std::vector<bool> named(categories.read.size(), false);
  if (node != nullptr && node->kind != YamlNode::Kind::map && node->kind != YamlNode::Kind::broken) {
    problems.error(node->at, "'actions' must be a map: each category's id and its action, such as 'gambling: block'");
    return;
  }
  const std::vector<std::string> known = categories.ids();
  const std::vector<YamlNode> none;
  for (const YamlNode& child : node == nullptr ? none : node->children) {
    const auto found = std::find_if(categories.read.begin(), categories.read.end(),
                                    [&](const Category& category) { return category.id == child.key; });
    if (found == categories.read.end()) {
      if (std::find(known.begin(), known.end(), child.key) == known.end()) {
        problems.error(child.key_at, "there is no category " + in_quotes(child.key) + mend(child.key, known));
      }
      continue;
    }
    const auto index = static_cast<std::size_t>(found - categories.read.begin());
    named[index] = true;
    GroupAction action = read_action(child, policy, problems);
    if (found->statutory && !is_plain_block(action)) {
      problems.error(child.at,
                     in_quotes(found->id) +
                         " is statutory and cannot be excepted or observed; write 'block', or delete this line");
      action = {};
    }
    group.actions[index] = action;
  }
  if (has_model) return;
  for (std::size_t i = 0; i < named.size(); ++i) {
    const Category& category = categories.read[i];
    if (named[i] || category.statutory || category.id.empty()) continue;
    problems.error(node == nullptr ? group.at : node->key_at,
                   "the group " + in_quotes(group.id) + " does not say what to do about " + in_quotes(category.id) +
                       "; add '" + category.id + ": block' (or observe, allow)");
  }
}

/// {engines: true, youtube: moderate}; what is not named stays as it is.
void read_group_safe_search(const YamlNode* node, Problems& problems, Group& group) {
  if (node == nullptr) return;
  const Fields fields(*node, kGroupSafeSearchKeys, "'safe_search' of the group " + in_quotes(group.id), problems);
  group.safe_search.engines = fields.truth("engines", group.safe_search.engines);
  group.safe_search.youtube = fields.choice("youtube", kRestrictions, group.safe_search.youtube);
}

Group read_group(const YamlNode& node, const KnownCategories& categories, const PolicyFile& policy,
                 Problems& problems) {
  Group group;
  group.id = node.key;
  group.at = node.key_at;
  group.actions.resize(categories.read.size());
  const Fields fields(node, kGroupKeys, "the group " + in_quotes(node.key), problems);
  if (!fields.is_map()) return group;
  group.title = fields.text("title");
  group.users = fields.texts("users");
  group.os_groups = fields.texts("os_groups");
  const YamlNode* like = fields.find("like");
  if (like != nullptr) {
    // Only groups that stand higher up are known here, so that likenesses cannot run in a circle.
    if (const auto model = find_group(*like, "like", policy, problems)) {
      group.actions = policy.groups[*model].actions;
      group.unlisted = policy.groups[*model].unlisted;
      group.safe_search = policy.groups[*model].safe_search;
    }
  }
  read_actions(fields.find("actions"), like != nullptr, categories, policy, problems, group);
  read_group_safe_search(fields.find("safe_search"), problems, group);
  if (like == nullptr) {
    group.unlisted = fields.required_choice("default", kActions, Action::block);
  } else {
    group.unlisted = fields.choice("default", kActions, group.unlisted);
  }
  return group;
}

/// A name in two groups counts in the first alone; nobody should have to find that out by being blocked.
void warn_of_doubles(const PolicyFile& policy, Problems& problems) {
  std::map<std::string, std::string> group_of_name;
  const auto look = [&](const std::string& name, const std::string& kind, const Group& group) {
    const auto [first, is_new] = group_of_name.emplace(kind + " " + name, group.id);
    if (is_new) return;
    problems.warning(group.at, kind + " " + in_quotes(name) + " is in " + in_quotes(first->second) +
                                   " already, which counts; delete one");
  };
  for (const Group& group : policy.groups) {
    for (const std::string& user : group.users) look(user, "the user", group);
    for (const std::string& name : group.os_groups) look(name, "the system group", group);
  }
}

}  // namespace

Exception read_exception(const YamlNode& node, const PolicyFile& policy, Problems& problems) {
  const Fields fields(node, kExceptionKeys, "an exception", problems);
  Exception exception;
  exception.at = node.at;
  if (!fields.is_map()) return exception;
  if (const YamlNode* url = fields.require("url")) {
    if (auto address = read_address(*url, problems)) {
      exception.host = std::move(address->host);
      exception.path = std::move(address->path);
    }
  }
  exception.action = fields.required_choice("action", kActions, Action::block);
  exception.owner = fields.text("owner");
  exception.reason = fields.text("reason");
  const YamlNode* groups = fields.require("groups");
  for (const YamlNode& item : fields.list("groups")) {
    if (const auto group = find_group(item, "groups", policy, problems)) exception.groups.push_back(*group);
  }
  if (groups != nullptr && groups->kind == YamlNode::Kind::list && groups->children.empty()) {
    problems.error(groups->at, "an exception for no group does nothing; name a group, or delete the exception");
  }
  const YamlNode* expires = fields.require("expires");
  const auto text = expires == nullptr ? std::nullopt : read_text(*expires, "expires", problems);
  if (!text) return exception;
  const auto moment = parse_expiry(*text, policy.time_zone);
  if (moment) exception.expires = *moment;
  if (!moment) {
    problems.error(
        expires->at,
        in_quotes(*text) + " is no end; write a day such as '2027-03-31', or a moment such as '2027-03-31T17:00:00Z'");
  }
  return exception;
}

void read_groups(const Fields& fields, const KnownCategories& categories, Problems& problems, PolicyFile& policy) {
  constexpr std::size_t kMostGroups = 1000;
  const YamlNode* groups = fields.require("groups");
  if (groups == nullptr || groups->kind == YamlNode::Kind::broken) return;
  if (groups->kind != YamlNode::Kind::map || groups->children.empty() || groups->children.size() > kMostGroups) {
    problems.error(groups->at, "'groups' must be a map of groups, each with 'title', 'actions' and 'default'");
    return;
  }
  for (const YamlNode& child : groups->children) {
    YamlNode name;
    name.kind = YamlNode::Kind::text;
    name.at = child.key_at;
    name.text = child.key;
    (void)read_id(name, "groups", problems);
    policy.groups.push_back(read_group(child, categories, policy, problems));
  }
  warn_of_doubles(policy, problems);
  if (const YamlNode* unknown = fields.require("unknown_person")) {
    policy.unknown_group = find_group(*unknown, "unknown_person", policy, problems).value_or(std::uint16_t{0});
  }
  for (const YamlNode& item : fields.list("exceptions"))
    policy.exceptions.push_back(read_exception(item, policy, problems));
}

}  // namespace fairlead::rules::catalog
