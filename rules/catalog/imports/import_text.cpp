#include <array>
#include <memory>

#include "rules/catalog/imports/import.hpp"
#include "rules/catalog/imports/line_importer.hpp"
#include "rules/catalog/imports/line_reader.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr std::array<std::string_view, kSkippedReasons> kSkippedWords{
    "not a host",         "an address",  "a local name",       "not a path", "bad syntax", "unknown option",
    "not about requests", "bad pattern", "matches everything", "cancelled",  "too long",
};

}  // namespace

std::string_view to_string(Skipped reason) { return kSkippedWords[static_cast<std::size_t>(reason)]; }

std::unique_ptr<LineImporter> make_line_importer(ListFormat format, ListSink& sink) {
  switch (format) {
    case ListFormat::hosts:
      return make_hosts_importer(sink);
    case ListFormat::dnsmasq:
      return make_dnsmasq_importer(sink);
    case ListFormat::unbound:
      return make_unbound_importer(sink);
    case ListFormat::ut1:
      return make_urls_importer(sink);
    case ListFormat::regex:
      return make_regex_importer(sink);
    case ListFormat::hashed:
      return make_hashed_importer(sink);
    case ListFormat::domains:
    case ListFormat::wildcards:
    case ListFormat::adblock:
      break;
  }
  return make_domains_importer(sink);
}

void import_text(std::string_view text, ListFormat format, ListSink& sink) {
  sink.begin_file({});
  const auto importer = make_line_importer(format, sink);
  LineReader reader(*importer, &sink);
  reader.feed(text);
  reader.finish();
}

}  // namespace fairlead::rules::catalog
