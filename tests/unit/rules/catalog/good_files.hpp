#pragma once
// A small folder without a mistake; tests change one thing in it and look at what is said. For tests only.

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/catalog/load.hpp"

namespace fairlead::rules::catalog::good {

using Files = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view kGambling = R"(category: gambling
title: Gambling
risk: conduct
severity: medium
says: Gambling sites are not available on this laptop.
help: [gamcare, safeguarding-lead]
record: path
review: week
lists: [ut1-gambling]
block:
  hosts:
    - bet365.com
    - CAFÉ.example
    - 0x7f.1
  hashed_hosts: [0123456789abcdef0123456789abcdef0123456789ABCDEF0123456789ABCDEF]
  paths: [example.org/casino/, EXAMPLE.org/a/../b%2d]
  patterns:
    - id: casino-label
      re2: '(^|\.)[a-z0-9-]*casino[a-z0-9-]*\.'
      in: host
      because: Casino brands change their numbers weekly.
  searches:
    - {id: free-bets, re2: '\bfree (bets?|spins)\b'}
allow:
  hosts: [casinotheatre.example, nhs.uk]
  searches: [{id: help, re2: '\bgambling help\b'}]
tests:
  must_block: ["https://www.bet365.com/", royal-casino7.example]
  must_allow: ["https://www.gamcare.org.uk/"]
)";

inline constexpr std::string_view kStatutory = R"(category: listed
title: Listed
risk: content
severity: critical
says: This address is on a list.
help: [gamcare]
statutory: true
opaque: true
quiet: false
tests: {must_block: [], must_allow: []}
)";

inline constexpr std::string_view kPolicy = R"(organisation: Multi Trades Training
version: "2022-05"
review_date: 2027-05-31
time_zone: Europe/London
contacts:
  safeguarding_lead: {title: Safeguarding lead, name: "", phone: "", email: ""}
  it: {title: IT help, name: "", phone: "", email: it@example.org}
links:
  - {title: Safeguarding policy, url: "", categories: []}
  - {title: Gambling advice, url: "https://example.org/", categories: [gambling]}
schedules:
  rest-periods:
    - mon-fri 10:30-10:45
    - mon-fri 17:00-09:00
    - sat,sun 00:00-24:00
groups:
  learners:
    title: Learners
    users: [sam]
    os_groups: []
    actions:
      gambling: {allow_during: rest-periods, otherwise: block}
    default: allow
  staff: {title: Staff, actions: {gambling: observe, listed: block}, default: observe, safe_search: {engines: false, youtube: off}}
  contractors: {title: Contractors, like: staff, users: [], os_groups: [contractors]}
unknown_person: learners
exceptions:
  - url: https://www.linkedin.com/company/
    groups: [staff]
    action: allow
    owner: Operations Director
    reason: Professional networking.
    expires: 2027-03-31
network: {connect_ports: [443, 22], plain_connect_ports: [22], local_targets: allow, judge_addresses: true, judge_aliases: false, address_targets: allow, allowed_addresses: [203.0.113.0/24], local_hosts: [Intranet.Office.example], upstream_proxy: {address: "Proxy.Office.example:8080", credentials_file: proxy-login, except: [Wiki.Office.example]}}
events: {retention: {low: 7d, observed: 14d}}
inspect: {search: true, hosts: [WWW.Tools.example]}
reporting_routes: [{id: prevent, title: Prevent route, says: Ask first., phone: 020 7946 0000, categories: [gambling]}]
alerts:
  channels:
    - mail: {server: "smtp://Mail.Example.org", from: fairlead@example.org, to: [lead@Example.org], user: fairlead, password_file: mail-password}
    - webhook: {url: "https://Alerts.example.org/fairlead", secret_file: webhook-secret, ca_file: ca.pem}
  rules: {severity: {medium: daily, low: none}, categories: {gambling: weekly}}
  digest: {daily: "07:30", weekly: fri 16:00}
  quiet_hours: {schedule: rest-periods, override: high}
  again_after: 24h
  fold: {most: 5, within: 15m}
  console: "https://desk.example.org/"
  includes: {device: false}
)";

inline constexpr std::string_view kProtected = R"(protected:
  - {hosts: [gov.uk, nhs.uk], because: Government and health.}
imitated: [apple.com]
)";

inline constexpr std::string_view kSignposts = R"(signposts:
  gamcare: {name: GamCare, kind: help, for: learner, phone: "", sms: "", url: "https://www.gamcare.org.uk/"}
)";

inline constexpr std::string_view kEngines = R"(engines:
  - {name: Google, hosts: [google.com, "google.{}"], paths: [/search], params: [q]}
)";

inline constexpr std::string_view kSafeSearch = R"(engines:
  - {id: google, hosts: [google.com, "google.{}"], to: safe.google.com, parameter: safe=active}
  - {id: youtube, hosts: [www.youtube.com], to: {moderate: some.youtube.com, strict: much.youtube.com}}
)";

inline constexpr std::string_view kCarriers = R"(carriers:
  - {name: Translator, hosts: [translate.example], paths: [/page], params: [u], behind: [/amp/, /]}
mentions:
  - {params: [ref]}
)";

inline constexpr std::string_view kLists = R"(lists:
  ut1-gambling:
    title: Gambling, by the University of Toulouse
    from: https://lists.example/gambling.tar.gz
    format: ut1
    member: gambling
    licence: CC BY-SA 4.0
    refresh: 7d
    most_megabytes: 16
  own: {title: Our own, from: own/hosts.txt, format: hosts, licence: ours}
)";

inline Files files() {
  return {{"conduct/gambling.yaml", std::string(kGambling)},
          {"content/listed.yaml", std::string(kStatutory)},
          {"policy.yaml", std::string(kPolicy)},
          {"protected.yaml", std::string(kProtected)},
          {"signposts.yaml", std::string(kSignposts)},
          {"search_engines.yaml", std::string(kEngines)},
          {"safe_search.yaml", std::string(kSafeSearch)},
          {"carriers.yaml", std::string(kCarriers)},
          {"lists.yaml", std::string(kLists)}};
}

/// The folder with `from` replaced by `to` in one file, once. Throws when `from` is not in it, so that no test passes
/// because it changed nothing.
inline Files with(std::string_view file, std::string_view from, std::string_view to) {
  Files all = files();
  for (auto& [name, text] : all) {
    if (name != file) continue;
    const std::size_t at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("not in the file: " + std::string(from));
    text.replace(at, from.size(), to);
    return all;
  }
  throw std::runtime_error("no such file: " + std::string(file));
}

/// What is said about the files, one problem a line.
inline std::string said(const Files& all) {
  std::string lines;
  for (const Problem& problem : load_texts(all).problems) lines += to_string(problem) + "\n";
  return lines;
}

}  // namespace fairlead::rules::catalog::good
