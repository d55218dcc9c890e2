#include "rules/base/text.hpp"
#include "rules/catalog/host_text.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/catalog/policy_file.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::catalog {
namespace {

/// "proxy.college.example:8080"
void read_proxy_address(const YamlNode& node, Problems& problems, UpstreamProxy& proxy) {
  const auto written = read_text(node, "address", problems);
  if (!written) return;
  if (const std::size_t scheme = written->find("://"); scheme != std::string::npos) {
    problems.error(node.at, in_quotes(*written) + " has a scheme; write " +
                                in_quotes(std::string_view(*written).substr(scheme + 3)) +
                                " with its port and nothing behind it");
    return;
  }
  url::CanonicalUrl address;
  const bool is_plain = written->find_first_of("/?#@\\") == std::string::npos;
  if (!is_plain || !address.assign_authority(url::Scheme::http, *written)) {
    problems.error(
        node.at,
        in_quotes(*written) + " is no proxy's address; write its name and port, such as 'proxy.college.example:8080'");
    return;
  }
  proxy.host = address.host();
  proxy.port = address.port();
}

}  // namespace

void read_upstream_proxy(const Fields& network, Problems& problems, UpstreamProxy& proxy) {
  const YamlNode* node = network.find("upstream_proxy");
  if (node == nullptr) return;
  const Fields fields(*node, kUpstreamProxyKeys, "'upstream_proxy'", problems);
  if (!fields.is_map()) return;
  if (const YamlNode* address = fields.require("address")) read_proxy_address(*address, problems, proxy);
  proxy.credentials_file = fields.optional_text("credentials_file");
  proxy.except = read_hosts(fields, "except", Breadth::owned_names, problems);
}

}  // namespace fairlead::rules::catalog
