#include "agent/fleet/tls_sessions.hpp"

#include <curl/curl.h>

namespace fairlead::agent::fleet {

TlsSessions::TlsSessions() : share_(curl_share_init()) {
  if (share_ != nullptr) curl_share_setopt(static_cast<CURLSH*>(share_), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

TlsSessions::~TlsSessions() { curl_share_cleanup(static_cast<CURLSH*>(share_)); }

}  // namespace fairlead::agent::fleet
