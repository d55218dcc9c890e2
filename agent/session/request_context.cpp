#include "agent/session/request_context.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace fairlead::agent::session {
namespace {

using rules::catalog::ResourceType;
using Names = std::pair<std::string_view, ResourceType>;

template <std::size_t size>
std::optional<ResourceType> find(const std::array<Names, size>& names, std::string_view name) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const Names& entry) { return entry.first == name; });
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ResourceType> type_of_destination(std::string_view destination) {
  constexpr std::array<Names, 17> kDestinations = {{{"document", ResourceType::document},
                                                    {"iframe", ResourceType::subdocument},
                                                    {"frame", ResourceType::subdocument},
                                                    {"script", ResourceType::script},
                                                    {"worker", ResourceType::script},
                                                    {"sharedworker", ResourceType::script},
                                                    {"serviceworker", ResourceType::script},
                                                    {"image", ResourceType::image},
                                                    {"style", ResourceType::stylesheet},
                                                    {"font", ResourceType::font},
                                                    {"audio", ResourceType::media},
                                                    {"video", ResourceType::media},
                                                    {"track", ResourceType::media},
                                                    {"object", ResourceType::object},
                                                    {"embed", ResourceType::object},
                                                    {"empty", ResourceType::xmlhttprequest},
                                                    {"report", ResourceType::ping}}};
  return find(kDestinations, destination);
}

/// Only what no other kind of request asks for first.
std::optional<ResourceType> type_of_accept(std::string_view accept) {
  constexpr std::array<Names, 2> kFirst = {
      {{"text/html", ResourceType::document}, {"text/css", ResourceType::stylesheet}}};
  const std::string_view first = accept.substr(0, accept.find_first_of(",;"));
  if (first.starts_with("image/")) return ResourceType::image;
  return find(kFirst, first);
}

std::string_view value_of(const http::RequestHead& head, std::string_view name) {
  const http::Field* field = head.fields.find(name);
  return field == nullptr ? std::string_view() : std::string_view(field->value);
}

}  // namespace

rules::match::Context context_of(const http::RequestHead& head, rules::url::CanonicalUrl& page) {
  rules::match::Context context;
  if (const std::string_view referer = value_of(head, "referer"); !referer.empty() && page.assign(referer)) {
    context.page_host = page.host();
  }
  context.type = type_of_destination(value_of(head, "sec-fetch-dest"));
  if (!context.type && !value_of(head, "upgrade").empty()) context.type = ResourceType::websocket;
  if (!context.type) context.type = type_of_accept(value_of(head, "accept"));
  return context;
}

}  // namespace fairlead::agent::session
