// Any bytes as a list of any format (the first byte says which): every line is taken in canonical form or left out.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "rules/catalog/imports/import_report.hpp"
#include "rules/url/canonical_url.hpp"
#include "rules/url/host.hpp"

namespace {

namespace catalog = fairlead::rules::catalog;
namespace url = fairlead::rules::url;

void require(bool holds) {
  if (!holds) std::abort();
}

struct CheckingSink final : catalog::ListSink {
  std::uint32_t last_line = 0;

  void begin_file(std::string_view /*name*/) override { last_line = 0; }
  void host(std::string_view host, std::uint32_t line) override {
    see(line);
    require_canonical(host);
  }
  void path(std::string_view host, std::string_view path, std::uint32_t line) override {
    see(line);
    require_canonical(host);
    require(path.starts_with('/') && path.size() > 1);
    const bool is_v6 = host.find(':') != std::string_view::npos;
    url::CanonicalUrl again;
    require(again.assign("http://" + (is_v6 ? "[" + std::string(host) + "]" : std::string(host)) + std::string(path))
                .has_value());
    require(again.host() == host && again.path_and_query() == path);
  }
  void pattern(std::string_view re2, catalog::Where /*where*/, std::uint32_t line) override {
    see(line);
    require(!re2.empty());
  }
  void filter(catalog::Filter filter, std::uint32_t line) override {
    see(line);
    require(filter.types != 0 && (filter.types & ~catalog::kEveryType) == 0);
    require(filter.re2.empty() || filter.pattern.empty());
    require(filter.pattern.find("**") == std::string::npos);
    for (const std::string& domain : filter.domains) require_canonical(domain);
    for (const std::string& domain : filter.not_domains) require_canonical(domain);
  }
  void hashed(std::string_view sha256, std::uint32_t line) override {
    see(line);
    require(sha256.size() == 64);
  }
  void skipped(catalog::Skipped reason, std::string_view /*text*/, std::uint32_t line) override {
    see(line);
    require(!to_string(reason).empty());
  }

 private:
  void see(std::uint32_t line) {
    require(line >= last_line && line > 0);
    last_line = line;
  }

  static void require_canonical(std::string_view host) {
    const bool is_v6 = host.find(':') != std::string_view::npos;
    std::string again;
    require(url::canonical_host(is_v6 ? "[" + std::string(host) + "]" : std::string(host), again).has_value());
    require(again == host);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint8_t kFormats = 9;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  CheckingSink checks;
  catalog::ReportingSink sink(checks);
  // Letters, so that seeds can be written by hand: 'a' is the first format.
  const auto format = static_cast<catalog::ListFormat>(static_cast<std::uint8_t>(data[0] - 'a') % kFormats);
  catalog::import_text(text, format, sink);
  require(to_string(sink.report()).starts_with("taken "));
  return 0;
}
