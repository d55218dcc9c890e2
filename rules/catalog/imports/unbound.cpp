// Lines of unbound.conf that close names: local-zone with a type that refuses, local-data that leads astray.
// Source: unbound.conf(5), "local-zone" and "local-data".

#include <algorithm>
#include <array>
#include <string>

#include "rules/base/text.hpp"
#include "rules/catalog/imports/host_taker.hpp"
#include "rules/catalog/imports/line_importer.hpp"

namespace fairlead::rules::catalog {
namespace {

/// Types of zone under which a name does not lead to its owner.
constexpr auto kClosedZones = std::to_array<std::string_view>({
    "deny",
    "refuse",
    "static",
    "redirect",
    "inform_deny",
    "inform_redirect",
    "always_refuse",
    "always_nxdomain",
    "always_nodata",
    "always_deny",
    "always_null",
    "block_a",
});

/// Takes the next word, "in quotes" or bare, off the front of `rest`.
std::string_view next_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  const bool is_quoted = rest.starts_with('"') || rest.starts_with('\'');
  const std::size_t begin = is_quoted ? 1 : 0;
  const std::size_t end = std::min(is_quoted ? rest.find(rest.front(), 1) : rest.find_first_of(" \t"), rest.size());
  const std::string_view word = rest.substr(begin, end - begin);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

class UnboundImporter final : public LineImporter {
 public:
  explicit UnboundImporter(ListSink& sink) : sink_(sink), taker_(sink) {}

  void take_line(std::string_view line, std::uint32_t number) override {
    const std::string_view text = text::trim(line, " \t");
    if (text.empty() || text.starts_with('#') || text == "server:") return;
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view key = text.substr(0, colon);
    std::string_view rest = text.substr(std::min(colon + 1, text.size()));
    std::string_view name;
    if (key == "local-zone") {
      name = next_word(rest);
      const std::string_view type = next_word(rest);
      if (std::find(kClosedZones.begin(), kClosedZones.end(), type) == kClosedZones.end()) name = {};
    } else if (key == "local-data") {
      std::string_view record = next_word(rest);
      name = addressed_name(record);
    }
    if (name.empty()) return sink_.skipped(Skipped::bad_syntax, text, number);
    if (name == ".") return sink_.skipped(Skipped::matches_everything, text, number);
    // Lists close a zone and give it data in the next line: that is one host.
    if (name == last_name_) return;
    last_name_ = name;
    taker_.take_host(name, Addresses::taken, number);
  }

 private:
  /// The name of "example.org 3600 IN A 0.0.0.0"; empty for a record that gives no address.
  static std::string_view addressed_name(std::string_view record) {
    const std::string_view name = next_word(record);
    for (std::string_view word = next_word(record); !word.empty(); word = next_word(record)) {
      if (text::equals_ignoring_case(word, "A") || text::equals_ignoring_case(word, "AAAA")) return name;
    }
    return {};
  }

  ListSink& sink_;
  HostTaker taker_;
  std::string last_name_;
};

}  // namespace

std::unique_ptr<LineImporter> make_unbound_importer(ListSink& sink) { return std::make_unique<UnboundImporter>(sink); }

}  // namespace fairlead::rules::catalog
