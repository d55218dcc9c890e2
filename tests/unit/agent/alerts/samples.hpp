#pragma once
// A small catalog with channels, incidents for it, and a folder that goes away. For tests only.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "agent/alerts/alert.hpp"
#include "agent/events/digest.hpp"

namespace fairlead::agent::alerts::sample {

using namespace std::chrono_literals;

inline const TimePoint kMonday =
    std::chrono::sys_days{std::chrono::year{2026} / 1 / 12} + 12h;  // winter: London is UTC

inline rules::catalog::Catalog catalog() {
  rules::catalog::Catalog out;
  rules::catalog::Category grooming, gambling;
  grooming.id = "grooming-and-strangers";
  grooming.title = "Strangers and grooming";
  gambling.id = "gambling";
  gambling.title = "Gambling";
  out.categories = {grooming, gambling};
  out.policy.organisation = "An organisation";
  out.policy.time_zone = "Europe/London";
  rules::catalog::MailChannel mail;
  mail.host = "mail.example.org";
  mail.from = "fairlead@example.org";
  mail.to = {"lead@example.org"};
  out.policy.alerts.mail = {mail};
  out.policy.alerts.quiet_override = Severity::critical;
  return out;
}

/// Nights and weekends are quiet.
inline void add_quiet_hours(rules::catalog::Catalog& catalog) {
  catalog.policy.schedules = {{"nights", {{0x7F, 18 * 60, 8 * 60}, {0x60, 0, 24 * 60}}, {}}};
  catalog.policy.alerts.quiet = std::uint16_t{0};
}

inline events::Incident incident(std::uint64_t number, std::string severity = "high", TimePoint at = kMonday) {
  events::Incident out;
  out.number = number;
  out.device = "d";
  out.person = "sam";
  out.group = "learners";
  out.category = "grooming-and-strangers";
  out.risk = "contact";
  out.severity = std::move(severity);
  out.host = "strangers.example";
  out.first = out.last = out.changed = at;
  out.count = 1;
  return out;
}

class Folder {
 public:
  Folder() {
    std::string name(8, '\0');
    events::fill_random(name);
    for (char& c : name) c = static_cast<char>('a' + (static_cast<unsigned char>(c) % 26));
    path_ = std::filesystem::temp_directory_path() / ("fairlead-alerts-" + name);
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Whether a file in it has these bytes anywhere.
  [[nodiscard]] bool holds(std::string_view text) const {
    for (const auto& file : std::filesystem::directory_iterator(path_)) {
      std::ifstream in(file.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace fairlead::agent::alerts::sample
