#include "rules/catalog/imports/import_report.hpp"

#include <algorithm>
#include <utility>

namespace fairlead::rules::catalog {
namespace {

constexpr std::size_t kKeptLines = 20;
constexpr std::size_t kShownLines = 3;
constexpr std::size_t kKeptBytes = 80;

/// "26,029"
std::string with_commas(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

void append_taken(std::size_t count, std::string_view one, std::string_view many, std::string& text) {
  if (count == 0) return;
  text.append(text.empty() ? "" : ", ").append(with_commas(count)).append(" ").append(count == 1 ? one : many);
}

/// "lines 3, 17, 20 and 7 more"
std::string lines_of(const LeftOut& left_out, bool with_file) {
  std::string text = left_out.count == 1 ? "line " : "lines ";
  const std::size_t shown = std::min(left_out.first.size(), kShownLines);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += ", ";
    if (with_file) text.append(left_out.first[i].file).append(":");
    text += std::to_string(left_out.first[i].line);
  }
  if (left_out.count > shown) text.append(" and ").append(with_commas(left_out.count - shown)).append(" more");
  return text;
}

}  // namespace

std::size_t ImportReport::skipped() const {
  std::size_t all = 0;
  for (const LeftOut& one : left_out) all += one.count;
  return all;
}

std::string to_string(const ImportReport& report) {
  std::string taken;
  append_taken(report.hosts, "host", "hosts", taken);
  append_taken(report.paths, "path", "paths", taken);
  append_taken(report.filters, "filter", "filters", taken);
  append_taken(report.patterns, "pattern", "patterns", taken);
  append_taken(report.hashes, "hash", "hashes", taken);
  std::string text = "taken " + (taken.empty() ? "nothing" : taken);
  if (report.skipped() == 0) return text;
  text.append("; left out ").append(with_commas(report.skipped()));
  std::string_view mark = ": ";
  for (std::size_t i = 0; i < report.left_out.size(); ++i) {
    const LeftOut& left_out = report.left_out[i];
    if (left_out.count == 0) continue;
    text.append(mark).append(with_commas(left_out.count)).append(" ").append(to_string(static_cast<Skipped>(i)));
    text.append(" (").append(lines_of(left_out, report.files > 1)).append(")");
    mark = ", ";
  }
  return text;
}

void ReportingSink::begin_file(std::string_view name) {
  ++report_.files;
  file_ = name;
  next_.begin_file(name);
}

void ReportingSink::host(std::string_view host, std::uint32_t line) {
  ++report_.hosts;
  next_.host(host, line);
}

void ReportingSink::path(std::string_view host, std::string_view path, std::uint32_t line) {
  ++report_.paths;
  next_.path(host, path, line);
}

void ReportingSink::pattern(std::string_view re2, Where where, std::uint32_t line) {
  ++report_.patterns;
  next_.pattern(re2, where, line);
}

void ReportingSink::filter(Filter filter, std::uint32_t line) {
  ++report_.filters;
  next_.filter(std::move(filter), line);
}

void ReportingSink::hashed(std::string_view sha256, std::uint32_t line) {
  ++report_.hashes;
  next_.hashed(sha256, line);
}

void ReportingSink::skipped(Skipped reason, std::string_view text, std::uint32_t line) {
  LeftOut& left_out = report_.left_out[static_cast<std::size_t>(reason)];
  ++left_out.count;
  if (left_out.first.size() < kKeptLines)
    left_out.first.push_back({file_, line, std::string(text.substr(0, kKeptBytes))});
  next_.skipped(reason, text, line);
}

}  // namespace fairlead::rules::catalog
