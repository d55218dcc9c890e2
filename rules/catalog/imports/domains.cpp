// A name a line, also "*.example.org" and ".example.org"; UT1's `domains` is the same and lists addresses, too.

#include "rules/base/text.hpp"
#include "rules/catalog/imports/host_taker.hpp"
#include "rules/catalog/imports/line_importer.hpp"

namespace fairlead::rules::catalog {
namespace {

class DomainsImporter final : public LineImporter {
 public:
  explicit DomainsImporter(ListSink& sink) : sink_(sink), taker_(sink) {}

  void take_line(std::string_view line, std::uint32_t number) override {
    const std::string_view text = without_comment(line);
    if (text.empty() || text.starts_with('[')) return take_bracketed(text, number);
    if (kBlanks.first_in(text) < text.size()) return sink_.skipped(Skipped::bad_syntax, text, number);
    taker_.take_address(text, number);
  }

 private:
  static constexpr text::ByteSet kBlanks{" \t"};

  /// "[Adblock Plus]" heads some lists of names; "[2001:db8::1]" is a host.
  void take_bracketed(std::string_view text, std::uint32_t number) {
    if (text.find(':') != std::string_view::npos) taker_.take_address(text, number);
  }

  ListSink& sink_;
  HostTaker taker_;
};

}  // namespace

std::unique_ptr<LineImporter> make_domains_importer(ListSink& sink) { return std::make_unique<DomainsImporter>(sink); }

}  // namespace fairlead::rules::catalog
