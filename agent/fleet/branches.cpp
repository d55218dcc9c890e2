#include "agent/fleet/branches.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <nlohmann/json.hpp>

#include "agent/events/digest.hpp"
#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"

namespace fairlead::agent::fleet {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path file_of(const fs::path& state) { return state / "fleet" / "branches.json"; }

}  // namespace

std::vector<Part> parts_of(std::vector<events::EpochRange> epochs, const std::vector<Branch>& branches) {
  for (const Branch& branch : branches) {
    const auto cut = std::find_if(epochs.begin(), epochs.end(), [&](const Part& part) {
      return part.epoch == branch.epoch && part.first <= branch.from && branch.from <= part.last;
    });
    if (cut == epochs.end()) continue;  // set back to before it
    const Part rest{branch.instead, branch.from, cut->last};
    if (cut->first == branch.from) {
      *cut = rest;
    } else {
      cut->last = branch.from - 1;
      epochs.insert(cut + 1, rest);
    }
  }
  return epochs;
}

std::uint64_t new_epoch() {
  std::array<char, sizeof(std::uint64_t)> bytes{};
  events::fill_random(bytes);
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), bytes.size());
  constexpr std::uint64_t kHigh = std::uint64_t{1} << 62;
  return kHigh | (number & (kHigh - 1));
}

Result<std::vector<Branch>> read_branches(const fs::path& state) {
  const auto text = platform::read_small_file(file_of(state));
  if (!text) return tl::unexpected(text.error());
  std::vector<Branch> out;
  if (!*text) return out;
  const json parsed = json::parse(**text, nullptr, false);
  const auto wrong = [&] { return fail(Errc::bad_file, Side::local, file_of(state).string() + " cannot be read"); };
  if (!parsed.is_array()) return wrong();
  for (const json& one : parsed) {
    if (!one.is_array() || one.size() != 3) return wrong();
    for (const json& number : one)
      if (!number.is_number_unsigned()) return wrong();
    out.push_back({one[0], one[1], one[2]});
  }
  return out;
}

Result<void> write_branches(const fs::path& state, const std::vector<Branch>& branches) {
  json out = json::array();
  for (const Branch& branch : branches) out.push_back({branch.epoch, branch.from, branch.instead});
  return platform::replace_file(file_of(state), out.dump());
}

}  // namespace fairlead::agent::fleet
