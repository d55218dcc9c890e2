#pragma once
// How the console answers those on other machines: over TLS, with certificates of an authority that is here.

#include <functional>
#include <string>
#include <vector>

#include "agent/console/server.hpp"
#include "agent/tls/leaf_cache.hpp"
#include "agent/tls/server_context.hpp"

namespace fairlead::agent::command {

/// What certificates are made with; null: there is no authority any more.
struct Shown {
  tls::LeafCache* leaves = nullptr;
  const tls::ServerContext* context = nullptr;
};

/// names   by which this machine may be asked for.
/// shown   asked for each connection: an authority can be renewed while the console runs.
[[nodiscard]] console::Far far_console(std::vector<std::string> names, std::function<Shown()> shown);

}  // namespace fairlead::agent::command
