// One update of lists as a JSON file describes it (harness.py writes it): downloads, checks, accepts, and prints what
// came of each list as JSON. Exit 0 when none failed, 1 when one did, 3 when it could not begin.

#include <algorithm>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "agent/lists/update.hpp"
#include "agent/platform/platform.hpp"

namespace {

using nlohmann::json;
namespace lists = fairlead::agent::lists;
using fairlead::rules::catalog::ListSource;

ListSource source_from(const json& given) {
  ListSource source;
  source.id = given["id"];
  source.from = given["from"];
  source.most_bytes = given["most_bytes"];
  source.public_key = given["public_key"];
  source.sha256 = given["sha256"];
  return source;
}

lists::UpdateOptions options_from(const json& given) {
  lists::UpdateOptions options;
  options.fetch.proxy = given["proxy"];
  options.fetch.proxy_authorization = given["proxy_authorization"];
  options.fetch.proxy_except = given["proxy_except"];
  options.fetch.authorities = given["authorities"].get<std::string>();
  options.fetch.own_authority = given["own_authority"];
  options.fetch.total_limit = std::chrono::milliseconds(given["total_limit_ms"]);
  options.fetch.lowest_speed = given["lowest_speed"];
  options.fetch.lowest_speed_for = std::chrono::seconds(1);
  return options;
}

const char* to_string(lists::UpdateOutcome::Kind kind) {
  using Kind = lists::UpdateOutcome::Kind;
  return kind == Kind::staged ? "staged" : kind == Kind::not_modified ? "not_modified" : "failed";
}

int run(const json& given) {
  fairlead::agent::platform::prepare_process();
  std::vector<ListSource> sources;
  for (const json& list : given["lists"]) sources.push_back(source_from(list));
  const lists::ListStore store(given["state"].get<std::string>());
  const auto held = store.hold();
  if (!held) {
    std::cerr << held.error().context << "\n";
    return 3;
  }
  const auto now = std::chrono::floor<std::chrono::seconds>(fairlead::agent::platform::wall_clock());
  auto outcomes = lists::update_lists(sources, store, options_from(given), now);
  const std::vector<std::string> refused = given["refused"];
  lists::accept_staged(outcomes, store, [&](const std::vector<std::string>& ids) -> fairlead::Result<void> {
    const bool bad = std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
      return std::find(refused.begin(), refused.end(), id) != refused.end();
    });
    using fairlead::Errc, fairlead::Side;
    if (bad) return fairlead::fail(Errc::test_failed, Side::local, "a test did not hold");
    return {};
  });
  json out = json::array();
  bool failed = false;
  for (const auto& outcome : outcomes) {
    failed = failed || outcome.kind == lists::UpdateOutcome::Kind::failed;
    out.push_back({{"id", outcome.id},
                   {"outcome", to_string(outcome.kind)},
                   {"code", to_string(outcome.error.code)},
                   {"reason", outcome.error.context},
                   {"notice", outcome.notice}});
  }
  std::cout << out.dump() << "\n";
  return failed ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ifstream in(argv[1]);
  return run(json::parse(in));
}
