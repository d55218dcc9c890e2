#pragma once
// Hosts, host-and-path rules and addresses as people write them, read into canonical form with a mend for what people
// get wrong (a pasted https://, a leading "*.", a name nobody owns). Inside this room only; pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/fields.hpp"
#include "rules/catalog/problem.hpp"
#include "rules/catalog/values.hpp"
#include "rules/catalog/yaml_reader.hpp"

namespace fairlead::rules::catalog {

/// How wide a rule may be: a closed registry (gov.uk, nhs.uk) can be protected as a whole, never blocked.
enum class Breadth : std::uint8_t { owned_names, closed_registries };

struct HostAndPath {
  std::string host;
  std::string path;  // begins with '/', canonical, no '/' at the end unless it is the whole
};

/// A rule's host in canonical form.
[[nodiscard]] std::optional<std::string> read_host(const YamlNode& node, Breadth breadth, Problems& problems);

/// A search engine's host in canonical form, where "{}" at the end may stand for a country part ("google.{}").
[[nodiscard]] std::optional<std::string> read_engine_host(const YamlNode& node, Problems& problems);

/// The hosts of a list, each with its place.
[[nodiscard]] std::vector<HostRule> read_hosts(const Fields& fields, std::string_view key, Breadth breadth,
                                               Problems& problems);

/// "example.org/casino" in canonical form.
[[nodiscard]] std::optional<HostAndPath> read_path(const YamlNode& node, Problems& problems);

/// An exception's address: a host, host and path, or both behind http:// or https://.
[[nodiscard]] std::optional<HostAndPath> read_address(const YamlNode& node, Problems& problems);

/// A test's address as it will be judged: a URL, or "https://host/" for a bare host.
[[nodiscard]] std::optional<std::string> read_test_url(const YamlNode& node, Problems& problems);

/// A link for people, http or https; told of when a browser could not open it.
[[nodiscard]] std::optional<std::string> read_link(const YamlNode& node, std::string_view what, Problems& problems);

/// True for suffixes under which strangers register names: "com", "co.uk". A short list of the common ones.
[[nodiscard]] bool is_open_registry(std::string_view host);
/// True for suffixes with one keeper: "gov.uk", "nhs.uk".
[[nodiscard]] bool is_closed_registry(std::string_view host);

}  // namespace fairlead::rules::catalog
