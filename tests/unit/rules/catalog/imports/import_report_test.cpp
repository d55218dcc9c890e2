#include "rules/catalog/imports/import_report.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/catalog/imports/imported.hpp"

using namespace fairlead::rules::catalog;

namespace {

ImportReport report_on(std::string_view text, ListFormat format) {
  Imported next;
  ReportingSink sink(next);
  import_text(text, format, sink);
  CHECK(sink.report().skipped() == next.left_out.size());
  CHECK(sink.report().taken() == next.lines.size());
  return sink.report();
}

}  // namespace

TEST_CASE("import report: what was taken and what was left out, in one sentence") {
  CHECK(to_string(report_on("", ListFormat::domains)) == "taken nothing");
  CHECK(to_string(report_on("a.example\n", ListFormat::domains)) == "taken 1 host");
  CHECK(to_string(report_on("||a.example^\n/ad.\n/banner.\n##.x\n/y.$whatever\n", ListFormat::adblock)) ==
        "taken 1 host, 2 filters; left out 2: 1 unknown option (line 5), 1 not about requests (line 4)");
  std::string many;
  for (int i = 0; i < 1234; ++i) many += "n" + std::to_string(i) + ".example\n";
  for (int i = 0; i < 50; ++i) many += "a..b\n";
  const ImportReport report = report_on(many, ListFormat::domains);
  CHECK(to_string(report) == "taken 1,234 hosts; left out 50: 50 not a host (lines 1235, 1236, 1237 and 47 more)");
  const LeftOut& left_out = report.left_out[static_cast<std::size_t>(Skipped::not_a_host)];
  CHECK(left_out.count == 50);
  CHECK(left_out.first.size() == 20);
}

TEST_CASE("import report: of several files each line is named with its file, and texts are cut short") {
  Imported next;
  ReportingSink sink(next);
  sink.begin_file("domains");
  sink.skipped(Skipped::bad_syntax, std::string(500, 'x'), 3);
  sink.begin_file("urls");
  sink.skipped(Skipped::bad_syntax, "y", 7);
  CHECK(to_string(sink.report()) == "taken nothing; left out 2: 2 bad syntax (lines domains:3, urls:7)");
  CHECK(sink.report().left_out[static_cast<std::size_t>(Skipped::bad_syntax)].first[0].text.size() == 80);
}
