#include "agent/lists/list_meta.hpp"

#include <nlohmann/json.hpp>

#include "agent/lists/utc_time.hpp"

namespace fairlead::agent::lists {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const std::optional<Edition>& edition) {
  if (!edition) return nullptr;
  return {{"from", edition->from},
          {"public_key", edition->public_key},
          {"etag", edition->validators.etag},
          {"last_modified", edition->validators.last_modified},
          {"fetched_at", utc_text(edition->fetched_at)},
          {"bytes", edition->bytes},
          {"sha256", edition->sha256}};
}

std::string text_at(const ordered_json& object, const char* name) {
  const auto field = object.find(name);
  return field != object.end() && field->is_string() ? field->get<std::string>() : std::string();
}

std::uint64_t number_at(const ordered_json& object, const char* name) {
  const auto field = object.find(name);
  return field != object.end() && field->is_number_unsigned() ? field->get<std::uint64_t>() : 0;
}

std::chrono::sys_seconds time_at(const ordered_json& object, const char* name) {
  return from_utc_text(text_at(object, name)).value_or(std::chrono::sys_seconds{});
}

std::optional<Edition> edition_at(const ordered_json& object, const char* name) {
  const auto field = object.find(name);
  if (field == object.end() || !field->is_object()) return std::nullopt;
  Edition edition{text_at(*field, "from"),
                  text_at(*field, "public_key"),
                  {text_at(*field, "etag"), text_at(*field, "last_modified")},
                  text_at(*field, "sha256"),
                  number_at(*field, "bytes"),
                  time_at(*field, "fetched_at")};
  if (edition.sha256.empty()) return std::nullopt;  // nothing could be proven to be it
  return edition;
}

}  // namespace

std::string to_json(const Meta& meta) {
  const ordered_json out = {{"current", json_of(meta.current)},
                            {"previous", json_of(meta.previous)},
                            {"checked_at", utc_text(meta.check.checked_at)},
                            {"next_due", utc_text(meta.check.next_due)},
                            {"failures", meta.check.failures},
                            {"last_error", meta.check.last_error}};
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::optional<Meta> meta_from_json(std::string_view text) {
  const auto object = ordered_json::parse(text, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  return Meta{edition_at(object, "current"),
              edition_at(object, "previous"),
              {time_at(object, "checked_at"), time_at(object, "next_due"),
               static_cast<unsigned>(number_at(object, "failures")), text_at(object, "last_error")}};
}

}  // namespace fairlead::agent::lists
