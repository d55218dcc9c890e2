#pragma once
// A whole console without a server: a store, accounts of every role, sessions, and the router over all routes. For
// tests only. Names are invented.

#include <doctest/doctest.h>

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <string_view>

#include "agent/console/frame.hpp"
#include "agent/console/site/site.hpp"
#include "agent/events/appeal.hpp"
#include "agent/events/store.hpp"
#include "agent/pages/pages.hpp"
#include "tests/unit/agent/pages/sample.hpp"
#include "tests/unit/new_folder.hpp"

namespace fairlead::sample {

using namespace agent::console;  // NOLINT(google-build-using-namespace): tests of the console alone include this

constexpr Moment kNow{std::chrono::seconds{1774436400}};  // Wednesday 25 March 2026, 11:00 in London
constexpr std::string_view kPassword = "a long enough password";

/// A folder that goes with the test.
class Folder {
 public:
  Folder() = default;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path path = new_folder("fairlead-console");
};

inline std::string name_of(Role role) { return "an-account-" + std::string(to_string(role)); }

/// accounts.db with an account of each role, made once: a password is slow to hash, as it has to be.
inline std::filesystem::path accounts_of_all_roles() {
  static const Folder folder;
  static const std::filesystem::path file = [] {
    const std::filesystem::path made = folder.path / "accounts.db";
    Accounts accounts("sqlite:" + made.string());
    for (const Role role : {Role::lead, Role::it, Role::viewer})
      REQUIRE(accounts.add(name_of(role), role, kPassword, kNow));
    return made;
  }();
  return file;
}

class Console {
 public:
  Console() {
    REQUIRE(rules != nullptr);
    auto opened = agent::events::Store::open(folder.path / "events");
    REQUIRE(opened);
    store = std::move(*opened);
    std::filesystem::copy_file(accounts_of_all_roles(), folder.path / "accounts.db");
  }

  /// The account of a role; made anew when a test has removed it.
  Account account(Role role) {
    if (!accounts.find(name_of(role))) REQUIRE(accounts.add(name_of(role), role, kPassword, now));
    return *accounts.find(name_of(role));
  }

  /// The cookie of a new session; empty for a learner.
  std::string cookie(Role role) {
    if (role == Role::learner) return {};
    return "fairlead=" + *sessions.begin(account(role), person, now);
  }

  Request get(std::string path, const std::string& session = {}) const {
    Request request;
    request.method = "GET";
    const std::size_t question = path.find('?');
    if (question != std::string::npos) request.query = path.substr(question + 1);
    request.path = path.substr(0, question);
    request.host = "127.0.0.1:3129";
    request.cookie = session;
    request.sec_fetch_site = "same-origin";
    request.peer_address = "127.0.0.1";
    return request;
  }
  /// As a browser sends a form of ours: with the session's token.
  Request post(std::string path, std::string body, const std::string& session = {}) {
    Request request = get(std::move(path), session);
    request.method = "POST";
    request.body = std::move(body);
    const auto known = sessions.find(token_in(session, false), now);
    if (known) request.body += (request.body.empty() ? "" : "&") + std::string(kCsrfField) + "=" + known->csrf;
    return request;
  }
  /// Until it is on the disk.
  void record(agent::events::Event event) const {
    std::promise<agent::events::Recorded> stored;
    store->record(std::move(event), [&](agent::events::Recorded recorded) { stored.set_value(recorded); });
    REQUIRE(stored.get_future().get() == agent::events::Recorded::durable);
  }
  /// Somebody went to a casino, and says that it was stopped wrongly.
  void appeal_about(const std::string& id) const {
    agent::events::Event event = agent::events::Event();
    event.id = id;
    event.time = kNow;
    event.person = "sam";
    event.group = "learners";
    event.host = "casino.example";
    event.url = "https://casino.example";
    event.category = "gambling";
    event.severity = "medium";
    event.rule = "casino-label";
    event.source = "conduct/gambling.yaml:12";
    event.navigation = agent::events::Navigation::yes;
    record(event);
    REQUIRE(agent::events::open_appeal(*store, id, kNow));
  }
  agent::pages::Answer ask(const Request& request) {
    Desk desk{*store, rules, accounts, sessions, now, false, hands};
    return router.answer(request, desk, person);
  }

  Folder folder;
  std::shared_ptr<const rules::policy::Rules> rules = rules_from(catalog());
  std::unique_ptr<agent::events::Store> store;
  Accounts accounts{"sqlite:" + (folder.path / "accounts.db").string()};
  Sessions sessions{agent::database::kInMemory};
  Router router{all_routes()};
  Hands hands;
  Moment now = kNow;
  std::string person = "sam";  // of the operating system
};

inline std::string field(const agent::pages::Answer& answer, std::string_view name) {
  for (const auto& field : answer.fields) {
    if (field.name == name) return field.value;
  }
  return {};
}

}  // namespace fairlead::sample
