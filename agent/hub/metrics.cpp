#include "agent/hub/metrics.hpp"

#include <algorithm>
#include <charconv>

namespace fairlead::agent::hub {
namespace {

constexpr std::string_view kEvents = "/v1/events", kBook = "/v1/book", kBundle = "/v1/bundle/";
/// By their paths; the last is for all others.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kPaths = {{{"/v1/authority", "authority"},
                                                                                  {kBook, "book"},
                                                                                  {kBundle, "bundle"},
                                                                                  {"/v1/enrol", "enrol"},
                                                                                  {kEvents, "events"},
                                                                                  {"/v1/health", "health"},
                                                                                  {"/v1/manifest", "manifest"},
                                                                                  {"", "other"}}};
constexpr std::array<std::string_view, 4> kStatuses = {"2xx", "3xx", "4xx", "5xx"};

std::size_t endpoint_of(std::string_view path) {
  const auto* found = std::find_if(kPaths.begin(), kPaths.end() - 1, [&](const auto& one) {
    return one.first == kBundle ? path.starts_with(kBundle) : path == one.first;
  });
  return static_cast<std::size_t>(found - kPaths.begin());
}

std::string number(double value) {
  std::array<char, 32> text{};
  const auto [end, failed] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end};
}

class Page {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = "fairlead_hub_" + std::string(name);
    text_.append("# HELP ").append(name_).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name_).append(" ").append(type).append("\n");
  }
  /// labels   {name="value",…}, or nothing.
  void sample(std::string_view labels, const std::string& value, std::string_view suffix = "") {
    text_.append(name_).append(suffix).append(labels).append(" ").append(value).append("\n");
  }
  void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
    family(name, "gauge", help);
    sample("", std::to_string(value));
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string name_, text_;
};

std::string label(std::string_view name, std::string_view value) {
  return std::string(name).append("=\"").append(value).append("\"");
}

void write_fleet(Page& page, const FleetCounts& fleet) {
  page.family("laptops", "gauge",
              "Laptops of the fleet; heard: those of the known ones that told how they are within a day.");
  for (const auto& [state, count] :
       {std::pair{"known", fleet.known}, {"heard", fleet.heard}, {"revoked", fleet.revoked}})
    page.sample("{" + label("state", state) + "}", std::to_string(count));
  page.gauge("notices_waiting", "What the desk decided and a laptop has not heard yet.", fleet.notices);
  page.gauge("rollout_version", "Of the latest rules that were published; 0: none.", fleet.version);
  page.gauge("rollout_percent", "Of the laptops, for which the stage of the latest rules is.", fleet.percent);
  page.gauge("rollout_stopped", "1: the latest rules are handed to nobody.", fleet.stopped ? 1 : 0);
}

}  // namespace

void Metrics::answered(std::string_view path, const Answer& answer, std::chrono::steady_clock::duration took) {
  const std::size_t status = std::clamp<std::size_t>(static_cast<std::size_t>(answer.status / 100), 2, 5) - 2;
  ++answers_.at(endpoint_of(path)).at(status);
  const Tally& tally = answer.tally;
  if (tally.taken + tally.doubled + tally.refused == 0) return;
  OfTable& table = path == kBook ? book_ : events_;
  ++table.batches;
  table.rows.taken += tally.taken;
  table.rows.doubled += tally.doubled;
  table.rows.refused += tally.refused;
  const double seconds = std::chrono::duration<double>(took).count();
  const auto* bound = std::lower_bound(kTakingBounds.begin(), kTakingBounds.end(), seconds);
  ++taking_.at(static_cast<std::size_t>(bound - kTakingBounds.begin()));
  taking_seconds_ += seconds;
}

void Metrics::count(const FleetCounts& fleet) {
  const std::lock_guard lock(mutex_);
  fleet_ = fleet;
  counted_ = true;
}

void Metrics::store_is(bool up) {
  const std::lock_guard lock(mutex_);
  store_up_ = up;
  counted_ = counted_ && up;
}

std::string Metrics::text() const {
  Page page;
  page.family("answers_total", "counter", "Answers by endpoint and class of their status.");
  for (std::size_t i = 0; i < kPaths.size(); ++i) {
    for (std::size_t k = 0; k < kStatuses.size(); ++k)
      page.sample("{" + label("endpoint", kPaths.at(i).second) + "," + label("status", kStatuses.at(k)) + "}",
                  std::to_string(answers_.at(i).at(k)));
  }
  page.family("batches_total", "counter", "Batches with rows that were read.");
  page.sample("{" + label("table", "events") + "}", std::to_string(events_.batches));
  page.sample("{" + label("table", "book") + "}", std::to_string(book_.batches));
  page.family("rows_total", "counter",
              "Rows of those batches. taken: new and on the disk; doubled: there already; refused: others of numbers "
              "that are there.");
  for (const auto& [table, rows] : {std::pair{"events", &events_.rows}, {"book", &book_.rows}}) {
    for (const auto& [became, count] :
         {std::pair{"taken", rows->taken}, {"doubled", rows->doubled}, {"refused", rows->refused}})
      page.sample("{" + label("table", table) + "," + label("became", became) + "}", std::to_string(count));
  }
  page.family("taking_seconds", "histogram", "From when a batch was there until its answer was.");
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < taking_.size(); ++i) {
    all += taking_.at(i);
    const std::string bound = i < kTakingBounds.size() ? number(kTakingBounds.at(i)) : "+Inf";
    page.sample("{" + label("le", bound) + "}", std::to_string(all), "_bucket");
  }
  page.sample("", number(taking_seconds_), "_sum");
  page.sample("", std::to_string(all), "_count");
  const std::lock_guard lock(mutex_);
  page.gauge("store_up", "1: the store answered when it was last asked, within some seconds.", store_up_ ? 1 : 0);
  if (counted_) write_fleet(page, fleet_);
  return page.take();
}

}  // namespace fairlead::agent::hub
