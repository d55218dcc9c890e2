// The format of /etc/hosts: an address and the names that lead there. The address is where a blocked name is sent and
// says nothing; names are what the list is about. Lines that hold a lone name are taken as well.

#include <algorithm>
#include <array>

#include "rules/base/text.hpp"
#include "rules/catalog/imports/host_taker.hpp"
#include "rules/catalog/imports/line_importer.hpp"
#include "rules/url/host.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr auto kLocalNames = std::to_array<std::string_view>({
    "localhost",
    "localhost.localdomain",
    "localhost6",
    "localhost6.localdomain6",
    "localhost4",
    "localhost4.localdomain4",
    "local",
    "broadcasthost",
    "loopback",
    "ip6-localhost",
    "ip6-loopback",
    "ip6-localnet",
    "ip6-mcastprefix",
    "ip6-allnodes",
    "ip6-allrouters",
    "ip6-allhosts",
});

bool is_local_name(std::string_view name) {
  return std::any_of(kLocalNames.begin(), kLocalNames.end(),
                     [&](std::string_view local) { return text::equals_ignoring_case(name, local); });
}

/// Takes the next word off the front of `rest`.
std::string_view next_word(std::string_view& rest) {
  const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t", end), rest.size()));
  return word;
}

class HostsImporter final : public LineImporter {
 public:
  explicit HostsImporter(ListSink& sink) : sink_(sink), taker_(sink) {}

  void take_line(std::string_view line, std::uint32_t number) override {
    std::string_view rest = without_comment(line);
    if (rest.empty()) return;
    const std::string_view first = next_word(rest);
    if (rest.empty()) return take_name(first, number);
    if (!is_address(first)) return sink_.skipped(Skipped::bad_syntax, line, number);
    while (!rest.empty()) take_name(next_word(rest), number);
  }

 private:
  [[nodiscard]] bool is_address(std::string_view word) {
    if (word == "0.0.0.0" || word == "127.0.0.1" || word.find(':') != std::string_view::npos) return true;
    const auto kind = url::canonical_host(word, address_);
    return kind && *kind != url::HostKind::name;
  }

  void take_name(std::string_view name, std::uint32_t number) {
    if (name.find(':') != std::string_view::npos) return sink_.skipped(Skipped::address, name, number);
    const char first = text::to_lower(name.front());
    const bool may_be_local = first == 'l' || first == 'b' || first == 'i';
    if (may_be_local && is_local_name(name)) return sink_.skipped(Skipped::local_name, name, number);
    taker_.take_host(name, Addresses::left_out, number);
  }

  ListSink& sink_;
  HostTaker taker_;
  std::string address_;
};

}  // namespace

std::unique_ptr<LineImporter> make_hosts_importer(ListSink& sink) { return std::make_unique<HostsImporter>(sink); }

}  // namespace fairlead::rules::catalog
