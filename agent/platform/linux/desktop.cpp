#include <pwd.h>
#include <unistd.h>

#include <initializer_list>
#include <system_error>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {
namespace {

struct Account {
  uid_t user;
  gid_t group;
};

std::optional<Account> account_of(const std::string& name) {
  std::vector<char> text(std::size_t{16} * 1024);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwnam_r(name.c_str(), &entry, text.data(), text.size(), &found) != 0 || found == nullptr) return std::nullopt;
  return Account{found->pw_uid, found->pw_gid};
}

}  // namespace

/// Calls Notify on the person's session bus (Desktop Notifications Specification 1.2). The bus is the person's: who
/// listens there, if it answers at all, is not to be trusted. So another program calls, as that person, for ten seconds
/// at most, and is nobody's child. All four belong to every Debian with systemd.
void show_on_desktop(const std::string& account, const std::string& title, const std::string& text) {
  const auto person = account_of(account);
  if (!person) return;
  const std::string bus = "/run/user/" + std::to_string(person->user) + "/bus";
  std::error_code ignored;
  if (!std::filesystem::is_socket(bus, ignored)) return;
  std::vector<std::string> command;
  const auto add = [&](std::initializer_list<std::string> words) {
    command.insert(command.end(), words.begin(), words.end());
  };
  add({"/usr/bin/setsid", "--fork", "/usr/bin/timeout", "--signal=KILL", "10"});
  if (person->user != geteuid()) {
    add({"/usr/bin/setpriv", "--reuid=" + std::to_string(person->user), "--regid=" + std::to_string(person->group),
         "--clear-groups", "--reset-env", "--"});
  }
  add({"/usr/bin/busctl", "--address=unix:path=" + bus, "--timeout=5", "--quiet", "--", "call"});
  add({"org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "Notify"});
  add({"susssasa{sv}i", "Fairlead", "0", "dialog-information", title, text});
  add({"0", "0", "-1"});  // no buttons, no hints, the desktop's own time
  static_cast<void>(run_program(command));
}

}  // namespace fairlead::agent::platform
