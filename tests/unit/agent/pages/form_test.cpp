#include <doctest/doctest.h>

#include <tuple>

#include "agent/pages/pages.hpp"

using namespace fairlead::agent::pages;

TEST_CASE("choose_form: what browsers and programs send") {
  const std::tuple<const char*, const char*, Form> rows[] = {
      // Accept, Sec-Fetch-Dest, form
      {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", "", Form::html},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "document", Form::html},
      {"text/html", "iframe", Form::html},
      {"*/*", "empty", Form::nothing},
      {"", "Empty", Form::nothing},
      {"text/html, */*;q=0.1", "empty", Form::nothing},
      {"image/webp,*/*;q=0.8", "empty", Form::image},
      {"*/*", "report", Form::nothing},
      {"*/*", "websocket", Form::nothing},
      {"text/html", "fencedframe", Form::html},
      {"", "", Form::html},
      {"application/json", "empty", Form::json},
      {"application/json, text/plain, */*", "empty", Form::json},
      {"text/html;q=0.5, application/json", "", Form::json},
      {"application/json;q=0.4, text/html", "", Form::html},
      {"application/problem+json", "", Form::json},
      {"image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "image", Form::image},
      {"image/avif,image/webp,*/*;q=0.8", "", Form::image},
      {"image/webp,*/*", "document", Form::html},
      {"*/*", "script", Form::script},
      {"*/*", "SCRIPT", Form::script},
      {"*/*", "serviceworker", Form::script},
      {"text/css,*/*;q=0.1", "style", Form::style},
      {"text/css,*/*;q=0.1", "", Form::style},
      {"*/*", "font", Form::nothing},
      {"*/*", "video", Form::nothing},
      {"*/*", "no-such-destination", Form::html},
      {"application/json;q=0", "", Form::html},
      {"application/json;q=no, text/html;q=0.1", "", Form::html},
      {",,;q=1,", "", Form::html},
  };
  for (const auto& row : rows) {
    const auto& accept = std::get<0>(row);
    const auto& destination = std::get<1>(row);
    const auto form = std::get<2>(row);
    CAPTURE(accept);
    CAPTURE(destination);
    CHECK(choose_form(accept, destination) == form);
  }
}
