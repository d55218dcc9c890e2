#include "rules/catalog/imports/adblock.hpp"

#include <optional>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/catalog/imports/adblock_line.hpp"
#include "rules/catalog/imports/adblock_options.hpp"
#include "rules/catalog/imports/adblock_pattern.hpp"
#include "rules/catalog/imports/expression.hpp"
#include "rules/catalog/imports/host_taker.hpp"
#include "rules/url/host.hpp"

namespace fairlead::rules::catalog {
namespace {

class CancelledFiltersReader final : public LineImporter {
 public:
  explicit CancelledFiltersReader(CancelledFilters& cancelled) : cancelled_(cancelled) {}

  void take_line(std::string_view line, std::uint32_t /*number*/) override {
    line = text::trim(line, " \t");
    if (line.find("badfilter") == std::string_view::npos || kind_of(line) != AdblockKind::network) return;
    if (std::string filter = cancelled_by(line); !filter.empty()) cancelled_.insert(std::move(filter));
  }

 private:
  CancelledFilters& cancelled_;
};

class AdblockImporter final : public LineImporter {
 public:
  AdblockImporter(const CancelledFilters& cancelled, ListSink& sink)
      : cancelled_(cancelled), sink_(sink), taker_(sink) {}

  void take_line(std::string_view line, std::uint32_t number) override {
    line = text::trim(line, " \t");
    if (take_plain_host(line, number)) return;
    const AdblockKind kind = kind_of(line);
    if (kind == AdblockKind::comment) return;
    if (kind == AdblockKind::cosmetic) return sink_.skipped(Skipped::not_a_request, line, number);
    if (!cancelled_.empty() && cancelled_.contains(std::string(line)))
      return sink_.skipped(Skipped::cancelled, line, number);
    if (const auto reason = take_filter(line, number)) sink_.skipped(*reason, line, number);
  }

 private:
  /// "||example.org^": most lines of most lists, taken without building a filter.
  bool take_plain_host(std::string_view line, std::uint32_t number) {
    if (!line.starts_with("||") || !line.ends_with('^') || !cancelled_.empty()) return false;
    const std::string_view host = line.substr(2, line.size() - 3);
    if (host.find_first_of("/*^?|:=&,;$#") != std::string_view::npos) return false;
    taker_.take_host(host, Addresses::taken, number);
    return true;
  }

  std::optional<Skipped> take_filter(std::string_view line, std::uint32_t number) {
    split_filter(line, parts_);
    Filter filter;
    filter.exception = parts_.exception;
    if (const auto reason = read_options(parts_.options, filter)) return reason;
    const bool is_limited = !filter.domains.empty();
    if (parts_.is_regex) {
      filter.re2 = to_re2(parts_.pattern);
      const auto reason = check_re2(filter.re2, Where::url);
      if (reason && (*reason != Skipped::matches_everything || !is_limited)) return reason;
    } else {
      if (const auto reason = read_pattern(parts_.pattern, filter)) return reason;
      read_websocket_scheme(filter);
      if (!is_limited && is_everything(filter)) return Skipped::matches_everything;
    }
    tell(std::move(filter), number);
    return std::nullopt;
  }

  void tell(Filter filter, std::uint32_t number) {
    const std::string_view host = host_of(filter);
    const bool is_plain = !filter.asks_for_context() && !filter.exception && !filter.important;
    if (is_plain && !host.empty()) return taker_.take_host(host, Addresses::taken, number);
    if (filter.exception && !host.empty() && filter.types != kEveryType && !limits_pages(filter) &&
        (filter.types & bit_of(ResourceType::document)) != 0) {
      tell_of_open_pages(host, number);
    }
    sink_.filter(std::move(filter), number);
  }

  static bool limits_pages(const Filter& filter) {
    return filter.party != Party::any || !filter.domains.empty() || !filter.not_domains.empty();
  }

  /// "@@||example.org^$document": whatever pages of the host ask for is left alone.
  void tell_of_open_pages(std::string_view host, std::uint32_t number) {
    Filter pages;
    pages.exception = true;
    std::string domain;
    if (!url::canonical_host(host, domain)) return;
    pages.domains.push_back(std::move(domain));
    sink_.filter(std::move(pages), number);
  }

  const CancelledFilters& cancelled_;
  ListSink& sink_;
  HostTaker taker_;
  AdblockParts parts_;
};

}  // namespace

std::unique_ptr<LineImporter> make_cancelled_filters_reader(CancelledFilters& cancelled) {
  return std::make_unique<CancelledFiltersReader>(cancelled);
}

std::unique_ptr<LineImporter> make_adblock_importer(const CancelledFilters& cancelled, ListSink& sink) {
  return std::make_unique<AdblockImporter>(cancelled, sink);
}

}  // namespace fairlead::rules::catalog
