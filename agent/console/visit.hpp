#pragma once
// One visit to the console: what was asked, who asks, and what pages may use to answer. Plain data; lives for one
// answer, on one of the console's own threads, which pages may block.

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/console/accounts.hpp"
#include "agent/console/form.hpp"
#include "agent/console/laptop.hpp"
#include "agent/console/roles.hpp"
#include "agent/console/server.hpp"
#include "agent/console/sessions.hpp"
#include "agent/console/workshop.hpp"
#include "agent/events/records.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::console {

struct Visitor {
  Role role = Role::learner;
  std::string account;                  // of who is signed in; else empty
  std::vector<std::string> sites = {};  // at an organisation's desk: whose laptops they see; empty: all
  std::string person;                   // the operating system's word on who is on the other end; empty: not known
  std::string csrf;                     // what each form of a signed-in account sends along
  Moment looked{};  // when the account had looked the last time before this session; the epoch: never
};

/// What would happen to an address? group: its id. at: "2027-03-31 10:30", or empty for now.
struct Question {
  std::string url, group, at;
};

/// In the address of a page at an organisation's desk: the one site that it shows. Whoever answers narrows the desk.
inline constexpr std::string_view kSiteField = "site";
inline constexpr std::size_t kLongestSite = 64;

/// What the running agent does for a page. Each waits for the event loop: for the console's own threads alone. Empty
/// functions where no agent runs (tests).
struct Hands {
  std::function<std::string()> status;               // what `fairlead status --json` says
  std::filesystem::path state;                       // the folder of this agent
  std::function<void(const std::string& line)> log;  // for IT, about what keeps a page from being shown
  std::shared_ptr<Workshop> workshop;                // null where no agent runs
  std::function<void(const std::string& agreement, const std::string& person)> agreed;
  std::function<std::string()> lists;                                    // what `fairlead lists status --json` says
  std::function<Result<std::string>(const Question& question)> explain;  // what `fairlead check` says
  // At the desk of an organisation, as far as the visitor sees it; empty on a laptop.
  std::function<Result<std::vector<Laptop>>()> laptops;
  std::function<Result<std::vector<Erasure>>()> erasures;         // the latest first
  std::function<Result<std::vector<Opened>>(Moment now)> opened;  // what is open, then what was, the latest first
  /// Closes what was opened. Errors: refused, not_found; those of the store.
  std::function<Result<void>(const std::string& opened, const std::string& by, Moment now)> close;
  std::function<std::vector<std::string>()> sites;  // that the visitor may choose between; none: there is no choice
  std::string site = {};                            // the one that was chosen: the whole answer is of its laptops
};

/// What every page may use.
struct Desk {
  events::Records& store;
  std::shared_ptr<const rules::policy::Rules> rules;  // never null
  Accounts& accounts;
  Sessions& sessions;
  Moment now{};
  bool answers_https = false;  // does this laptop answer for stopped HTTPS sites with a certificate of its own?
  Hands hands = {};
};

/// A page that the menu leads to.
struct MenuEntry {
  std::string_view path, label;
};

struct Visit {
  const Request& request;
  Visitor visitor;
  Desk& desk;
  Form form;                                                         // of the posted body first, then of the query
  std::vector<std::pair<std::string_view, std::string>> parts = {};  // of the path: {"number", "17"}
  std::vector<MenuEntry> menu = {};                                  // of this visitor's role

  /// What stands in the path for "{name}"; empty when the route has no such part.
  [[nodiscard]] std::string_view part(std::string_view name) const {
    for (const auto& [key, value] : parts) {
      if (key == name) return value;
    }
    return {};
  }
};

}  // namespace fairlead::agent::console
