#pragma once
// Word of it when the laptop's network changes: a link, an address or a route. Costs nothing while nothing happens. One
// thread.

namespace fairlead::agent::platform {

class NetworkWatch {
 public:
  NetworkWatch();
  ~NetworkWatch();
  NetworkWatch(const NetworkWatch&) = delete;
  NetworkWatch& operator=(const NetworkWatch&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }  // readable when there is news; -1: cannot be watched
  /// Reads all waiting notices away. True when there was one, or when some were lost.
  bool drain();

 private:
  int descriptor_ = -1;
};

}  // namespace fairlead::agent::platform
