#pragma once
// Names to addresses: the system's look-up on worker threads, shared by all who ask for the same name at once, cached
// and bounded in time. Event-loop thread only; the worker threads never touch the cache.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/net/asio.hpp"
#include "agent/platform/platform.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::net {

using Addresses = std::vector<asio::ip::address>;

/// What the system's resolver says of a name.
struct Resolved {
  Addresses addresses;
  bool is_literal = false;           // an address: nothing was looked up
  std::vector<std::string> aliases;  // every name that it is an alias of (CNAME), where they were asked for
};

/// Whether to ask the name server once more, for the names between a name and its canonical one.
enum class Aliases : std::uint8_t { skip, ask };

class Resolver {
 public:
  /// Blocks, on a worker thread; the contract of platform::aliases_of.
  using AskAliases =
      std::function<Result<std::vector<std::string>>(const std::string& host, const std::string& canonical, bool v6)>;

  /// for_aliases   how long a name whose addresses are known waits for its aliases.
  explicit Resolver(asio::io_context& context, AskAliases ask_aliases = platform::aliases_of,
                    std::chrono::milliseconds for_aliases = std::chrono::seconds(3));
  ~Resolver();

  /// host   canonical: a name, or an address (which is not looked up).
  /// Returns  without aliases where they are not asked for. Where the name server says nothing of them in time, its
  ///          canonical name is the only one: what cannot be known of a name is no reason that it does not work.
  /// Errors  not_found (no such name), timed_out (no answer in 10 s and nothing cached), unreachable. Side::upstream.
  [[nodiscard]] Task<Result<Resolved>> resolve(std::string host, Aliases aliases);

  /// The network is another one: forgets every name, and what look-ups under way are still to tell of the old one.
  void forget();

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

  void start(const std::string& key, const std::shared_ptr<Lookup>& lookup);
  void await_aliases(const std::shared_ptr<Lookup>& lookup, Resolved found) const;
  void finish(const std::string& key, const std::shared_ptr<Lookup>& lookup);
  void remember(const std::string& key, Resolved found);

  asio::io_context& context_;
  const AskAliases ask_aliases_;
  const std::chrono::milliseconds for_aliases_;
  std::shared_ptr<std::atomic<int>> in_system_ = std::make_shared<std::atomic<int>>(0);
  asio::thread_pool threads_;
  std::unordered_map<std::string, Entry> cache_;  // by key: the host, and whether its aliases were asked for
  std::list<std::string> oldest_first_;
  std::unordered_map<std::string, std::shared_ptr<Lookup>> under_way_;
  std::vector<std::weak_ptr<Lookup>> outdated_;  // still waited for
};

}  // namespace fairlead::agent::net
