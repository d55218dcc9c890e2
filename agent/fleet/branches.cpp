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
using events::Table;
using nlohmann::json;

constexpr std::array kTables{Table::events, Table::reports, Table::entries};

fs::path branches_file(const fs::path& state) { return state / "fleet" / "branches.json"; }

}  // namespace

std::vector<Part> parts_of(events::Table table, const std::vector<events::EpochRange>& epochs,
                           const std::vector<Branch>& branches) {
  std::vector<Part> out;
  out.reserve(epochs.size());
  for (const events::EpochRange& range : epochs) out.push_back({table, range});
  for (const Branch& branch : branches) {
    const auto cut = std::find_if(out.begin(), out.end(), [&](const Part& part) {
      return part.table == branch.table && part.range.epoch == branch.epoch && part.range.first <= branch.from &&
             branch.from <= part.range.last;
    });
    if (cut == out.end()) continue;  // set back to before it
    const Part rest{table, {branch.instead, branch.from, cut->range.last}};
    if (cut->range.first == branch.from) {
      *cut = rest;
    } else {
      cut->range.last = branch.from - 1;
      out.insert(cut + 1, rest);
    }
  }
  return out;
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
  const auto text = platform::read_small_file(branches_file(state));
  if (!text) return tl::unexpected(text.error());
  std::vector<Branch> out;
  if (!*text) return out;
  const json parsed = json::parse(**text, nullptr, false);
  const auto wrong = [&] {
    return fail(Errc::bad_file, Side::local, branches_file(state).string() + " cannot be read");
  };
  if (!parsed.is_array()) return wrong();
  for (const json& one : parsed) {
    if (!one.is_array() || one.size() != 4) return wrong();
    for (std::size_t i = 1; i < 4; ++i)
      if (!one[i].is_number_unsigned()) return wrong();
    const auto table =
        std::find_if(kTables.begin(), kTables.end(), [&](Table known) { return one[0] == to_string(known); });
    if (table == kTables.end()) return wrong();
    out.push_back({*table, one[1], one[2], one[3]});
  }
  return out;
}

Result<void> write_branches(const fs::path& state, const std::vector<Branch>& branches) {
  json out = json::array();
  for (const Branch& branch : branches)
    out.push_back({to_string(branch.table), branch.epoch, branch.from, branch.instead});
  return platform::replace_file(branches_file(state), out.dump());
}

}  // namespace fairlead::agent::fleet
