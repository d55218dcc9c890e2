// squidGuard's `urls`: host and begin of the path a line, "example.org/bad" or "example.org/page?id=7".

#include "rules/base/text.hpp"
#include "rules/catalog/imports/host_taker.hpp"
#include "rules/catalog/imports/line_importer.hpp"

namespace fairlead::rules::catalog {
namespace {

class UrlsImporter final : public LineImporter {
 public:
  explicit UrlsImporter(ListSink& sink) : taker_(sink) {}

  void take_line(std::string_view line, std::uint32_t number) override {
    const std::string_view text = text::trim(line, " \t");
    if (text.empty() || text.starts_with('#')) return;
    taker_.take_address(text, number);
  }

 private:
  HostTaker taker_;
};

}  // namespace

std::unique_ptr<LineImporter> make_urls_importer(ListSink& sink) { return std::make_unique<UrlsImporter>(sink); }

}  // namespace fairlead::rules::catalog
