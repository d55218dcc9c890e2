#pragma once
// Real lists and requests that stand beside the repository (FAIRLEAD_SHARED, else ../shared). Tests that need them are
// passed over, with a message, where they are absent. For tests only.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "rules/catalog/imports/archive.hpp"
#include "rules/catalog/imports/import.hpp"

namespace fairlead::rules::catalog {

/// The file's path; empty, after a message, where it is not there.
[[nodiscard]] inline std::filesystem::path corpus(std::string_view name) {
  const char* shared = std::getenv("FAIRLEAD_SHARED");
  const std::filesystem::path folder =
      shared != nullptr ? std::filesystem::path(shared) : std::filesystem::path(FAIRLEAD_SOURCE_DIR) / ".." / "shared";
  std::filesystem::path path = folder / "corpora" / name;
  if (std::filesystem::exists(path)) return path;
  MESSAGE("passed over: " << path.string() << " is not there");
  return {};
}

/// The unpacked text of one file.
[[nodiscard]] inline std::string text_of(const std::filesystem::path& path) {
  struct Text final : MemberSink {
    std::string all;
    bool begin_member(std::string_view /*name*/) override { return true; }
    void take_piece(std::string_view bytes) override { all.append(bytes); }
    void end_member() override {}
  } text;
  REQUIRE(unpack(path, text));
  return text.all;
}

}  // namespace fairlead::rules::catalog
