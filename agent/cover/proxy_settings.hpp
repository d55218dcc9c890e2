#pragma once
// The files that tell programs other than browsers of the proxy: shells, sessions, desktops. Comfort alone: a program
// that does not ask for them is the firewall's. Pure; from any thread.

#include <string>
#include <string_view>
#include <vector>

#include "agent/cover/changed_files.hpp"

namespace fairlead::agent::cover {

struct ProxyFile {
  std::string_view setting;  // for people and programs: "environment"
  std::string_view file;
  std::string_view program;  // written only where this one is installed; empty: everywhere
  ChangedFiles::Whose whose = ChangedFiles::Whose::ours;
  std::string lines;           // what is put at its end
  std::string lines_when_new;  // the same where there is no such file yet; empty: no difference
};

/// proxy   HOST:PORT
[[nodiscard]] std::vector<ProxyFile> proxy_files(const std::string& proxy);

/// Makes what GNOME reads from the files above; and the file that this leaves.
inline constexpr std::string_view kDconf = "/usr/bin/dconf";
inline constexpr std::string_view kDconfDatabase = "/etc/dconf/db/fairlead";

}  // namespace fairlead::agent::cover
