#pragma once
// libcurl's objects with an owner each. For .cpp files that speak to others by libcurl only: here, in alerts and in
// fleet.

#include <memory>
#include <string>

#include <curl/curl.h>

namespace fairlead::agent::lists {

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeLines {
  void operator()(curl_slist* lines) const { curl_slist_free_all(lines); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;
using Lines = std::unique_ptr<curl_slist, FreeLines>;

/// Nothing is added when there is no memory.
inline void add_line(Lines& lines, const std::string& line) {
  if (curl_slist* longer = curl_slist_append(lines.get(), line.c_str())) {
    (void)lines.release();
    lines.reset(longer);
  }
}

}  // namespace fairlead::agent::lists
