#pragma once
// The console of a running hub: the pages of a laptop's console over the organisation's store, and those about all
// laptops. Pages run on threads of their own, each with its own connection to the store. start() and stop() on the
// event loop's thread.

#include <filesystem>
#include <memory>
#include <string>

#include "agent/console/visit.hpp"
#include "rules/base/result.hpp"

namespace boost::asio {
class io_context;
}

namespace fairlead::agent::command {

struct HubPagesOptions {
  std::string listen;           // "127.0.0.1:3130"; beyond loopback over TLS with the fleet's authority
  std::string host;             // by which the hub may be asked for
  std::filesystem::path state;  // the authority
  std::shared_ptr<const rules::policy::Rules> rules;
  std::string place;  // the store, as database::connect() reads it
};

class HubPages {
 public:
  HubPages(boost::asio::io_context& context, HubPagesOptions options);
  ~HubPages();

  /// Errors   bad_host, refused (the port is taken), denied, and those of the authority's file.
  [[nodiscard]] Result<void> start();
  void stop();
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::command
