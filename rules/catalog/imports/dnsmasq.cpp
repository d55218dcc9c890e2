// Lines of dnsmasq's configuration that close names: "address=/a.example/b.example/0.0.0.0", "server=/a.example/",
// "local=/a.example/". Source: dnsmasq(8), --address and --server.

#include <algorithm>

#include "rules/base/text.hpp"
#include "rules/catalog/imports/host_taker.hpp"
#include "rules/catalog/imports/line_importer.hpp"

namespace fairlead::rules::catalog {
namespace {

class DnsmasqImporter final : public LineImporter {
 public:
  explicit DnsmasqImporter(ListSink& sink) : sink_(sink), taker_(sink) {}

  void take_line(std::string_view line, std::uint32_t number) override {
    const std::string_view text = text::trim(line, " \t");
    if (text.empty() || text.starts_with('#')) return;
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string_view key = text::trim(text.substr(0, equals), " \t");
    std::string_view value = text::trim(text.substr(std::min(equals + 1, text.size())), " \t");
    const bool is_address = key == "address";
    const bool is_server = key == "server" || key == "local";
    const std::size_t last = value.rfind('/');
    if ((!is_address && !is_server) || !value.starts_with('/') || last == 0)
      return sink_.skipped(Skipped::bad_syntax, text, number);
    // A server that is asked for the name opens it; an address, whichever, is where blocked names are sent.
    const std::string_view target = text::trim(without_comment_behind(value.substr(last + 1)), " \t");
    if (is_server && !target.empty()) return sink_.skipped(Skipped::bad_syntax, text, number);
    take_names(value.substr(1, last - 1), number);
  }

 private:
  /// "/#/" and "/a/#" use '#' as a word, so that only one behind a space begins a comment.
  static std::string_view without_comment_behind(std::string_view target) {
    return target.substr(0, target.find(" #"));
  }

  void take_names(std::string_view names, std::uint32_t number) {
    for (std::size_t begin = 0; begin <= names.size();) {
      const std::size_t end = std::min(names.find('/', begin), names.size());
      const std::string_view name = names.substr(begin, end - begin);
      if (name == "#" || name == "*")
        sink_.skipped(Skipped::matches_everything, name, number);
      else
        taker_.take_host(name, Addresses::taken, number);
      begin = end + 1;
    }
  }

  ListSink& sink_;
  HostTaker taker_;
};

}  // namespace

std::unique_ptr<LineImporter> make_dnsmasq_importer(ListSink& sink) { return std::make_unique<DnsmasqImporter>(sink); }

}  // namespace fairlead::rules::catalog
