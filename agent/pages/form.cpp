#include <algorithm>
#include <array>

#include "agent/pages/pages.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::pages {

namespace {

struct Known {
  std::string_view name;
  Form form;
};

// Sec-Fetch-Dest says what the browser will do with the answer; what is not listed is decided by Accept.
constexpr std::array kDestinations = {
    Known{"document", Form::html},       Known{"iframe", Form::html},          Known{"frame", Form::html},
    Known{"fencedframe", Form::html},    Known{"embed", Form::html},           Known{"object", Form::html},
    Known{"image", Form::image},         Known{"script", Form::script},        Known{"worker", Form::script},
    Known{"sharedworker", Form::script}, Known{"serviceworker", Form::script}, Known{"audioworklet", Form::script},
    Known{"paintworklet", Form::script}, Known{"style", Form::style},          Known{"json", Form::json},
    Known{"manifest", Form::json},       Known{"audio", Form::nothing},        Known{"video", Form::nothing},
    Known{"track", Form::nothing},       Known{"font", Form::nothing},         Known{"report", Form::nothing},
    Known{"websocket", Form::nothing},
};

// What a script of the page asks for: never a page, since nobody would see it; the rest is decided by Accept.
constexpr std::string_view kByScript = "empty";

Form form_of_type(std::string_view type) {
  if (type == "application/json" || type.ends_with("+json")) return Form::json;
  if (type.starts_with("image/")) return Form::image;
  if (type == "text/css") return Form::style;
  if (type.ends_with("/javascript") || type.ends_with("/ecmascript")) return Form::script;
  return Form::html;
}

/// A quality value in thousandths (RFC 9110, 12.4.2); what cannot be read counts as 0.
int quality_of(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::size_t end = std::min(parameters.find(';'), parameters.size());
    const std::string_view parameter = text::trim(parameters.substr(0, end));
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    if (parameter.size() < 3 || text::to_lower(parameter[0]) != 'q' || parameter[1] != '=') continue;
    const std::string_view value = parameter.substr(2);
    if (value[0] == '1') return 1000;
    if (value[0] != '0') return 0;
    int thousandths = 0;
    int weight = 100;
    for (const char c : value.substr(std::min<std::size_t>(2, value.size()))) {
      if (!text::is_digit(c)) return 0;
      thousandths += (c - '0') * weight;
      weight /= 10;
    }
    return thousandths;
  }
  return 1000;
}

/// The type that is wanted most (RFC 9110, 12.5.1); a page when nothing is said.
Form form_of_accept(std::string_view accept) {
  Form best = Form::html;
  int best_quality = 0;
  while (!accept.empty()) {
    const std::size_t end = std::min(accept.find(','), accept.size());
    const std::string_view range = accept.substr(0, end);
    accept.remove_prefix(std::min(end + 1, accept.size()));
    const std::size_t type_end = std::min(range.find(';'), range.size());
    const std::string type = text::lower(text::trim(range.substr(0, type_end)));
    const int quality = quality_of(range.substr(std::min(type_end + 1, range.size())));
    if (type.empty() || quality <= best_quality) continue;  // among equals the first is meant
    best_quality = quality;
    best = form_of_type(type);
  }
  return best;
}

}  // namespace

Form choose_form(std::string_view accept, std::string_view sec_fetch_dest) {
  const std::string destination = text::lower(text::trim(sec_fetch_dest));
  const auto* known = std::find_if(kDestinations.begin(), kDestinations.end(),
                                   [&](const Known& entry) { return entry.name == destination; });
  if (known != kDestinations.end()) return known->form;
  const Form accepted = form_of_accept(accept);
  return destination == kByScript && accepted == Form::html ? Form::nothing : accepted;
}

}  // namespace fairlead::agent::pages
