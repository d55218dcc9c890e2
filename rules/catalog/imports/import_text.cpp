#include <array>
#include <memory>

#include "rules/catalog/imports/adblock.hpp"
#include "rules/catalog/imports/import.hpp"
#include "rules/catalog/imports/line_importer.hpp"
#include "rules/catalog/imports/line_reader.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr std::array<std::string_view, kSkippedReasons> kSkippedWords{
    "not a host",         "an address",  "a local name",       "not a path", "bad syntax", "unknown option",
    "not about requests", "bad pattern", "matches everything", "cancelled",  "too long",
};

void read_lines(std::string_view text, LineImporter& importer, ListSink* sink) {
  LineReader reader(importer, sink);
  reader.feed(text);
  reader.finish();
}

}  // namespace

std::string_view to_string(Skipped reason) { return kSkippedWords[static_cast<std::size_t>(reason)]; }

std::unique_ptr<LineImporter> make_line_importer(ListFormat format, const CancelledFilters& cancelled, ListSink& sink) {
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
    case ListFormat::adblock:
      return make_adblock_importer(cancelled, sink);
    case ListFormat::domains:
    case ListFormat::wildcards:
      break;
  }
  return make_domains_importer(sink);
}

void import_text(std::string_view text, ListFormat format, ListSink& sink) {
  sink.begin_file({});
  CancelledFilters cancelled;
  if (format == ListFormat::adblock) read_lines(text, *make_cancelled_filters_reader(cancelled), nullptr);
  read_lines(text, *make_line_importer(format, cancelled, sink), &sink);
}

}  // namespace fairlead::rules::catalog
