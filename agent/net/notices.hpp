#pragma once
// Tells people on their desktop what was stopped, where the browser hides the page that would. Event-loop thread only;
// what waits for the system runs on the worker threads.

#include <string>
#include <string_view>

#include "agent/net/asio.hpp"
#include "agent/net/notice_limit.hpp"
#include "rules/policy/person.hpp"

namespace fairlead::agent::net {

class Notices {
 public:
  Notices(asio::io_context& loop, asio::thread_pool& workers) : context_(loop), workers_(workers) {}

  /// A host was blocked for a person, and nothing could be shown. Returns at once; now and then, nothing is shown here
  /// either (notice_limit.hpp).
  ///
  /// pages   where the local pages are.
  void block_without_page(const rules::policy::Person& person, std::string_view host, const Tcp::endpoint& pages);
  /// There is something that the person is asked to agree to. Returns at once.
  void agreement_to_answer(const rules::policy::Person& person, const Tcp::endpoint& pages);

 private:
  void show(const std::string& account, std::string title, std::string text);

  asio::io_context& context_;
  asio::thread_pool& workers_;
  NoticeLimit limit_;
  bool showing_ = false;  // a worker is at it
};

}  // namespace fairlead::agent::net
