#pragma once
// What both receivers ask of libcurl. Inside this room only.

#include <array>
#include <chrono>
#include <filesystem>
#include <string>

#include <curl/curl.h>

#include "agent/lists/curl_parts.hpp"

namespace fairlead::agent::siem {

constexpr auto kConnectLimit = std::chrono::seconds(15), kTotalLimit = std::chrono::seconds(60);

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  curl_easy_setopt(handle, option, value);
}

/// authority   a file; empty: those that the system trusts.
inline void prepare(CURL* handle, const std::filesystem::path& authority, std::array<char, CURL_ERROR_SIZE>& detail) {
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!authority.empty()) {  // that one and no other
    set(handle, CURLOPT_CAINFO, authority.c_str());
    set(handle, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_PROXY, "");  // whatever the environment says
  set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::chrono::milliseconds(kConnectLimit).count()));
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_ERRORBUFFER, detail.data());
}

inline std::string words_of(CURLcode code, const std::array<char, CURL_ERROR_SIZE>& detail) {
  return detail[0] != '\0' ? detail.data() : curl_easy_strerror(code);
}

inline std::filesystem::path file_in(const std::filesystem::path& folder, const std::string& file) {
  return file.empty() ? std::filesystem::path() : folder / file;
}

}  // namespace fairlead::agent::siem
