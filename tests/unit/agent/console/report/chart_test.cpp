#include "agent/console/report/chart.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <random>
#include <regex>

#include "tests/unit/agent/pages/sample.hpp"

using namespace fairlead;
using namespace fairlead::agent::console::report;
using sample::has;

namespace {

struct Rect {
  double x = 0, y = 0, width = 0, height = 0;
};

std::vector<Rect> rects_of(const std::string& svg) {
  static const std::regex rect(
      R"re(<rect class="\w+" x="([\d.]+)%"(?: y="([\d.]+)")? width="([\d.]+)%" height="([\d.]+)")re");
  std::vector<Rect> found;
  for (std::sregex_iterator at(svg.begin(), svg.end(), rect), end; at != end; ++at) {
    const auto part = [&](std::size_t i) { return (*at)[i].length() == 0 ? 0.0 : std::stod((*at)[i].str()); };
    found.push_back({part(1), part(2), part(3), part(4)});
  }
  return found;
}

std::vector<Column> random_columns(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Column> columns(size);
  for (Column& column : columns) {
    column.label = "Mon";
    column.long_label = "Monday";
    for (auto& part : column.parts) part = random() % 3 == 0 ? 0 : random() % 1'000;
  }
  return columns;
}

}  // namespace

TEST_CASE("columns_chart: heights sum to the column's number, pieces meet, nothing leaves the drawing") {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const auto columns = random_columns(1 + seed, seed);
    std::uint64_t tallest = 1;
    for (const Column& column : columns) tallest = std::max(tallest, sum_of(column.parts));
    std::map<double, double> heights, lowest, highest;
    for (const Rect& rect : rects_of(columns_chart("c", "Stopped", columns).str())) {
      CHECK(rect.x >= 0);
      CHECK(rect.x + rect.width <= 100.0);
      CHECK(rect.y >= 0);
      heights[rect.x] += rect.height;
      lowest[rect.x] = std::max(lowest[rect.x], rect.y + rect.height);
      highest[rect.x] = highest.contains(rect.x) ? std::min(highest[rect.x], rect.y) : rect.y;
    }
    std::size_t drawn = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::uint64_t sum = sum_of(columns[i].parts);
      if (sum == 0) continue;
      REQUIRE(drawn < heights.size());
      const auto at = std::next(heights.begin(), static_cast<std::ptrdiff_t>(drawn));
      ++drawn;
      CHECK(at->second ==
            doctest::Approx(106.0 * static_cast<double>(sum) / static_cast<double>(tallest)).epsilon(0.002));
      CHECK(lowest[at->first] == doctest::Approx(126.0));
      CHECK(lowest[at->first] - highest[at->first] == doctest::Approx(at->second));
    }
    CHECK(drawn == heights.size());
  }
}

TEST_CASE("bar: its pieces meet, and the whole is the number's share of the scale") {
  const std::string svg = bar({10, 20, 30, 3}, 126).str();
  double end = 0;
  for (const Rect& rect : rects_of(svg)) {
    CHECK(rect.x == doctest::Approx(end));
    end = rect.x + rect.width;
  }
  CHECK(end == doctest::Approx(50.0));
  CHECK(rects_of(bar({0, 0, 0, 0}, 0).str()).empty());
}

TEST_CASE("columns_chart: says in words and in a table what it draws, and what is to come has no zero") {
  std::vector<Column> columns = {{"Mon", "Monday 23 March", {3, 0, 1, 0}, false},
                                 {"Tue", "Tuesday 24 March", {}, true}};
  const std::string chart = columns_chart("days", "Stopped on each day", columns).str();
  CHECK(has(chart, "role=\"img\""));
  CHECK(has(chart, "Monday 23 March: 4"));
  CHECK_FALSE(has(chart, "Tuesday 24 March: 0"));
  const std::string table = columns_table("Day", "By area", columns).str();
  CHECK(has(table, "<th scope=\"row\">Monday 23 March</th><td>3</td><td>0</td><td>1</td><td>0</td><td>4</td>"));
  CHECK_FALSE(has(table, "Tuesday"));
}

TEST_CASE("charts: no style in an attribute, which the pages' policy would refuse; labels are escaped") {
  std::vector<Column> columns = {{"<b>", "\"><script>", {3, 2, 1, 4}, false}};
  const std::string all = patterns().str() + columns_chart("c", "<i>", columns).str() +
                          columns_table("<i>", "<i>", columns).str() + bar({1, 1, 1, 1}, 4).str() +
                          legend({1, 1, 1, 1}).str();
  CHECK_FALSE(has(all, "style="));
  CHECK_FALSE(has(all, "<b>"));
  CHECK_FALSE(has(all, "<i>"));
  CHECK_FALSE(has(all, "<script"));
}

TEST_CASE("legend: names each area that is there in words, not by colour alone") {
  const std::string text = legend({7, 0, 2, 0}).str();
  CHECK(has(text, "Content 7"));
  CHECK(has(text, "Conduct 2"));
  CHECK_FALSE(has(text, "Contact"));
}
