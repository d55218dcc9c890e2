#include "agent/net/notices.hpp"

#include <string>
#include <utility>

#include "agent/net/listener.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::net {

void Notices::block_without_page(const rules::policy::Person& person, std::string_view host,
                                 const Tcp::endpoint& pages) {
  if (person.name.empty() || showing_) return;
  if (!limit_.take(person.name, host, NoticeLimit::Clock::now())) return;
  show(person.name, "Stopped: " + std::string(host),
       "Your browser cannot show our page about it. Why it was stopped, and where help is: http://" + to_text(pages) +
           "/why");
}

void Notices::agreement_to_answer(const rules::policy::Person& person, const Tcp::endpoint& pages) {
  if (person.name.empty() || showing_) return;
  show(person.name, "Please read how this laptop is used",
       "It takes a minute, and you are asked once: http://" + to_text(pages) + "/agreement");
}

void Notices::show(const std::string& account, std::string title, std::string text) {
  showing_ = true;
  asio::post(workers_, [this, account, title = std::move(title), text = std::move(text), &context = context_] {
    platform::show_on_desktop(account, title, text);
    asio::post(context, [this] { showing_ = false; });
  });
}

}  // namespace fairlead::agent::net
