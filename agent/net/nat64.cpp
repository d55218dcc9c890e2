#include "agent/net/nat64.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/ip/udp.hpp>

#include "rules/url/address_range.hpp"

namespace fairlead::agent::net {
namespace {

constexpr std::uint16_t kAnyPort = 443;

/// Has the system a route? Nothing is sent for the answer.
bool has_way_to(asio::io_context& context, const asio::ip::address& address) {
  asio::ip::udp::socket socket(context);
  ErrorCode error;
  socket.connect({address, kAnyPort}, error);
  return error != asio::error::network_unreachable && error != asio::error::address_family_not_supported;
}

}  // namespace

Task<Addresses> Nat64::in_place_of(Addresses addresses) {
  // A translator has no way into the private network of anybody, nor has it any business there.
  const bool concerned = std::all_of(addresses.begin(), addresses.end(), [this](const auto& address) {
    return address.is_v4() && !rules::url::is_local_address(address.to_string()) && !has_way_to(context_, address);
  });
  if (!concerned) co_return Addresses();
  if (!prefix_) {
    auto found = co_await resolver_.resolve(std::string(rules::url::kIpv4OnlyName), Aliases::skip);
    std::vector<std::string> told;
    if (found) told.reserve(found->addresses.size());
    if (found) {
      for (const auto& address : found->addresses) told.push_back(address.to_string());
    }
    prefix_ = rules::url::prefix_told_by(told);
  }
  if (!prefix_) co_return Addresses();
  for (auto& address : addresses) {
    const auto text = rules::url::translated(*prefix_, address.to_string());
    if (text) address = asio::ip::make_address(*text);
  }
  co_return addresses;
}

}  // namespace fairlead::agent::net
