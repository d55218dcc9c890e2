#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::platform {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} * 1024;  // of a DNS message
constexpr int kSeconds = 1;                                 // a name server, once each, and there are three at most

/// The first name of a line of the hosts file is what the system calls the canonical one of the others: no alias.
bool is_in_hosts_file(const std::string& host) {
  std::ifstream file("/etc/hosts");
  for (std::string line; std::getline(file, line);) {
    if (line.size() < host.size()) continue;
    std::istringstream words(line.substr(0, line.find('#')));
    std::string word;
    words >> word;  // the address
    while (words >> word) {
      if (text::equals_ignoring_case(word, host)) return true;
    }
  }
  return false;
}

/// The system's answer about a name; empty when there is none. Only a single word is looked for in the search domains:
/// what has a dot was found as it stands, or its canonical name says enough.
std::vector<unsigned char> ask_dns(const std::string& host, bool v6) {
  auto state = std::make_unique<struct __res_state>();
  if (res_ninit(state.get()) != 0) return {};
  state->retrans = kSeconds;
  state->retry = 1;
  std::vector<unsigned char> message(kMostBytes);
  const auto ask = host.find('.') == std::string::npos ? res_nsearch : res_nquery;
  const int size = ask(state.get(), host.c_str(), ns_c_in, v6 ? ns_t_aaaa : ns_t_a, message.data(),
                       static_cast<int>(message.size()));
  res_nclose(state.get());
  message.resize(size < 0 || static_cast<std::size_t>(size) > message.size() ? 0 : static_cast<std::size_t>(size));
  return message;
}

}  // namespace

Result<std::vector<std::string>> aliases_of(const std::string& host, const std::string& canonical_name, bool v6) {
  std::vector<std::string> names;
  if (canonical_name.empty() || text::equals_ignoring_case(canonical_name, host) || is_in_hosts_file(host))
    return names;
  auto read = read_aliases(ask_dns(host, v6));
  if (!read && read.error().code == Errc::not_found) return tl::unexpected(std::move(read).error());
  if (read) names = std::move(*read);
  const auto is_known = [&](const std::string& name) { return text::equals_ignoring_case(name, canonical_name); };
  if (std::none_of(names.begin(), names.end(), is_known)) names.push_back(canonical_name);
  return names;
}

}  // namespace fairlead::agent::platform
