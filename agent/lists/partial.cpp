#include "agent/lists/partial.hpp"

#include <fstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/lists/file_digests.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::lists {

Partial::Partial(const std::filesystem::path& folder, std::string url)
    : file_(folder / "incoming.part"), record_(folder / "incoming.json"), url_(std::move(url)) {
  std::ifstream in(record_, std::ios::binary);
  const auto record = in ? nlohmann::json::parse(in, nullptr, false) : nlohmann::json();
  const auto field = [&](const char* name) {
    const bool there = record.is_object() && record.contains(name) && record[name].is_string();
    return there ? record[name].get<std::string>() : std::string();
  };
  const auto digest = sha256_of_file(file_);
  std::error_code unreadable;
  const auto size = std::filesystem::file_size(file_, unreadable);
  if (!digest || unreadable || field("sha256") != *digest || field("from") != url_ || field("if_range").empty()) {
    remove();
    return;
  }
  if_range_ = field("if_range");
  bytes_ = size;
}

void Partial::keep(const std::string& if_range) {
  const auto digest = sha256_of_file(file_);
  const nlohmann::json record = {{"from", url_}, {"if_range", if_range}, {"sha256", digest ? *digest : ""}};
  const bool kept =
      digest && !if_range.empty() && platform::sync_file(file_) &&
      platform::replace_file(record_, record.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  if (!kept) remove();
}

void Partial::remove() {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
  std::filesystem::remove(record_, ignored);
  if_range_.clear();
  bytes_ = 0;
}

}  // namespace fairlead::agent::lists
