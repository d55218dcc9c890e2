#pragma once
// A conversation with a session: rules from text, bytes in, what it asks for out. No sockets.

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "agent/session/session.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::talks {

/// One rule set for all talks: blocked.example and below, notes.example/secret, anything with "badword";
/// listed.example stands on a statutory list; watched.example is observed; read.example and below are inspected;
/// search.example and its countries are sent to safe.example, but not for the account "free"; `network` is the policy's
/// network line.
inline std::shared_ptr<const rules::policy::Rules> rules_with(std::string_view network) {
  const std::string category = R"(category: test-rules
title: Test rules
risk: content
severity: medium
says: Not available.
block:
  hosts: [blocked.example, 192.0.2.66]
  paths: [notes.example/secret]
  patterns:
    - {id: bad-word, re2: 'badword', in: url, because: the word of the talks}
tests: {must_block: [blocked.example], must_allow: [open.example]}
)";
  const std::string watched = R"(category: watched
title: Watched
risk: content
severity: low
says: Watched.
block:
  hosts: [watched.example]
tests: {must_block: [watched.example], must_allow: [open.example]}
)";
  const std::string listed = R"(category: listed
title: Listed
risk: content
severity: medium
statutory: true
says: Not available.
block:
  hosts: [listed.example]
tests: {must_block: [listed.example], must_allow: [open.example]}
)";
  const std::string policy = std::string(R"(organisation: Talks
version: "1"
time_zone: Europe/London
groups:
  everybody: {title: Everybody, users: [], os_groups: [], actions: {test-rules: block, watched: observe}, default: allow}
  free: {title: Free, like: everybody, users: [free], safe_search: {engines: false}}
unknown_person: everybody
)") + "network: " + std::string(network) +
                             "\ninspect: {hosts: [read.example]}\n";
  const std::string safe_search = R"(engines:
  - {id: search, hosts: [search.example, "search.{}"], to: safe.example, parameter: safe=on}
)";
  auto loaded =
      rules::catalog::load_texts({{"content/test-rules.yaml", category},
                                  {"content/watched.yaml", watched},
                                  {"content/listed.yaml", listed},
                                  {"policy.yaml", policy},
                                  {"protected.yaml", "protected: [{hosts: [help.example], because: Help.}]\n"},
                                  {"safe_search.yaml", safe_search}});
  std::vector<rules::catalog::Problem> problems = loaded.problems;
  std::shared_ptr<const rules::policy::Rules> rules;
  if (loaded.usable()) rules = rules::policy::Rules::build(std::move(loaded.catalog), problems);
  for (const auto& problem : problems) {
    if (problem.kind == rules::catalog::Problem::Kind::error) FAIL_CHECK(to_string(problem));
  }
  REQUIRE(rules != nullptr);
  return rules;
}

/// A browser's request for the front page of a host.
inline std::string get(std::string_view host) {
  std::string head("GET http://");
  return head.append(host).append("/ HTTP/1.1\r\nHost: ").append(host).append("\r\n\r\n");
}

class Talk {
 public:
  explicit Talk(
      std::string_view network = "{connect_ports: [443, 2222], plain_connect_ports: [2222], local_targets: refuse}",
      std::string_view account = "")
      : rules_(rules_with(network)) {
    person_.name = account;
  }

  /// The client sends; what the session then wants.
  agent::session::Ask client(std::string_view bytes) {
    sent_.append(bytes);
    return session.client_bytes(sent_, now());
  }
  /// The head that was consumed goes; what follows stays.
  void consume() { sent_.erase(0, session.consumed()); }
  void drop(std::size_t bytes) { sent_.erase(0, bytes); }
  agent::session::Ask resolves_to(const agent::session::Address& address, std::string_view alias = {}) {
    return resolves_to(address, std::vector<std::string>(alias.empty() ? 0 : 1, std::string(alias)));
  }
  agent::session::Ask resolves_to(const agent::session::Address& address, const std::vector<std::string>& aliases) {
    return session.resolved({&address, 1}, now(), aliases);
  }
  agent::session::Surroundings now() const {
    return {rules_,  person_, std::chrono::sys_seconds(std::chrono::seconds(1'780'000'000)),
            held_up, paused,  proxy_authorization,
            portal};
  }

  agent::session::Session session;
  bool paused = false;   // filtering rests
  bool held_up = false;  // the person has yet to answer what they are asked to agree to
  agent::session::PortalHosts* portal = nullptr;
  std::string_view proxy_authorization = "Basic c2VjcmV0";

 private:
  std::shared_ptr<const rules::policy::Rules> rules_;
  rules::policy::Person person_;
  std::string sent_;
};

inline agent::session::Ask ask_for_tunnel(Talk& talk, const std::string& authority) {
  return talk.client("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n");
}

/// CONNECT up to the moment at which the client may begin its handshake.
inline void open_tunnel(Talk& talk, const std::string& authority) {
  using agent::session::Ask;
  REQUIRE(ask_for_tunnel(talk, authority) == Ask::resolve);
  REQUIRE(talk.resolves_to({"192.0.2.1", false}) == Ask::connect);
  REQUIRE(talk.session.connected() == Ask::send_established);
  talk.consume();
}

}  // namespace fairlead::talks
