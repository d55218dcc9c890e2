// Sockets and networks are out of C++'s sight: nobody is known, nothing was redirected, and no byte is moved. Callers
// find for everything here what they must take from a real system too.

#include <utility>

#include "agent/platform/platform.hpp"
#include "agent/platform/redirection.hpp"
#include "agent/platform/way_out.hpp"

namespace fairlead::agent::platform {

SocketOwners::SocketOwners() = default;
SocketOwners::~SocketOwners() {}
std::optional<UserId> SocketOwners::owner(const SocketAddress&, const SocketAddress&) {
  static_cast<void>(netlink_);  // clang wants every field to be read
  return std::nullopt;
}

std::optional<UserId> peer_of_local_socket(int) { return std::nullopt; }

std::optional<SocketAddress> original_destination(int, bool) { return std::nullopt; }

/// Never true: a new connection is made, which is slower and always right.
bool is_quiet_and_open(int) { return false; }

/// C++ cannot read a descriptor, nor tell that there is nothing to read. So tunnels end here; a new system either moves
/// bytes without waiting or copies them by way of a buffer.
KernelRelay::~KernelRelay() {}
KernelRelay::KernelRelay(KernelRelay&& other) noexcept : held_(std::exchange(other.held_, 0)) {}
KernelRelay::Moved KernelRelay::move(int, int, std::size_t, std::uint64_t&) { return Moved::failed; }

Tried try_way_out(const Exit&, std::uint16_t) { return {}; }

}  // namespace fairlead::agent::platform
