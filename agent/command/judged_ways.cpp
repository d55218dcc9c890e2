#include "agent/command/judged_ways.hpp"

#include <utility>

#include "agent/command/ways.hpp"
#include "rules/base/text.hpp"
#include "rules/url/as_typed.hpp"

namespace fairlead::agent::command {
namespace {

using rules::policy::Verdict;

bool stops(const Asked& asked, const rules::url::CanonicalUrl& url) {
  return asked.rules.decide(url, asked.group, asked.now).verdict == Verdict::block;
}

std::string escaped(std::string_view host) {
  std::string out;
  for (const char& c : host) {
    const auto byte = static_cast<unsigned char>(c);
    out += "%" + text::hex({&byte, 1});
  }
  return out;
}

std::string replace_all(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string fill_in(std::string_view address, const std::string& host) {
  std::string upper = host;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  std::string out = replace_all(std::string(address), "{host}", host);
  out = replace_all(std::move(out), "{dashed}", replace_all(host, ".", "-"));
  out = replace_all(std::move(out), "{upper}", upper);
  return replace_all(std::move(out), "{escaped}", escaped(host));
}

Finding judge(const Way& way, const Asked& asked, const std::string& host) {
  Finding finding{Finding::State::closed, std::string(way.id), std::string(way.what), {}};
  for (const std::string_view pattern : way.addresses) {
    const std::string address = rules::url::with_scheme(fill_in(pattern, host));
    rules::url::CanonicalUrl url;
    // What is not read as a browser reads it is refused before anything else.
    if (!url.assign(address) || stops(asked, url)) continue;
    finding.state = Finding::State::open;
    finding.because = "goes through: " + address;
    return finding;
  }
  const std::size_t tried = way.addresses.size();
  finding.because =
      tried == 1 ? "an address tried, it is stopped" : std::to_string(tried) + " addresses tried, all are stopped";
  return finding;
}

void judge_policy(const Asked& asked, Findings& findings) {
  const auto& network = asked.rules.policy().network;
  const auto& safe = asked.rules.policy().groups[asked.group].safe_search;
  findings.push_back(told(network.judge_aliases, "cname", "an innocent name that stands for a blocked one",
                          "the name that a host stands for is judged too",
                          "policy.yaml: network: judge_aliases: false"));
  findings.push_back(told(!network.local_targets, "dns-rebinding", "a public name that leads into this laptop",
                          "private addresses are refused", "policy.yaml: network: local_targets: allow"));
  findings.push_back(told(network.plain_connect_ports.empty(), "plain-in-connect",
                          "something else than TLS in a tunnel", "tunnels must begin with TLS",
                          "policy.yaml: network: plain_connect_ports names a port"));
  findings.push_back(told(safe.engines && safe.youtube != rules::catalog::Restriction::off, "safe-search",
                          "search engines and YouTube without their safe mode",
                          "the engines are connected to at their safe hosts", "the group's safe_search lets it go"));
}

}  // namespace

std::string blocked_host(const Asked& asked) {
  rules::url::CanonicalUrl url;
  for (const auto& category : asked.rules.catalog().categories) {
    if (category.severity < rules::catalog::Severity::high || category.quiet) continue;
    for (const auto& rule : category.block.hosts) {
      const bool is_plain = rule.host.find('-') == std::string::npos && !text::is_host_or_below(rule.host, "example");
      if (is_plain && url.assign("https://" + rule.host + "/") && stops(asked, url)) return rule.host;
    }
  }
  return {};
}

Findings judge_ways(const Asked& asked, const std::string& host) {
  Findings findings;
  for (const Way& way : ways_by_address()) findings.push_back(judge(way, asked, host));
  judge_policy(asked, findings);
  return findings;
}

}  // namespace fairlead::agent::command
