#include "agent/platform/network_watch.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace fairlead::agent::platform {

NetworkWatch::NetworkWatch() : descriptor_(socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE)) {
  if (descriptor_ < 0) return;
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
  close(descriptor_);
  descriptor_ = -1;
}

NetworkWatch::~NetworkWatch() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool NetworkWatch::drain() {
  bool any = false;
  alignas(nlmsghdr) char notices[8192];
  for (;;) {
    const ssize_t size = recv(descriptor_, notices, sizeof notices, 0);
    if (size < 0 && errno != ENOBUFS) return any;
    any = true;  // what they say is not read: any change may lead names elsewhere
  }
}

}  // namespace fairlead::agent::platform
