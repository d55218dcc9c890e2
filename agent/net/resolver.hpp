#pragma once
// Names to addresses: the system's look-up on worker threads, shared by all who ask for the same name at once, cached
// and bounded in time. Event-loop thread only; the worker threads never touch the cache.

#include <atomic>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/net/asio.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::net {

using Addresses = std::vector<asio::ip::address>;

/// What the system's resolver says of a name.
struct Resolved {
  Addresses addresses;
  bool is_literal = false;           // an address: nothing was looked up
  std::vector<std::string> aliases;  // every name that it is an alias of (CNAME); platform::aliases_of
};

class Resolver {
 public:
  explicit Resolver(asio::io_context& context);
  ~Resolver();

  /// host   canonical: a name, or an address (which is not looked up).
  /// Errors  not_found (no such name), timed_out (no answer in 10 s and nothing cached), unreachable. Side::upstream.
  [[nodiscard]] Task<Result<Resolved>> resolve(std::string host);

  /// Waits for no one: pending look-ups end with `closed`.
  void stop();
  /// Are worker threads still inside the system's resolver?
  [[nodiscard]] bool has_hanging_lookups() const { return in_system_->load() > 0; }

 private:
  struct Lookup;
  struct Entry {
    Resolved found;  // no addresses: the name does not exist
    std::chrono::steady_clock::time_point fresh_until;
    std::list<std::string>::iterator age;
  };

  void start(const std::string& host, const std::shared_ptr<Lookup>& lookup);
  void finish(const std::string& host, const std::shared_ptr<Lookup>& lookup);
  void remember(const std::string& host, Resolved found);

  asio::io_context& context_;
  std::shared_ptr<std::atomic<int>> in_system_ = std::make_shared<std::atomic<int>>(0);
  asio::thread_pool threads_;
  std::unordered_map<std::string, Entry> cache_;
  std::list<std::string> oldest_first_;
  std::unordered_map<std::string, std::shared_ptr<Lookup>> under_way_;
};

}  // namespace fairlead::agent::net
