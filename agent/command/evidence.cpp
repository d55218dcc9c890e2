#include "agent/command/evidence.hpp"

#include <iostream>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/command/exit_code.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/private_file.hpp"
#include "agent/events/export.hpp"
#include "agent/events/pack_file.hpp"
#include "agent/events/store.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
std::string normal_id(std::string_view typed) {
  std::string out;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (out.size() == 4) out += '-';
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  }
  return out;
}

int make_pack(const PackOptions& options) {
  const auto store = events::Store::open_read_only(events_folder(options.state));
  if (!store) return could_not(store.error().context);
  events::PackRequest request;
  request.incidents = options.incidents;
  for (const std::string& id : options.events) request.events.push_back(normal_id(id));
  request.made_by = options.by;
  request.made = std::chrono::time_point_cast<std::chrono::milliseconds>(platform::wall_clock());
  const auto pack = (*store)->evidence_pack(request);
  if (!pack) {
    std::cerr << "fairlead: " << printable(pack.error().context) << "\n";
    return pack.error().code == Errc::not_found || pack.error().code == Errc::too_large ? kNo : kCouldNot;
  }
  auto file = open_private_file(options.out);
  if (!file) return could_not(file.error().context);
  if (!(*file << *pack) || !file->flush()) return could_not("the pack could not be written to its end");
  std::cerr << "evidence pack written to " << options.out.string() << "\n";
  return kDone;
}

int check_pack(const std::filesystem::path& path, const std::string& device, bool json) {
  auto checked = events::verify_pack_file(path);
  if (!checked) return could_not(checked.error().context);
  events::PackVerified verified = std::move(*checked);
  if (verified.first_bad.empty() && !device.empty() && device != verified.device)
    verified.first_bad = "device: the pack is of " + verified.device + ", not of " + device;
  const bool clean = verified.first_bad.empty();
  if (json) {
    const nlohmann::ordered_json out = {{"clean", clean},
                                        {"first_bad", verified.first_bad},
                                        {"device", verified.device},
                                        {"public_key", verified.public_key},
                                        {"made", events::utc_text(verified.made)},
                                        {"events", verified.events},
                                        {"reports", verified.reports},
                                        {"entries", verified.entries}};
    std::cout << out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
  } else if (!clean) {
    std::cout << "NOT CLEAN: " << printable(verified.first_bad) << "\n";
  } else {
    std::cout << "clean: " << verified.events << " events, " << verified.reports << " reports, " << verified.entries
              << " entries, made on " << events::utc_text(verified.made) << "\nsigned by device "
              << printable(verified.device) << ", public key " << printable(verified.public_key)
              << "\nCompare the device with the one that the organisation has on record.\n";
  }
  return clean ? kDone : kNo;
}

}  // namespace fairlead::agent::command
