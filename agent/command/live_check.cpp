#include "agent/command/live_check.hpp"

#include <nlohmann/json.hpp>

#include "agent/command/as_and_at.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/net/control.hpp"
#include "agent/platform/platform.hpp"
#include "rules/url/as_typed.hpp"

namespace fairlead::agent::command {

using nlohmann::json;

Result<json> ask_live(const LiveQuestion& question) {
  json request = {{"do", "check"}, {"url", question.url}, {"as", question.as}};
  if (question.at) request["at"] = question.at->time_since_epoch().count();
  auto answer = net::ask_agent(control_socket(question.state), request);
  if (answer && answer->contains("error")) {
    return fail(Errc::refused, Side::local, answer->value("error", std::string("the agent refused")));
  }
  return answer;
}

Result<std::string> explain_question(const std::shared_ptr<const rules::policy::Rules>& rules,
                                     const console::Question& question) {
  if (rules == nullptr) return fail(Errc::closed, Side::local, "the agent is stopping");
  rules::url::CanonicalUrl url;
  if (auto read = url.assign(rules::url::with_scheme(question.url)); !read)
    return tl::unexpected(std::move(read).error());
  const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  const auto at = read_moment(question.at, rules->policy().time_zone, now);
  if (!at) return tl::unexpected(at.error());
  const auto decision = rules->decide(url, group_named(*rules, question.group), *at);
  return explain_as_text({*rules, url, decision, *at});
}

json live_check(const net::Services& services, const json& question) {
  const auto rules = services.keeper.current();
  rules::url::CanonicalUrl url;
  if (auto read = url.assign(question.value("url", std::string())); !read) return {{"error", read.error().context}};
  auto at = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  if (question.contains("at") && question["at"].is_number_integer()) {
    at = std::chrono::sys_seconds(std::chrono::seconds(question["at"].get<std::int64_t>()));
  }
  const auto decision = rules->decide(url, group_named(*rules, question.value("as", std::string())), at);
  return explain_as_json({*rules, url, decision, at});
}

}  // namespace fairlead::agent::command
