#pragma once
// The filters of an Adblock list as the importer reads them, with what else it found.

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include "rules/catalog/imports/import.hpp"

namespace fairlead::bench {

/// Calls `each(filter, line)`; returns how many lines were something else, or were left out.
inline std::size_t each_filter(std::string_view list,
                               const std::function<void(rules::catalog::Filter, std::uint32_t)>& each) {
  struct Sink final : rules::catalog::ListSink {
    explicit Sink(const std::function<void(rules::catalog::Filter, std::uint32_t)>& function) : tell(function) {}
    void begin_file(std::string_view) override {}
    void host(std::string_view, std::uint32_t) override { ++others; }
    void path(std::string_view, std::string_view, std::uint32_t) override { ++others; }
    void pattern(std::string_view, rules::catalog::Where, std::uint32_t) override { ++others; }
    void filter(rules::catalog::Filter filter, std::uint32_t line) override { tell(std::move(filter), line); }
    void hashed(std::string_view, std::uint32_t) override { ++others; }
    void skipped(rules::catalog::Skipped, std::string_view, std::uint32_t) override { ++others; }
    const std::function<void(rules::catalog::Filter, std::uint32_t)>& tell;
    std::size_t others = 0;
  } sink(each);
  rules::catalog::import_text(list, rules::catalog::ListFormat::adblock, sink);
  return sink.others;
}

}  // namespace fairlead::bench
