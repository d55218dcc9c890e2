#pragma once
// The checked values that the YAML files stand for: categories, policy, protected services, signposts, search engines,
// safe search.
// Plain data, made only by load.hpp; hosts and paths in it are already canonical. Read-only after loading.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/catalog/alert_values.hpp"
#include "rules/catalog/cover_values.hpp"
#include "rules/catalog/position.hpp"
#include "rules/catalog/reporting_values.hpp"
#include "rules/url/address_range.hpp"

namespace fairlead::rules::catalog {

enum class Risk : std::uint8_t { content, contact, conduct };
enum class Severity : std::uint8_t { low, medium, high, critical };
/// What an event of the category may hold: nothing (counted only), the host, host and path, or the words searched for.
enum class Record : std::uint8_t { none, host, path, words };
/// How soon the safeguarding lead should look.
enum class Review : std::uint8_t { none, it, week, day, now };
/// What a pattern looks at.
enum class Where : std::uint8_t { host, path, query, url };
enum class Action : std::uint8_t { allow, observe, block };
/// How a list that others publish is written.
enum class ListFormat : std::uint8_t {
  hosts,      // "0.0.0.0 example.org"
  domains,    // a name a line
  wildcards,  // "*.example.org"
  dnsmasq,    // "address=/example.org/" and "server=/example.org/"
  unbound,    // local-zone: "example.org" always_nxdomain
  ut1,        // a folder or archive with domains, urls and expressions (Toulouse, squidGuard)
  adblock,    // network filters
  regex,      // an expression over host names a line
  hashed,     // SHA-256 of hosts or of hosts and path prefixes
};

[[nodiscard]] std::string_view to_string(Risk);
[[nodiscard]] std::string_view to_string(Severity);
[[nodiscard]] std::string_view to_string(Record);
[[nodiscard]] std::string_view to_string(Review);
[[nodiscard]] std::string_view to_string(Where);
[[nodiscard]] std::string_view to_string(Action);
[[nodiscard]] std::string_view to_string(ListFormat);

struct HostRule {
  std::string host;
  Position at;
};  // the host and all below it
struct HashedHostRule {
  std::string sha256;
  Position at;
};  // 64 hex digits of SHA-256("fairlead:" + host)
struct PathRule {
  std::string host;
  std::string path;
  Position at;
};  // at a path boundary; path begins with '/'
struct PatternRule {
  std::string id;
  std::string re2;
  Where where = Where::host;
  std::string because;
  Position at;
};
struct SearchRule {
  std::string id;
  std::string re2;
  Position at;
};
struct TestUrl {
  std::string url;
  Position at;
};

struct RuleLists {
  std::vector<HostRule> hosts;
  std::vector<HashedHostRule> hashed_hosts;
  std::vector<PathRule> paths;
  std::vector<PatternRule> patterns;
  std::vector<SearchRule> searches;
};

struct Category {
  std::string id, title, says;
  Risk risk = Risk::content;
  Severity severity = Severity::low;
  Record record = Record::host;
  Review review = Review::none;
  bool quiet = false;              // not a visit: counted, no event, empty answer (adverts)
  bool opaque = false;             // real hosts stay out of the readable file
  bool statutory = false;          // level 1: always blocked, cannot be excepted or observed
  std::vector<std::string> help;   // signpost ids
  std::vector<std::string> lists;  // imported lists that feed it
  RuleLists block, allow;
  std::vector<TestUrl> must_block, must_allow;
  Position at;
};

/// A service that is never blocked (level 2).
struct Protected {
  std::string host;
  std::string because;
  Position at;
};

struct Signpost {
  std::string id, name, kind, audience;  // kind: help | report | advice; audience: all | learner | staff
  std::string phone, sms, url;           // empty where not confirmed
  Position at;
};

/// `hosts` may hold "{}" for a country part; an empty `paths` means every path.
struct SearchEngine {
  std::string name;
  std::vector<std::string> hosts, paths, params;
  Position at;
  bool within_site = false;  // the search of a site that is more than that: a shop, a social network
};

/// An engine that can be held to its safe mode: who asks for one of `hosts` (with or without "www.") is connected to
/// another host, which answers under the same name. `hosts` may hold "{}" for a country part.
struct SafeSearchEngine {
  std::string id;
  std::vector<std::string> hosts;
  std::string strict, moderate;  // the host to connect to; the same for every engine but YouTube
  std::string parameter, value;  // what the address of a request must say as well; or empty
  Position at;
  [[nodiscard]] bool has_levels() const { return id == "youtube"; }
};

/// A site that is asked for others: a translator, a cache, an image proxy, a link wrapper (carriers.yaml).
struct Carrier {
  std::string name;
  std::vector<std::string> hosts;           // each with everything below it
  std::vector<std::string> paths;           // pages on which `params` carry; none: all
  std::vector<std::string> params, behind;  // parameters, and paths behind which an address stands
  Position at;
};
/// What only mentions an address: no hosts means every site, no params the whole page.
struct Mention {
  std::vector<std::string> hosts, paths, params;
  Position at;
};

/// A list that others publish, and where it comes from (lists.yaml). Categories name it under `lists`.
struct ListSource {
  std::string id, title, licence;
  std::string from;  // "https://...", or a path; relative to the folder of lists.yaml
  ListFormat format = ListFormat::domains;
  std::string member;                                   // the folder inside an archive, "blacklists/gambling"
  std::chrono::hours refresh{24};                       // how often a new edition is asked for
  std::uint64_t most_bytes = std::uint64_t{64} << 20U;  // what a download may weigh
  std::string public_key;  // minisign's, of the file beside it that ends in ".minisig"; or empty
  std::string sha256;      // of the file, where one edition is pinned; or empty
  Position at;
  [[nodiscard]] bool is_remote() const { return from.starts_with("https://") || from.starts_with("http://"); }
};

/// Minutes of the local day on the days of `days` (bit 0 = Monday); an end at or before the begin runs past midnight.
struct Span {
  std::uint8_t days = 0;
  std::uint16_t begin = 0, end = 0;
};
struct Schedule {
  std::string id;
  std::vector<Span> spans;
  Position at;
};

/// What a group does about a category: an action, or `during` while the schedule is open and `otherwise` when not.
struct GroupAction {
  Action otherwise = Action::block;
  std::optional<std::uint16_t> schedule;  // index into PolicyFile::schedules; `during` holds while it is open
  Action during = Action::allow;
};

/// How much YouTube's restricted mode hides.
enum class Restriction : std::uint8_t { off, moderate, strict };

/// Whether a group's searches are held to the engines' safe modes.
struct SafeSearch {
  bool engines = true;
  Restriction youtube = Restriction::moderate;
};

struct Group {
  std::string id, title;
  std::vector<std::string> users, os_groups;
  std::vector<GroupAction> actions;  // one a category, in the order of Catalog::categories
  Action unlisted = Action::allow;   // level 5: what no rule speaks about
  SafeSearch safe_search;
  Position at;
};

struct Exception {
  std::string host, path;  // path "/" = the whole host and all below it
  Action action = Action::allow;
  std::vector<std::uint16_t> groups;
  std::string owner, reason;
  std::chrono::sys_seconds expires;  // the first moment at which it no longer holds
  Position at;
};

/// A contact that the organisation fills in; empty fields are placeholders and are not shown.
struct Contact {
  std::string title, name, phone, email;
};
struct PolicyLink {
  std::string title, url;
  std::vector<std::string> categories;
};  // empty categories: shown everywhere

/// The proxy of a college or company, through which everything must go that leaves its network.
struct UpstreamProxy {
  std::string host;  // empty: there is none
  std::uint16_t port = 0;
  std::string credentials_file;  // of one line "name:password"; relative to the agent's credentials or to policy.yaml
  std::vector<HostRule> except;  // reached directly
  [[nodiscard]] bool is_set() const { return !host.empty(); }
};

struct Network {
  std::vector<std::uint16_t> connect_ports{443};     // CONNECT is refused elsewhere
  std::vector<std::uint16_t> plain_connect_ports;    // of these, where something else than TLS may pass
  bool local_targets = false;                        // may a name or address lead to this machine or a private network?
  bool judge_addresses = false;                      // are resolved addresses judged by host rules too?
  bool judge_aliases = true;                         // is the canonical name of a host (CNAME) judged too?
  bool address_targets = false;                      // may a public address be asked for in place of a name?
  std::vector<url::AddressRange> allowed_addresses;  // those that may: equipment without a name
  std::vector<HostRule> local_hosts;                 // of the office: may lead to a private network all the same
  UpstreamProxy upstream_proxy;
};

/// Where the agent reads what is said inside TLS.
struct Inspect {
  bool search = false;          // at search engines (not at searches within a site)
  std::vector<HostRule> hosts;  // and there
};

struct Retention {
  std::chrono::days low{30}, medium{90}, high{180}, critical{365}, observed{30};
  [[nodiscard]] std::chrono::days longest() const { return std::max({low, medium, high, critical, observed}); }
};

/// What people are asked to agree to before they use the laptop.
struct Agreement {
  /// off: nobody is asked; ask: people are told where to read and answer it; wait: nothing opens until they have.
  enum class Required : std::uint8_t { off, ask, wait } required = Required::off;
  std::vector<std::string> text;  // sentences, in order
  std::string link;               // the whole text elsewhere; or empty
};

/// A change made in the console that lets something of a serious category through does not hold at once.
struct Loosening {
  Severity from = Severity::high;                                    // categories from this severity on
  bool second_person = true;                                         // another account may release it before its time
  std::optional<std::chrono::hours> delay = std::chrono::hours(24);  // after which it holds by itself; none: never
};

struct PolicyFile {
  std::string organisation, version, time_zone = "Europe/London";
  std::optional<std::chrono::sys_days> review_date;
  Contact lead, it;
  std::vector<PolicyLink> links;
  std::vector<ReportingRoute> reporting_routes;
  std::vector<Schedule> schedules;
  std::vector<Group> groups;
  std::uint16_t unknown_group = 0;  // for a person who is in no group, unknown or signed out
  std::vector<Exception> exceptions;
  Network network;
  Inspect inspect;
  Cover cover;
  Retention retention;
  Alerts alerts;
  Agreement agreement;
  Loosening loosening;
  std::vector<std::string> placeholders;  // "policy.yaml:12: lead phone": what the organisation must still fill in
};

struct Catalog;
/// The categories that name a list, as indexes into Catalog::categories. None: the list is described and not in use.
[[nodiscard]] std::vector<std::uint16_t> categories_fed_by(const Catalog& catalog, std::string_view list);
/// The lists that some category names. The others are only described, and nothing is asked of their publishers.
[[nodiscard]] std::vector<ListSource> sources_in_use(const Catalog& catalog);

struct Catalog {
  std::vector<std::string> files;  // as shown to people: "categories/conduct/gambling.yaml"
  std::vector<Category> categories;
  std::vector<Protected> protected_services;
  std::vector<HostRule> imitated;  // names that are not protected, but must not be imitated in other letters
  std::vector<Signpost> signposts;
  std::vector<SearchEngine> search_engines;
  std::vector<SafeSearchEngine> safe_search;
  std::vector<Carrier> carriers;
  std::vector<Mention> mentions;
  std::vector<ListSource> lists;
  PolicyFile policy;
};

/// The ids of all categories, in their order.
[[nodiscard]] std::vector<std::string> category_ids(const Catalog& catalog);
/// Null when there is none of that id.
[[nodiscard]] const Category* category_named(const Catalog& catalog, std::string_view id);

}  // namespace fairlead::rules::catalog
