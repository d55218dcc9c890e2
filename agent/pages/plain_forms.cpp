#include "agent/pages/plain_forms.hpp"

#include <nlohmann/json.hpp>

namespace fairlead::agent::pages {

namespace {

// GIF89a, 1x1, one transparent colour.
constexpr std::string_view kPixel{
    "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    "\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02"
    "D\x01\x00;",
    43};

}  // namespace

std::string json_text(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Answer empty_answer(int status, Form form) {
  switch (form) {
    case Form::image:
      return {status, "image/gif", std::string(kPixel)};
    case Form::script:
      return {status, "text/javascript; charset=utf-8", {}};
    case Form::style:
      return {status, "text/css; charset=utf-8", {}};
    default:
      return {status, "text/plain; charset=utf-8", {}};
  }
}

}  // namespace fairlead::agent::pages
