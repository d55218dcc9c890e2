#include "rules/match/literal_share.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fairlead::rules::match {
namespace {

constexpr double kBytesOfAnAddress = 70;

/// Share of each byte in addresses, in percent.
double share_of_byte(char c) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::array<double, kLetters.size()> kShare = {8,   2,   5, 3.5, 9,   2,   3, 3.5, 6.5, 0.7, 1.5, 4,   4.5,
                                                          5.5, 7.5, 4, 0.4, 5.5, 6.5, 7, 3,   1.5, 3,   0.8, 1.5, 0.5};
  if (const std::size_t at = kLetters.find(c); at != std::string_view::npos) return kShare[at];
  if (c >= '0' && c <= '9') return 2;
  if (c == '/' || c == '.') return 6;
  return c == '-' ? 3 : 1.5;
}

/// What is in addresses far more often than its letters make likely.
constexpr std::array<std::pair<std::string_view, double>, 36> kCommon = {{
    {"https://www.", 1}, {"http://", 1},     {".com/", 0.7},  {".org/", 0.1},    {".net/", 0.1},     {".co.uk/", 0.1},
    {".html", 0.1},      {".php?", 0.1},     {"index.", 0.1}, {"/images/", 0.1}, {".jpg", 0.1},      {".png", 0.1},
    {".gif", 0.1},       {"/js/", 0.1},      {"/css/", 0.05}, {"static", 0.1},   {"content", 0.1},   {"media", 0.05},
    {"services", 0.05},  {"online", 0.05},   {"games", 0.05}, {"google", 0.1},   {"facebook", 0.05}, {"/page/", 0.1},
    {".app", 0.05},      {"shop", 0.05},     {"web", 0.05},   {"pro", 0.1},      {"ads", 0.1},       {"click", 0.05},
    {"news", 0.05},      {"download", 0.05}, {"video", 0.05}, {"free", 0.05},    {"user", 0.05},     {"login", 0.02},
}};

}  // namespace

double share_of_literal(std::string_view literal) {
  double share = kBytesOfAnAddress;
  for (const char c : literal) share *= share_of_byte(c) / 100;
  for (const auto& [text, common] : kCommon) {
    if (text.find(literal) != std::string_view::npos) share = std::max(share, common);
  }
  return share;
}

}  // namespace fairlead::rules::match
