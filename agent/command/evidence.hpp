#pragma once
// `fairlead events pack` and `fairlead events verify PACK`: evidence for a case as one file, and its check on another
// machine. Blocking; returns exit codes.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead::agent::command {

struct PackOptions {
  std::filesystem::path state, out;
  std::vector<std::uint64_t> incidents;
  std::vector<std::string> events;  // ids
  std::string by;
};
int make_pack(const PackOptions& options);

/// device   whose pack it must be; empty: anybody's, and it is said whose.
int check_pack(const std::filesystem::path& file, const std::string& device, bool json);

/// As people may type it: "k7qm2d4x" is K7QM-2D4X.
std::string normal_id(std::string_view typed);

}  // namespace fairlead::agent::command
