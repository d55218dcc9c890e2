// SHA-256 digests of hosts, or of hosts and path prefixes, for lists that nobody should read: 64 hex digits a line.

#include <algorithm>
#include <string>

#include "rules/base/text.hpp"
#include "rules/catalog/imports/host_taker.hpp"
#include "rules/catalog/imports/line_importer.hpp"

namespace fairlead::rules::catalog {
namespace {

class HashedImporter final : public LineImporter {
 public:
  explicit HashedImporter(ListSink& sink) : sink_(sink) {}

  void take_line(std::string_view line, std::uint32_t number) override {
    constexpr std::size_t kDigits = 64;
    const std::string_view text = without_comment(line);
    if (text.empty()) return;
    const bool is_hex = std::all_of(text.begin(), text.end(), [](char c) { return text::hex_value(c) >= 0; });
    if (!is_hex || text.size() != kDigits) return sink_.skipped(Skipped::bad_syntax, text, number);
    digest_ = text;
    text::lower_in_place(digest_);
    sink_.hashed(digest_, number);
  }

 private:
  ListSink& sink_;
  std::string digest_;
};

}  // namespace

std::unique_ptr<LineImporter> make_hashed_importer(ListSink& sink) { return std::make_unique<HashedImporter>(sink); }

}  // namespace fairlead::rules::catalog
