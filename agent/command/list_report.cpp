#include "agent/command/list_report.hpp"

#include "agent/command/explain.hpp"
#include "rules/catalog/imports/import_report.hpp"

namespace fairlead::agent::command {
namespace {

constexpr std::size_t kRefusedNamed = 20;

void describe(const rules::match::ListReport& report, std::string& out) {
  out += report.id + ": " + to_string(report.lines) + "\n";
  if (report.folded > 0) {
    out += "  " + std::to_string(report.folded) + " folded: named twice, or below a name that is blocked already (";
    for (std::size_t i = 0; i < report.folded_where.size(); ++i) out += (i == 0 ? "" : ", ") + report.folded_where[i];
    out += report.folded > report.folded_where.size() ? ", ...)\n" : ")\n";
  }
  for (std::size_t i = 0; i < report.refused.size() && i < kRefusedNamed; ++i) {
    const auto& refused = report.refused[i];
    out += "  " + (refused.file.empty() ? "line " : refused.file + ":") + std::to_string(refused.line) +
           " refused: " + printable(refused.why) + "\n";
  }
}

}  // namespace

std::string describe_lists(const lists::BuiltRules& built) {
  std::string out;
  for (const auto& report : built.reports) describe(report, out);
  if (built.reports.empty()) return out;
  return out + "proof: " + std::to_string(built.proof.found) + " lines found again, " +
         std::to_string(built.proof.folded) + " folded, " + std::to_string(built.proof.missing) + " lost\n";
}

}  // namespace fairlead::agent::command
