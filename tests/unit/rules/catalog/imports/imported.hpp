#pragma once
// What an import told, written down as lines of text for comparison. For tests only.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/imports/import.hpp"

namespace fairlead::rules::catalog {

struct Imported final : ListSink {
  std::vector<std::string> files, hosts, paths, patterns, hashes;
  std::vector<Filter> filters;
  std::vector<std::string> left_out;  // "3: not a host: text"
  std::vector<std::uint32_t> lines;   // of everything that was taken

  void begin_file(std::string_view name) override { files.emplace_back(name); }
  void host(std::string_view host, std::uint32_t line) override {
    hosts.emplace_back(host);
    lines.push_back(line);
  }
  void path(std::string_view host, std::string_view path, std::uint32_t line) override {
    paths.push_back(std::string(host) + std::string(path));
    lines.push_back(line);
  }
  void pattern(std::string_view re2, Where where, std::uint32_t line) override {
    patterns.push_back(std::string(to_string(where)) + " " + std::string(re2));
    lines.push_back(line);
  }
  void filter(Filter filter, std::uint32_t line) override {
    filters.push_back(std::move(filter));
    lines.push_back(line);
  }
  void hashed(std::string_view sha256, std::uint32_t line) override {
    hashes.emplace_back(sha256);
    lines.push_back(line);
  }
  void skipped(Skipped reason, std::string_view text, std::uint32_t line) override {
    left_out.push_back(std::to_string(line) + ": " + std::string(to_string(reason)) + ": " + std::string(text));
  }
};

[[nodiscard]] inline Imported imported(std::string_view text, ListFormat format) {
  Imported sink;
  import_text(text, format, sink);
  return sink;
}

using Texts = std::vector<std::string>;

}  // namespace fairlead::rules::catalog
