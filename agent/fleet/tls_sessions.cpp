#include "agent/fleet/tls_sessions.hpp"

#include <array>
#include <mutex>

#include <curl/curl.h>

namespace fairlead::agent::fleet {
namespace {

using Mutexes = std::array<std::mutex, CURL_LOCK_DATA_LAST>;

void lock(CURL*, curl_lock_data data, curl_lock_access, void* mutexes) {
  (*static_cast<Mutexes*>(mutexes))[data].lock();
}
void unlock(CURL*, curl_lock_data data, void* mutexes) { (*static_cast<Mutexes*>(mutexes))[data].unlock(); }

}  // namespace

struct TlsSessions::Impl {
  Mutexes mutexes;  // for each kind of data
  CURLSH* share = curl_share_init();
};

TlsSessions::TlsSessions() : impl_(std::make_unique<Impl>()) {
  CURLSH* share = impl_->share;
  if (share == nullptr) return;
  curl_share_setopt(share, CURLSHOPT_USERDATA, &impl_->mutexes);
  curl_share_setopt(share, CURLSHOPT_LOCKFUNC, &lock);
  curl_share_setopt(share, CURLSHOPT_UNLOCKFUNC, &unlock);
  curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

TlsSessions::~TlsSessions() { curl_share_cleanup(impl_->share); }

void* TlsSessions::share() const { return impl_->share; }

}  // namespace fairlead::agent::fleet
