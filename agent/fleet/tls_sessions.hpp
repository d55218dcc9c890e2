#pragma once
// TLS sessions with the hub, kept from one connection to the next: neither side shows its certificate again. One thread
// at a time.

namespace fairlead::agent::fleet {

class TlsSessions {
 public:
  TlsSessions();
  ~TlsSessions();
  TlsSessions(const TlsSessions&) = delete;
  TlsSessions& operator=(const TlsSessions&) = delete;

  /// libcurl's CURLSH, for CURLOPT_SHARE; lives as long as this. Null when there is no memory.
  [[nodiscard]] void* share() const { return share_; }

 private:
  void* share_;
};

}  // namespace fairlead::agent::fleet
