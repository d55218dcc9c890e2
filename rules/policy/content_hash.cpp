// One name for everything that decides, so that an event can say under which rules it was decided.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <openssl/sha.h>

#include "rules/base/text.hpp"
#include "rules/policy/impl.hpp"

namespace fairlead::rules::policy {
namespace {

/// Collects fields, each behind its size, so that no two different contents give the same text.
class Content {
 public:
  void add(std::string_view field) { text_.append(std::to_string(field.size())).append(":").append(field); }
  void add(std::int64_t number) { add(std::string_view(std::to_string(number))); }
  void add(const std::vector<std::string>& fields) {
    add(static_cast<std::int64_t>(fields.size()));
    for (const std::string& field : fields) add(field);
  }

  [[nodiscard]] std::string sha256() const {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
    SHA256(reinterpret_cast<const unsigned char*>(text_.data()), text_.size(), digest.data());
    return text::hex(digest);
  }

 private:
  std::string text_;
};

void add_lists(Content& content, const catalog::RuleLists& lists) {
  content.add("hosts");
  for (const auto& rule : lists.hosts) content.add(rule.host);
  content.add("hashed");
  for (const auto& rule : lists.hashed_hosts) content.add(rule.sha256);
  content.add("paths");
  for (const auto& rule : lists.paths) content.add(rule.host), content.add(rule.path);
  content.add("patterns");
  for (const auto& rule : lists.patterns) {
    content.add(rule.id), content.add(to_string(rule.where)), content.add(rule.re2);
  }
  content.add("searches");
  for (const auto& rule : lists.searches) content.add(rule.id), content.add(rule.re2);
}

void add_category(Content& content, const catalog::Catalog& catalog, std::size_t number) {
  const catalog::Category& category = catalog.categories[number];
  content.add(category.id);
  content.add(to_string(category.risk));
  content.add(to_string(category.severity));
  content.add(to_string(category.record));
  content.add(category.quiet), content.add(category.statutory);
  content.add(category.lists);
  add_lists(content, category.block);
  add_lists(content, category.allow);
  for (const catalog::Group& group : catalog.policy.groups) {
    if (number >= group.actions.size()) continue;
    const catalog::GroupAction& action = group.actions[number];
    content.add(to_string(action.otherwise));
    content.add(action.schedule ? catalog.policy.schedules[*action.schedule].id : std::string());
    content.add(to_string(action.during));
  }
}

void add_policy(Content& content, const catalog::PolicyFile& policy) {
  content.add(policy.time_zone);
  for (const catalog::Schedule& schedule : policy.schedules) {
    content.add(schedule.id);
    for (const catalog::Span& span : schedule.spans)
      content.add(span.days), content.add(span.begin), content.add(span.end);
  }
  for (const catalog::Group& group : policy.groups) {
    content.add(group.id), content.add(group.users), content.add(group.os_groups),
        content.add(to_string(group.unlisted));
    content.add(group.safe_search.engines), content.add(static_cast<std::int64_t>(group.safe_search.youtube));
  }
  content.add(policy.unknown_group);
  for (const catalog::Exception& exception : policy.exceptions) {
    content.add(exception.host), content.add(exception.path), content.add(to_string(exception.action));
    for (const std::uint16_t group : exception.groups) content.add(group);
    content.add(exception.expires.time_since_epoch().count());
  }
  const catalog::Network& network = policy.network;
  content.add("network");
  for (const std::uint16_t port : network.connect_ports) content.add(port);
  content.add("plain");
  for (const std::uint16_t port : network.plain_connect_ports) content.add(port);
  content.add(network.local_targets), content.add(network.judge_addresses);
  content.add(network.judge_aliases), content.add(network.address_targets);
  for (const url::AddressRange& range : network.allowed_addresses) {
    content.add("range"), content.add(range.bits);
    for (const std::uint16_t piece : range.pieces) content.add(piece);
  }
  content.add("local hosts");
  for (const catalog::HostRule& rule : network.local_hosts) content.add(rule.host);
  const catalog::UpstreamProxy& proxy = network.upstream_proxy;
  content.add("upstream proxy"), content.add(proxy.host), content.add(proxy.port), content.add(proxy.credentials_file);
  for (const catalog::HostRule& rule : proxy.except) content.add(rule.host);
  content.add("inspect"), content.add(policy.inspect.search);
  for (const catalog::HostRule& rule : policy.inspect.hosts) content.add(rule.host);
}

}  // namespace

std::string content_hash(const catalog::Catalog& catalog, const std::vector<match::ListInput>& lists) {
  Content content;
  content.add("fairlead rules 3");
  std::vector<std::size_t> order(catalog.categories.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return catalog.categories[a].id < catalog.categories[b].id; });
  for (const std::size_t number : order) add_category(content, catalog, number);
  content.add("protected");
  for (const catalog::Protected& service : catalog.protected_services) content.add(service.host);
  content.add("imitated");
  for (const catalog::HostRule& name : catalog.imitated) content.add(name.host);
  content.add("engines");
  for (const catalog::SearchEngine& engine : catalog.search_engines) {
    content.add(engine.hosts), content.add(engine.paths), content.add(engine.params), content.add(engine.within_site);
  }
  content.add("safe search");
  for (const catalog::SafeSearchEngine& engine : catalog.safe_search) {
    content.add(engine.id), content.add(engine.hosts), content.add(engine.strict), content.add(engine.moderate);
    content.add(engine.parameter), content.add(engine.value);
  }
  content.add("carriers");
  for (const catalog::Carrier& carrier : catalog.carriers) {
    content.add(carrier.hosts), content.add(carrier.paths), content.add(carrier.params), content.add(carrier.behind);
  }
  content.add("mentions");
  for (const catalog::Mention& mention : catalog.mentions) {
    content.add(mention.hosts), content.add(mention.paths), content.add(mention.params);
  }
  add_policy(content, catalog.policy);
  for (const match::ListInput& list : lists) {
    content.add("list"), content.add(list.source->id), content.add(to_string(list.source->format));
    content.add(list.source->member), content.add(list.edition);
  }
  return content.sha256();
}

}  // namespace fairlead::rules::policy
